"""The usual pipeline: Scrapy as installed, with trafilatura called in the callback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from scrapy import Request


class Usual(scrapy.Spider):
    """Fetches what a file names, and reads it where it stands."""

    name = "usual"
    urls = ""

    async def start(self) -> AsyncIterator[Request]:
        for url in Path(self.urls).read_text().splitlines():  # noqa: ASYNC240 (once, before anything runs)
            yield Request(url, dont_filter=True)

    def parse(self, response: Any) -> Iterator[dict[str, Any]]:
        document = trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True)
        if document is not None:
            yield {name: value for name, value in document.as_dict().items() if isinstance(value, str)}
