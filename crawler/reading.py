"""Reading an archive: which of its captures are article pages, and the articles that they give."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from w3lib.html import get_meta_refresh

from archive.crawl import Crawl
from archive.errors import UndecodableBody
from archive.reading import read_captures
from crawler.arguments import Arguments
from crawler.article import Article
from crawler.workers import ExtractionFailed

if TYPE_CHECKING:
    from archive.capture import Capture
    from crawler.article import NoArticle
    from crawler.outlets import Outlets
    from crawler.workers import ExtractionPool

_AHEAD = 32  # pages handed to the workers beyond the one that is waited for
_REFRESH = 100  # seconds; a page that refreshes sooner is a redirect to Scrapy too (METAREFRESH_MAXDELAY)

_Reading = deque["tuple[Capture, asyncio.Task[Article | NoArticle]]"]


async def articles_of_crawl(crawl: Crawl, pool: ExtractionPool, outlets: Outlets) -> AsyncIterator[Article]:
    """The articles of a crawl folder, in the order of their records: those that the crawl itself gave."""
    arguments = Arguments.from_dict(crawl.manifest["arguments"])
    failed = {line["record_id"] for line in crawl.failures()}
    captures = (capture for capture in crawl.captures() if capture.record_id not in failed)
    async for article in articles_of(captures, pool, outlets, crawl.outlet):
        if not arguments.too_old(article.published):
            yield article


async def articles_of_file(
    warc: Path, pool: ExtractionPool, outlets: Outlets, outlet: str | None = None
) -> AsyncIterator[Article]:
    """The articles of any WARC file, in the order of their records."""
    async for article in articles_of(read_captures(warc), pool, outlets, outlet):
        yield article


async def articles_of(
    captures: Iterable[Capture], pool: ExtractionPool, outlets: Outlets, outlet: str | None
) -> AsyncIterator[Article]:
    """What captured pages give, in the order of the captures, read by the pool's workers side by side.

    Damage that ends the captures is raised when all before it has been given.
    """
    reading: _Reading = deque()
    damage: Exception | None = None
    pages = article_pages(captures)
    while True:
        try:
            capture = next(pages, None)
        except Exception as error:  # noqa: BLE001 (raised again below, after what could be read)
            capture, damage = None, error
        if capture is None:
            break
        name, profiles = outlets.reading(capture.url, outlet)
        reading.append((capture, asyncio.ensure_future(pool.read(capture, profiles, name))))
        await asyncio.sleep(0)  # let it be handed to a worker
        if len(reading) > _AHEAD and isinstance(outcome := await _next(reading), Article):
            yield outcome
    while reading:
        if isinstance(outcome := await _next(reading), Article):
            yield outcome
    if damage is not None:
        raise damage


async def _next(reading: _Reading) -> Article | NoArticle | None:
    _, task = reading.popleft()
    try:
        return await task
    except ExtractionFailed:
        return None


def article_pages(captures: Iterable[Capture]) -> Iterator[Capture]:
    """The captures whose pages may hold an article.

    In a crawl of ours those are the pages that were asked for as articles; in anybody's WARC, whatever
    came as HTML. Errors, redirects and truncated pages are none: a running crawl passes them over too.
    """
    for capture in captures:
        whole = capture.status is not None and 200 <= capture.status < 300 and not capture.error
        wanted = capture.purpose == "article" if capture.sequence else _is_html(capture)
        if whole and wanted and not capture.truncated and not _refreshes(capture):
            yield capture


def _is_html(capture: Capture) -> bool:
    kind = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
    return capture.method == "GET" and kind in {"", "text/html", "application/xhtml+xml"}


def _refreshes(capture: Capture) -> bool:
    """Whether Scrapy follows the page's meta refresh instead of handing the page on."""
    try:
        head = capture.content(1 << 30)[:4096].decode("latin-1")
    except UndecodableBody:
        return False
    if "http-equiv" not in head.lower():
        return False
    seconds, url = get_meta_refresh(head, capture.url, "latin-1", ignore_tags=("noscript",))
    return url is not None and seconds is not None and seconds < _REFRESH
