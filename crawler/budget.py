"""A night's budget in bytes, beside Scrapy's own in pages and seconds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class ByteBudget:
    """Closes a crawl that has received CLOSESPIDER_BYTECOUNT bytes or more, headers included, as they were sent."""

    def __init__(self, crawler: Crawler, most: int) -> None:
        self._crawler = crawler
        self._most = most
        self._received = 0
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ByteBudget:
        most = crawler.settings.getint("CLOSESPIDER_BYTECOUNT")
        if not most:
            raise NotConfigured
        extension = cls(crawler, most)
        crawler.signals.connect(extension.request_left_downloader, signals.request_left_downloader)
        return extension

    def request_left_downloader(self, request: Request) -> None:
        if (capture := request.meta.get("capture")) is not None:
            self._received += len(capture.interim) + len(capture.response)
        if self._received >= self._most and self._closing is None:
            closing = self._crawler.engine.close_spider_async(reason="closespider_bytecount")
            self._closing = asyncio.ensure_future(closing)
