"""Metrics: what a crawl counts, for Prometheus: served while it runs, or written into a file for short ones."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, generate_latest, write_to_textfile
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import CannotListenError
from twisted.web.resource import Resource
from twisted.web.server import Site

from crawler.arguments import WrongArgument
from crawler.figures import is_watched
from crawler.measured import CrawlCollector

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.web.server import Request

logger = logging.getLogger(__name__)

EVERY = 15.0  # seconds between two writings of the file, as Prometheus is wont to look


class Metrics:
    """Serves a crawl's metrics at METRICS_HOST:METRICS_PORT, and writes them into METRICS_TEXTFILE.

    Neither is worth losing a crawl: what cannot be served or written is an error in the log, once.
    """

    def __init__(self, crawler: Crawler, port: int | None, file: Path | None) -> None:
        self._crawler = crawler
        self._port = port
        self._file = file
        self._registry = CollectorRegistry(auto_describe=False)
        self._listening: Any = None
        self._writing = AsyncioLoopingCall(self._write)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Metrics:
        settings = crawler.settings
        port, file = settings["METRICS_PORT"], settings["METRICS_TEXTFILE"]
        if not is_watched(crawler) or (port in (None, "") and not file):
            raise NotConfigured
        assert crawler.spider is not None
        path = Path(file.replace("{outlet}", crawler.spider.name)) if file else None
        extension = cls(crawler, _port(port), path)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def spider_opened(self) -> None:
        self._registry.register(CrawlCollector(self._crawler))
        if self._port is not None:
            self._listen(self._crawler.settings["METRICS_HOST"], self._port)
        if self._file is not None:
            self._writing.start(EVERY)

    async def engine_stopped(self) -> None:
        if self._listening is not None:
            await maybe_deferred_to_future(self._listening.stopListening())
        if self._file is not None:
            if self._writing.running:
                self._writing.stop()
            self._write()

    def _listen(self, host: str, port: int) -> None:
        from twisted.internet import reactor

        try:
            self._listening = reactor.listenTCP(port, Site(_Page(self._registry)), interface=host)
        except (CannotListenError, OSError) as error:
            logger.error("No metrics are served: %s; choose another METRICS_PORT", error)  # noqa: TRY400 (one line)
        else:
            logger.info("Metrics are at http://%s:%d/metrics", host, self._listening.getHost().port)

    def _write(self) -> None:
        """Write the file at one stroke."""
        assert self._file is not None
        try:
            write_to_textfile(str(self._file), self._registry)
        except OSError as error:
            why = f"{self._file}: {error.strerror}; mend METRICS_TEXTFILE"
            logger.error("No metrics are written: %s", why)  # noqa: TRY400 (one line)
            self._file = None
            self._writing.stop()


class _Page(Resource):  # type: ignore[misc]
    """The one page of the metrics' server; it is answered between two other things that the crawl does."""

    isLeaf = True

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._registry = registry

    def render_GET(self, request: Request) -> bytes:
        if request.path != b"/metrics":
            request.setResponseCode(404)
            return b"The metrics are at /metrics\n"
        request.setHeader(b"Content-Type", CONTENT_TYPE_LATEST.encode())
        return generate_latest(self._registry)


def _port(given: Any) -> int | None:
    if given in (None, ""):
        return None
    try:
        port = int(given)
    except ValueError:
        port = -1
    if not 0 <= port < 65536:
        raise WrongArgument(f"METRICS_PORT={given} makes no sense; it is a port's number, or 0 for any free one")
    return port
