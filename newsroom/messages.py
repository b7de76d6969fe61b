"""What goes over the newsroom's wire: a request as it came, an answer as a site means it, its bytes."""

from __future__ import annotations

import string
from dataclasses import dataclass
from http import HTTPStatus
from threading import Event
from typing import Literal
from urllib.parse import quote, urlsplit

Headers = tuple[tuple[str, str], ...]


class RequestError(Exception):
    """Bytes that are no request the newsroom can read; `status` says why."""

    def __init__(self, why: str, *, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


def first(headers: Headers, name: str) -> str | None:
    """The first header of this name, whatever its case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def ascii_target(target: str) -> str:
    """A path and query as clients send them: what is not ASCII, percent-encoded; the rest as it is."""
    return quote(target, safe=string.punctuation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as the newsroom understood it.

    `target` is always path and query, whether the client sent them alone or after scheme and host.
    `raw` is the request byte for byte as it came; `time` is the monotonic clock's, in seconds.
    """

    scheme: str
    host: str
    method: str
    target: str
    headers: Headers
    body: bytes = b""
    raw: bytes
    time: float

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def url(self) -> str:
        """The URL that the client meant."""
        return f"{self.scheme}://{self.host}{self.target}"

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        return first(self.headers, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a site answers, and how badly it behaves while doing so.

    Content-Length is added unless `headers` hold it or the body goes out in chunks. With `raw`, exactly
    these bytes are sent instead of everything above, and what they promise is the site's affair.
    """

    status: int = 200
    reason: str | None = None  # None: the usual phrase
    headers: Headers = ()
    body: bytes = b""
    chunk: int | None = None  # chunked framing, this many bytes a chunk
    raw: bytes | None = None
    wait: float = 0  # seconds before the first byte
    until: Event | None = None  # is set before the first byte is sent; meanwhile others are answered
    drip: float | None = None  # seconds between bytes of the body
    cut: int | None = None  # so many bytes of the body with its framing, then the connection ends
    ending: Literal["keep", "close", "reset"] = "keep"  # "reset": an RST in place of a FIN

    def framed(self, method: str) -> tuple[bytes, bytes]:
        """The bytes for the wire: the head, and the body with its framing as far as it goes out."""
        if self.raw is not None:
            return self.raw if self.cut is None else self.raw[: self.cut], b""
        body = b"" if method == "HEAD" or self._bodiless else self._framed_body()
        return self._head(), body if self.cut is None else body[: self.cut]

    @property
    def ends(self) -> bool:
        """Whether the connection ends after this answer."""
        return self.ending != "keep" or self.cut is not None

    @property
    def _bodiless(self) -> bool:
        return self.status in {204, 304} or self.status < 200

    def _head(self) -> bytes:
        reason = _usual_phrase(self.status) if self.reason is None else self.reason
        lines = [f"HTTP/1.1 {self.status} {reason}", *(f"{name}: {value}" for name, value in self._all_headers())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _all_headers(self) -> Headers:
        if self._bodiless or first(self.headers, "Content-Length") is not None:
            return self.headers
        if self.chunk is not None:
            return (*self.headers, ("Transfer-Encoding", "chunked"))
        return (*self.headers, ("Content-Length", str(len(self.body))))

    def _framed_body(self) -> bytes:
        if self.chunk is None:
            return self.body
        pieces = [self.body[start : start + self.chunk] for start in range(0, len(self.body), self.chunk)]
        return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (*pieces, b""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One line of the newsroom's log: a request, and the bytes that were written (or begun) in answer."""

    request: Request
    status: int
    head: bytes
    body: bytes  # with its framing

    @property
    def sent(self) -> bytes:
        """The whole answer as written, byte for byte."""
        return self.head + self.body


def read_head(raw: bytes, *, tunnel: str | None, time: float) -> Request:
    """The request that these bytes begin, or RequestError; `tunnel` is the host of the CONNECT around it."""
    start, *lines = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = start.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise RequestError(f"no HTTP/1 request line: {start[:80]!r}")
    headers = tuple(_header(line) for line in lines)
    method, target, _ = words
    scheme, host, target = _where(method, target, first(headers, "Host"), tunnel)
    return Request(scheme=scheme, host=host, method=method, target=target, headers=headers, raw=raw, time=time)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise RequestError(f"a header line without a colon: {line[:80]!r}")
    return name, value.strip()


def _where(method: str, target: str, named: str | None, tunnel: str | None) -> tuple[str, str, str]:
    """Scheme, host and path with query, from any of the forms of RFC 9112, section 3.2."""
    if method == "CONNECT":
        return "https", _host(target), ""
    scheme, host = ("https", tunnel) if tunnel else ("http", named)
    if not target.startswith(("/", "*")):
        try:
            parts = urlsplit(target)
        except ValueError as error:
            raise RequestError(f"the target is no URL: {target[:80]!r}") from error
        scheme, host = parts.scheme, parts.netloc
        target = parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
    if not host:
        raise RequestError("neither the target nor a Host header names a host")
    return scheme, _host(host), target


def _host(authority: str) -> str:
    """The host in lower case, without the port."""
    return authority.rpartition("@")[2].partition(":")[0].lower()


def _usual_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
