"""United Press International."""

from __future__ import annotations

from crawler.profiles.upi import UPI as UPI_PROFILES
from crawler.spider import NewsSpider


class UPI(NewsSpider):
    """United Press International, in English.

    Feed and sections are those that real pages of 2020 name; no sitemap is known. Unverified until a live crawl.
    """

    name = "upi"
    allowed_domains = ["upi.com"]
    languages = ("en",)
    feeds = ("https://rss.upi.com/news/news.rss",)
    sections = (  # without News_Photos, video, Archives and Almanac, which hold no articles of the day
        "https://www.upi.com/Top_News/",
        "https://www.upi.com/Top_News/US/",
        "https://www.upi.com/Top_News/World-News/",
        "https://www.upi.com/Odd_News/",
        "https://www.upi.com/Entertainment_News/",
        "https://www.upi.com/Sports_News/",
        "https://www.upi.com/Science_News/",
        "https://www.upi.com/Health_News/",
        "https://www.upi.com/Defense-News/",
    )
    # The number at the end does not grow with time, so it is no `id` to order by. /ph1/ after it is a photo page.
    article_url = r"/\d{4}/\d\d/\d\d/[^/]+/(?:UPI-)?\d{10,14}/?(?:$|\?)"
    # What these parameters tell is the place of a link on a page.
    tracking = ("tps", "sl", "spt", "st_rec", "tt", "or", "nav", "ftr", "mpse", "ur3", "u3l")
    profiles = UPI_PROFILES
