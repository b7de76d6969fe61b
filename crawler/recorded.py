"""Recorded: which exchange of an archive answers a request."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from archive.crawl import Exchange

if TYPE_CHECKING:
    from scrapy import Request


class Recorded:
    """Recorded exchanges by (method, URL, body); each answers one request, in the order of their recording.

    A robots.txt that was asked for as rules answers nobody who reads it for the sitemaps it names.
    """

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._waiting: defaultdict[tuple[bool, str, str, str], deque[Exchange]] = defaultdict(deque)
        for exchange in exchanges:
            rules = exchange.purpose == "robots"
            self._waiting[rules, exchange.method, exchange.url, exchange.body_digest].append(exchange)

    def take(self, request: Request) -> Exchange | None:
        """The next exchange that was recorded for such a request; None when there is none (any more)."""
        waiting = self._waiting.get(_key(request))
        return waiting.popleft() if waiting else None

    def holds(self, request: Request) -> bool:
        """Whether there is one."""
        return bool(self._waiting.get(_key(request)))

    def left(self) -> list[Exchange]:
        """What nobody asked for, in the order of its recording."""
        left = (exchange for waiting in self._waiting.values() for exchange in waiting)
        return sorted(left, key=lambda exchange: exchange.sequence)


def purpose_of(request: Request) -> str | None:
    """What a request is for: "article", "listing", "robots"."""
    return request.meta.get("purpose") or ("robots" if request.url.endswith("/robots.txt") else None)


def _key(request: Request) -> tuple[bool, str, str, str]:
    body = hashlib.sha1(request.body).hexdigest()  # noqa: S324 (tells bodies apart, keeps no secret)
    return purpose_of(request) == "robots", request.method, urldefrag(request.url)[0], body
