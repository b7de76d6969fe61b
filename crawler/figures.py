"""Figures: where a running crawl stands, for whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Spider

from crawler.memory import Memory
from crawler.spider import NewsSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How far a crawl has come.

    `done` of `found` article pages have been read or given up, as far as the listings read so far tell; `pages`
    are responses of all kinds. `new` is None where the crawl does not know what earlier ones hold. `pauses` are
    the seconds for which a host has still to be left alone.
    """

    done: int
    found: int
    pages: int
    articles: int
    new: int | None
    pauses: dict[str, float]

    @classmethod
    def of(cls, crawler: Crawler) -> Figures:
        """Where this crawl stands now."""
        counted = crawler.stats.get_value
        articles = counted("item_scraped_count", 0)
        remembers = crawler.get_extension(Memory) is not None  # type: ignore[type-abstract]
        limit = getattr(getattr(crawler.spider, "arguments", None), "limit", None)
        found = counted("progress/found", 0)
        return cls(
            done=counted("progress/done", 0),
            found=found if limit is None else min(found, limit),
            pages=counted("downloader/response_count", 0),
            articles=articles,
            new=articles - counted("articles/again", 0) if remembers else None,
            pauses=pauses(crawler),
        )


def pauses(crawler: Crawler) -> dict[str, float]:
    """Seconds for which each paused host has still to be left alone: its slot was last used in the future."""
    now = monotonic()
    slots = crawler.engine.downloader.slots
    return {host: slot.lastseen - now for host, slot in sorted(slots.items()) if slot.lastseen > now}


def is_watched(crawler: Crawler) -> bool:
    """Whether this is a crawl of an outlet; a shell or a fetch of one page is none."""
    spider: Spider | None = crawler.spider
    return isinstance(spider, NewsSpider) and not crawler.settings.getbool("KEEP_ALIVE")
