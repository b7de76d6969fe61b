"""The process that writes a crawl's folder, so that digests, compression and the disk do not hold the crawl up.

A thread would not do: it and the event loop take Python's one lock from each other at every turn, and half of
the pages a second are lost to that.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import pickle
import select
import signal
import socket
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NoReturn

from archive.capture import Capture
from archive.crawl import Crawl
from archive.errors import ArchiveError, RecordingFailed

_SIZE = 8  # bytes that tell a message's length
_PIECE = 1 << 18  # bytes that are read at once
_GATHERING = 0.004  # seconds; to wake the other process costs as much as to parse a page, so it is woken for several
_ENOUGH = 1 << 18  # bytes that wait no longer
_PR_SET_PDEATHSIG = 1  # prctl(2), Linux


class WritingProcess:
    """Writes a crawl in a process of its own, and answers in the order in which it was asked.

    The crawl can only be read here from then on. The process is a fork, so it has the crawl's files and their locks
    as they are, and it dies with the one that it writes for. What it was asked and has not answered
    may be recorded or not.
    """

    def __init__(self, crawl: Crawl) -> None:
        self._folder = crawl.folder
        self._asked: deque[asyncio.Future[Any]] = deque()  # in the order of their answers
        self._unsent = bytearray()
        self._gathering: asyncio.TimerHandle | None = None
        self._blocked = False  # the socket takes no more for now
        self._received = bytearray()
        self._died: RecordingFailed | None = None
        self._socket, theirs = socket.socketpair()
        parent = os.getpid()
        gc.freeze()  # what is loaded by now need not be looked through again, nor be copied for that by either process
        self._process = os.fork()
        if self._process == 0:
            self._socket.close()
            _serve(theirs, crawl, parent)
        theirs.close()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * _ENOUGH)
        crawl.let_go()

    def begin(self) -> None:
        """Take answers as they come, in the event loop that runs."""
        asyncio.get_running_loop().add_reader(self._socket, self._take)

    def ask(self, work: str, *arguments: object) -> asyncio.Future[Any]:
        """Have this method of the crawl called; its result, for `write` what changed in the capture, or its error."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._died is not None:
            answer.set_exception(self._died)
            return answer
        _add(self._unsent, (work, arguments))
        self._asked.append(answer)
        if len(self._unsent) >= _ENOUGH and not self._blocked:
            self._send()
        elif self._gathering is None and not self._blocked:
            self._gathering = asyncio.get_running_loop().call_later(_GATHERING, self._send)
        return answer

    def ask_and_wait(self, work: str, *arguments: object) -> Any:
        """The same, with nothing else done until the answer is there."""
        answer = self.ask(work, *arguments)
        while not answer.done():
            waiting = select.poll()  # for both: it answers while there is more to be sent
            waiting.register(self._socket, select.POLLIN | (select.POLLOUT if self._unsent else 0))
            ((_, events),) = waiting.poll()
            if events & ~select.POLLOUT:
                self._take()
            else:
                self._send()
        return answer.result()

    def end(self) -> None:
        """Close what leads to the process, and wait for its end: then the lock of the folder is free."""
        if self._died is None:
            self._close()

    def _close(self) -> int | None:
        """The process' exit status, where this one may know it."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        loop.remove_writer(self._socket)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # other forks of this process may have it open too
        self._socket.close()
        self._stop_gathering()
        self._unsent.clear()
        gc.unfreeze()
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        except ChildProcessError:  # SIGCHLD is ignored, as some of those who start us have it
            return None

    def _send(self) -> None:
        self._stop_gathering()
        try:
            del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:  # it is gone, which is told behind its last answers
            self._unsent.clear()
        if self._blocked != bool(self._unsent):
            self._blocked = bool(self._unsent)
            loop = asyncio.get_running_loop()
            if self._blocked:
                loop.add_writer(self._socket, self._send)
            else:
                loop.remove_writer(self._socket)

    def _stop_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None

    def _take(self) -> None:
        try:
            data = self._socket.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
        self._received += data
        for worked, value in _messages(self._received):
            answer = self._asked.popleft()
            if answer.done():  # nobody waits for it any more
                continue
            if worked:
                answer.set_result(value)
            else:
                answer.set_exception(value)

    def _lose(self) -> None:
        if self._died is None:
            status = self._close()
            why = "the process that writes it ended" + (f" with status {status}" if status is not None else "")
            self._died = RecordingFailed(f"{self._folder} cannot be written: {why}; `scrapy resume` goes on with it")
            for answer in self._asked:
                if not answer.done():
                    answer.set_exception(self._died)
            self._asked.clear()


def _add(messages: bytearray, content: object) -> None:
    pickled = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
    messages += len(pickled).to_bytes(_SIZE)
    messages += pickled


def _messages(received: bytearray) -> Iterator[Any]:
    """What has come as a whole; it is taken away from what was received."""
    while len(received) >= _SIZE and len(received) >= (end := _SIZE + int.from_bytes(received[:_SIZE])):
        content = pickle.loads(received[_SIZE:end])  # noqa: S301 (our own process)
        del received[:end]
        yield content


def _serve(connection: socket.socket, crawl: Crawl, parent: int) -> NoReturn:
    """Write what comes through the socket, until it is closed."""
    status = 1
    received = bytearray()
    try:
        _die_with(parent)
        with connection:
            while data := connection.recv(_PIECE):
                received += data
                answers = bytearray()
                try:
                    for work, arguments in _messages(received):
                        _add(answers, _answer(crawl, work, arguments))
                finally:
                    connection.sendall(answers)
        status = 0
    except OSError:  # its process is gone
        status = 0
    except Exception:  # noqa: BLE001 (the crawling process tells that this one is gone, and the log says why)
        traceback.print_exc()
    finally:
        os._exit(status)


def _die_with(parent: int) -> None:
    """Leave signals to the crawling process, and end when it does."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError, AttributeError):  # elsewhere than on Linux its socket tells, a moment later
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _answer(crawl: Crawl, work: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        done = getattr(crawl, work)(*arguments)
    except ArchiveError as error:
        return False, error
    if isinstance(done, Capture):
        return True, _changes(arguments[0], done)
    return True, crawl.manifest if work == "close" else None


def _changes(before: Capture, after: Capture) -> dict[str, Any]:
    """What writing changed in a capture: its bytes need not be sent back."""
    old = before.__getstate__()
    return {name: value for name, value in after.__getstate__().items() if value is not old[name]}
