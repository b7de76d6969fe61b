"""Outlets are visited when their time has come, never twice at once, and what was broken off is gone on with."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import yaml

from archive.crawl import Crawl
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from tests.running import LOOPBACK, ROOT, scrapy
from tests.test_replay import URLS

HOST = "https://www.lamp.test"
ITEMS = "".join(f"<item><link>{url}</link></item>" for url in URLS)
FEED = Answer(
    headers=(("Content-Type", "application/rss+xml"),),
    body=f"<rss version='2.0'><channel><title>Lamp</title>{ITEMS}</channel></rss>".encode(),
)
LAMP = f"""
[outlets.lamp]
outlet = "site"
arguments = {{ start = "{HOST}/feed.xml" }}
"""


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom.for_pages({f"{HOST}/feed.xml": FEED, **URLS}) as newsroom:
        yield newsroom


def given(tmp_path: Path, timetable: str = LAMP) -> list[str]:
    file = tmp_path / "timetable.toml"
    file.write_text(timetable, encoding="utf-8")
    return ["-s", f"TIMETABLE={file}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}", *LOOPBACK]


def folders(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.glob("archive/crawls/*/*"))


def begin(
    command: str, options: list[str], newsroom: Newsroom, environment: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", command, *options],
        cwd=ROOT,
        env={**os.environ, **newsroom.environment, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_what_is_due_is_visited_and_then_nothing_is(tmp_path: Path, newsroom: Newsroom) -> None:
    options = given(tmp_path)
    dry = scrapy("due", "--dry-run", *options, environment=newsroom.environment)
    assert (dry.returncode, folders(tmp_path)) == (0, [])
    assert re.search(r"^lamp .* due ", dry.stdout, re.MULTILINE)
    first = scrapy("due", *options, environment=newsroom.environment)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "lamp ran in" in first.stdout
    (folder,) = folders(tmp_path)
    assert Crawl.open(folder).status == "finished"
    assert len(list(Crawl.open(folder).articles())) == len(URLS)
    second = scrapy("due", *options, environment=newsroom.environment)
    assert (second.returncode, folders(tmp_path)) == (0, [folder])
    assert re.search(r"^lamp +\d{4}-\d\d-\d\dT\S+ +1h \d+m ", second.stdout, re.MULTILINE), second.stdout


def test_an_outlet_that_somebody_is_at_is_left_to_him(tmp_path: Path, newsroom: Newsroom) -> None:
    options = given(tmp_path)
    lock = tmp_path / "archive" / "locks" / "site-lamp.test.lock"
    lock.parent.mkdir(parents=True)
    with lock.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = scrapy("due", *options, environment=newsroom.environment)
        assert (run.returncode, folders(tmp_path)) == (0, [])
        assert "running" in run.stdout
    assert scrapy("due", *options, environment=newsroom.environment).returncode == 0
    assert len(folders(tmp_path)) == 1


def test_what_fails_is_told_and_the_others_go_on(tmp_path: Path, newsroom: Newsroom) -> None:
    dead = '[outlets.dead]\noutlet = "site"\narguments = { start = "http://127.0.0.1:9/" }\n'
    environment = {**newsroom.environment, "no_proxy": "127.0.0.1"}
    run = scrapy("due", *given(tmp_path, dead + LAMP), "-s", "RETRY_ENABLED=0", environment=environment)
    assert run.returncode == 1
    assert "lamp ran in" in run.stdout
    assert re.search(r"dead failed with status 1 .*: pressmark: no response at all came", run.stdout), run.stdout


def test_a_timetable_that_makes_no_sense_starts_nothing(tmp_path: Path, newsroom: Newsroom) -> None:
    for command in ("due", "schedule"):
        run = scrapy(command, *given(tmp_path, f"{LAMP}[outlets.nowhere]\n"), environment=newsroom.environment)
        assert (run.returncode, run.stdout, folders(tmp_path)) == (2, "", [])
        assert "timetable.toml, line 5: no such outlet: nowhere" in run.stderr
        assert run.stderr.count("\n") == 1


class Held:
    """A page that a server answers only when it is let go."""

    def __init__(self) -> None:
        self.asked, self.free = Event(), Event()

    def __call__(self, request: Request) -> Answer:  # noqa: ARG002
        self.asked.set()
        assert self.free.wait(60)
        return FEED


@contextmanager
def holding() -> Iterator[tuple[Held, Newsroom]]:
    """A newsroom whose feed is held."""
    page = Held()
    with Newsroom.for_pages({f"{HOST}/feed.xml": page, **URLS}) as newsroom:
        yield page, newsroom
        page.free.set()


@pytest.fixture
def held() -> Iterator[tuple[Held, Newsroom]]:
    with holding() as held:
        yield held


def test_a_crawl_keeps_its_lock_when_the_process_that_began_it_is_killed(
    tmp_path: Path, held: tuple[Held, Newsroom]
) -> None:
    page, newsroom = held
    options = given(tmp_path)
    begun = begin("due", options, newsroom)
    assert page.asked.wait(60)
    begun.kill()
    begun.wait(60)
    run = scrapy("due", *options, environment=newsroom.environment)
    assert "running" in run.stdout, run.stdout
    page.free.set()
    with (tmp_path / "archive" / "locks" / "site-lamp.test.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # it ends by itself
    (folder,) = folders(tmp_path)
    assert Crawl.open(folder).status == "finished"


def test_a_killed_crawl_is_gone_on_with_before_another_begins(tmp_path: Path, held: tuple[Held, Newsroom]) -> None:
    page, newsroom = held
    options = given(tmp_path)
    by_hand = begin("crawl", ["site", "-a", f"start={HOST}/feed.xml", *options], newsroom)
    assert page.asked.wait(60)
    by_hand.kill()
    by_hand.wait(60)
    page.free.set()
    (folder,) = folders(tmp_path)
    while Crawl.open(folder).status == "running":  # what writes for it dies a moment later
        os.sched_yield()
    assert Crawl.open(folder).status == "killed"
    run = scrapy("due", *options, environment=newsroom.environment)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"going on with {folder}" in run.stdout
    assert folders(tmp_path) == [folder]
    assert Crawl.open(folder).status == "finished"
    assert len(list(Crawl.open(folder).articles())) == len(URLS)


@pytest.mark.parametrize("command", ["due", "schedule"])
def test_who_is_asked_to_end_lets_crawls_close_their_files(
    tmp_path: Path, held: tuple[Held, Newsroom], command: str
) -> None:
    page, newsroom = held
    begun = begin(command, given(tmp_path), newsroom)
    assert page.asked.wait(60)
    begun.send_signal(signal.SIGTERM)
    page.free.set()
    told = begun.communicate(timeout=120)[0]
    assert begun.returncode == 0, told
    (folder,) = folders(tmp_path)
    assert Crawl.open(folder).status == "interrupted"


def test_a_listing_that_was_asked_for_is_recorded_when_its_crawl_is_asked_to_end(
    tmp_path: Path, held: tuple[Held, Newsroom]
) -> None:
    page, newsroom = held
    options = given(tmp_path)
    begun = begin("crawl", ["site", "-a", f"start={HOST}/feed.xml", *options, "-s", "LOG_LEVEL=INFO"], newsroom)
    assert begun.stdout is not None
    assert page.asked.wait(60)
    begun.send_signal(signal.SIGTERM)
    assert any("Closing spider" in line for line in begun.stdout)
    with pytest.raises(subprocess.TimeoutExpired):
        begun.wait(1)
    page.free.set()
    told = begun.communicate(timeout=120)[0]
    assert begun.returncode == 0, told
    (folder,) = folders(tmp_path)
    assert [(one.purpose, one.status) for one in Crawl.open(folder).exchanges()] == [("robots", 404), ("listing", 200)]
    assert scrapy("replay", folder).stdout == "the same: 0 articles\n"
    run = scrapy("resume", folder, *options, environment=newsroom.environment)
    assert run.returncode == 0, run.stderr
    assert len(list(Crawl.open(folder).articles())) == len(URLS)
    assert scrapy("replay", folder).stdout == f"the same: {len(URLS)} articles\n"


def test_a_service_visits_reads_its_timetable_anew_and_stops(tmp_path: Path, held: tuple[Held, Newsroom]) -> None:
    page, newsroom = held
    page.free.set()
    options = given(tmp_path, LAMP.replace("lamp", "first", 1))
    service = begin("schedule", options, newsroom)
    assert service.stdout is not None
    assert "first ran in" in service.stdout.readline()
    given(tmp_path, "[outlets.nowhere]\n")
    service.send_signal(signal.SIGHUP)
    assert "the timetable stays as it was" in service.stdout.readline()
    given(tmp_path, LAMP.replace("lamp", "second", 1).replace("}", ", limit = 2 }"))
    service.send_signal(signal.SIGHUP)
    assert "is read anew" in service.stdout.readline()
    assert "second ran in" in service.stdout.readline()
    service.send_signal(signal.SIGTERM)
    assert service.wait(60) == 0
    assert len(folders(tmp_path)) == 2


def test_the_units_for_systemd_hold(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for file in (ROOT / "deploy").glob("pressmark-*"):
        text = file.read_text().replace("/opt/pressmark/.venv/bin/scrapy", f'"{sys.executable}"')
        (tmp_path / file.name).write_text(text)
    units = sorted(map(str, tmp_path.glob("pressmark-*")))
    assert len(units) == 3
    run = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_crontab_cron_job_and_container_name_what_is_there() -> None:
    (job,) = [line for line in (ROOT / "deploy" / "crontab").read_text().splitlines() if line[0] in "*0123456789"]
    assert len(job.split()[:5]) == 5
    assert ".venv/bin/scrapy due" in job
    told = yaml.safe_load((ROOT / "deploy" / "cronjob.yaml").read_text())
    assert (told["kind"], told["spec"]["concurrencyPolicy"]) == ("CronJob", "Forbid")
    (container,) = told["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["due"]
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "deploy" / "Containerfile").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for names in copied for name in names.split())
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= {name for names in copied for name in names.split()}
