"""Scrapy's downloader, where a host that is waited for keeps no other waiting."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.core.downloader import Downloader
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.core.downloader import Slot
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

AHEAD = 1000  # requests that may wait for paused hosts, beside CONCURRENT_REQUESTS for the others


class CountingQueue(deque[tuple["Request", "Deferred[Response]"]]):
    """A slot's queue that counts a request as under way from the moment it is sent off.

    Scrapy counts it a turn of the event loop later: without a delay, all that waits has been sent off by then,
    whatever CONCURRENT_REQUESTS_PER_DOMAIN says.
    """

    def __init__(self, transferring: set[Request]) -> None:
        super().__init__()
        self._transferring = transferring

    def popleft(self) -> tuple[Request, Deferred[Response]]:
        request, waiting = super().popleft()
        self._transferring.add(request)
        return request, waiting


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

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, Slot]:  # noqa: ARG002
        key, slot = super()._get_slot(request)
        if not isinstance(slot.queue, CountingQueue):
            slot.queue = CountingQueue(slot.transferring)
        return key, slot
