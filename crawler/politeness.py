"""Politeness: each host is fetched from at its own pace, and not at all while it asks to be left alone."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.asyncio import AsyncioLoopingCall
from twisted.python.failure import Failure

from crawler.pace import LONGEST_DELAY, REFUSALS, Pace
from crawler.recording import Recorder
from crawler.refusals import HostGivenUp
from crawler.retry_after import seconds_asked

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from archive.capture import Capture

logger = logging.getLogger(__name__)

INSTANT = 1e-6  # seconds; without any delay Scrapy does not look at when a slot was last used


class Politeness:
    """Keeps each host's delay at its pace or above, and counts it from the end of the last fetch.

    Scrapy counts from the start of the last fetch: after a slow handshake the server would see less. AutoThrottle
    knows of latency alone; the larger delay of both holds. Everything of a host waits in its one slot, robots.txt
    and listings included, so a pause is a slot that was last used in the future.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._settings = crawler.settings
        self._throttled = crawler.settings.getbool("AUTOTHROTTLE_ENABLED")
        self._paces: dict[str, Pace] = {}
        self._watching = AsyncioLoopingCall(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        crawler.signals.connect(extension.robots_parsed, signals.robots_parsed)
        crawler.signals.connect(extension.request_reached_downloader, signals.request_reached_downloader)
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        return extension

    def admit(self, request: Request) -> None:
        """HostGivenUp where this request's host has been given up; the door asks before it fetches."""
        host = request.meta["download_slot"]
        if host in self._paces and self._paces[host].given_up:
            raise HostGivenUp(f"{host} asks to be left alone for longer than HOST_PATIENCE")

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        agent = self._settings.get("ROBOTSTXT_USER_AGENT") or self._settings["USER_AGENT"]
        delay = robotparser.crawl_delay(agent)
        if not delay:
            return
        host = urlsplit(request.url).hostname or ""
        self._pace(host).crawl_delay = float(delay)
        self._crawler.stats.set_value(f"crawl_delay/{host}", min(float(delay), LONGEST_DELAY))
        self._apply(host)

    def request_reached_downloader(self, request: Request) -> None:
        self._apply(request.meta["download_slot"])

    def response_downloaded(self, response: Response, request: Request) -> None:
        host = request.meta.get("download_slot", "")
        if not self._pace(host).given_up:
            self._take(host, response, request)
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.lastseen = max(slot.lastseen, monotonic())
        self._apply(host)

    def spider_opened(self) -> None:
        recorder = self._crawler.get_extension(Recorder)
        for answer in recorder.asking if recorder is not None else ():
            self._go_on_waiting(answer)
        self._watching.start(1.0, now=False)

    def spider_closed(self) -> None:
        if self._watching.running:
            self._watching.stop()

    def _pace(self, host: str) -> Pace:
        if host not in self._paces:
            own = self._settings.getdict("DOWNLOAD_SLOTS").get(host, {}).get("delay")
            delay = self._settings.getfloat("DOWNLOAD_DELAY") if own is None else float(own)
            self._paces[host] = Pace(own_delay=delay, patience=self._settings.getfloat("HOST_PATIENCE"))
        return self._paces[host]

    def _take(self, host: str, response: Response, request: Request) -> None:
        """Adjust the host's pace to an answer."""
        pace, wait, now = self._pace(host), self._wait_asked(host, response), monotonic()
        if wait or response.status in REFUSALS:
            pace.refused(wait, sent=now - request.meta.get("download_latency", 0.0), now=now)
            self._tell(host, pace, response, wait)
        elif response.status < 500:
            pace.answered()

    def _go_on_waiting(self, answer: Capture) -> None:
        """Keep to what a host asked for before this crawl was killed, as long as that still holds."""
        asked = seconds_asked(answer.header("Retry-After") or "", answer.header("Date") or "", answer.started)
        rest = (asked or 0.0) - (datetime.now(UTC) - answer.started).total_seconds()
        host = urlsplit(answer.url).hostname or ""
        if rest > 0:
            now = monotonic()
            self._pace(host).refused(rest, sent=now, now=now)
            logger.warning("%s asked for a pause, which goes on for %.0f seconds", host, rest)

    def _wait_asked(self, host: str, response: Response) -> float | None:
        """Seconds; whatever is no success may ask to wait: 429 and 503, but also 301, 403 or 413."""
        value = response.headers.get("Retry-After")
        if value is None or response.status < 300:
            return None
        sent = (response.headers.get("Date") or b"").decode("latin-1")
        wait = seconds_asked(value.decode("latin-1"), sent, datetime.now(UTC))
        if wait is None:
            logger.warning("%s sends a Retry-After that makes no sense, and is passed over: %r", host, value[:80])
        return wait

    def _tell(self, host: str, pace: Pace, response: Response, wait: float | None) -> None:
        if pace.given_up:
            logger.error(
                "%s is given up for this crawl: it asks to be left alone (status %d) for longer than HOST_PATIENCE, "
                "%g seconds; what it did not serve is fetched another time",
                *(host, response.status, pace.patience),
            )
        elif wait:
            self._crawler.stats.inc_value(f"pauses/{host}")
            logger.warning("%s asks for a pause of %.0f seconds (status %d)", host, wait, response.status)
        else:
            self._crawler.stats.inc_value(f"slowed_down/{host}")
            logger.info("%s is slowed down to %.1f seconds (status %d)", host, pace.delay, response.status)

    def _apply(self, host: str) -> None:
        """Let the host's slot, which Scrapy makes anew after a minute of idleness, wait as its pace has it."""
        slot, pace = self._crawler.engine.downloader.slots.get(host), self._pace(host)
        if slot is None:
            return
        if pace.given_up:  # all that waits goes to the door at once, which sends nothing of it
            slot.close()
            slot.delay = 0.0
            return
        slot.delay = max(
            pace.delay, slot.delay if self._throttled else 0.0, INSTANT if pace.paused_until > monotonic() else 0.0
        )
        slot.lastseen = max(slot.lastseen, pace.paused_until)

    def _look(self) -> None:
        """Once the crawl is closing nobody waits any more, however long a host has asked for.

        What was not sent by then is not recorded either: it is another crawl's, or the resumed one's.
        """
        if self._closing():
            for slot in self._crawler.engine.downloader.slots.values():
                while slot.queue:
                    slot.queue.pop()[1].errback(Failure(IgnoreRequest("the crawl is closing")))

    def _closing(self) -> bool:
        """Whether the engine takes no more requests, and not for being busy."""
        engine = self._crawler.engine
        if engine.scraper.slot is None:
            return False
        busy = engine.downloader.needs_backout() or engine.scraper.slot.needs_backout()
        return engine.needs_backout() and not busy
