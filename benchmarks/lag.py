"""How long a crawl's event loop makes others wait, sampled while it runs."""

from __future__ import annotations

import asyncio
import logging
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

EVERY = 0.005  # seconds between two looks, where nothing stands in the way

logger = logging.getLogger(__name__)


class Lag:
    """Looks at the clock again and again, and says in the end by how much it came late."""

    def __init__(self) -> None:
        self._looks: list[float] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Lag:
        lag = cls()
        crawler.signals.connect(lag.spider_opened, signals.spider_opened)
        crawler.signals.connect(lag.spider_closed, signals.spider_closed)
        return lag

    def spider_opened(self) -> None:
        self._look()

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._looks.append(loop.time())
        self._next = loop.call_later(EVERY, self._look)

    def spider_closed(self) -> None:
        self._next.cancel()
        late = [max(0.0, two - one - EVERY) * 1000 for one, two in pairwise(self._looks)]
        cuts = quantiles(late, n=100)
        logger.info("lag in ms: median %.1f, p99 %.1f, most %.1f", cuts[49], cuts[98], max(late))
