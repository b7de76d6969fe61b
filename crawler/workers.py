"""Extraction out of the way: worker processes that are fed with captures and hand back articles.

A page that crashes, hangs or eats memory costs itself alone. Processes, not threads: threads give no
speed here, and trafilatura's callers report crashes under them.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing.spawn import get_executable
from types import FrameType
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool
from scrapy import signals

from archive.capture import Capture
from archive.errors import UndecodableBody
from crawler.article import Article, NoArticle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from crawler.profile import Profile

PAGES_PER_WORKER = 2000  # then it is replaced: memory that a library loses is not lost for long
MEMORY = 4 << 30  # bytes of address space for a worker
START_TIMEOUT = 60  # seconds in which a first worker must be there
PATIENCE = 6  # wall-clock seconds for each CPU second a page may take, before its worker is killed

logger = logging.getLogger(__name__)


class ExtractionFailed(Exception):
    """The extraction of a page crashed, or ran out of time or memory; the message says which."""


def read(
    capture: Capture, profiles: Sequence[Profile], outlet: str, limit: int, seconds: float = 0
) -> Article | NoArticle:
    """The article of a captured page. `limit`: bytes of the decoded body; `seconds`: CPU time, 0 for no bound."""
    from crawler.extraction import extract

    try:
        page = capture.content(limit)
    except UndecodableBody:
        if capture.sequence or len(capture.body) > limit:
            return NoArticle(reason="undecodable")
        page = capture.body  # some tools keep bodies decoded, under the header that says otherwise
    with _cpu_limit(seconds):
        return extract(page, capture, profiles, outlet)


class _cpu_limit:  # noqa: N801 (used like a function)
    """Raise TimeoutError in the body when it has used this much CPU time; 0 for no bound."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        if self.seconds:
            signal.signal(signal.SIGPROF, self._expired)
            signal.setitimer(signal.ITIMER_PROF, self.seconds)

    def __exit__(self, *args: object) -> None:
        if self.seconds:
            signal.setitimer(signal.ITIMER_PROF, 0)

    @staticmethod
    def _expired(number: int, frame: FrameType | None) -> None:  # noqa: ARG004
        raise TimeoutError


class ExtractionPool:
    """Reads captured pages, in worker processes or, with none of them, in this one."""

    def __init__(self, processes: int, seconds: float, limit: int) -> None:
        self._seconds = seconds
        self._limit = limit
        self._started: asyncio.Future[None] | None = None
        self._pool = (
            ProcessPool(
                max_workers=processes,
                max_tasks=PAGES_PER_WORKER,
                context=multiprocessing.get_context("spawn"),  # a forked reactor is two reactors
                initializer=_prepare_worker,
            )
            if processes
            else None
        )

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> ExtractionPool:
        return cls(
            settings.getint("EXTRACTION_PROCESSES"),
            settings.getfloat("EXTRACTION_TIMEOUT"),
            settings.getint("DOWNLOAD_MAXSIZE"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExtractionPool:
        pool = cls.from_settings(crawler.settings)
        crawler.signals.connect(pool.close, signals.spider_closed)
        return pool

    async def read(
        self, capture: Capture, profiles: Sequence[Profile], outlet: str, limit: int | None = None
    ) -> Article | NoArticle:
        """The article of a captured page; ExtractionFailed when its worker died, or took too long or too much.

        `limit`: bytes of a decoded body, where not those of the settings. Where the machine lets no worker
        start, pages are read in this process.
        """
        limit = limit or self._limit
        if self._started is None:
            self._started = asyncio.ensure_future(self._start())
        await asyncio.shield(self._started)
        if self._pool is None:
            return read(capture, profiles, outlet, limit)
        try:
            future = self._pool.schedule(
                read,
                args=(capture, tuple(profiles), outlet, limit, self._seconds),
                timeout=self._seconds * PATIENCE,
            )
            return await asyncio.wrap_future(future)
        except (TimeoutError, FutureTimeout) as error:
            raise ExtractionFailed(f"took more than {self._seconds:g} CPU seconds") from error
        except ProcessExpired as error:
            raise ExtractionFailed(f"its worker died with status {error.exitcode}") from error
        except MemoryError as error:
            raise ExtractionFailed("ran out of memory") from error

    async def _start(self) -> None:
        """Have a first worker start, or do without workers."""
        if self._pool is None:
            return
        try:
            # First what fails at once: the pool itself would go on trying.
            probe = await asyncio.create_subprocess_exec(get_executable(), "-c", "")
            await probe.wait()
            await asyncio.wait_for(asyncio.wrap_future(self._pool.schedule(os.getpid)), START_TIMEOUT)
        except (OSError, RuntimeError, TimeoutError, FutureTimeout, ProcessExpired) as error:
            logger.warning("No worker process can be started (%r): pages are read in the crawling process", error)
            self.close()

    def close(self) -> None:
        """End the workers; pages that are still being read are given up."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


def _prepare_worker() -> None:
    """Bound a worker's memory; leave Ctrl-C, which reaches the whole process group, to the crawling process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
