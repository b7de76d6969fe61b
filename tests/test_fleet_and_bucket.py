"""A fleet whose archive is a bucket and whose catalogue is a server's loses nodes, and no page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from s3fs import S3FileSystem

from archive.crawl import Crawl
from archive.places import place, spool_of
from catalogue.catalogue import Catalogue
from catalogue.lease import leases_of
from catalogue.search import Wanted, search
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.buckets import BUCKET, Proxy, environment, make_bucket, served
from tests.gentle import gaps
from tests.machines import HERE, NETWORK, machines
from tests.nodes import HASTE, need_ray, nodes
from tests.postgres import Server, server
from tests.running import ROOT, scrapy
from tests.test_due import begin
from tests.test_fleet import begun, front, timetable
from tests.test_leases import one_is_not_visited

pytestmark = pytest.mark.drill
GENTLE = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", "-s", "DOWNLOAD_DELAY=0.2")


@pytest.fixture(autouse=True)
def ray() -> None:
    need_ray(drill=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Outlets, and where what they publish is kept: an archive in a bucket, and a catalogue at a server."""

    hosts: list[str]
    pages: dict[str, Answer]
    root: Path
    url: str
    given: dict[str, str]  # the variables by which commands find the archive

    @property
    def stories(self) -> Counter[str]:
        """Every story, once."""
        return Counter(url for url in self.pages if not url.endswith("feed.xml"))

    def crawls(self) -> list[Path]:
        """The crawls that are in the bucket; a name that a lost machine claimed is none."""
        outlets = (place(str(self.root)) / "crawls").iterdir()
        return sorted(one for outlet in outlets for one in outlet.iterdir() if (one / "crawl.json").exists())

    def is_free(self) -> bool:
        """Whether nobody holds the lease of any outlet."""
        leases = leases_of(self.url)
        assert leases is not None
        return not leases.is_held([f"site-{host.removeprefix('www.')}" for host in self.hosts])

    def known(self) -> tuple[Counter[str], int]:
        """The articles that the catalogue knows, and in how many captures."""
        with Catalogue.open(self.root, self.url) as catalogue:
            assert catalogue.catch_up() == []
            captures = sum(line.startswith("captures ") for line in catalogue.dump())
            return Counter(one.article.url for one in search(catalogue, Wanted())), captures


def press(root: Path, proxy: Proxy, url: str, count: int, stories: int) -> Press:
    hosts = [f"www.lamp{n}.test" for n in range(count)]
    ours = {
        "PRESSMARK_ARCHIVE_DIR": str(root),
        "PRESSMARK_SPOOL_DIR": str(spool_of(root).parent),
        "PRESSMARK_CATALOGUE_URL": url,
    }
    pages = {page: answer for host in hosts for page, answer in front(host, stories).items()}
    return Press(hosts=hosts, pages=pages, root=root, url=url, given={**environment(proxy), **ours})


def in_bucket(tmp_path: Path, hosts: list[str]) -> list[str]:
    """The options of a gentle `due`; the archive is told by the environment."""
    options = timetable(tmp_path, hosts, at_once=len(hosts))
    at = next(number for number, part in enumerate(options) if part.startswith("ARCHIVE_DIR="))
    return [*options[: at - 1], *options[at + 1 :], *GENTLE]


def articles_of(folders: Iterable[Path]) -> Counter[str]:
    return Counter(line["url"] for folder in folders for line in Crawl.open(folder).articles())


def test_a_node_that_is_killed_costs_no_page_of_bucket_and_catalogue(
    tmp_path: Path, root: Path, proxy: Proxy, postgres: Server
) -> None:
    ours = press(root, proxy, postgres.new(), count=4, stories=30)
    options = in_bucket(tmp_path, ours.hosts)
    with Newsroom.for_pages(ours.pages) as newsroom, nodes({**newsroom.environment, **environment(proxy)}) as cluster:
        cluster.begin(1)
        lost = cluster.begin(1)
        cluster.begin(1)
        environment_here = {**ours.given, **cluster.environment}
        due = begin("due", ["--on", "ray", *options], newsroom, environment_here)
        while len(begun(newsroom)) < len(ours.hosts) and due.poll() is None:
            os.sched_yield()
        cluster.kill(lost)
        told = due.communicate(timeout=300)[0]
        assert due.returncode == 0, told
        assert "going on with" in told
        assert "node 127.0.0.3 was lost" in told
        for host in ours.hosts:
            assert min(gaps(newsroom, host)[1:]) >= 0.15, host
        folders = ours.crawls()
        assert [Crawl.open(folder).status for folder in folders] == ["finished"] * len(ours.hosts)
        assert articles_of(folders) == ours.stories
        assert ours.known() == (ours.stories, ours.stories.total())
        assert ours.is_free()
        assert not list(spool_of(ours.root).glob("crawls/*/*"))
        again = scrapy("due", "--on", "ray", *options, environment={**newsroom.environment, **environment_here})
        assert (again.returncode, ours.crawls()) == (0, folders), again.stdout + again.stderr
        verified = scrapy("verify", str(ours.root), environment=ours.given)
        assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
        for folder in folders:
            replayed = scrapy("replay", str(folder), environment=ours.given)
            assert replayed.stdout == "the same: 30 articles\n", replayed.stdout + replayed.stderr
        for name, more, where in (("here", (), ours.given), ("there", ("--on", "ray"), environment_here)):
            run = scrapy("extract", str(ours.root), "-o", tmp_path / f"{name}.jsonl", *more, environment=where)
            assert run.returncode == 0, run.stderr
    assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()
    assert (tmp_path / "here.jsonl").read_bytes().count(b"\n") == ours.stories.total()


