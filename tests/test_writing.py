"""A crawl's folder is written by a process of its own, and who asks it is answered, also when it is gone."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from archive.crawl import Crawl
from archive.errors import RecordingFailed
from archive.verify import verify
from crawler.writing import WritingProcess
from tests.samples import NOON, page


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())


pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")  # of pytest's own threads


def new_crawl(folder: Path) -> Crawl:
    return Crawl.create(folder, outlet="gazette", started=NOON, description={}, max_size=1 << 30)


def test_whoever_asks_a_process_that_was_killed_is_told_each_time(tmp_path: Path) -> None:
    async def killed() -> None:
        before = children()
        writing = WritingProcess(new_crawl(tmp_path))
        writing.begin()
        writing.ask_and_wait("add_told", {"question": "closed", "about": "", "answer": []})
        (process,) = children() - before
        os.kill(int(process), signal.SIGKILL)
        for _ in range(2):
            with pytest.raises(RecordingFailed, match="ended with status -9; `scrapy resume` goes on with it"):
                writing.ask_and_wait("add_told", {"question": "closed", "about": "", "answer": []})
        with pytest.raises(RecordingFailed):
            await writing.ask("sync")
        writing.end()

    asyncio.run(killed())
    (folder,) = tmp_path.glob("crawls/gazette/*")
    crawl = Crawl.open(folder)
    assert crawl.status == "killed"
    assert len(list(crawl.told())) == 1


def test_exchanges_of_any_size_are_written_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    bodies = [os.urandom(size) for size in (100, 700_000, 100, 100, 2_000_000, 0, 300_000)] * 3

    async def written() -> list[int]:
        writing = WritingProcess(new_crawl(tmp_path))
        writing.begin()
        asked = [writing.ask("write", page(body, url=f"https://news.test/{n}")) for n, body in enumerate(bodies)]
        changes = await asyncio.wait_for(asyncio.gather(*asked), 60)
        writing.ask("write", page(b"the last")).cancel()  # nobody waits for it, and it is written all the same
        writing.ask_and_wait("close", "finished", {}, NOON)
        writing.end()
        return [change["sequence"] for change in changes]

    assert asyncio.run(written()) == list(range(1, len(bodies) + 1))
    (folder,) = tmp_path.glob("crawls/gazette/*")
    assert [capture.body for capture in Crawl.open(folder).captures()] == [*bodies, b"the last"]
    assert not list(verify(folder))


def test_whoever_asks_twice_at_once_in_one_process_is_answered_and_both_end(tmp_path: Path) -> None:
    async def both() -> None:
        one, other = WritingProcess(new_crawl(tmp_path / "one")), WritingProcess(new_crawl(tmp_path / "other"))
        for writing in (one, other):
            writing.begin()
            writing.ask_and_wait("close", "finished", {}, NOON)
        one.end()  # which the second, forked later, has open too
        other.end()

    asyncio.run(both())
    assert [Crawl.open(folder).status for folder in tmp_path.glob("*/crawls/gazette/*")] == ["finished"] * 2


def test_what_cannot_be_asked_shifts_no_answer(tmp_path: Path) -> None:
    async def asked() -> list[int]:
        writing = WritingProcess(new_crawl(tmp_path))
        writing.begin()
        with pytest.raises(AttributeError, match="pickle"):
            writing.ask("add_article", {"title": lambda: None})
        written = await asyncio.gather(*(writing.ask("write", page(b"Gulls %d" % n)) for n in range(3)))
        writing.ask_and_wait("close", "finished", {}, NOON)
        writing.end()
        return [change["sequence"] for change in written]

    assert asyncio.run(asked()) == [1, 2, 3]


def test_thousands_may_be_asked_for_before_the_first_answer_is_taken(tmp_path: Path) -> None:
    async def asked() -> None:
        writing = WritingProcess(new_crawl(tmp_path))
        writing.begin()
        for number in range(15_000):
            writing.ask("write", page(b"Gulls", url=f"https://news.test/{number}"))
        writing.ask_and_wait("close", "finished", {}, NOON)
        writing.end()

    asyncio.run(asked())


def test_the_death_of_the_process_is_told_where_children_are_not_waited_for(tmp_path: Path) -> None:
    async def killed() -> None:
        before = children()
        writing = WritingProcess(new_crawl(tmp_path))
        writing.begin()
        (process,) = children() - before
        os.kill(int(process), signal.SIGKILL)
        with pytest.raises(RecordingFailed, match="the process that writes it ended; `scrapy resume`"):
            await asyncio.wait_for(writing.ask("sync"), 60)

    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        asyncio.run(killed())
    finally:
        signal.signal(signal.SIGCHLD, before)


class Once:
    """A file that refuses one write, and cannot be cut back then if `stuck`."""

    def __init__(self, file: Any, *, stuck: bool) -> None:
        self._file, self._stuck, self._writes = file, stuck, 0

    def write(self, content: bytes) -> int:
        self._writes += 1
        if self._writes == 2:
            if self._stuck:
                self._file.write(bytes(content)[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(self._file.write(content))

    def truncate(self, size: int) -> int:
        if self._stuck:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return int(self._file.truncate(size))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize("what", ["index", "records", "torn records"])
def test_nothing_is_written_behind_what_failed_and_the_crawl_resumes(tmp_path: Path, what: str) -> None:
    """The disk refuses once, as when somebody makes room a moment later, while other exchanges are on their way."""

    async def asked() -> list[Any]:
        crawl = new_crawl(tmp_path)
        writer: Any = crawl._writer
        holder, name = (writer, "_index") if what == "index" else (writer._warc._file, "_file")
        setattr(holder, name, Once(getattr(holder, name), stuck=what == "torn records"))
        writing = WritingProcess(crawl)
        writing.begin()
        answers = [writing.ask("write", page(b"Gulls %d" % n, url=f"https://news.test/{n}")) for n in range(4)]
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        writing.end()
        return outcomes

    first, *others = asyncio.run(asked())
    assert first["sequence"] == 1
    assert all(isinstance(one, RecordingFailed) for one in others)
    (folder,) = tmp_path.glob("crawls/gazette/*")
    crawl = Crawl.resume(folder)
    crawl.write(page(b"The last", url="https://news.test/9"))
    crawl.close("finished", {}, NOON)
    assert not list(verify(folder))
    assert next(exchange.url for exchange in crawl.exchanges()) == "https://news.test/0"
