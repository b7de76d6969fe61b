"""Recorder: the crawl folder of a running crawl, from its first request to its manifest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from archive.crawl import Crawl, Exchange
from archive.elsewhere import known_originals
from archive.errors import ArchiveError, RecordingFailed
from archive.places import is_remote, spool_of
from crawler.arguments import WrongArgument
from crawler.description import repeatable, shaping_settings, versions
from crawler.keeper import Keeper
from crawler.places import archive_of, claim_in
from crawler.recorded import Recorded
from crawler.resuming import resumed
from crawler.spider import NewsSpider
from crawler.writing import WritingProcess

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from archive.capture import Capture
    from crawler.article import Article

logger = logging.getLogger(__name__)

_OUTCOMES = {"finished": "finished", "shutdown": "interrupted"}


class Recorder(Keeper):
    """Makes a crawl folder when a crawl starts, writes captures and articles into it, and closes it at the end.

    `failure` is what went wrong with the recording, or None: the command turns it into its one line
    and its exit status. A crawl that cannot be recorded stops, and its folder stays as a killed
    crawl's would: whole up to the last exchange.

    All of it is written by one process of its own, in the order in which it was handed over. A response waits for
    its records all the same.
    """

    def __init__(
        self, crawler: Crawler, crawl: Crawl, held: Sequence[Exchange] = (), asking: Sequence[Capture] = ()
    ) -> None:
        self.crawl = crawl
        self.held = Recorded(held)  # what a resumed crawl recorded before
        self.asking = asking  # what asked it then to leave a host alone for a while
        self.failure: ArchiveError | None = None
        self.interruption: ArchiveError | None = None  # why the crawl was closed before its end, where not by a signal
        self._closed = False
        self._crawler = crawler
        self._stopping: asyncio.Future[None] | None = None
        self._syncing = AsyncioLoopingCall(self._sync)
        self._writing = WritingProcess(crawl)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        if not isinstance(crawler.spider, NewsSpider) or crawler.settings.getbool("KEEP_ALIVE"):  # `scrapy shell`
            raise NotConfigured
        if crawler.settings.getbool("HTTPCACHE_ENABLED"):
            raise RecordingFailed("HTTPCACHE_ENABLED=1 would answer past the door, with nothing recorded; leave it off")
        if crawler.settings["RESUME_FOLDER"]:
            recorder = cls(crawler, *_resumed_crawl(crawler))
        else:
            recorder = cls(crawler, _new_crawl(crawler))
        crawler.signals.connect(recorder.spider_opened, signals.spider_opened)
        crawler.signals.connect(recorder.spider_closed, signals.spider_closed)
        return recorder

    async def write(self, capture: Capture) -> Capture:
        """Write an exchange; when that fails, stop the crawl and fail the download."""
        try:
            return capture.but(**await self._writing.ask("write", capture))
        except RecordingFailed as error:
            self._stop(error)
            raise

    async def keep_article(self, article: Article) -> None:
        try:
            await self._writing.ask("add_article", article.as_dict())
        except RecordingFailed as error:
            self._stop(error)
            raise

    def keep_failure(self, capture: Capture, reason: str) -> None:
        line = {"url": capture.url, "record_id": capture.record_id, "reason": reason}
        self._in_turn("add_failure", line)

    def keep_told(self, told: Mapping[str, Any]) -> None:
        """Record what the crawl is told of earlier ones; one that was closed meanwhile does nothing with it."""
        if not self._closed:
            self._in_turn("add_told", told)

    def holds(self, request: Request) -> bool:
        return self.held.holds(request)

    def failure_of(self, capture: Capture) -> str | None:  # noqa: ARG002 (nothing has failed before)
        return None

    def interrupt(self, error: ArchiveError) -> None:
        """Close the crawl as one that can be gone on with; the command tells why."""
        if self.interruption is None:
            self.interruption = error
            self._close("shutdown")

    def spider_opened(self) -> None:
        self._writing.begin()
        self._syncing.start(1.0)  # at a power cut, no more than about the last second is lost

    def spider_closed(self, reason: str) -> None:
        self._closed = True
        if self._syncing.running:
            self._syncing.stop()
        if self.failure is None:
            status = "interrupted" if self.interruption else _OUTCOMES.get(reason, reason)
            statistics = repeatable(self._crawler.stats.get_stats())
            with suppress(RecordingFailed):  # it is in `failure` by then
                self.crawl.manifest = self._in_turn("close", status, statistics, datetime.now(UTC))
        self._writing.end()

    def _in_turn(self, work: str, *arguments: object) -> Any:
        """Have something written behind what was handed over before it, and wait for that."""
        try:
            return self._writing.ask_and_wait(work, *arguments)
        except RecordingFailed as error:
            self._stop(error)
            raise

    def _sync(self) -> None:
        self._writing.ask("sync").add_done_callback(self._synced)

    def _synced(self, syncing: asyncio.Future[Any]) -> None:
        if isinstance(error := syncing.exception(), RecordingFailed):
            self._stop(error)

    def _stop(self, error: ArchiveError) -> None:
        if self.failure is None:
            self.failure = error
            self._close("recording_failed")

    def _close(self, reason: str) -> None:
        if self._crawler.engine.running and self._stopping is None:
            self._stopping = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))


def _resumed_crawl(crawler: Crawler) -> tuple[Crawl, list[Exchange], list[Capture]]:
    settings = crawler.settings
    codes = map(int, settings.getlist("RETRY_HTTP_CODES"))
    times = settings.getint("RETRY_TIMES") if settings.getbool("RETRY_ENABLED") else 0
    robots_since = datetime.now(UTC) - timedelta(seconds=settings.getfloat("ROBOTSTXT_MAX_AGE"))
    folder, max_size = Path(settings["RESUME_FOLDER"]), settings.getint("WARC_MAX_SIZE")
    return resumed(folder, times, codes, robots_since, max_size)


def _new_crawl(crawler: Crawler) -> Crawl:
    spider, settings = crawler.spider, crawler.settings
    assert isinstance(spider, NewsSpider)
    root = archive_of(settings)
    across = settings.getbool("REVISIT_ACROSS_CRAWLS")
    if across and is_remote(root):
        raise WrongArgument(f"REVISIT_ACROSS_CRAWLS needs an archive on this machine's disk, and {root} is none")
    return Crawl.create(
        spool_of(root),
        outlet=spider.name,
        started=datetime.now(UTC),
        description={
            "arguments": spider.arguments.as_dict(),
            "settings": shaping_settings(settings),
            "versions": versions(spider.profiles),
            **({"tracking": sorted(spider.tracking)} if spider.tracking else {}),
            "robots": "obeyed" if settings.getbool("ROBOTSTXT_OBEY") else "ignored",
            "http-header-user-agent": settings["USER_AGENT"],
        },
        max_size=settings.getint("WARC_MAX_SIZE"),
        originals=known_originals(root / "crawls" / spider.name) if across else None,
        claim=claim_in(root),
    )
