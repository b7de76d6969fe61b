"""Decoding: Scrapy's own undoing of Content-Encoding; a body that is too large when undone is told in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.keeper import Keeper

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class DecodingMiddleware(HttpCompressionMiddleware):
    """Keeps note of bombs: their records are whole, and nothing else in the archive shows why no page came of them."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._crawler = crawler

    def process_response(  # type: ignore[override]  # without the argument that Scrapy has done away with
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest:  # raised for nothing but a body beyond DOWNLOAD_MAXSIZE when decoded
            keeper = self._crawler.get_extension(Keeper)  # type: ignore[type-abstract]
            if keeper is not None and "capture" in request.meta:
                keeper.keep_failure(request.meta["capture"], f"is larger than {self._max_size} bytes when decoded")
            raise
