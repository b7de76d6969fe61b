"""Any other news site."""

from __future__ import annotations

from crawler.site import SiteSpider


class Site(SiteSpider):
    """A news site that nobody described: `scrapy crawl site -a start=URL`, its front page, a feed or a sitemap."""

    name = "site"
