"""Monitor: judges each crawl when it has ended, and raises alarms."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from alarms.judging import KINDS, Alarm, alarms
from alarms.past import comparable
from archive.errors import StorageFailed
from crawler.figures import is_watched
from crawler.places import archive_of
from crawler.recording import Recorder
from crawler.visits import Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from alarms.delivery import Delivery
    from archive.crawl import Crawl

logger = logging.getLogger(__name__)


class Monitor:
    """Compares a crawl with the outlet's earlier ones; logs alarms, and sends them where ALARM_URLS says."""

    def __init__(self, crawler: Crawler, delivery: Delivery | None) -> None:
        self._crawler = crawler
        self._delivery = delivery

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Monitor:
        if not is_watched(crawler):
            raise NotConfigured
        monitor = cls(crawler, _delivery(crawler.settings["ALARM_URLS"]))
        crawler.signals.connect(monitor.spider_opened, signals.spider_opened)
        crawler.signals.connect(monitor.engine_stopped, signals.engine_stopped)
        return monitor

    def spider_opened(self) -> None:
        self._count(alarms(self._visits()))  # what stood before stands while the crawl runs

    async def engine_stopped(self) -> None:
        past, folder = self._visits(), self._crawl.folder
        this = next((number for number, visit in enumerate(past) if visit.folder == folder), None)
        if this is None:
            return
        standing = alarms(past[: this + 1])  # newer ones are there where an old crawl was resumed
        self._count(standing)
        new = [alarm for alarm in standing if alarm.since == past[this].started]
        for alarm in new:
            logger.error("Alarm: %s: %s: %s", alarm.outlet, alarm.kind, alarm.words)
        if new and self._delivery is not None:
            await asyncio.to_thread(self._delivery.send, new)

    @property
    def _crawl(self) -> Crawl:
        recorder = self._crawler.get_extension(Recorder)
        assert recorder is not None
        return recorder.crawl

    def _visits(self) -> list[Visit]:
        root = archive_of(self._crawler.settings)
        try:
            return comparable(root, self._crawl.outlet, self._crawl.manifest["arguments"])
        except StorageFailed as error:
            logger.error("No alarms are raised: %s", error)  # noqa: TRY400 (one line says it)
            return []

    def _count(self, standing: list[Alarm]) -> None:
        kinds = {alarm.kind for alarm in standing}
        for kind in KINDS:
            self._crawler.stats.set_value(f"alarms/{kind}", int(kind in kinds))


def _delivery(urls: str | None) -> Delivery | None:
    """Where alarms are sent; WrongArgument where that makes no sense."""
    if not urls:
        return None
    from alarms.delivery import Delivery  # Apprise takes its time

    return Delivery.to(urls)
