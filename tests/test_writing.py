"""A crawl's folder is written by a process of its own, and who asks it is answered, also when it is gone."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

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
