"""Site: any news site that nobody described, begun at its front page, a feed or a sitemap."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar
from urllib.parse import urljoin

from crawler.arguments import Arguments, WrongArgument
from crawler.frontpage import USUAL_PLACES, find_feeds, robots_sitemaps
from crawler.links import Link
from crawler.spider import NewsSpider


class SiteSpider(NewsSpider):
    """An outlet of which only a URL is known: finds its feeds and sitemaps itself."""

    generic: ClassVar[bool] = True

    @classmethod
    def check(cls, given: dict[str, str]) -> Arguments:
        arguments = super().check(given)
        if arguments.start is None and arguments.urls is None:
            raise WrongArgument("site needs -a start=URL (a front page, a feed or a sitemap) or -a urls=...")
        return arguments

    async def links(self) -> AsyncIterator[tuple[Sequence[Link], str]]:
        """The links of the start, if it is a listing; else of the feeds and sitemaps that the site declares.

        Where it declares none, the usual places are tried; the links on the page itself come last.
        """
        start = self.arguments.start or ""
        response = await self.fetch(start, anew=True)  # a page that has not changed may declare listings that have
        if response is None:
            return
        listing = self.read_listing(response)
        if listing.kind != "html":
            async for found in self.follow(start, first=response):
                yield found
            return
        for warning in listing.warnings:
            self.logger.warning(warning)
        found_any = False
        declared = [*find_feeds(response.body, response.url), *await self._robots_sitemaps(response.url)]
        usual = () if declared else [urljoin(response.url, place) for place in USUAL_PLACES]
        for url in (*declared, *usual):
            async for found in self.follow(url, expected=bool(declared)):
                found_any = True
                yield found
            if usual and found_any:
                break
        yield listing.links, response.url

    async def _robots_sitemaps(self, url: str) -> list[str]:
        response = await self.fetch(urljoin(url, "/robots.txt"), expected=False, anew=True)
        return list(robots_sitemaps(response.body, response.url)) if response is not None else []
