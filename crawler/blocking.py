"""Feeds-only: a host that forbids one article page after another is asked for no more of them."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals

from crawler.refusals import BLOCKING, PagesBlocked

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

IN_A_ROW = 5  # article pages; one or two may be for subscribers


class FeedsOnly:
    """Blocks a host's article pages when so many in a row were forbidden; its listings are still read.

    Pages that a user names by `urls` are asked for whatever they are.
    """

    def __init__(self) -> None:
        self._forbidden: Counter[str] = Counter()  # host -> article pages in a row
        self._blocked: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FeedsOnly:
        extension = cls()
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        return extension

    def admit(self, request: Request) -> None:
        """PagesBlocked where this is an article page of a blocked host; the door asks before it fetches."""
        if not self._blocked:  # nearly always
            return
        host = urlsplit(request.url).hostname or ""
        if host in self._blocked and _is_discovered_page(request):
            raise PagesBlocked(f"{host} forbids its article pages")

    def response_downloaded(self, response: Response, request: Request) -> None:
        if not _is_discovered_page(request):
            return
        host = urlsplit(request.url).hostname or ""
        if response.status in BLOCKING:
            self._forbidden[host] += 1
        elif response.status < 500 and response.status not in (408, 429):
            self._forbidden[host] = 0
        if self._forbidden[host] == IN_A_ROW:
            self._blocked.add(host)
            logger.error(
                "%s forbids its article pages (status %d, %d in a row): no more of them are asked for in this crawl",
                *(host, response.status, IN_A_ROW),
            )


def _is_discovered_page(request: Request) -> bool:
    return request.meta.get("purpose") == "article" and request.meta.get("via") != "urls"
