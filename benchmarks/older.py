"""Anybody's spider with one of the add-ons that archive, for the Scrapy that these need (2.11); runs in their venv.

scrapy runspider benchmarks/older.py -a urls=FILE -s ...
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request


class Older(scrapy.Spider):
    """Fetches what a file names; what is kept is the add-on's affair."""

    name = "older"
    urls = ""

    def start_requests(self) -> Iterator[Request]:
        for url in Path(self.urls).read_text().splitlines():
            yield Request(url, dont_filter=True)

    def parse(self, response: Any) -> None:
        """Nothing is made of it."""


class WarcioMiddleware:
    """scrapy-warcio, put to use as its documentation says."""

    def __init__(self) -> None:
        import scrapy_warcio  # type: ignore[import-not-found]

        self._date = scrapy_warcio.warc_date
        self._writer = scrapy_warcio.ScrapyWarcIo()

    def process_request(self, request: Request, spider: scrapy.Spider) -> None:  # noqa: ARG002
        request.meta["WARC-Date"] = self._date()

    def process_response(self, request: Request, response: Any, spider: scrapy.Spider) -> Any:  # noqa: ARG002
        self._writer.write(response, request)
        return response
