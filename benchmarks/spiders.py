"""Spiders that only fetch: what a crawl costs before anything is read out of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from crawler.article import Article
from crawler.spider import NewsSpider


class Fetching(NewsSpider):
    """Our spider without extraction."""

    name = "fetching"

    async def parse_article(self, response: Any) -> AsyncIterator[Article]:  # noqa: ARG002
        nothing: tuple[Article, ...] = ()
        for article in nothing:
            yield article
