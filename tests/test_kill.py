"""Kill it anywhere: a crawl that is killed, interrupted or out of disk goes on where it was, and nothing is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from archive.crawl import Crawl
from newsroom.answers import Pages
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from tests.running import LOOPBACK, ROOT, crawl, scrapy
from tests.test_replay import page

HOST = "https://www.lamp.test"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def pages(count: int) -> dict[str, bytes]:
    return {
        f"{HOST}/2026/03/01/story-number-{n}-of-the-lamp/": page(f"Story number {n}", f"Number {n},")
        for n in range(count)
    }


class Running:
    """A `scrapy` command that runs until it is ended from outside, by its process id."""

    def __init__(self, *arguments: str | Path, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, number: int) -> None:
        self.process.send_signal(number)

    def status(self) -> int:
        self.errors = self.process.communicate(timeout=120)[1]
        return self.process.returncode


def wait_for(newsroom: Newsroom, count: int, running: Running) -> None:
    """Return when the newsroom has answered so many requests in all, or the crawl is over."""
    while not newsroom.wait_for(count, 0.1) and running.process.poll() is None:
        pass


class Road:
    """From a newsroom's pages to one folder: the commands that crawl them, and that go on with the crawl."""

    def __init__(self, tmp_path: Path, urls: Iterable[str], newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.urls = tmp_path / "urls.txt"
        self.urls.write_text("\n".join(urls), encoding="utf-8")
        self._archive = tmp_path / "archive"
        self._options = ("-s", f"ARCHIVE_DIR={self._archive}", *LOOPBACK)

    @property
    def crawl(self) -> tuple[str, ...]:
        return ("crawl", "site", "-a", f"urls={self.urls}", *self._options)

    @property
    def resume(self) -> tuple[str | Path, ...]:
        return ("resume", self.folder, *self._options)

    @property
    def folder(self) -> Path:
        (folder,) = self._archive.glob("crawls/site/*")
        return folder

    def begin(self, count: int) -> Running:
        """A crawl that has been answered so many requests."""
        running = Running(*self.crawl, environment=self.newsroom.environment)
        wait_for(self.newsroom, count, running)
        return running

    def go_on(self) -> subprocess.CompletedProcess[str]:
        return scrapy(*self.resume, environment=self.newsroom.environment)

    def asked(self) -> Counter[str]:
        """How often each page was asked for, robots.txt aside."""
        return Counter(one.request.target for one in self.newsroom.log if one.request.target != "/robots.txt")


@contextmanager
def road(tmp_path: Path, served: dict[str, bytes]) -> Iterator[Road]:
    with Newsroom.for_pages({url: Answer(headers=HTML, body=body) for url, body in served.items()}) as newsroom:
        yield Road(tmp_path, served, newsroom)


def texts(folder: Path) -> dict[str, str]:
    return {line["url"]: line["text"] for line in Crawl.open(folder).articles()}


def kill_and_resume(tmp_path: Path, served: dict[str, bytes], kills: int, seed: int) -> None:
    chance = random.Random(seed)
    with road(tmp_path, served) as lamp:
        running = lamp.begin(0)
        newsroom, environment = lamp.newsroom, lamp.newsroom.environment
        step = len(served) // kills
        for number in range(kills):
            wait_for(newsroom, len(newsroom.log) + chance.randint(1, step), running)
            running.end(signal.SIGKILL)
            running.status()
            assert Crawl.open(lamp.folder).status == "killed", number
            running = Running(*lamp.resume, environment=environment)
        assert running.status() == 0, running.errors
        fetched = lamp.asked()
        whole = crawl(tmp_path / "whole", "site", "-a", f"urls={lamp.urls}", environment=environment)
        folder = lamp.folder
    assert Crawl.open(folder).status == "finished"
    assert texts(folder) == texts(whole)
    captured = Counter(capture.url for capture in Crawl.open(folder).captures() if capture.purpose == "article")
    assert captured == Counter(served.keys())
    assert sum(fetched.values()) - len(served) <= kills * 16  # at most what was in flight at each kill
    assert scrapy("verify", folder).returncode == 0
    replay = scrapy("replay", folder)
    assert (replay.returncode, replay.stdout) == (0, f"the same: {len(served)} articles\n")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert scrapy("rebuild", folder).returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_crawl_killed_three_times_loses_nothing(tmp_path: Path) -> None:
    kill_and_resume(tmp_path, pages(90), kills=3, seed=1)


@pytest.mark.drill
def test_a_crawl_of_2000_pages_killed_twenty_times_loses_nothing(tmp_path: Path) -> None:
    kill_and_resume(tmp_path, pages(2000), kills=20, seed=2)


def test_what_failed_in_an_outage_is_fetched_anew(tmp_path: Path) -> None:
    served = pages(12)
    before, over = iter(range(4)), Event()  # so many pages are served before the outage

    def answer(request: Request) -> Answer:
        if over.is_set() or next(before, None) is not None:
            return Answer(headers=HTML, body=served[request.url])
        return Answer(status=503, headers=HTML, body=b"<p>Out of order.</p>")

    site = Pages({url.removeprefix(HOST): answer for url in served})
    with Newsroom({"www.lamp.test": site}) as newsroom:
        lamp = Road(tmp_path, served, newsroom)
        running = lamp.begin(1 + 4 + 2 * 8 + 2)  # the last of three attempts has begun, and is far from its end
        running.end(signal.SIGKILL)
        running.status()
        over.set()
        assert lamp.go_on().returncode == 0
    folder = lamp.folder
    assert sorted(texts(lamp.folder)) == sorted(served)
    statistics = Crawl.open(folder).manifest["statistics"]
    assert statistics["item_scraped_count"] == len(served)
    assert "retry/max_reached" not in statistics
    assert scrapy("verify", folder).returncode == 0
    replay = scrapy("replay", folder)
    assert (replay.returncode, replay.stdout) == (0, f"the same: {len(served)} articles\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_closes_the_crawl_cleanly(tmp_path: Path, number: int) -> None:
    served = pages(150)
    with road(tmp_path, served) as lamp:
        running = lamp.begin(50)
        running.end(number)
        assert running.status() == 0
        folder = lamp.folder
        assert f"pressmark: interrupted; `scrapy resume {folder}` goes on with it\n" in running.errors
        assert json.loads((folder / "crawl.json").read_text())["status"] == "interrupted"
        assert not list(folder.glob("*.open"))
        assert scrapy("verify", folder).returncode == 0
        assert scrapy("replay", folder).returncode == 0
        assert lamp.go_on().returncode == 0
        assert max(lamp.asked().values()) == 1
    assert sorted(texts(lamp.folder)) == sorted(served)


def test_a_second_ctrl_c_is_told_and_is_as_safe_as_a_kill(tmp_path: Path) -> None:
    served, free = pages(30), Event()
    answers = {url: Answer(headers=HTML, body=body) for url, body in served.items()}
    answers[next(reversed(served))] = replace(answers[next(reversed(served))], until=free)  # the crawl waits for it
    with Newsroom.for_pages(answers) as newsroom:
        lamp = Road(tmp_path, served, newsroom)
        running = Running(*lamp.crawl, "-s", "LOG_LEVEL=INFO", environment=newsroom.environment)
        wait_for(newsroom, len(served), running)  # with robots.txt, all but the last
        assert running.process.stderr is not None
        running.end(signal.SIGINT)
        while "shutting down gracefully" not in (line := running.process.stderr.readline()):
            assert line
        running.end(signal.SIGINT)
        assert running.status() == 1
        told = (
            f"interrupted twice: the crawl {lamp.folder} was not closed; `scrapy resume {lamp.folder}` goes on with it"
        )
        assert f"pressmark: {told}\n" in running.errors
        assert "Traceback" not in running.errors
        assert Crawl.open(lamp.folder).status == "killed"
        free.set()
        assert lamp.go_on().returncode == 0
    assert sorted(texts(lamp.folder)) == sorted(served)
    assert scrapy("verify", lamp.folder).returncode == 0


def test_a_full_disk_stops_the_crawl_and_it_goes_on_once_there_is_room(tmp_path: Path) -> None:
    served = pages(120)
    with road(tmp_path, served) as lamp:
        command = [sys.executable, "-m", "scrapy", *lamp.crawl]
        limited = ["bash", "-c", 'ulimit -f 60; exec "$@"', "limited", *command]
        environment = {**os.environ, **lamp.newsroom.environment}
        full = subprocess.run(
            limited, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert full.returncode == 1
        assert "File too large" in full.stderr.splitlines()[-1]
        folder = lamp.folder
        kept = len(list(Crawl.open(folder).captures()))
        assert 0 < kept < len(served)
        assert lamp.go_on().returncode == 0
    assert sorted(texts(lamp.folder)) == sorted(served)
    assert scrapy("verify", folder).returncode == 0


def test_a_crawl_stops_when_the_process_that_writes_it_is_killed_and_goes_on_when_resumed(tmp_path: Path) -> None:
    served = pages(150)
    with road(tmp_path, served) as lamp:
        running = lamp.begin(50)
        crawling = Path(f"/proc/{running.process.pid}")
        children = (crawling / "task" / crawling.name / "children").read_text().split()
        (writing,) = (
            int(one)
            for one in children
            if Path(f"/proc/{one}/cmdline").read_bytes() == (crawling / "cmdline").read_bytes()
        )
        os.kill(writing, signal.SIGKILL)
        assert running.status() == 1
        assert "the process that writes it ended with status -9" in running.errors.splitlines()[-1]
        folder = lamp.folder
        assert Crawl.open(folder).status == "killed"
        assert lamp.go_on().returncode == 0
    assert sorted(texts(lamp.folder)) == sorted(served)
    assert scrapy("verify", folder).returncode == 0


def test_two_processes_cannot_write_one_folder(tmp_path: Path) -> None:
    served = pages(150)
    with road(tmp_path, served) as lamp:
        running = lamp.begin(5)
        folder = lamp.folder
        os.kill(running.process.pid, signal.SIGSTOP)
        second = lamp.go_on()
        replay = scrapy("replay", folder)
        os.kill(running.process.pid, signal.SIGCONT)
        assert running.status() == 0
    assert second.returncode == 1
    assert "another process" in second.stderr
    assert replay.returncode == 2
    assert "still being written" in replay.stderr
    assert sorted(texts(lamp.folder)) == sorted(served)


def test_a_finished_crawl_has_nothing_to_resume(tmp_path: Path) -> None:
    served = pages(2)
    with Newsroom.for_pages({url: Answer(headers=HTML, body=body) for url, body in served.items()}) as newsroom:
        folder = crawl(tmp_path, "site", "-a", f"urls={','.join(served)}", environment=newsroom.environment)
    copy = shutil.copytree(folder, tmp_path / "copy")
    resumed = scrapy("resume", folder)
    assert resumed.returncode == 0
    assert "nothing to resume" in resumed.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in Path(copy).iterdir()
    }
