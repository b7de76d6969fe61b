"""Anybody's spider, with the settings that Scrapy comes with: what `scrapy startproject` users have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request


class Stock(scrapy.Spider):
    """Fetches what a file names, and keeps nothing."""

    name = "stock"
    urls = ""

    async def start(self) -> AsyncIterator[Request]:
        for url in Path(self.urls).read_text().splitlines():  # noqa: ASYNC240 (once, before anything runs)
            yield Request(url, dont_filter=True)

    def parse(self, response: Any) -> Any:
        """Nothing is made of it."""
