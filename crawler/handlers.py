"""The two doors: every request leaves by one of them, and nothing above knows which is open."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urldefrag

from scrapy import exceptions
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.utils._download_handlers import wrap_twisted_exceptions

from archive.capture import Capture, Truncation
from crawler.addresses import refuse_private
from crawler.blocking import FeedsOnly
from crawler.politeness import Politeness
from crawler.recorded import purpose_of
from crawler.recording import Recorder
from crawler.replaying import Replayer
from crawler.wire import Exchange, RecordingPool, ReplayPool, recording_to, replaying_from

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_TRUNCATIONS: tuple[tuple[type[Exception], Truncation], ...] = (
    (exceptions.DownloadTimeoutError, "time"),
    (exceptions.DownloadCancelledError, "length"),  # longer than DOWNLOAD_MAXSIZE
    (exceptions.DownloadFailedError, "disconnect"),
    (exceptions.ResponseDataLossError, "disconnect"),
)


class RecordingDoor(HTTP11DownloadHandler):
    """Fetches from the network and keeps the exchange in the crawl's WARC before anyone sees the answer.

    It stands below every middleware, so redirects, retries, robots.txt and errors pass through it. A
    record that cannot be written fails the download: no article without its record. The capture is
    handed on in `request.meta["capture"]`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._reactor = reactor
        self._recorder = crawler.get_extension(Recorder)
        self._guards = (crawler.get_extension(Politeness), crawler.get_extension(FeedsOnly))
        self._private_allowed = crawler.settings.getbool("PRIVATE_ADDRESSES_ALLOWED")
        self._pool = RecordingPool(reactor, persistent=True)
        self._pool.maxPersistentPerHost = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")

    async def download_request(self, request: Request) -> Response:
        started = datetime.now(UTC)
        exchange = Exchange(request.url, proxied=bool(request.meta.get("proxy")), private_allowed=self._private_allowed)
        try:
            for guard in self._guards:
                if guard is not None:
                    guard.admit(request)
            if not self._private_allowed:
                with wrap_twisted_exceptions():
                    await refuse_private(request, self._reactor)
            recording_to(exchange)  # the pool reads it before the first await
            response = await super().download_request(request)
        except Exception as error:
            await self._keep(request, exchange, started, error)
            raise
        lost = "dataloss" in response.flags
        await self._keep(request, exchange, started, truncated="disconnect" if lost else None)
        return response

    async def _keep(
        self,
        request: Request,
        exchange: Exchange,
        started: datetime,
        error: Exception | None = None,
        truncated: Truncation | None = None,
    ) -> None:
        if self._recorder is None:  # `scrapy shell`, `scrapy fetch`: no crawl, nothing to record into
            return
        capture = _captured(request, exchange, started, error, truncated)
        request.meta["capture"] = await self._recorder.write(capture)


def _captured(
    request: Request, exchange: Exchange, started: datetime, error: Exception | None, truncated: Truncation | None
) -> Capture:
    interim, response = exchange.response()
    if error and exchange.received:
        truncated = next((how for kind, how in _TRUNCATIONS if isinstance(error, kind)), "unspecified")
    redirected = request.meta.get("redirect_urls")
    version = response[:8].decode("latin-1").lower()
    return Capture(
        url=urldefrag(request.url)[0],
        method=request.method,
        started=started,
        request=bytes(exchange.sent),
        response=response,
        interim=interim,
        ip=exchange.ip,
        protocols=(version if version.startswith("http/1.") else "http/1.1", *([exchange.tls] if exchange.tls else [])),
        cipher=exchange.cipher,
        error=f"{type(error).__module__}.{type(error).__qualname__}" if error else None,
        error_message=str(error) if error else None,
        truncated=truncated,
        attempt=request.meta.get("retry_times", 0) + 1,
        sends=max(1, exchange.sends),
        via=redirected[-1] if redirected else request.meta.get("via"),
        refers_to=request.meta.get("refers_to"),
        purpose=purpose_of(request),
    )


class ArchivedAnswers(HTTP11DownloadHandler):
    """Answers a request from a capture, by the client code that parsed it live; no socket, no name, no sleep."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._pool = ReplayPool(reactor, persistent=False)

    async def answer(self, request: Request, capture: Capture) -> Response:
        """The response that was captured, or the error that ended the fetch, raised again by its class."""
        request.meta["capture"] = capture
        if capture.error:
            _raise_again(capture)
        replaying_from(capture)  # the pool reads it before the first await
        return await super().download_request(request)


class ReplayDoor(ArchivedAnswers):
    """Answers from a crawl folder alone; what was not archived is an error.

    The answers to one (method, URL, body) come in the order in which they were recorded.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._replayer = crawler.get_extension(Replayer)

    async def download_request(self, request: Request) -> Response:
        assert self._replayer is not None, "a replay door needs the extension crawler.replaying.Replayer"
        return await self.answer(request, await self._replayer.capture_for(request))


def _raise_again(capture: Capture) -> NoReturn:
    """Raise the recorded error, of the class it had: retries and error handling look at nothing else."""
    assert capture.error is not None
    module, _, name = capture.error.rpartition(".")
    if module.split(".")[0] not in {"scrapy", "twisted", "OpenSSL", "builtins", "crawler", "service_identity"}:
        raise exceptions.DownloadFailedError(f"{capture.error}: {capture.error_message}")
    kind = getattr(importlib.import_module(module), name)
    try:
        error = kind(capture.error_message)
    except TypeError:  # a class that wants other arguments
        error = kind.__new__(kind)
    raise error
