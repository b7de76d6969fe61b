"""On a cluster, archives are read and outlets are visited as they are on one machine, and lost nodes lose nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from threading import Event

import pytest

from archive.crawl import Crawl
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from tests.gentle import gaps
from tests.machines import showing
from tests.nodes import Nodes, need_ray, nodes
from tests.running import LOOPBACK, ROOT, scrapy
from tests.test_due import Held
from tests.test_extract import foreign
from tests.test_kill import HTML
from tests.test_replay import URLS, page

pytestmark = pytest.mark.xdist_group("fleet")  # in one process: one cluster serves them all

OUTLETS = 6


@pytest.fixture(autouse=True)
def ray(request: pytest.FixtureRequest) -> None:
    need_ray(drill=request.node.get_closest_marker("drill") is not None)


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom.for_pages(front("www.lamp1.test", 5) | front("www.lamp2.test", 5)) as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def cluster(newsroom: Newsroom) -> Iterator[Nodes]:
    need_ray(drill=False)
    with nodes(newsroom.environment) as cluster:
        cluster.begin(1)
        cluster.begin(1)
        yield cluster


def archives(folder: Path, count: int, copies: int = 1) -> list[Path]:
    pages = {f"{url}{copy}/": body for copy in range(copies) for url, body in URLS.items()}
    return [foreign(folder / f"{n:02}.warc.gz", pages, gzipped=True, version="1.1") for n in range(count)]


def begin(*arguments: object, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_cluster_writes_what_one_machine_writes(tmp_path: Path, cluster: Nodes) -> None:
    warcs = archives(tmp_path, 4)
    warcs[1].write_bytes(warcs[1].read_bytes()[:-100])
    (tmp_path / "09.warc.gz").symlink_to(tmp_path / "vanished.warc.gz")
    here = scrapy("extract", tmp_path, "-o", tmp_path / "here.jsonl")
    there = scrapy("extract", tmp_path, "-o", tmp_path / "there.jsonl", "--on", "ray", environment=cluster.environment)
    assert (here.returncode, here.stderr.count("\n")) == (1, 2)
    assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
    assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()


def fleet(*arguments: object, environment: dict[str, str]) -> tuple[int, str]:
    """The status of a command and what it says on standard error."""
    run = scrapy(*map(str, arguments), "--on", "ray", environment=environment)
    return run.returncode, run.stderr


@pytest.mark.drill
def test_a_node_with_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trafilatura-0.0.1.dist-info").mkdir()
    (tmp_path / "trafilatura-0.0.1.dist-info" / "METADATA").write_text("Name: trafilatura\nVersion: 0.0.1\n")
    warcs, out = archives(tmp_path, 2), tmp_path / "there.jsonl"
    with nodes() as cluster:
        cluster.begin(1, {"PYTHONPATH": str(tmp_path)})
        status, told = fleet("extract", *warcs, "-o", out, environment=cluster.environment)
        refused = f"node 127.0.0.2 is refused: it has trafilatura 0.0.1, and {version('trafilatura')} is what runs here"
        assert (status, told.count("\n")) == (1, 1)
        assert f"no node is left: {refused}" in told
        cluster.begin(1)
        status, told = fleet("extract", *warcs, "-o", out, environment=cluster.environment)
        assert (status, told.count("\n")) == (1, 1)
        assert told.startswith(f"pressmark: {refused}")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2 * len(URLS)


@pytest.mark.drill
def test_a_node_with_other_code_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "archive", tmp_path / "archive", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "archive" / "capture.py").open("a") as file:
        file.write("# one line more\n")
    (warc,) = archives(tmp_path, 1)
    with nodes() as cluster:
        cluster.begin(1, before=showing(tmp_path / "archive", ROOT / "archive"))
        status, told = fleet("extract", warc, "-o", tmp_path / "there.jsonl", environment=cluster.environment)
    assert (status, told.count("\n")) == (1, 1)
    assert re.search("node 127.0.0.2 is refused: it has code [0-9a-f]{12}, and [0-9a-f]{12} is what runs here", told)


def front(host: str, count: int) -> dict[str, Answer]:
    """An outlet: its feed, and so many stories."""
    urls = [f"https://{host}/2026/03/01/story-number-{n}-of-the-lamp/" for n in range(count)]
    items = "".join(f"<item><link>{url}</link></item>" for url in urls)
    feed = f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>".encode()
    return {
        f"https://{host}/feed.xml": Answer(headers=(("Content-Type", "application/rss+xml"),), body=feed),
        **{url: Answer(headers=HTML, body=page(f"Story {n}", f"Number {n},")) for n, url in enumerate(urls)},
    }


def timetable(tmp_path: Path, hosts: list[str], at_once: int) -> list[str]:
    entries = [
        f'[outlets.{host.split(".")[-2]}]\noutlet = "site"\narguments = {{ start = "https://{host}/feed.xml" }}\n'
        for host in hosts
    ]
    file = tmp_path / "timetable.toml"
    file.write_text(f"processes = {at_once}\n{''.join(entries)}", encoding="utf-8")
    return ["-s", f"TIMETABLE={file}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}", *LOOPBACK]


def test_outlets_are_visited_on_a_cluster(tmp_path: Path, newsroom: Newsroom, cluster: Nodes) -> None:
    options = timetable(tmp_path, ["www.lamp1.test", "www.lamp2.test"], at_once=2)
    environment = {**newsroom.environment, **cluster.environment}
    for expected in (2, 0):
        run = scrapy("due", "--on", "ray", *options, environment=environment)
        assert (run.returncode, run.stdout.count(" ran in ")) == (0, expected), run.stdout + run.stderr
    folders = sorted(tmp_path.glob("archive/crawls/*/*"))
    assert [len(list(Crawl.open(folder).articles())) for folder in folders] == [5, 5]
    assert {Crawl.open(folder).status for folder in folders} == {"finished"}


@pytest.mark.drill
def test_crawls_on_a_cluster_close_their_files_when_asked_to_end(tmp_path: Path) -> None:
    hosts = ["www.lamp1.test", "www.lamp2.test"]
    pages = {url: answer for host in hosts for url, answer in front(host, 5).items()}
    held = Held()
    options = timetable(tmp_path, hosts, at_once=1)
    with (
        Newsroom.for_pages(pages | {f"https://{hosts[1]}/feed.xml": held}) as newsroom,
        nodes(newsroom.environment) as cluster,
    ):
        cluster.begin(1)
        due = begin("due", "--on", "ray", *options, environment={**newsroom.environment, **cluster.environment})
        assert due.stdout is not None
        assert "lamp1 ran in" in due.stdout.readline()
        assert held.asked.wait(60)
        due.send_signal(signal.SIGTERM)
        while "Closing spider" not in "".join(log.read_text() for log in tmp_path.glob("archive/logs/lamp2/*")):
            assert due.poll() is None
            os.sched_yield()
        held.free.set()
        told = due.communicate(timeout=120)[0]
        assert due.returncode == 0, told
        assert "lamp2 ran in" in told
    statuses = [Crawl.open(folder).status for folder in sorted(tmp_path.glob("archive/crawls/*/*"))]
    assert sorted(statuses) == ["finished", "interrupted"]


def begun(newsroom: Newsroom) -> set[str]:
    """The hosts that have answered with a story."""
    return {one.request.host for one in list(newsroom.log) if "story" in one.request.target}


@pytest.mark.drill
def test_outlets_of_a_node_that_is_killed_are_gone_on_with_on_another(tmp_path: Path) -> None:
    hosts = [f"www.lamp{n}.test" for n in range(OUTLETS)]
    pages = {url: answer for host in hosts for url, answer in front(host, 50).items()}
    gentle = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", "-s", "DOWNLOAD_DELAY=0.2")
    options = [*timetable(tmp_path, hosts, at_once=OUTLETS), *gentle]
    with Newsroom.for_pages(pages) as newsroom, nodes(newsroom.environment) as cluster:
        cluster.begin(1)
        other = cluster.begin(1)
        due = begin("due", "--on", "ray", *options, environment={**newsroom.environment, **cluster.environment})
        while len(begun(newsroom)) < OUTLETS and due.poll() is None:
            os.sched_yield()
        cluster.kill(other)
        told = due.communicate(timeout=300)[0]
        assert due.returncode == 0, told
        for host in hosts:
            assert min(gaps(newsroom, host)[1:]) >= 0.15, host
    assert "going on with" in told
    assert "node 127.0.0.3 was lost" in told
    assert "(raylet)" not in told
    folders = sorted(tmp_path.glob("archive/crawls/*/*"))
    assert len(folders) == OUTLETS
    for folder in folders:
        assert Crawl.open(folder).status == "finished"
        assert scrapy("verify", folder).returncode == 0
    read = Counter(line["url"] for folder in folders for line in Crawl.open(folder).articles())
    assert read == Counter(url for url in pages if not url.endswith("feed.xml"))


@pytest.mark.drill
def test_archives_of_a_node_that_is_killed_are_read_again(tmp_path: Path) -> None:
    warcs = archives(tmp_path, 12, copies=20)
    here = scrapy("extract", *warcs, "-o", tmp_path / "here.jsonl")
    with nodes() as cluster:
        cluster.begin(1)
        other = cluster.begin(1)
        there = begin("extract", *warcs, "-o", tmp_path / "there.jsonl", "--on", "ray", environment=cluster.environment)
        while there.poll() is None and not (tmp_path / "there.jsonl").exists():
            os.sched_yield()
        while there.poll() is None and not (tmp_path / "there.jsonl").stat().st_size:
            os.sched_yield()
        cluster.kill(other)
        told = there.communicate(timeout=300)[0]
        assert there.returncode == here.returncode == 0, told
    assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()


@pytest.mark.drill
def test_a_job_that_costs_three_nodes_is_named_and_given_up_and_the_others_go_on(tmp_path: Path) -> None:
    pages = front("www.lamp1.test", 2) | front("www.lamp2.test", 2)
    feed = "https://www.lamp1.test/feed.xml"
    asked, free = Event(), Event()

    def never(request: Request) -> Answer:
        asked.set()
        return replace(pages[feed], until=free)

    options = timetable(tmp_path, ["www.lamp1.test", "www.lamp2.test"], at_once=1)
    with Newsroom.for_pages({**pages, feed: never}) as newsroom, nodes(newsroom.environment) as cluster:
        cluster.begin(0)
        due = begin("due", "--on", "ray", *options, environment={**newsroom.environment, **cluster.environment})
        for _ in range(3):
            node = cluster.begin(1)
            assert asked.wait(120)
            asked.clear()
            cluster.kill(node)
        cluster.begin(1)
        told = due.communicate(timeout=300)[0]
        free.set()
    assert due.returncode == 1, told
    assert "pressmark: lamp1: 3 processes that had it in hand were lost, one after another\n" in told
    assert "lamp2 ran in" in told


@pytest.mark.drill
def test_a_command_whose_cluster_dies_ends_and_the_next_goes_on_with_its_crawls(tmp_path: Path) -> None:
    pages = front("www.lamp.test", 30)
    options = [*timetable(tmp_path, ["www.lamp.test"], at_once=1), "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1"]
    hasty = {"RAY_gcs_rpc_server_reconnect_timeout_s": "5"}  # of what is left of the cluster
    with Newsroom.for_pages(pages) as newsroom, nodes({**newsroom.environment, **hasty}) as cluster:
        head = cluster.begin(0)
        cluster.begin(1)
        environment = {**newsroom.environment, **cluster.environment, **hasty}
        due = begin("due", "--on", "ray", *options, "-s", "DOWNLOAD_DELAY=2", environment=environment)
        while len(newsroom.log) < 6 and due.poll() is None:
            os.sched_yield()
        cluster.kill(head)
        told = due.communicate(timeout=300)[0]
        assert due.returncode == 1, told
        for _ in range(60):  # what is left of the cluster may take a while to see that its head is gone
            run = scrapy("due", *options, environment=newsroom.environment)
            if "is being visited" not in run.stdout + run.stderr:
                break
    assert (run.returncode, run.stdout.count("going on with")) == (0, 1), run.stdout + run.stderr
    (folder,) = tmp_path.glob("archive/crawls/*/*")
    read = Counter(line["url"] for line in Crawl.open(folder).articles())
    assert read == Counter(url for url in pages if not url.endswith("feed.xml"))
