"""Monitor: judges each crawl when it has ended, and raises alarms."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from alarms.delivery import Delivery
from alarms.judging import KINDS, alarms
from alarms.past import until
from crawler.figures import is_watched
from crawler.recording import Recorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

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
        urls = crawler.settings["ALARM_URLS"]
        monitor = cls(crawler, Delivery.to(urls) if urls else None)
        crawler.signals.connect(monitor.engine_stopped, signals.engine_stopped)
        return monitor

    async def engine_stopped(self) -> None:
        recorder = self._crawler.get_extension(Recorder)
        if recorder is None or recorder.failure is not None:
            return
        crawl = recorder.crawl
        past = until(Path(self._crawler.settings["ARCHIVE_DIR"]), crawl.outlet, crawl.folder)
        if not past:
            return
        standing = alarms(past)
        for kind in KINDS:
            self._crawler.stats.set_value(f"alarms/{kind}", int(any(alarm.kind == kind for alarm in standing)))
        new = [alarm for alarm in standing if alarm.since == past[-1].started]
        for alarm in new:
            logger.error("Alarm: %s: %s: %s", alarm.outlet, alarm.kind, alarm.words)
        if new and self._delivery is not None:
            await asyncio.to_thread(self._delivery.send, new)
