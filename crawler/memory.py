"""Memory: what is known of an outlet across crawls, as far as a running crawl may ask.

Every answer is an input of the crawl: it is recorded before it is used, and a crawl that runs again, to be
replayed or resumed, is given what was recorded.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from archive.crawl import Crawl

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownListing:
    """What earlier crawls know of a listing.

    `etag` and `last_modified` are what it said when it was last read whole, to ask whether it has changed
    since; `stands_at` is that response: its record's id, URL, WARC-Date and payload digest. `pass_over` says why it
    is not tried this time.
    """

    etag: str | None = None
    last_modified: str | None = None
    stands_at: tuple[str, str, str, str] | None = None
    pass_over: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """The request headers that ask for the listing only if it has changed (RFC 9110, 13.1)."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


def asks(crawler: Crawler) -> bool:
    """Whether a crawl asks what is known: not where it is to fetch everything, or exactly the pages it is given."""
    arguments = getattr(crawler.spider, "arguments", None)
    return arguments is not None and arguments.urls is None and crawler.settings.getbool("ONLY_NEW")


class Memory(ABC):
    """Answers a crawl's questions: from what this crawl recorded, as far as that goes."""

    def __init__(self, recorded: Iterable[Mapping[str, Any]]) -> None:
        self._recorded: defaultdict[tuple[str, str], deque[Any]] = defaultdict(deque)
        self.take_up(recorded)

    def take_up(self, recorded: Iterable[Mapping[str, Any]]) -> None:
        """Know what this crawl recorded: the same questions get the same answers."""
        for told in recorded:
            self._recorded[told["question"], told["about"]].append(told["answer"])

    def listing(self, url: str) -> KnownListing:
        """What is known of the listing at this URL."""
        answer = self._ask("listing", url, lambda: _plain(self.recall_listing(url)))
        stands_at = answer.get("stands_at")
        return KnownListing(**{**answer, "stands_at": tuple(stands_at) if stands_at else None})

    def known(self, listing: str, urls: Sequence[str]) -> set[str]:
        """Those of the cleaned article URLs in a listing that need not be fetched now."""
        return set(self._ask("links", listing, lambda: self.recall_known(urls)))

    def closed(self) -> set[str]:
        """Hosts that forbade the article pages they were asked for, and are left alone for a while."""
        return set(self._ask("closed", "", self.recall_closed))

    def again(self) -> list[str]:
        """Article URLs that it is time to look at again, whether a listing still names them or not."""
        return list(self._ask("again", "", self.recall_again))

    def _ask(self, question: str, about: str, answer: Any) -> Any:
        if recorded := self._recorded.get((question, about)):
            return recorded.popleft()
        told = answer()
        self.record({"question": question, "about": about, "answer": told})
        return told

    @abstractmethod
    def recall_listing(self, url: str) -> KnownListing:
        """What is known of the listing at this URL, where this crawl has not recorded it."""

    @abstractmethod
    def recall_known(self, urls: Sequence[str]) -> list[str]:
        """Which of these article URLs need not be fetched now, where this crawl has not recorded it."""

    @abstractmethod
    def recall_closed(self) -> list[str]:
        """Which hosts are not asked for article pages now, where this crawl has not recorded it."""

    @abstractmethod
    def recall_again(self) -> list[str]:
        """Which article URLs it is time to look at again, where this crawl has not recorded it."""

    @abstractmethod
    def record(self, told: Mapping[str, Any]) -> None:
        """Record an answer, before it is used."""


class RecordedMemory(Memory):
    """The memory of a replayed crawl: what it was told then, and nothing else."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecordedMemory:
        if not asks(crawler):
            raise NotConfigured
        return cls(Crawl.open(crawler.settings["REPLAY_FOLDER"]).told())

    def recall_listing(self, url: str) -> KnownListing:  # noqa: ARG002
        return KnownListing()

    def recall_known(self, urls: Sequence[str]) -> list[str]:  # noqa: ARG002
        return []

    def recall_closed(self) -> list[str]:
        return []

    def recall_again(self) -> list[str]:
        return []

    def record(self, told: Mapping[str, Any]) -> None:
        """Nothing is written in a replay."""


def _plain(known: KnownListing) -> dict[str, Any]:
    return {name: value for name, value in asdict(known).items() if value is not None}
