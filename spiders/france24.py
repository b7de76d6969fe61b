"""France 24."""

from __future__ import annotations

from crawler.profiles.france24 import FRANCE24 as FRANCE24_PROFILES
from crawler.spider import NewsSpider


class France24(NewsSpider):
    """France 24, in four languages.

    Feeds and sitemaps gathered from public code; in September 2026 pages and sitemaps answered 403 to a public
    survey while feeds and robots.txt answered 200. Unverified until a live crawl.
    """

    name = "france24"
    allowed_domains = ["france24.com"]
    languages = ("en", "fr", "es", "ar")
    feeds = ("https://www.france24.com/{language}/rss",)
    sitemaps = (
        "https://www.france24.com/sitemaps/{language}/news.xml",
        "https://www.france24.com/sitemaps/{language}/index.xml",  # names one part a month, contents_YYYYMM.xml
    )
    # The day of publication opens the last segment (a few of 2015 have a digit too many). Videos hold no text.
    article_url = (
        r"/[a-z]{2}/(?!video/|vid%C3%A9o/|tv-shows/|%C3%A9missions/)(?:[^/?]+/)*(?P<id>\d{8})\d?-[^/?]+/?(?:$|\?)"
    )
    sisters = ("rfi.fr", "mc-doualiya.com")  # pages of the same group, on one system since 2019
    profiles = FRANCE24_PROFILES
