"""An outlet whose two feeds stand on one host, and whose pages stand on another."""

from crawler.spider import NewsSpider


class GentleSpider(NewsSpider):
    """Two feeds, a host of pages, and no layout of its own."""

    name = "gentle"
    allowed_domains = ["www.gentle.test"]  # noqa: RUF012 (Scrapy's type)
    feeds = ("https://feeds.harbour.test/one.xml", "https://feeds.harbour.test/two.xml")
    article_url = r"/story-\d+$"
