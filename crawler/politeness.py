"""The pause between two fetches on a host: at least DOWNLOAD_DELAY, and what robots.txt asks for."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

LONGEST = 120.0  # seconds; a Crawl-delay beyond it is taken as this, as Common Crawl's news crawler does


class CrawlDelay:
    """Keeps a host's delay at its Crawl-delay or above, and counts it from the end of the last fetch.

    Scrapy counts from the start of the last fetch: after a slow handshake the server would see less. AutoThrottle,
    which knows nothing of Crawl-delay, may only lengthen it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.delays: dict[str, float] = {}  # host -> seconds

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        agent = self.crawler.settings.get("ROBOTSTXT_USER_AGENT") or self.crawler.settings["USER_AGENT"]
        delay = robotparser.crawl_delay(agent)
        if not delay:
            return
        host = urlsplit(request.url).hostname or ""
        self.delays[host] = min(float(delay), LONGEST)
        self.crawler.stats.set_value(f"crawl_delay/{host}", self.delays[host])
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings.setdefault(host, {})["delay"] = self.delays[host]  # for slots made anew
        self._apply(host)

    def response_downloaded(self, response: Response, request: Request) -> None:  # noqa: ARG002
        host = request.meta.get("download_slot", "")
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.lastseen = monotonic()
        self._apply(host)

    def _apply(self, host: str) -> None:
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None and host in self.delays:
            slot.delay = max(slot.delay, self.delays[host])
