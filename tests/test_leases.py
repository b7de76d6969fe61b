"""Machines that share a catalogue of PostgreSQL's never crawl an outlet at once, and a lease ends with its holder."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from archive.crawl import Crawl
from catalogue.errors import CatalogueBusy, CatalogueUnreachable
from catalogue.lease import Leases, leases_of
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from schedule.timetable import Entry
from schedule.visiting import Visitor
from tests.nodes import nodes
from tests.postgres import Server, server
from tests.running import LOOPBACK, ROOT, scrapy
from tests.test_due import HOST, Held, begin, folders, given, holding
from tests.test_fleet import front, timetable
from tests.test_replay import URLS


@pytest.fixture
def held() -> Iterator[tuple[Held, Newsroom]]:
    with holding() as held:
        yield held


def leases(url: str) -> Leases:
    found = leases_of(url)
    assert found is not None
    return found


def machine(folder: Path, url: str) -> list[str]:
    """The options of a machine with an archive, and so locks, of its own."""
    folder.mkdir()
    return [*given(folder), "-s", f"CATALOGUE_URL={url}"]


def crawl_of(begun: subprocess.Popen[str]) -> int:
    """The process of the crawl that `scrapy due` began, in one of its threads."""
    (child,) = [int(one) for task in Path(f"/proc/{begun.pid}/task").iterdir() for one in _children(task)]
    return child


def _children(task: Path) -> list[str]:
    return (task / "children").read_text().split()


def test_a_lease_is_one_processs_at_a_time(postgres: Server) -> None:
    url = postgres.new()
    mine, other = leases(url), leases(url)
    with mine.take(["dw"]), other.take(["upi"]):
        assert other.is_held(["dw"])
        with pytest.raises(CatalogueBusy, match="another process holds the lease of dw"), other.take(["dw"]):
            pass
    assert not other.is_held(["dw"])
    with other.take(["dw"]):
        pass


def test_two_machines_never_crawl_an_outlet_at_once(
    tmp_path: Path, postgres: Server, held: tuple[Held, Newsroom]
) -> None:
    page, newsroom = held
    url = postgres.new()
    one, other = machine(tmp_path / "one", url), machine(tmp_path / "other", url)
    begun = begin("due", one, newsroom)
    assert page.asked.wait(60)
    run = scrapy("due", *other, environment=newsroom.environment)
    assert (run.returncode, folders(tmp_path / "other")) == (0, [])
    assert "running" in run.stdout, run.stdout + run.stderr
    crawl = crawl_of(begun)
    os.kill(begun.pid, signal.SIGKILL)  # whoever began the crawl is gone, and the crawl has the lease
    begun.wait(60)
    run = scrapy("due", *other, environment=newsroom.environment)
    assert "running" in run.stdout, run.stdout + run.stderr
    os.kill(crawl, signal.SIGKILL)
    with leases(url).take(["site-lamp.test"], patience=60):
        pass
    page.free.set()
    run = scrapy("due", *other, environment=newsroom.environment)
    assert "lamp ran in" in run.stdout, run.stdout + run.stderr
    (folder,) = folders(tmp_path / "other")
    assert Crawl.open(folder).status == "finished"
    assert len(list(Crawl.open(folder).articles())) == len(URLS)


def test_who_finds_an_outlet_visited_by_another_machine_leaves_it(
    tmp_path: Path, postgres: Server, held: tuple[Held, Newsroom]
) -> None:
    page, newsroom = held
    page.free.set()
    url = postgres.new()
    run = scrapy("due", *machine(tmp_path / "one", url), environment=newsroom.environment)
    assert "lamp ran in" in run.stdout, run.stdout + run.stderr
    run = scrapy("due", *machine(tmp_path / "other", url), environment=newsroom.environment)
    assert (run.returncode, folders(tmp_path / "other")) == (0, []), run.stdout + run.stderr


@pytest.mark.drill
@pytest.mark.parametrize("minutes", [-10, 10])
def test_machines_whose_clocks_differ_by_minutes_make_one_visit(
    tmp_path: Path, postgres: Server, held: tuple[Held, Newsroom], minutes: int
) -> None:
    page, newsroom = held
    page.free.set()
    url = postgres.new()
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    clock = {"TEST_MOMENT": moment.isoformat(), "PYTHONPATH": str(ROOT / "tests" / "clock")}
    run = scrapy("due", *machine(tmp_path / "one", url), environment={**newsroom.environment, **clock})
    assert "lamp ran in" in run.stdout, run.stdout + run.stderr
    run = scrapy("due", *machine(tmp_path / "other", url), environment=newsroom.environment)
    assert (run.returncode, folders(tmp_path / "other")) == (0, []), run.stdout + run.stderr


def test_a_visit_is_known_before_another_machine_may_have_its_turn(
    tmp_path: Path, postgres: Server, held: tuple[Held, Newsroom], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, newsroom = held
    page.free.set()
    for name, value in newsroom.environment.items():
        monkeypatch.setenv(name, value)
    url = postgres.new()
    entry = Entry(name="lamp", outlet="site", arguments={"start": f"{HOST}/feed.xml"}, locks=("site-lamp.test",))
    asked = []

    def is_due() -> bool:
        asked.append((leases(url).is_held(entry.locks), [Crawl.open(folder).status for folder in folders(tmp_path)]))
        return True

    visitor = Visitor(tmp_path / "archive", ROOT, LOOPBACK, catalogue_url=url)
    assert visitor.visit(entry, is_due).status == 0
    assert asked == [(True, []), (True, ["finished"])]


def test_a_crawl_whose_lease_is_lost_stops_and_is_gone_on_with(tmp_path: Path, held: tuple[Held, Newsroom]) -> None:
    page, newsroom = held
    with server() as started:
        options = machine(tmp_path / "one", started.new())
        begun = begin("due", options, newsroom)
        assert page.asked.wait(60)
        started.stop()
        page.free.set()
        told = begun.communicate(timeout=120)[0]
        assert begun.returncode == 1, told
        assert "lamp failed with status 1" in told
        assert "keeps this outlet for this crawl no longer" in told
        (folder,) = folders(tmp_path / "one")
        assert Crawl.open(folder).status == "interrupted"
        started.start()
        resumed = scrapy("resume", folder, *options, environment=newsroom.environment)
        assert resumed.returncode == 0, resumed.stderr
        assert len(list(Crawl.open(folder).articles())) == len(URLS)
    with pytest.raises(CatalogueUnreachable, match="start its server"), leases(started.url("archive_0")).take(["dw"]):
        pass


def test_a_visit_that_cannot_be_made_is_told_and_the_others_go_on(tmp_path: Path, postgres: Server) -> None:
    one_is_not_visited(tmp_path, postgres)


def one_is_not_visited(tmp_path: Path, postgres: Server, *, cluster: bool = False) -> None:
    """Of three outlets, the third's turn comes while the catalogue lets nobody in; then it does again."""
    hosts = [f"www.lamp{n}.test" for n in range(3)]
    pages = {url: answer for host in hosts for url, answer in front(host, 1).items()}
    first, second = (f"https://{host}/feed.xml" for host in hosts[:2])
    story = next(url for url in front(hosts[1], 1) if "story" in url)
    url, both, free = postgres.new(), Event(), Event()
    let_in = f"ALTER DATABASE {url.rpartition('/')[2]} ALLOW_CONNECTIONS"

    def waiting(request: Request) -> Answer:
        both.set()
        return replace(pages[first], until=free)

    def closing(request: Request) -> Answer:
        postgres.run(f"{let_in} false")
        return pages[story]

    options = [*timetable(tmp_path, hosts, at_once=2), "-s", f"CATALOGUE_URL={url}"]
    with (
        Newsroom.for_pages(
            {**pages, first: waiting, second: replace(pages[second], until=both), story: closing}
        ) as newsroom,
        nodes(newsroom.environment) as there,
    ):
        if cluster:
            there.begin(1)
            options += ["--on", "ray"]
        begun = begin("due", options, newsroom, there.environment)
        assert begun.stdout is not None
        told = ""
        while "lamp2 is not visited" not in told:
            told += (line := begun.stdout.readline())
            assert line, told
        postgres.run(f"{let_in} true")
        free.set()
        told += begun.communicate(timeout=120)[0]
    assert begun.returncode == 1, told
    assert "pressmark: lamp2 is not visited: postgresql://" in told
    assert [told.count(f"lamp{n} ran in") for n in range(3)] == [1, 1, 0], told
