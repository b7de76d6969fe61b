"""Refusals: what a crawl does not ask for although it is allowed to, and what it is refused, host by host."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

BLOCKING = (401, 403, 451)


class Refused(IgnoreRequest):
    """A request that was not sent, for its host's sake; the archive holds it as an error. Another crawl may send it."""


class HostGivenUp(Refused):
    """A host asks to be left alone for longer than this crawl can wait."""


class PagesBlocked(Refused):
    """A host serves its listings, but one article page after another is forbidden."""


class Refusals:
    """Counts, host by host, what a crawl was refused, and what it therefore did not ask for.

    What was recorded decides, so a replay counts the same: the door only ever records a decision.
    """

    def __init__(self, statistics: StatsCollector) -> None:
        self._statistics = statistics

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Refusals:
        return cls(crawler.stats)

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get("purpose") == "article":
            if response.status in BLOCKING:
                self._count("forbidden", request)
            elif response.status < 400:
                self._count("served", request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, HostGivenUp):
            self._count("given_up", request)
        elif isinstance(exception, PagesBlocked):
            self._statistics.inc_value("articles/blocked")
            self._count("blocked", request)

    def _count(self, what: str, request: Request) -> None:
        self._statistics.inc_value(f"{what}/{urlsplit(request.url).hostname}")
