"""Replayer: a recorded crawl's answers, handed out in the order in which they were recorded."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from archive.crawl import Crawl, Exchange
from archive.errors import ArchiveError
from archive.lines import json_line
from crawler.keeper import Keeper
from crawler.recorded import Recorded

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archive.capture import Capture
    from crawler.article import Article

logger = logging.getLogger(__name__)

_QUIET = 0.05  # seconds without a new request after which the crawl is looked at for a standstill


class NotArchived(IgnoreRequest):
    """A replayed crawl asks for what its archive does not hold."""


class Replayer(Keeper):
    """Answers a crawl's requests from its folder and collects the articles that it gives now.

    A request always follows from answers that came before its own, so waiting for the next number in
    order is safe. When the crawl stands still and nobody has asked for the next number, the lowest one that
    was asked for is handed out instead. What nobody asked for to the end is told then.
    """

    def __init__(self, crawler: Crawler, crawl: Crawl) -> None:
        self.crawl = crawl
        self._articles = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process; lines, as they come)
        self.missing: list[str] = []  # requests that were not archived
        self.failure: ArchiveError | OSError | None = None
        self._crawler = crawler
        self._failures = {line["record_id"]: line["reason"] for line in crawl.failures()}
        exchanges = list(crawl.exchanges())
        self._recorded = Recorded(exchanges)
        self._order = deque(exchange.sequence for exchange in exchanges)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._asked = 0
        self._watch: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Replayer:
        return cls(crawler, Crawl.open(crawler.settings["REPLAY_FOLDER"]))

    # Answers

    async def capture_for(self, request: Request) -> Capture:
        """The capture recorded for this request, when its turn has come."""
        self._asked += 1
        exchange = self._recorded.take(request)
        if exchange is None:
            return self._not_archived(urldefrag(request.url)[0])
        await self._turn(exchange)
        try:
            return self.crawl.load(exchange)
        except (ArchiveError, OSError) as error:
            self.failure = error
            raise

    async def _turn(self, exchange: Exchange) -> None:
        if not self._order or exchange.sequence < self._order[0]:  # its turn was passed over
            return
        turn = self._waiting[exchange.sequence] = asyncio.get_running_loop().create_future()
        self._hand_out()
        await turn

    def _not_archived(self, url: str) -> Capture:
        if self.crawl.status == "finished":  # a crawl that was cut short never came to ask all it would have
            self.missing.append(url)
        raise NotArchived(f"{url} is not in the archive of this crawl")

    def _hand_out(self) -> None:
        while self._order and self._order[0] in self._waiting:
            self._waiting.pop(self._order.popleft()).set_result(None)
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._waiting:
            self._watch = asyncio.get_running_loop().call_later(_QUIET, self._look, self._asked)

    def _look(self, asked: int) -> None:
        """Pass over the numbers that nobody has asked for, if the crawl stands still."""
        self._watch = None
        if asked == self._asked and self._stands_still():
            while self._order[0] not in self._waiting:
                self._order.popleft()
        self._hand_out()

    def _stands_still(self) -> bool:
        engine = self._crawler.engine
        assert engine.scraper.slot is not None
        assert engine.scheduler is not None
        return engine.scraper.slot.is_idle() and not engine.scheduler.has_pending_requests()

    def unasked(self) -> list[Exchange]:
        """What is in the archive, and was never asked for."""
        return self._recorded.left()

    # Articles

    async def keep_article(self, article: Article) -> None:
        self._articles.write(json_line(article.as_dict()))

    def articles(self) -> Iterator[bytes]:
        """The articles that the crawl has given now, as lines, in no certain order."""
        self._articles.seek(0)
        return iter(self._articles)

    def keep_failure(self, capture: Capture, reason: str) -> None:
        """A page that failed when it was recorded is given; one that fails only now shows as a missing article."""

    def holds(self, request: Request) -> bool:
        return self._recorded.holds(request)

    def failure_of(self, capture: Capture) -> str | None:
        return self._failures.get(capture.record_id)
