"""The wire: every byte that Scrapy's HTTP/1.1 client sends and receives, and the same client fed from an archive.

`HTTP11ClientProtocol.dataReceived` is the only place that sees status lines, header case and order,
repeats, chunk framing and 1xx responses; Scrapy's signals and middlewares come after parsing. So a
recording connection copies what passes there, and a replaying connection puts archived bytes in there:
parsing, data loss and decoding run by the same code, live and offline. These are private names of
Scrapy and Twisted; tests/test_wire.py says which of them moved when an upgrade breaks this.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientProtocol
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import HTTPConnectionPool, _HTTP11ClientFactory, _RetryingHTTP11ClientProtocol

from archive.capture import Capture
from crawler.addresses import PrivateAddressRefused, refuse_private_peer

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.\d 1(?!01)\d\d\b")


@dataclass(slots=True, eq=False)
class Exchange:
    """What passed over one connection for one request, and what is known of that connection."""

    url: str
    proxied: bool = False
    private_allowed: bool = False
    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    sends: int = 0  # how often the request was sent
    ip: str | None = None
    tls: str | None = None  # "tls/1.3"
    cipher: str | None = None

    def begin(self, transport: Any) -> None:
        """Start over on this connection: a kept-alive one may have been closed by the server and replaced."""
        self.sent = bytearray()
        self.received = bytearray()
        self.sends += 1
        if not self.proxied:  # a proxy's address is not the site's
            self.ip = transport.getPeer().host
            if not self.private_allowed:
                refuse_private_peer(self.url, self.ip)

    def look_at_tls(self, transport: Any) -> None:
        """Note TLS version and cipher, which are known once the first byte of an answer has come."""
        connection: Any = getattr(transport, "getHandle", lambda: None)()
        if self.tls is None and hasattr(connection, "get_cipher_name"):
            self.tls = "tls/" + connection.get_protocol_version_name().removeprefix("TLSv")
            self.cipher = connection.get_cipher_name()

    def response(self) -> tuple[bytes, bytes]:
        """The interim (1xx) responses, and what came after them: from the final status line on."""
        received, start = bytes(self.received), 0
        while _INTERIM.match(received, start) and (end := _END_OF_HEADERS.search(received, start)):
            start = end.end()
        return received[:start], received[start:] if start else received


_recording: ContextVar[Exchange] = ContextVar("recording")
_replaying: ContextVar[Capture] = ContextVar("replaying")
recording_to = _recording.set
replaying_from = _replaying.set


class _Tee:
    """A consumer that copies what is written to the transport behind it."""

    def __init__(self, transport: Any, copy: bytearray) -> None:
        self._transport = transport
        self._copy = copy

    def write(self, data: bytes) -> None:
        self._copy += data
        self._transport.write(data)

    def writeSequence(self, data: list[bytes]) -> None:
        self._copy += b"".join(data)
        self._transport.writeSequence(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _RecordingProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's client protocol, copying each request and its answer into the exchange it belongs to."""

    exchange: Exchange

    def request(self, request: TxRequest) -> Deferred[Any]:
        exchange = self.exchange
        try:
            exchange.begin(self.transport)
        except PrivateAddressRefused:
            self.transport.abortConnection()
            raise
        # From the class, not from the instance: a request that is sent again on a new connection
        # would otherwise pass through two tees.
        request.writeTo = lambda transport: TxRequest.writeTo(request, _Tee(transport, exchange.sent))
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        if self._parser is not None:
            self.exchange.look_at_tls(self.transport)
            self.exchange.received += data
        super().dataReceived(data)

    def _finishResponse(self, rest: bytes) -> None:
        if rest:  # bytes after the end of the message belong to no message
            del self.exchange.received[-len(rest) :]
        super()._finishResponse(rest)


class _RecordingFactory(_HTTP11ClientFactory):
    """Builds recording protocols."""

    noisy = False

    def buildProtocol(self, addr: object) -> _RecordingProtocol:  # noqa: ARG002 (Twisted's name)
        return _RecordingProtocol(self._quiescentCallback)


class RecordingPool(HTTPConnectionPool):
    """A connection pool that tells each connection which exchange its next request belongs to."""

    _factory = _RecordingFactory

    def getConnection(self, key: Hashable, endpoint: Any) -> Deferred[Any]:
        return super().getConnection(key, endpoint).addCallback(_tie, _recording.get())


def _tie(connection: Any, exchange: Exchange) -> Any:
    """Tie a connection to an exchange; also the one that replaces a kept-alive connection gone stale."""
    if isinstance(connection, _RetryingHTTP11ClientProtocol):
        connect_anew = connection._newConnection
        connection._newConnection = lambda: connect_anew().addCallback(_tie, exchange)
        connection._clientProtocol.exchange = exchange
    else:
        connection.exchange = exchange
    return connection


class _ArchivedTransport:
    """A transport that is no socket: what is written to it is lost, and it has a peer's address."""

    def __init__(self, ip: str | None) -> None:
        self.host = ip or "0.0.0.0"  # noqa: S104 (an address to show, none to bind)

    def getPeer(self) -> _ArchivedTransport:
        return self

    def _nothing(self, *args: object) -> None:
        """Whatever a socket would do, there is none."""

    write = writeSequence = loseConnection = abortConnection = _nothing
    pauseProducing = resumeProducing = stopProducing = _nothing
    registerProducer = unregisterProducer = setTcpNoDelay = _nothing


class _ReplayingProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's client protocol, answered with the bytes of a capture instead of a network's."""

    capture: Capture

    def request(self, request: TxRequest) -> Deferred[Any]:
        from twisted.internet import reactor

        answer = super().request(request)
        reactor.callLater(0, self._feed)
        return answer

    def _feed(self) -> None:
        if self._parser is not None:
            self.dataReceived(self.capture.interim + self.capture.response)
        self.connectionLost(Failure(ConnectionDone()) if self._state != "QUIESCENT" else connectionDone)


class ReplayPool(HTTPConnectionPool):
    """A connection pool that opens nothing: each connection answers one request from its capture."""

    def getConnection(self, key: Hashable, endpoint: Any) -> Deferred[Any]:  # noqa: ARG002 (Twisted's name)
        connection = _ReplayingProtocol()
        connection.capture = _replaying.get()
        connection.makeConnection(_ArchivedTransport(connection.capture.ip))
        return succeed(connection)
