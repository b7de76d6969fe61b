"""A page that crashes, hangs or eats memory costs itself alone, and no answer depends on who reads what when."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from crawler import worker
from crawler.article import Article, NoArticle
from crawler.profile import Profile
from crawler.workers import ExtractionFailed, ExtractionPool
from newsroom.server import Newsroom
from tests.hazards import HAZARDS, PIPE
from tests.running import ROOT, crawl, scrapy
from tests.samples import page as captured
from tests.test_extract import foreign
from tests.test_profiles import FAMILIES, PAGES
from tests.test_replay import URLS

NO_HURRY = 1000.0  # CPU seconds: no page of a test takes them
LIMIT = 1 << 20


def page(headline: str, kind: str = "plain") -> bytes:
    lines = "".join(f"<p>{headline} was said {count} times on the pier.</p>" for count in ("two", "three", "four"))
    return f"<html><body><h1 class='{kind}'>{headline}</h1><article>{lines * 2}</article></body></html>".encode()


def capture(kind: str, number: int = 0) -> Capture:
    return captured(page(f"Lamp {number}", kind), url=f"https://hazard.test/{kind}-{number}")


T = TypeVar("T")


def with_pool(work: Callable[[ExtractionPool], Awaitable[T]], processes: int, seconds: float = NO_HURRY) -> T:
    """What `work` gives with a pool, whose workers are gone in the end."""

    async def run() -> T:
        pool = ExtractionPool(processes, seconds, LIMIT)
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


async def told(pool: ExtractionPool, one: Capture, profiles: Sequence[Profile] = HAZARDS) -> Article | NoArticle | str:
    """The answer for a page, or the words with which it failed."""
    try:
        return await pool.read(one, profiles, "hazard")
    except ExtractionFailed as error:
        return str(error)


def title(answer: Article | NoArticle | str) -> str | None:
    return answer.title if isinstance(answer, Article) else f"none: {answer}"


@pytest.mark.parametrize(
    ("kind", "seconds", "words"),
    [
        ("dies", NO_HURRY, "crashed: its worker was killed by SIGSEGV"),
        ("hangs", 0.5, "took more than 0.5 CPU seconds"),
        ("eats", NO_HURRY, "ran out of memory"),
        ("raises", NO_HURRY, "raised NotImplementedError: a layout from the future"),
    ],
)
def test_a_harmful_page_costs_itself_alone(kind: str, seconds: float, words: str) -> None:
    captures = [capture("plain", 1), capture(kind), capture("plain", 2), capture(kind, 1), capture("plain", 3)]

    async def work(pool: ExtractionPool) -> list[Article | NoArticle | str]:
        return await asyncio.gather(*(told(pool, one) for one in captures))

    answers = with_pool(work, 2, seconds)
    assert [answers[1], answers[3]] == [words, words]
    assert [title(answers[index]) for index in (0, 2, 4)] == ["Lamp 1", "Lamp 2", "Lamp 3"]


def test_a_worker_killed_while_it_reads_costs_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv(PIPE, str(pipe))

    async def work(pool: ExtractionPool) -> list[Article | NoArticle | str]:
        waiting = asyncio.ensure_future(told(pool, capture("waits")))
        reader = int(await asyncio.to_thread(pipe.read_text))
        others = [await told(pool, capture("plain", number)) for number in range(3)]
        os.kill(reader, signal.SIGKILL)
        return [await waiting, *others]

    killed, *others = with_pool(work, 2)
    assert killed == "crashed: its worker was killed by SIGKILL"
    assert [title(one) for one in others] == ["Lamp 0", "Lamp 1", "Lamp 2"]


def test_a_page_at_which_a_worker_stands_still_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # nobody reads it: who opens it waits, and takes no CPU time
    monkeypatch.setenv(PIPE, str(pipe))
    monkeypatch.setattr(worker, "STANDSTILL", 0)
    answer = with_pool(lambda pool: told(pool, capture("waits")), 1, 0.3)
    assert answer == "stood still for 1.8 seconds"


def test_workers_killed_while_they_have_nothing_to_do_cost_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[worker.Worker] = []
    start = worker.Worker.start

    async def noted() -> worker.Worker:
        started.append(await start())
        return started[-1]

    monkeypatch.setattr(worker.Worker, "start", noted)  # the same, and the test knows whom to kill

    async def work(pool: ExtractionPool) -> list[Article | NoArticle | str]:
        first = await asyncio.gather(*(told(pool, capture("plain", number)) for number in range(4)))
        for one in started[:]:
            one.kill()
        return [*first, *await asyncio.gather(*(told(pool, capture("plain", number)) for number in range(4, 8)))]

    assert [title(one) for one in with_pool(work, 4)] == [f"Lamp {number}" for number in range(8)]
    assert len(started) > 4


def test_a_worker_is_replaced_when_it_has_read_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.workers.PAGES_PER_WORKER", 2)

    async def work(pool: ExtractionPool) -> list[Article | NoArticle | str]:
        return [await told(pool, capture("plain", number)) for number in range(5)]

    assert [title(one) for one in with_pool(work, 1)] == [f"Lamp {number}" for number in range(5)]


def test_pages_are_read_here_where_no_worker_can_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for interpreter in ("/nowhere/python", "/bin/false"):  # what cannot be run, and what ends at once
        monkeypatch.setattr(sys, "executable", interpreter)
        answers = with_pool(lambda pool: asyncio.gather(*(told(pool, capture("plain", n)) for n in range(3))), 2)
        assert [title(one) for one in answers] == ["Lamp 0", "Lamp 1", "Lamp 2"]
        assert caplog.text.count("No worker can be had") == 1
        caplog.clear()


def test_without_workers_pages_are_read_in_any_thread() -> None:
    found: list[str | None] = []
    thread = threading.Thread(
        target=lambda: found.append(title(with_pool(lambda pool: told(pool, capture("plain")), 0)))
    )
    thread.start()
    thread.join()
    assert found == ["Lamp 0"]


def test_workers_start_under_a_tighter_limit_on_memory(tmp_path: Path) -> None:
    warc = foreign(tmp_path / "theirs.warc.gz", URLS, gzipped=True, version="1.1")
    command = [sys.executable, "-m", "scrapy", "extract", str(warc), "-s", "EXTRACTION_PROCESSES=1"]
    limited = f"ulimit -v {worker.MEMORY >> 10}; exec {shlex.join(command)}"
    run = subprocess.run(["bash", "-c", limited], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr, run.stdout.count("\n")) == (0, "", len(URLS))


def test_answers_do_not_depend_on_the_workers_or_the_order_of_pages() -> None:
    everything = tuple(profile for family in FAMILIES.values() for profile in family)
    captures = [captured(one.read_bytes(), url=f"https://hazard.test/{one.stem}") for one in PAGES.glob("*.html")]

    def answers(processes: int, ordered: list[Capture]) -> dict[str, object]:
        async def work(pool: ExtractionPool) -> list[Article | NoArticle | str]:
            return await asyncio.gather(*(told(pool, one, everything) for one in ordered))

        return dict(zip((one.url for one in ordered), with_pool(work, processes), strict=True))

    alone = answers(0, captures)
    assert answers(1, captures) == alone
    assert answers(3, captures[::-1]) == alone


def test_a_crawl_names_the_pages_that_harm_and_reads_all_others(tmp_path: Path) -> None:
    harmful = {f"https://hazard.test/{kind}": page(kind, kind) for kind in ("dies", "hangs", "eats", "raises")}
    pages = dict(sum(zip(URLS.items(), harmful.items(), strict=True), ()))
    lab = ("-s", "SPIDER_MODULES=tests.lab_spiders")
    # A page takes some hundredth of the time that a hanging one is given.
    hurried = ("-s", "EXTRACTION_TIMEOUT=3", "-s", "EXTRACTION_PROCESSES=2")
    with Newsroom.for_pages(pages) as newsroom:
        folder = crawl(
            tmp_path, "hazard", "-a", f"urls={','.join(pages)}", *lab, *hurried, environment=newsroom.environment
        )
    opened = Crawl.open(folder)
    failures = [json.loads(line) for line in (folder / "articles.jsonl.failed").read_text("utf-8").splitlines()]
    records = {one.url: one.record_id for one in opened.captures()}
    assert {one["url"]: one["record_id"] for one in failures} == {url: records[url] for url in harmful}
    assert {one["url"].rpartition("/")[2]: one["reason"].split()[0] for one in failures} == {
        "dies": "crashed:",
        "hangs": "took",
        "eats": "ran",
        "raises": "raised",
    }
    assert {one["url"] for one in opened.articles()} == {*URLS}
    assert opened.manifest["statistics"]["articles/none/failed"] == 4
    replay = scrapy("replay", folder, *lab)
    assert (replay.returncode, replay.stdout) == (0, f"the same: {len(URLS)} articles\n"), replay.stdout


def test_a_crawl_whose_worker_is_killed_names_its_page(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    waits = "https://hazard.test/waits"
    pages = {waits: page("waits", "waits"), **URLS}

    def kill() -> None:
        os.kill(int(pipe.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    with Newsroom.for_pages(pages) as newsroom:
        given = ("-a", f"urls={','.join(pages)}", "-s", "SPIDER_MODULES=tests.lab_spiders")
        environment = {**newsroom.environment, PIPE: str(pipe)}
        folder = crawl(tmp_path, "hazard", *given, "-s", "EXTRACTION_TIMEOUT=1000", environment=environment)
    killer.join()
    (failure,) = Crawl.open(folder).failures()
    assert (failure["url"], failure["reason"]) == (waits, "crashed: its worker was killed by SIGKILL")
    assert {one["url"] for one in Crawl.open(folder).articles()} == {*URLS}
