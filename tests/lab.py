"""The lab: a raw-socket HTTP server that does what real servers do at their worst, and logs every byte."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import brotli

PAGE = (
    b"<!doctype html><html><head><title>Lab</title></head><body><p>"
    + b"A page of the lab. " * 40
    + b"</p></body></html>"
)
RESET = object()  # the connection is reset instead of closed
STALL = object()  # nothing more comes until the client gives up

Step = object  # bytes to send, or what happens instead


@dataclass(slots=True)
class Logged:
    """One exchange as the server saw it."""

    target: str
    received: bytes
    sent: bytearray = field(default_factory=bytearray)


def message(status: str, *headers: bytes | str, body: bytes = b"", version: str = "HTTP/1.1") -> bytes:
    """A response: start line, headers as given, and a Content-Length unless they say otherwise."""
    lines = [header.encode() if isinstance(header, str) else header for header in headers]
    framed = any(
        line.lower().startswith((b"content-length", b"transfer-encoding", b"connection: close")) for line in lines
    )
    if not framed:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([f"{version} {status}".encode(), *lines, b"", body])


def chunked(body: bytes, *, extension: bytes = b"", trailers: bytes = b"") -> bytes:
    """A body in three chunks, with a chunk extension and trailers."""
    third = len(body) // 3
    parts = [body[:third], body[third : 2 * third], body[2 * third :]]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n" + trailers + b"\r\n"


HTML = "Content-Type: text/html; charset=utf-8"
SCRIPTS: dict[str, list[list[Step]]] = {
    # target: for each time it is asked for (the last one again and again), what is sent
    "/plain": [[message("200 OK", HTML, body=PAGE)]],
    "/gzip": [[message("200 OK", HTML, "Content-Encoding: gzip", body=gzip.compress(PAGE, mtime=0))]],
    "/br": [[message("200 OK", HTML, "Content-Encoding: br", body=brotli.compress(PAGE))]],
    "/deflate": [[message("200 OK", HTML, "Content-Encoding: deflate", body=zlib.compress(PAGE))]],
    "/chunked": [[message("200 OK", HTML, "Transfer-Encoding: chunked", body=chunked(PAGE))]],
    "/chunked-ext": [
        [
            message(
                "200 OK",
                HTML,
                "Transfer-Encoding: chunked",
                "Trailer: X-Late",
                body=chunked(PAGE, extension=b';name="value"', trailers=b"X-Late: yes\r\n"),
            )
        ]
    ],
    "/mixed-case": [[message("200 OK", "cOnTeNt-TyPe: text/html", "X-lower-UPPER: a", body=PAGE)]],
    "/repeated": [[message("200 OK", HTML, "Set-Cookie: a=1", "Set-Cookie: b=2", "set-cookie: c=3", body=PAGE)]],
    "/folded": [[message("200 OK", HTML, b"X-Folded: one\r\n  two\r\n\tthree", body=PAGE)]],
    "/latin-1": [[message("200 OK", HTML, "X-Name: Müller".encode("latin-1"), body=PAGE)]],
    "/utf-8": [[message("200 OK", HTML, "X-Name: Müller — 新聞", body=PAGE)]],
    "/colonless": [[message("200 OK", HTML, b"this line has no colon", body=PAGE)]],
    "/odd-reason": [[message("200 Quite Alright, Thank You", HTML, body=PAGE)]],
    "/no-reason": [[message("200", HTML, body=PAGE)]],
    "/early-hints": [
        [
            b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
            b"HTTP/1.1 102 Processing\r\n\r\n" + message("200 OK", HTML, body=PAGE),
        ]
    ],
    "/no-content": [[message("204 No Content", "X-Empty: yes", "Connection: close"), None]],
    "/not-modified": [[b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n']],
    "/head/page": [[message("200 OK", HTML, f"Content-Length: {len(PAGE)}")]],
    "/post/form": [[message("200 OK", HTML, body=PAGE)]],
    "/http-1.0": [[b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE, None]],
    "/missing": [[message("404 Not Found", HTML, body=b"<p>There is no such page.</p>")]],
    "/forbidden": [[message("403 Forbidden", HTML, body=b"<p>No.</p>")]],
    "/moved": [[message("301 Moved Permanently", "Location: /plain?from=301")]],
    "/found": [[message("302 Found", "Location: /plain?from=302")]],
    "/temporary": [[message("307 Temporary Redirect", "Location: /plain?from=307")]],
    "/permanent": [[message("308 Permanent Redirect", "Location: /plain?from=308")]],
    "/refresh": [
        [message("200 OK", HTML, body=b'<meta http-equiv="refresh" content="0; url=/plain?from=refresh"><p>Wait.')]
    ],
    "/flaky": [
        [message("503 Service Unavailable", HTML, "Retry-After: 0", body=b"<p>Later.</p>")],
        [message("200 OK", HTML, body=PAGE)],
    ],
    "/truncated": [[b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n" + PAGE, None]],
    "/truncated-chunk": [
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + PAGE, None]
    ],
    "/reset": [[b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\nhalf", RESET]],
    "/hang-up": [[None]],
    "/stall": [[b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\nslow", STALL]],
    "/too-long": [[message("200 OK", "Content-Type: text/html", body=b"x" * 70_000)]],
    "/gzip-bomb": [
        [message("200 OK", HTML, "Content-Encoding: gzip", body=gzip.compress(bytes(1 << 26), mtime=0)[:59_000])]
    ],
    "/br-bomb": [[message("200 OK", HTML, "Content-Encoding: br", body=brotli.compress(bytes(1 << 28)))]],
    "/too-short": [[message("200 OK", HTML, f"Content-Length: {len(PAGE) - 9}", body=PAGE)]],
    "/huge-header": [[message("200 OK", HTML, b"X-Huge: " + b"h" * (1 << 20), body=PAGE)]],
    "/many-headers": [[message("200 OK", HTML, *(f"X-{n}: {'v' * 40}" for n in range(900)), body=PAGE)]],
    "/no-headers": [[b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, None]],
    "/garbage": [[b"this is no HTTP at all\r\n\r\n", None]],
}


class Lab:
    """The server; `exchanges` holds what went over its sockets, in the order in which requests came."""

    def __init__(self, scripts: dict[str, list[list[Step]]]) -> None:
        self.exchanges: list[Logged] = []
        self._scripts = scripts
        self._asked: dict[str, int] = {}
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while request := self._request(connection):
                target = request.split(b" ", 2)[1].decode()
                logged = Logged(target, request)
                with self._lock:
                    self.exchanges.append(logged)
                    script = self._scripts.get(target.partition("?")[0], [[message("404 Not Found")]])
                    time = self._asked.get(target, 0)
                    self._asked[target] = time + 1
                if not self._answer(connection, script[min(time, len(script) - 1)], logged):
                    break
        connection.close()

    def _answer(self, connection: socket.socket, steps: list[Step], logged: Logged) -> bool:
        """Send a script's steps; False when the connection ends with it."""
        for step in steps:
            if isinstance(step, bytes):
                logged.sent += step
                connection.sendall(step)
            elif step is STALL:
                connection.recv(1)  # until the client hangs up
                return False
            else:
                if step is RESET:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
        return True

    @staticmethod
    def _request(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return b""
            data += more
        head = data.partition(b"\r\n\r\n")[0].lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        while len(data) < len(head) + 4 + length:
            data += connection.recv(65536)
        return data


@contextmanager
def lab(scripts: dict[str, list[list[Step]]] = SCRIPTS) -> Iterator[Lab]:
    """A lab that runs for the length of a `with` block."""
    server = Lab(scripts)
    try:
        yield server
    finally:
        server.close()
