"""Watch: a crawl that was begun under a lease stops when that is lost."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from catalogue.errors import LeaseLost
from crawler.recording import Recorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LeaseWatch:
    """Watches the connection that a lease hangs on: its end is the lease's.

    Who began the crawl made the connection and takes no more notice of it; LEASE is its descriptor here.
    """

    def __init__(self, crawler: Crawler, connection: socket.socket) -> None:
        self._crawler = crawler
        self._connection = connection

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LeaseWatch:
        if not crawler.settings["LEASE"]:
            raise NotConfigured
        connection = socket.socket(fileno=crawler.settings.getint("LEASE"))
        connection.setblocking(False)
        watch = cls(crawler, connection)
        crawler.signals.connect(watch.spider_opened, signals.spider_opened)
        crawler.signals.connect(watch.engine_stopped, signals.engine_stopped)
        return watch

    def spider_opened(self) -> None:
        asyncio.get_running_loop().add_reader(self._connection, self._heard)

    def engine_stopped(self) -> None:
        asyncio.get_running_loop().remove_reader(self._connection)  # it stays open until this process has ended

    def _heard(self) -> None:
        """The server says nothing on it but its last words; after those it closes it."""
        try:
            if self._connection.recv(4096):
                return
        except BlockingIOError:
            return
        except OSError:
            pass  # it does not answer any more
        asyncio.get_running_loop().remove_reader(self._connection)
        recorder = self._crawler.get_extension(Recorder)
        if recorder is not None:
            recorder.interrupt(
                LeaseLost(
                    "the catalogue's server keeps this outlet for this crawl no longer: the connection to it has ended;"
                    f" `scrapy resume {recorder.crawl.folder}` goes on"
                )
            )
