"""Scrapy's downloader, where a host that is waited for keeps no other waiting."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from scrapy.core.downloader import Downloader
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request

AHEAD = 1000  # requests that may wait for paused hosts, beside CONCURRENT_REQUESTS for the others


class PatientDownloader(Downloader):
    """Does not count what waits for a paused host: with all of CONCURRENT_REQUESTS waiting there, no other would be
    fetched from. And puts each request into the slot of its own host: Scrapy leaves a redirected one in that of the
    host it comes from, whose delay and pauses are not those of the host it goes to.
    """

    def needs_backout(self) -> bool:
        now = monotonic()
        waiting = sum(len(slot.queue) for slot in self.slots.values() if slot.lastseen > now)
        return 0 < self.total_concurrency <= len(self.active) - min(waiting, AHEAD)

    def get_slot_key(self, request: Request) -> str:
        return urlparse_cached(request).hostname or ""
