"""Doors that exist for the benchmarks alone: one that keeps nothing, and one that fetches nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from archive.capture import Capture
from benchmarks.memory import body
from crawler.handlers import ArchivedAnswers
from crawler.recording import Recorder

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BareDoor(HTTP11DownloadHandler):
    """Scrapy's own handler, under the settings of our crawls."""


class SynthesisedDoor(ArchivedAnswers):
    """A recording door whose network is made up on the spot: everything but the sockets is the real crawl's."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._recorder = crawler.get_extension(Recorder)
        self._kilobytes = int(os.environ["BENCHMARK_PAGE"])

    async def download_request(self, request: Request) -> Response:
        number = int(request.url.rstrip("/").rpartition("-")[2])
        page = body(number, self._kilobytes)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page)
        asked = b"GET /story-%d/ HTTP/1.1\r\nHost: memory.test\r\n\r\n" % number
        capture = Capture(
            url=request.url,
            started=datetime.now(UTC),
            request=asked,
            response=head + page,
            ip="192.0.2.7",
            protocols=("http/1.1", "tls/1.3"),
            purpose=request.meta.get("purpose"),
        )
        assert self._recorder is not None
        return await self.answer(request, await self._recorder.write(capture))
