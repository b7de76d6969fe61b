"""Replayer: a recorded crawl's answers, handed out in the order in which they were recorded."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from scrapy.exceptions import IgnoreRequest

from archive.crawl import Crawl, Exchange
from archive.errors import ArchiveError
from crawler.keeper import Keeper

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from archive.capture import Capture
    from crawler.article import Article

logger = logging.getLogger(__name__)

_Key = tuple[str, str, str]  # method, URL, SHA-1 of the request's body
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
        self.articles: dict[str | None, str] = {}  # record id -> line
        self.missing: list[str] = []  # requests that were not archived
        self.failure: ArchiveError | None = None
        self._crawler = crawler
        self._failures = {line["record_id"]: line["reason"] for line in crawl.failures()}
        self._recorded: defaultdict[_Key, deque[Exchange]] = defaultdict(deque)
        self._order: deque[int] = deque()
        for exchange in crawl.exchanges():
            self._order.append(exchange.sequence)
            self._recorded[exchange.method, exchange.url, exchange.body_digest].append(exchange)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._asked = 0
        self._watch: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Replayer:
        return cls(crawler, Crawl.open(Path(crawler.settings["REPLAY_FOLDER"])))

    # Answers

    async def answer(self, request: Request) -> Capture:
        """The capture recorded for this request, when its turn has come."""
        self._asked += 1
        url = urldefrag(request.url)[0]
        recorded = self._recorded.get((request.method, url, hashlib.sha1(request.body).hexdigest()))  # noqa: S324
        if not recorded:
            return self._not_archived(url)
        exchange = recorded.popleft()
        await self._turn(exchange)
        try:
            return self.crawl.load(exchange)
        except ArchiveError as error:
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
        left = (exchange for waiting in self._recorded.values() for exchange in waiting)
        return sorted(left, key=lambda exchange: exchange.sequence)

    # Articles

    def keep_article(self, article: Article) -> None:
        self.articles[article.record_id] = article.as_json()

    def keep_failure(self, capture: Capture, reason: str) -> None:
        """A page that failed when it was recorded is given; one that fails only now shows as a missing article."""

    def failure_of(self, capture: Capture) -> str | None:
        return self._failures.get(capture.record_id)
