"""Held answers: a resumed crawl is answered from its own archive as far as that goes, and fetches the rest.

There are no queue files that could be torn: the same spider begins anew, and finds its answers there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

from crawler.handlers import ArchivedAnswers
from crawler.recording import Recorder

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class HeldAnswers:
    """Answers what the resumed crawl holds already, past the downloader's slots: nobody is fetched from.

    It stands lowest of the middlewares, where the answer of the recording door would come in.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._answers: ArchivedAnswers | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HeldAnswers:
        if not crawler.settings["RESUME_FOLDER"]:
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        recorder = self._crawler.get_extension(Recorder)
        assert recorder is not None
        if self._answers is None:
            self._answers = ArchivedAnswers(self._crawler)
        exchange = recorder.held.take(request)
        if exchange is None:
            return None
        return await self._answers.answer(request, recorder.crawl.load(exchange))