def test_a_node_that_vanishes_costs_no_page_and_what_it_held_comes_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machines(2) as there, served(HERE) as proxy, server() as started:
        started.open_to(NETWORK, HERE)
        make_bucket(proxy, BUCKET)
        for name, value in environment(proxy).items():
            monkeypatch.setenv(name, value)
        S3FileSystem.clear_instance_cache()  # it may know another server
        url = started.new().replace("127.0.0.1", HERE)
        ours = press(place(f"s3://{BUCKET}/news", there[0].place), proxy, url, count=4, stories=30)
        options = in_bucket(tmp_path, ours.hosts)
        with (
            Newsroom.for_pages(ours.pages, HERE) as newsroom,
            nodes({**newsroom.environment, **environment(proxy), **HASTE}, HERE) as cluster,
        ):
            cluster.begin(0)
            cluster.begin(1, machine=there[0])
            vanishing = cluster.begin(1, machine=there[1])
            due = begin("due", ["--on", "ray", *options], newsroom, {**ours.given, **cluster.environment})
            while len(begun(newsroom)) < len(ours.hosts) and due.poll() is None:
                os.sched_yield()
            there[1].unplug()
            told = due.communicate(timeout=300)[0]
            assert due.returncode == 0, told
            assert f"node {there[1].address} was lost" in told
            for host in ours.hosts:
                assert min(gaps(newsroom, host)[1:]) >= 0.15, host
            whole = ours.crawls()
            assert [Crawl.open(folder).status for folder in whole] == ["finished"] * len(ours.hosts)
            assert articles_of(whole) == ours.stories
            assert ours.known() == (ours.stories, ours.stories.total())
            assert ours.is_free()
            cluster.kill(vanishing)
            there[1].plug_in()
            (empty := tmp_path / "empty").mkdir()
            back = subprocess.run(
                there[1].alone([sys.executable, "-m", "scrapy", "due", *options], empty),
                cwd=ROOT,
                env={**os.environ, **newsroom.environment, **ours.given},
                capture_output=True,
                text=True,
                check=False,
            )
            assert back.returncode == 0, back.stdout + back.stderr
        late = [folder for folder in ours.crawls() if folder not in whole]
        assert {Crawl.open(folder).status for folder in late} == {"interrupted"}
        assert ours.known() == (ours.stories, ours.stories.total() + articles_of(late).total())
        verified = scrapy("verify", str(ours.root), environment=ours.given)
        assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
        assert ours.is_free()


def test_a_node_that_may_not_use_the_bucket_is_refused_and_the_others_go_on(
    tmp_path: Path, root: Path, proxy: Proxy, postgres: Server
) -> None:
    ours = press(root, proxy, postgres.new(), count=2, stories=2)
    wrong = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    options = ["--on", "ray", *in_bucket(tmp_path, ours.hosts)]
    with Newsroom.for_pages(ours.pages) as newsroom, nodes({**newsroom.environment, **environment(proxy)}) as cluster:
        cluster.begin(0)
        cluster.begin(1, wrong)
        cluster.begin(1)
        run = scrapy("due", *options, environment={**newsroom.environment, **ours.given, **cluster.environment})
        assert (run.returncode, run.stderr.count("\n")) == (1, 1), run.stderr
        assert run.stderr.startswith(f"pressmark: node 127.0.0.3 is refused: {root}")
        assert "there are no credentials; set AWS_ACCESS_KEY_ID" in run.stderr
        assert articles_of(ours.crawls()) == ours.stories


def test_a_visit_that_cannot_be_made_on_a_cluster_is_told_and_the_others_go_on(
    tmp_path: Path, postgres: Server
) -> None:
    one_is_not_visited(tmp_path, postgres, cluster=True)
