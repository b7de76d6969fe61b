"""A crawl's folder is written by a process of its own, and who asks it is answered, also when it is gone."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from archive.crawl import Crawl
from archive.errors import RecordingFailed
from crawler.writing import WritingProcess
from tests.samples import NOON


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")  # of pytest's own threads
def test_whoever_asks_a_process_that_was_killed_is_told_each_time(tmp_path: Path) -> None:
    async def killed() -> None:
        before = children()
        writing = WritingProcess(
            Crawl.create(tmp_path, outlet="gazette", started=NOON, description={}, max_size=1 << 30)
        )
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
