"""Extraction out of the way: worker processes that are fed with captures and hand back articles.

A page that crashes, hangs or eats memory costs itself alone. Processes, not threads: threads give no
speed here, and trafilatura's callers report crashes under them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scrapy import signals

from archive.capture import Capture
from crawler.article import Article, NoArticle
from crawler.worker import Failed, Outcome, Task, Worker, WorkerLost, read

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from crawler.profile import Profile

PAGES_PER_WORKER = 2000  # then it is replaced: memory that a library loses is not lost for long
ATTEMPTS = 3  # new workers that may be lost before one has the page

logger = logging.getLogger(__name__)


class ExtractionFailed(Exception):
    """The extraction of a page crashed, or ran out of time or memory; the message says which."""


class ExtractionPool:
    """Reads captured pages, in worker processes or, with none of them, in this one."""

    def __init__(self, processes: int, seconds: float, limit: int) -> None:
        self._here = not processes  # whether pages are read in this process
        self._seconds = seconds
        self._limit = limit
        self._room = asyncio.Semaphore(processes or 1)  # a page waits here for its worker
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()

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
        """The article of a captured page; ExtractionFailed when it crashed, or took too long or too much memory.

        `limit`: bytes of a decoded body, where not those of the settings. Where the machine lets no worker
        start, pages are read in this process, without bounds.
        """
        task = Task(capture=capture, profiles=tuple(profiles), outlet=outlet, limit=limit or self._limit)
        outcome = read(task) if self._here else await self._read(task)
        if isinstance(outcome, Failed):
            raise ExtractionFailed(outcome.reason)
        return outcome

    async def _read(self, task: Task) -> Outcome:
        async with self._room:
            lost = 0
            while not self._here:
                fresh = not self._idle
                try:
                    worker = await Worker.start() if fresh else self._idle.pop()
                    return await self._read_by(worker, task)
                except (WorkerLost, OSError) as error:
                    lost += fresh  # one that ended while it had nothing to do is only replaced
                    if lost == ATTEMPTS and not self._here:
                        logger.warning("No worker can be had (%s): pages are read in the crawling process", error)
                    self._here |= lost == ATTEMPTS
            return read(task)

    async def _read_by(self, worker: Worker, task: Task) -> Outcome:
        """What a worker makes of the page; it is kept for the next one unless this one failed, or it is old."""
        self._busy.add(worker)
        try:
            outcome = await worker.read(task, self._seconds)
        except BaseException:
            worker.kill()
            raise
        finally:
            self._busy.discard(worker)
        if isinstance(outcome, Failed) or worker.pages >= PAGES_PER_WORKER:
            await worker.end()
        else:
            self._idle.append(worker)
        return outcome

    async def close(self) -> None:
        """End the workers; pages that are still being read are given up."""
        for worker in self._busy:
            worker.kill()
        while self._idle:
            await self._idle.pop().end()
