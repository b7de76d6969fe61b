"""Worker: one process that reads pages, one after another; its two ends, and what they say to each other.

The crawling process sends a capture with what is needed to read it, pickled. The worker answers with one byte
when it has the page, so that a death before it costs no page, and then with what it read. It ends when its
socket is closed; the system ends it when a page takes more CPU time than it may, whatever code it is in then.
"""

from __future__ import annotations

import asyncio
import pickle
import resource
import signal
import socket
import subprocess
import sys
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from archive.capture import Capture
from archive.errors import UndecodableBody
from crawler.article import Article, NoArticle

if TYPE_CHECKING:
    from crawler.profile import Profile

MEMORY = 2 << 30  # bytes of address space that a worker may take beyond its own code
STANDSTILL = 60  # wall-clock seconds beyond those that a page's CPU time may take on a busy machine
PATIENCE = 6  # of such seconds for each CPU second; then its worker, which does nothing, is killed
START_TIMEOUT = 60  # seconds in which a worker must be there

_SIZE = 8  # bytes that tell an answer's length
_SENT_AT_ONCE = 1 << 20  # bytes: nearly every page goes to a worker in one piece
_HERE = b"\1"  # "I am here", and later "I have the page"
_MAIN = "import sys; sys.path[:] = sys.argv[2:]; from crawler.worker import serve; serve(int(sys.argv[1]))"


class WorkerLost(Exception):
    """A worker is not there, or ended before it had the page: no page is to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A page to read, and by what."""

    capture: Capture
    profiles: tuple[Profile, ...]
    outlet: str
    limit: int  # bytes of the decoded body


def _packed(task: Task, seconds: float) -> bytes:
    """What is sent to a worker for a page: its profiles, which a crawl's pages share, packed once."""
    return pickle.dumps((task.capture, _packed_profiles(task.profiles), task.outlet, task.limit, seconds))


@lru_cache(maxsize=64)
def _packed_profiles(profiles: tuple[Profile, ...]) -> bytes:
    return pickle.dumps(profiles)


@lru_cache(maxsize=64)
def _profiles(packed: bytes) -> tuple[Profile, ...]:
    unpacked: tuple[Profile, ...] = pickle.loads(packed)  # noqa: S301 (our own process)
    return unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A page that cannot be read, and why, told as what it did: `ran out of memory`."""

    reason: str


Outcome = Article | NoArticle | Failed


def read(task: Task) -> Outcome:
    """What a captured page gives."""
    from crawler.extraction import extract

    try:
        return extract(task.capture.content(task.limit), task.capture, task.profiles, task.outlet)
    except UndecodableBody:
        return NoArticle(reason="undecodable")
    except MemoryError:
        return Failed(reason="ran out of memory")
    except Exception as error:  # noqa: BLE001 (whatever a page breaks, it costs that page alone)
        return Failed(reason=f"raised {type(error).__name__}: {error}")


# The crawling process's end


class Worker:
    """A worker process, as the crawling process sees it."""

    def __init__(self, process: subprocess.Popen[bytes], reader: StreamReader, writer: StreamWriter) -> None:
        self.pages = 0  # that it was given
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls) -> Worker:
        """A worker that is ready; WorkerLost or OSError where the machine lets none be."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", _MAIN, str(theirs.fileno()), *sys.path]
            process = subprocess.Popen(  # noqa: ASYNC220, S603 (ourselves; comes back in a few milliseconds)
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT_AT_ONCE)
        worker = cls(process, *await asyncio.open_unix_connection(sock=ours))
        try:
            async with asyncio.timeout(START_TIMEOUT):
                await worker._reader.readexactly(len(_HERE))
        except (OSError, TimeoutError, IncompleteReadError) as error:
            raise WorkerLost(f"it ended with status {await worker.end()}") from error
        except asyncio.CancelledError:
            worker.kill()
            raise
        return worker

    async def read(self, task: Task, seconds: float) -> Outcome:
        """What the page gives, or why it gives nothing; WorkerLost when the worker ended before it had the page."""
        self.pages += 1
        try:
            self._writer.write(_packed(task, seconds))
            await self._writer.drain()
            await self._reader.readexactly(len(_HERE))
        except (OSError, IncompleteReadError) as error:
            raise WorkerLost(f"it ended with status {await self.end()}") from error
        patience = seconds * PATIENCE + STANDSTILL if seconds else None
        try:
            async with asyncio.timeout(patience):
                size = int.from_bytes(await self._reader.readexactly(_SIZE))
                answer: Outcome = pickle.loads(await self._reader.readexactly(size))  # noqa: S301 (our own process)
        except TimeoutError:
            await self.end()
            return Failed(reason=f"stood still for {patience:g} seconds")
        except (OSError, IncompleteReadError):
            return Failed(reason=_cause(await self.end(), seconds))
        return answer

    def kill(self) -> None:
        """End it, whoever waits for it."""
        self._process.kill()

    async def end(self) -> int:
        """End it, and give its exit status."""
        self._process.kill()
        with suppress(OSError):
            while await self._reader.read(1 << 16):
                pass  # to the end, which comes when the process is as good as gone
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        return self._process.wait()


def _cause(status: int, seconds: float) -> str:
    """What a worker's exit status says of the page that it was reading."""
    if status == -signal.SIGPROF:
        return f"took more than {seconds:g} CPU seconds"
    how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"died with status {status}"
    return f"crashed: its worker {how}"


# The worker's end


def serve(descriptor: int) -> None:
    """Read the pages that come through this socket, until it is closed."""
    import crawler.extraction  # noqa: F401 (before the first page, whose time it is not)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the crawling process decides
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process: no library can catch it, or wait for it in C
    _bound_memory()
    over = suppress(EOFError, OSError, pickle.UnpicklingError)  # the crawling process is gone, or has no more pages
    with over, socket.socket(fileno=descriptor) as connection, connection.makefile("rwb") as stream:
        stream.write(_HERE)
        stream.flush()
        while True:
            capture, packed, outlet, limit, seconds = pickle.load(stream)  # noqa: S301 (our own process)
            stream.write(_HERE)
            stream.flush()
            task = Task(capture=capture, profiles=_profiles(packed), outlet=outlet, limit=limit)
            answer = pickle.dumps(_read_in(seconds, task))
            stream.write(len(answer).to_bytes(_SIZE) + answer)
            stream.flush()


def _read_in(seconds: float, task: Task) -> Outcome:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return read(task)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _bound_memory() -> None:
    """Let this process take so much more memory, and be the first to go where the machine has none left."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    bound = MEMORY + _address_space()
    if hard == resource.RLIM_INFINITY or hard > bound:
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    try:
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    except OSError:
        return  # not Linux


def _address_space() -> int:
    """Bytes of address space that this process holds already; some allocators reserve much."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return MEMORY
    return pages * resource.getpagesize()
