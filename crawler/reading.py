"""Reading an archive: the articles that its captured pages give."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from archive.crawl import Crawl
from archive.errors import ArchiveError
from archive.reading import read_past_damage
from crawler.arguments import Arguments
from crawler.article import Article
from crawler.pages import PageRules, is_html
from crawler.workers import ExtractionFailed

if TYPE_CHECKING:
    from archive.capture import Capture
    from crawler.article import NoArticle
    from crawler.outlets import Outlets
    from crawler.workers import ExtractionPool

_AHEAD = 32  # pages handed to the workers beyond the one that is waited for

_Reading = deque["tuple[Capture, asyncio.Task[Article | NoArticle]]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A page whose extraction failed now: crashed, or ran out of time or memory."""

    url: str
    record_id: str | None
    reason: str

    def __str__(self) -> str:
        return f"{self.url} (record {self.record_id}): no article is read, for it {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """Pages of another tool's WARC file that end early, or repeat a page that is in none of the folder's files."""

    warc: str
    pages: int
    first: str  # URL

    def __str__(self) -> str:
        why = "cut short, or repeat a page that none of the files here holds"
        return f"{self.warc}: {self.pages} of its pages give no article, for they are {why}; the first is {self.first}"


async def articles_of_crawl(crawl: Crawl, pool: ExtractionPool, outlets: Outlets) -> AsyncIterator[Article | Unread]:
    """The articles of a crawl folder, in the order of their records: those that the crawl itself gave."""
    crawl.check_whole()
    arguments = Arguments.from_dict(crawl.manifest["arguments"])
    failed = {line["record_id"] for line in crawl.failures()}
    captures = (capture for capture in crawl.captures() if capture.record_id not in failed)
    rules = PageRules.of(BaseSettings(crawl.manifest["settings"]))
    async for article in articles_of(captures, pool, outlets, crawl.outlet, rules):
        if isinstance(article, Unread) or not arguments.too_old(article.published):
            yield article


async def articles_of_file(
    warc: Path, pool: ExtractionPool, outlets: Outlets, outlet: str | None, settings: BaseSettings
) -> AsyncIterator[Article | Unread | Incomplete | ArchiveError]:
    """The articles of any WARC file, in the order of their records; and behind them what else is to be said of it."""
    damage: list[ArchiveError] = []
    incomplete: list[str] = []
    captures = _sound(read_past_damage(warc), damage, incomplete)
    async for article in articles_of(captures, pool, outlets, outlet, PageRules.of(settings)):
        yield article
    for error in damage:
        yield error
    if incomplete:
        yield Incomplete(warc=warc.name, pages=len(incomplete), first=incomplete[0])


def _sound(
    items: Iterable[Capture | ArchiveError], damage: list[ArchiveError], incomplete: list[str]
) -> Iterator[Capture]:
    """The captures alone; damage is noted, and so are others' pages that are not whole."""
    for item in items:
        if isinstance(item, ArchiveError):
            damage.append(item)
            continue
        if item.foreign and item.truncated and item.status in (None, 200) and is_html(item):
            incomplete.append(item.url)
        yield item


async def articles_of(
    captures: Iterable[Capture], pool: ExtractionPool, outlets: Outlets, outlet: str | None, rules: PageRules
) -> AsyncIterator[Article | Unread]:
    """What captured pages give, in the order of the captures, read by the pool's workers side by side.

    Damage that ends the captures is raised when all before it has been given.
    """
    reading: _Reading = deque()
    damage: Exception | None = None
    pages = rules.article_pages(captures)
    while True:
        try:
            capture = next(pages, None)
        except Exception as error:  # noqa: BLE001 (raised again below, after what could be read)
            capture, damage = None, error
        if capture is None:
            break
        name, profiles = outlets.reading(capture.url, outlet)
        reading.append((capture, asyncio.ensure_future(pool.read(capture, profiles, name, rules.limit))))
        await asyncio.sleep(0)  # let it be handed to a worker
        if len(reading) > _AHEAD and (outcome := await _next(reading)):
            yield outcome
    while reading:
        if outcome := await _next(reading):
            yield outcome
    if damage is not None:
        raise damage


async def _next(reading: _Reading) -> Article | Unread | None:
    capture, task = reading.popleft()
    try:
        outcome = await task
    except ExtractionFailed as error:
        return Unread(url=capture.url, record_id=capture.record_id, reason=str(error))
    return outcome if isinstance(outcome, Article) else None
