"""CatalogueMemory: what a crawl that is recorded asks the catalogue."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from catalogue.catalogue import Catalogue
from catalogue.due import due
from crawler.arguments import WrongArgument, span
from crawler.memory import KnownListing, Memory, asks
from crawler.recording import Recorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

AT_MOST = 1000  # pages that a crawl looks at again, what is due the longest first: the others wait for the next

logger = logging.getLogger(__name__)


class CatalogueMemory(Memory):
    """Asks the catalogue what this crawl has not recorded yet; it catches up with the crawl folders first."""

    def __init__(self, recorder: Recorder, catalogue: Catalogue, outlet: str, marks: Sequence[timedelta]) -> None:
        super().__init__(recorder.crawl.told())
        self._recorder = recorder
        self._catalogue = catalogue
        self._outlet = outlet
        self._marks = marks
        self._now = datetime.now(UTC)  # of one crawl: what is due does not change while it runs

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CatalogueMemory:
        recorder = crawler.get_extension(Recorder)
        if recorder is None or not asks(crawler):
            raise NotConfigured
        catalogue = Catalogue.open(Path(crawler.settings["ARCHIVE_DIR"]))
        catalogue.catch_up()
        assert crawler.spider is not None
        return cls(recorder, catalogue, crawler.spider.name, look_again(crawler.settings.getlist("LOOK_AGAIN")))

    def recall_listing(self, url: str) -> KnownListing:
        said = self._catalogue.validators(self._outlet, url)
        if said is None:
            return KnownListing()
        return KnownListing(etag=said.etag, last_modified=said.last_modified, stands_at=said.stands_at)

    def recall_known(self, urls: Sequence[str]) -> list[str]:
        seen = self._catalogue.known(self._outlet, urls)
        return [url for url in urls if url in seen and not due(seen[url], self._now, self._marks)]

    def recall_again(self) -> list[str]:
        return self._catalogue.owed(self._outlet, self._now, self._marks, AT_MOST)

    def record(self, told: Mapping[str, Any]) -> None:
        self._recorder.keep_told(told)


def look_again(given: Sequence[str]) -> list[timedelta]:
    """The times after its first look at which a page is looked at again: `1h`, `3d`; WrongArgument for what is none."""
    try:
        return sorted(map(span, given))
    except ValueError as error:
        raise WrongArgument(f"LOOK_AGAIN: {error}") from error
