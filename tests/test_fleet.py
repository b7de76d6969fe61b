"""On a cluster, archives are read and outlets are visited as they are on one machine, and lost nodes lose nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.crawl import Crawl
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.gentle import gaps
from tests.nodes import Nodes, need_ray, nodes
from tests.running import LOOPBACK, ROOT, scrapy
from tests.test_extract import foreign
from tests.test_kill import HTML
from tests.test_replay import URLS, page

OUTLETS = 6


@pytest.fixture(autouse=True)
def ray(request: pytest.FixtureRequest) -> None:
    need_ray(request)


@pytest.fixture
def cluster() -> Iterator[Nodes]:
    with nodes() as cluster:
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
    here = scrapy("extract", *warcs, "-o", tmp_path / "here.jsonl")
    there = scrapy("extract", *warcs, "-o", tmp_path / "there.jsonl", "--on", "ray", environment=cluster.environment)
    assert here.returncode == 1
    assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
    assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()


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
        while len(newsroom.log) < len(pages) / 3 and due.poll() is None:
            os.sched_yield()
        cluster.kill(other)
        told = due.communicate(timeout=300)[0]
        assert due.returncode == 0, told
        for host in hosts:
            assert min(gaps(newsroom, host)[1:]) >= 0.15, host
    assert "going on with" in told
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
