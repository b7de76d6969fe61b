"""Deutsche Welle."""

from __future__ import annotations

from crawler.profiles.dw import DW as DW_PROFILES
from crawler.spider import NewsSpider


class DW(NewsSpider):
    """Deutsche Welle, in six of its languages; the others' feeds have codes of their own (tur, chi, ukr, pol).

    Gathered from public code of 2020 to 2026, the sitemaps' addresses from two sources only: unverified until a
    live crawl. The form of article URLs is that of real pages from 2009 to 2026.
    """

    name = "dw"
    allowed_domains = ["dw.com"]
    languages = ("en", "de", "es", "fr", "ar", "ru")
    feeds = ("https://rss.dw.com/rdf/rss-{language}-all",)
    sitemaps = ("https://www.dw.com/{language}/news-sitemap.xml", "https://www.dw.com/{language}/article-sitemap.xml")
    article_url = r"/a-(?P<id>\d+)(?:$|\?)"  # /s- are sections, /av- and /video- are videos, /g- picture galleries
    tracking = ("maca",)  # which feed a link was followed from
    profiles = DW_PROFILES
