"""A real S3 API over HTTP on loopback, in a process of its own, and before it a proxy that makes trouble as told."""

from __future__ import annotations

import http.client
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BUCKET = "press"
_SERVER = """
import sys
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""
_ERROR = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>{words}</Message></Error>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that reached the proxy, and how many bytes of body it was answered with."""

    method: str
    target: str
    range: str | None
    status: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a request gets in place of the server's answer: an error, or so many bytes of its body, then a cut."""

    status: int = 0
    code: str = ""
    cut: int | None = None


Chosen = Callable[[str, str, int], Trouble | None]  # method, target, number of the request -> trouble


class Proxy:
    """Stands before the server: keeps a log of requests, and makes the trouble that `trouble` chooses."""

    def __init__(self, port: int, address: str) -> None:
        self._server_port = port
        self.address = address
        self.log: list[Asked] = []
        self.trouble: Chosen = lambda _method, _target, _number: None
        self.asked = 0
        self.lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                proxy.answer(self)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer((address, 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://{address}:{self.http.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Forward one request, or make trouble of it."""
        body = _body(request)
        with self.lock:
            self.asked += 1
            trouble = self.trouble(request.command, request.path, self.asked)
        if trouble is None or trouble.cut is not None:
            status, headers, content = self._forwarded(request, body)
        else:
            content = _ERROR.format(code=trouble.code, words="as it was told to").encode() if trouble.code else b""
            status, headers = (
                trouble.status,
                [("Content-Type", "application/xml"), ("Content-Length", str(len(content)))],
            )
        sent = content if request.command != "HEAD" else b""
        with self.lock:
            asked = (request.command, request.path, request.headers.get("Range"))
            self.log.append(Asked(method=asked[0], target=asked[1], range=asked[2], status=status, size=len(sent)))
        if trouble is not None and trouble.cut == 0:
            _reset(request)
            return
        request.send_response_only(status)
        for name, value in headers:
            request.send_header(name, value)
        request.end_headers()
        if trouble is not None and trouble.cut is not None:
            request.wfile.write(sent[: trouble.cut])
            request.wfile.flush()
            _reset(request)
            return
        request.wfile.write(sent)

    def _forwarded(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server_port)
        try:
            headers = {n: v for n, v in request.headers.items() if n.lower() not in ("transfer-encoding", "expect")}
            headers["Content-Length"] = str(len(body))
            connection.request(request.command, request.path, body, headers)
            response = connection.getresponse()
            content = response.read()
            kept = [(n, v) for n, v in response.getheaders() if n.lower() not in ("connection", "transfer-encoding")]
            if not any(name.lower() == "content-length" for name, _ in kept):
                kept.append(("Content-Length", str(len(content))))
            return response.status, kept, content
        finally:
            connection.close()


def _reset(request: BaseHTTPRequestHandler) -> None:
    """Break the connection off."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.shutdown(socket.SHUT_RDWR)
    request.close_connection = True


def _body(request: BaseHTTPRequestHandler) -> bytes:
    if "chunked" not in request.headers.get("Transfer-Encoding", ""):
        return request.rfile.read(int(request.headers.get("Content-Length", 0)))
    pieces = []
    while size := int(request.rfile.readline().split(b";")[0], 16):
        pieces.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(pieces)


@contextmanager
def served(address: str = "127.0.0.1") -> Iterator[Proxy]:
    """An S3 server, behind a proxy that listens at this address."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        proxy = Proxy(int(server.stdout.readline()), address)
        thread = threading.Thread(target=proxy.http.serve_forever, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.http.shutdown()
            proxy.http.server_close()
            thread.join()
    finally:
        server.kill()
        server.wait()


def environment(proxy: Proxy) -> dict[str, str]:
    """What a process needs to reach the bucket."""
    return {
        "AWS_ENDPOINT_URL": proxy.url,
        "AWS_ACCESS_KEY_ID": "a-key",
        "AWS_SECRET_ACCESS_KEY": "a-secret-that-nobody-may-see",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "4",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": proxy.address,
        "no_proxy": proxy.address,
    }


def make_bucket(proxy: Proxy, name: str) -> None:
    """A new bucket."""
    ask(proxy, "PUT", f"/{name}")


def ask(proxy: Proxy, method: str, target: str, body: bytes = b"") -> None:
    """Have the server do something, unsigned."""
    connection = http.client.HTTPConnection(proxy.address, proxy.http.server_port)
    connection.request(method, target, body)
    assert connection.getresponse().status == 200
    connection.close()
