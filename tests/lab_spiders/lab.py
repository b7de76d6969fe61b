"""A spider that asks for what it is told, by the method that the path names."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from scrapy import Request

from crawler.spider import NewsSpider


class LabSpider(NewsSpider):
    """Asks for each URL as a page; `/head/...` with HEAD, `/post/...` with a form."""

    name = "lab"

    async def _given(self) -> AsyncIterator[Request]:
        async for request in super()._given():
            path = urlsplit(request.url).path
            if path.startswith("/head/"):
                yield request.replace(method="HEAD")
            elif path.startswith("/post/"):
                yield request.replace(method="POST", body=b"q=lab&n=1")
            else:
                yield request


class FailingSpider(LabSpider):
    """The same, with a callback that always fails."""

    name = "failing"

    async def parse_article(self, response):  # type: ignore[no-untyped-def]  # noqa: ARG002
        raise RuntimeError("a callback that fails")
        yield
