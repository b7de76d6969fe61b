"""Keeper: who takes the articles of a running crawl, be it recorded or replayed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from archive.errors import RecordingFailed
from crawler.article import Article
from crawler.drift import counts

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from archive.capture import Capture


class Keeper(ABC):
    """The extension that takes a crawl's articles: the recorder writes them, the replayer compares them."""

    @abstractmethod
    async def keep_article(self, article: Article) -> None:
        """Take an article."""

    @abstractmethod
    def keep_failure(self, capture: Capture, reason: str) -> None:
        """Take note of a page whose extraction crashed, or ran out of time or memory."""

    @abstractmethod
    def failure_of(self, capture: Capture) -> str | None:
        """Why this page's extraction failed when the crawl was recorded; None when it did not, or is new."""

    @abstractmethod
    def holds(self, request: Request) -> bool:
        """Whether the answer to this request is in the archive, so that nobody is asked for it now."""


class ArticlePipeline:
    """Hands each article to the keeper, and counts it; standing in a pipeline, its failure is the item's failure."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._keeper: Keeper | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArticlePipeline:
        return cls(crawler)

    def open_spider(self) -> None:
        self._keeper = self._crawler.get_extension(Keeper)  # type: ignore[type-abstract]

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, Article) and self._keeper is not None:
            try:
                await self._keeper.keep_article(item)
            except RecordingFailed as error:  # the crawl stops, and says why
                raise DropItem(str(error), log_level="DEBUG") from error
            for name in counts(item):
                self._crawler.stats.inc_value(name)
        return item
