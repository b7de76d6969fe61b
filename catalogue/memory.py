"""CatalogueMemory: what a crawl that is recorded asks the catalogue."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured

from catalogue.due import due
from catalogue.errors import CatalogueError
from crawler.arguments import WrongArgument, span
from crawler.memory import KnownListing, Memory, asks
from crawler.places import archive_of
from crawler.recording import Recorder
from crawler.tombstones import forbidding_hosts, next_try, tries_again
from crawler.visits import visits

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from catalogue.catalogue import Catalogue

logger = logging.getLogger(__name__)

VISITS = 20  # of a listing or host that fails, the newest so many tell when it is tried again
AT_MOST = 1000  # pages that a crawl looks at again, what is due the longest first: the others wait for the next


class CatalogueMemory(Memory):
    """Asks the catalogue what this crawl has not recorded yet.

    The catalogue is opened, and catches up with the outlet's crawl folders, before the crawl has a folder of its
    own: one that cannot be used stops the crawl there.
    """

    def __init__(self, crawler: Crawler, catalogue: Catalogue, outlet: str, marks: Sequence[timedelta]) -> None:
        super().__init__(())
        self._crawler = crawler
        self._catalogue = catalogue
        self._outlet = outlet
        self._marks = marks
        self._now = datetime.now(UTC)  # of one crawl: what is due does not change while it runs

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CatalogueMemory:
        if not asks(crawler) or crawler.settings.getbool("KEEP_ALIVE"):  # `scrapy shell`
            raise NotConfigured
        from catalogue.catalogue import Catalogue  # a crawl that asks nothing need not load it

        assert crawler.spider is not None
        marks = look_again(crawler.settings.getlist("LOOK_AGAIN"))
        catalogue = Catalogue.open(archive_of(crawler.settings), crawler.settings["CATALOGUE_URL"])
        for why in catalogue.catch_up(crawler.spider.name):
            logger.warning("Not in the catalogue: %s", why)
        memory = cls(crawler, catalogue, crawler.spider.name, marks)
        crawler.signals.connect(memory.spider_opened, signals.spider_opened)
        crawler.signals.connect(memory.spider_closed, signals.spider_closed)
        return memory

    def spider_opened(self) -> None:
        self.take_up(self._recorder.crawl.told())

    def spider_closed(self) -> None:
        self._catalogue.close()

    def _ask(self, question: str, about: str, answer: Any) -> Any:
        """A catalogue that cannot be asked any more stops the crawl: it would fetch all anew, or nothing."""
        try:
            return super()._ask(question, about, answer)
        except CatalogueError as error:
            self._recorder.interrupt(error)
            raise

    def recall_listing(self, url: str) -> KnownListing:
        tries = self._catalogue.tries(self._outlet, url, VISITS)
        if not tries_again(tries, self._now):
            then = next_try(tries)
            assert then is not None
            return KnownListing(pass_over=f"it failed visit after visit; it is tried again after {then.isoformat()}")
        said = self._catalogue.validators(self._outlet, url)
        if said is None:
            return KnownListing()
        return KnownListing(etag=said.etag, last_modified=said.last_modified, stands_at=said.stands_at)

    def recall_known(self, urls: Sequence[str]) -> list[str]:
        seen = self._catalogue.known(self._outlet, urls)
        return [url for url in urls if url in seen and not due(seen[url], self._now, self._marks)]

    def recall_closed(self) -> list[str]:
        """By the statistics of earlier visits, which their manifests keep."""
        tries: defaultdict[str, list[tuple[datetime, bool]]] = defaultdict(list)
        for visit in visits(self._catalogue.root, self._outlet, VISITS):
            for host, forbids in forbidding_hosts(visit.statistics).items():
                tries[host].append((visit.started, not forbids))
        return sorted(host for host, tried in tries.items() if not tries_again(tried, self._now))

    def recall_again(self) -> list[str]:
        return self._catalogue.owed(self._outlet, self._now, self._marks, AT_MOST)

    def record(self, told: Mapping[str, Any]) -> None:
        self._recorder.keep_told(told)

    @property
    def _recorder(self) -> Recorder:
        recorder = self._crawler.get_extension(Recorder)
        assert recorder is not None, "what a crawl is told must be recorded: crawler.recording.Recorder is missing"
        return recorder


def look_again(given: Sequence[str]) -> list[timedelta]:
    """The times at which a page is looked at again: `1h`, `3d`; WrongArgument for what is none."""
    try:
        return sorted(map(span, given))
    except ValueError as error:
        raise WrongArgument(f"LOOK_AGAIN: {error}") from error
