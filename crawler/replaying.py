"""Replayer: a recorded crawl's answers, handed out in the order in which they were recorded."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from archive.crawl import Crawl, Exchange
from scrapy.exceptions import IgnoreRequest

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
    order is safe. When the crawl stands still and nobody asked for the next number, that exchange will
    never be asked for: it is passed over, and told at the end.
    """

    def __init__(self, crawler: Crawler, crawl: Crawl) -> None:
        self.crawl = crawl
        self.articles: dict[str | None, str] = {}  # record id -> line
        self.missing: list[str] = []  # requests that were not archived
        self.unasked: list[Exchange] = []
        self.failure: ArchiveError | None = None
        self._crawler = crawler
        self._failures = {line["record_id"]: line["reason"] for line in crawl.failures()}
        self._recorded: defaultdict[_Key, deque[Exchange]] = defaultdict(deque)
        self._order: deque[Exchange] = deque()
        for exchange in crawl.exchanges():
            self._order.append(exchange)
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
        turn = self._waiting[exchange.sequence] = asyncio.get_running_loop().create_future()
        self._hand_out()
        await turn
        try:
            return self.crawl.load(exchange)
        except ArchiveError as error:
            self.failure = error
            raise

    def _not_archived(self, url: str) -> Capture:
        if self.crawl.status == "finished":  # a crawl that was cut short never came to ask all it would have
            self.missing.append(url)
        raise NotArchived(f"{url} is not in the archive of this crawl")

    def _hand_out(self) -> None:
        while self._order and self._order[0].sequence in self._waiting:
            self._waiting.pop(self._order.popleft().sequence).set_result(None)
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._waiting:
            self._watch = asyncio.get_running_loop().call_later(_QUIET, self._look, self._asked)

    def _look(self, asked: int) -> None:
        """Pass over what nobody will ask for, if the crawl stands still."""
        self._watch = None
        if asked == self._asked and self._stands_still():
            while self._order and self._order[0].sequence not in self._waiting:
                self._pass_over(self._order.popleft())
        self._hand_out()

    def _stands_still(self) -> bool:
        engine = self._crawler.engine
        assert engine.scraper.slot is not None
        assert engine.scheduler is not None
        return engine.scraper.slot.is_idle() and not engine.scheduler.has_pending_requests()

    def _pass_over(self, exchange: Exchange) -> None:
        self.unasked.append(exchange)
        recorded = self._recorded[exchange.method, exchange.url, exchange.body_digest]
        if exchange in recorded:
            recorded.remove(exchange)

    # Articles

    def keep_article(self, article: Article) -> None:
        self.articles[article.record_id] = article.as_json()

    def keep_failure(self, capture: Capture, reason: str) -> None:
        """A page that failed when it was recorded is given; one that fails only now shows as a missing article."""

    def failure_of(self, capture: Capture) -> str | None:
        return self._failures.get(capture.record_id)

    def finish(self) -> None:
        """Count as passed over what was never asked for."""
        while self._order:
            self._pass_over(self._order.popleft())
