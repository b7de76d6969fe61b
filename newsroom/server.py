"""The newsroom's server: an HTTP proxy on loopback that is itself every host it knows."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from newsroom.answers import PLAIN, Content, Pages, Site
from newsroom.authority import Authority
from newsroom.messages import Answer, Exchange, Request, RequestError, ascii_target, first, read_head

HEAD_LIMIT = 64 * 1024  # bytes
BODY_LIMIT = 16 * 1024 * 1024  # bytes
IDLE_LIMIT = 60  # seconds that a connection may stay silent


class Newsroom:
    """Serves sites under their real names to whoever takes it for a proxy, TLS included.

    A crawler with http_proxy and https_proxy set to `proxy` and SSL_CERT_FILE set to `certificate` fetches
    `https://any-host.test/...` over the whole road. Without a proxy, plain requests are answered by their
    Host header. A host that has no site is 502. `log` holds every exchange, in the order of the answers.
    An exception in a site is answered with 500, and raised where the newsroom closes.
    """

    def __init__(self, sites: Mapping[str, Site], address: str = "127.0.0.1") -> None:
        """`address` is where it listens: on loopback, unless told otherwise."""
        self._sites = {host.lower(): site for host, site in sites.items()}
        self.log: list[Exchange] = []
        self.address = address
        self.port = 0
        self._logged = threading.Condition()
        self._failures: list[Exception] = []

    @classmethod
    def for_pages(cls, pages: Mapping[str, Content], address: str = "127.0.0.1") -> Self:
        """A newsroom of these pages by their URLs, under http and https alike; everything else is 404."""
        hosts: dict[str, dict[str, Content]] = {}
        for url, page in pages.items():
            parts = urlsplit(url)
            target = parts._replace(scheme="", netloc="", fragment="", path=parts.path or "/").geturl()
            hosts.setdefault((parts.hostname or "").encode("idna").decode(), {})[ascii_target(target)] = page
        return cls({host: Pages(contents) for host, contents in hosts.items()}, address)

    @property
    def proxy(self) -> str:
        """The proxy's URL, for http_proxy and https_proxy."""
        return f"http://{self.address}:{self.port}"

    @property
    def certificate(self) -> Path:
        """The authority's certificate as PEM, for SSL_CERT_FILE; it goes when the newsroom closes."""
        return Path(self._folder.name) / "newsroom.pem"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make a process crawl here."""
        return {"http_proxy": self.proxy, "https_proxy": self.proxy, "SSL_CERT_FILE": str(self.certificate)}

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait, so many seconds at most, until so many exchanges stand in the log, and say whether they do."""
        with self._logged:
            return self._logged.wait_for(lambda: len(self.log) >= count, seconds)

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="newsroom-")
        self._authority = Authority()
        self._authority.publish(self.certificate)
        opened: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="newsroom", daemon=True)
        self._thread.start()
        self.port = opened.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        self._folder.cleanup()
        if self._failures and error is None:
            raise self._failures[0]

    def _run(self, opened: Future[int]) -> None:
        # A plain loop of its own, whatever the crawler in this process made the default.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve(opened))

    async def _serve(self, opened: Future[int]) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        talks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talk = self._loop.create_task(self._talk(reader, writer))
            talks.add(talk)
            talk.add_done_callback(talks.discard)

        try:
            server = await asyncio.start_server(accept, self.address, 0, limit=HEAD_LIMIT)
        except OSError as error:
            opened.set_exception(error)
            return
        opened.set_result(server.sockets[0].getsockname()[1])
        await self._closing.wait()
        server.close()
        for talk in tuple(talks):
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first request to its end."""
        try:
            await self._requests(reader, writer)
            writer.close()
        except (OSError, EOFError, TimeoutError):  # the client is gone, broke off, or fell silent
            writer.transport.abort()
        except RequestError as error:
            await _refuse(reader, writer, error)
        finally:
            if not writer.is_closing():  # cancelled
                writer.transport.abort()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel = None
        while (request := await _read(reader, tunnel)) is not None:
            if request.method == "CONNECT" and request.host in self._sites:
                tunnel = request.host
                await self._secure(writer, tunnel)
                continue
            answer = self._answer(request)
            await self._send(writer, request, answer)
            if answer.ends or (request.header("Connection") or "").lower() == "close":
                return

    async def _secure(self, writer: asyncio.StreamWriter, host: str) -> None:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.start_tls(self._authority.context(host), ssl_handshake_timeout=IDLE_LIMIT)

    def _answer(self, request: Request) -> Answer:
        site = self._sites.get(request.host)
        if site is None:
            return _complaint(502, f"the newsroom knows no host {request.host}")
        try:
            return site.answer(request)
        except Exception as error:  # noqa: BLE001  any mistake of a test's own site: told now, raised at the end
            self._failures.append(error)
            return _complaint(500, f"{request.host} failed: {error!r}")

    async def _send(self, writer: asyncio.StreamWriter, request: Request, answer: Answer) -> None:
        head, body = answer.framed(request.method)
        await asyncio.sleep(answer.wait)
        if answer.until is not None:
            await asyncio.to_thread(answer.until.wait, IDLE_LIMIT)
        with self._logged:
            self.log.append(Exchange(request=request, status=answer.status, head=head, body=body))
            self._logged.notify_all()
        if answer.drip is None:
            await _write(writer, (head, body))
        else:
            await _drip(writer, head, body, answer.drip)
        if answer.ending == "reset":
            _reset(writer)


async def _read(reader: asyncio.StreamReader, tunnel: str | None) -> Request | None:
    """The next request, None where the client has ended, or RequestError."""
    try:
        async with asyncio.timeout(IDLE_LIMIT):
            raw = await reader.readuntil(b"\r\n\r\n")
            request = read_head(raw, tunnel=tunnel, time=time.monotonic())
            body = await reader.readexactly(_length(request))
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    except asyncio.LimitOverrunError as error:
        raise RequestError(f"the request's head is longer than {HEAD_LIMIT} bytes", status=431) from error
    return replace(request, body=body, raw=raw + body)


def _length(request: Request) -> int:
    if first(request.headers, "Transfer-Encoding") is not None:
        raise RequestError("a request's body needs a Content-Length here", status=411)
    length = first(request.headers, "Content-Length") or "0"
    if not (length.isascii() and length.isdigit()):
        raise RequestError(f"Content-Length is no number: {length[:80]!r}")
    if len(length) > 12 or int(length) > BODY_LIMIT:
        raise RequestError(f"the request's body is longer than {BODY_LIMIT} bytes", status=413)
    return int(length)


async def _write(writer: asyncio.StreamWriter, parts: tuple[bytes, bytes]) -> None:
    writer.writelines(part for part in parts if part)
    await writer.drain()


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, error: RequestError) -> None:
    """Say why, and hear the client out for a moment: closing on unread bytes would reset the answer away."""
    await _write(writer, _complaint(error.status, str(error)).framed("GET"))
    if writer.can_write_eof():
        writer.write_eof()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(1):
            while await reader.read(HEAD_LIMIT):
                pass
    writer.close()


async def _drip(writer: asyncio.StreamWriter, head: bytes, body: bytes, pause: float) -> None:
    await _write(writer, (head, b""))
    for position in range(len(body)):
        await asyncio.sleep(pause)
        await _write(writer, (body[position : position + 1], b""))


def _reset(writer: asyncio.StreamWriter) -> None:
    """End with an RST: lingering for no time at all throws away what is unsent and says so."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _complaint(status: int, words: str) -> Answer:
    return Answer(status=status, headers=PLAIN, body=f"{words}\n".encode(), ending="close")
