"""A cluster is reached on this machine, elsewhere, or is begun; and where that cannot be, one line says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from archive.crawl import Crawl
from newsroom.server import Newsroom
from tests.machines import machines
from tests.nodes import need_ray, nodes
from tests.running import ROOT, scrapy
from tests.test_fleet import archives, fleet, front, timetable
from tests.test_replay import URLS


@pytest.fixture(autouse=True)
def ray(request: pytest.FixtureRequest) -> None:
    need_ray(drill=request.node.get_closest_marker("drill") is not None)


def test_where_no_cluster_answers_that_is_said(tmp_path: Path) -> None:
    (warc,) = archives(tmp_path, 1)
    nowhere = {"RAY_ADDRESS": "127.0.0.1:9"}
    for command in (
        ("extract", warc, "-o", tmp_path / "out.jsonl"),
        ("due", *timetable(tmp_path, ["www.lamp.test"], 1)),
    ):
        status, told = fleet(*command, environment=nowhere)
        assert (status, told.count("\n")) == (1, 1)
        assert told.startswith("pressmark: no cluster answers at 127.0.0.1:9: ")
    run = scrapy("extract", warc, "--on", "spark")
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)


def test_without_ray_the_way_to_it_is_told(tmp_path: Path) -> None:
    (warc,) = archives(tmp_path, 1)
    (tmp_path / "ray.py").write_text("raise ModuleNotFoundError(name='ray')")
    status, told = fleet("extract", warc, environment={"PYTHONPATH": str(tmp_path)})
    assert (status, told) == (2, "pressmark: --on ray needs Ray, which is not installed: `make ray` adds it\n")


DIES_AT_FIRST = """
import os, signal, sys

def die_once():
    try:
        os.close(os.open({dead!r}, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)

if "--mode=proxy" in sys.orig_argv:
    os.register_at_fork(after_in_child=die_once)
"""


@pytest.mark.drill
def test_a_cluster_elsewhere_is_reached_by_rays_client_whose_server_dies_at_first(tmp_path: Path) -> None:
    (warc,) = archives(tmp_path, 1)
    dead = tmp_path / "dead"
    (tmp_path / "sitecustomize.py").write_text(DIES_AT_FIRST.format(dead=str(dead)))
    on = {"no_proxy": "127.0.0.1", "PYTHONPATH": f"{tmp_path}:{ROOT}"}  # Ray's own calls go through proxies, too
    on["RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S"] = "50"  # for a process to start, and for a dead one
    with Newsroom.for_pages(front("www.lamp.test", 5)) as newsroom, nodes({**newsroom.environment, **on}) as cluster:
        cluster.begin(1)
        environment = {name: value for name, value in cluster.environment.items() if name != "RAY_ADDRESS"}
        on_it = ("--on", cluster.elsewhere)
        run = scrapy("extract", warc, "-o", tmp_path / "there.jsonl", *on_it, environment=environment)
        assert (run.returncode, run.stderr, dead.exists()) == (0, "", True)
        due = scrapy("due", *on_it, *timetable(tmp_path, ["www.lamp.test"], 1), environment=environment)
        assert (due.returncode, due.stdout.count(" ran in ")) == (0, 1), due.stdout + due.stderr
    assert len((tmp_path / "there.jsonl").read_text(encoding="utf-8").splitlines()) == len(URLS)
    (folder,) = tmp_path.glob("archive/crawls/*/*")
    assert len(list(Crawl.open(folder).articles())) == 5


@pytest.mark.drill
def test_where_there_is_no_cluster_a_command_begins_one_of_its_own(tmp_path: Path) -> None:
    (warc,) = archives(tmp_path, 1)
    out = tmp_path / "there.jsonl"
    extract = [sys.executable, "-m", "scrapy", "extract", warc, "-o", out, "--on", "ray"]
    with machines(1) as (there,), TemporaryDirectory(prefix="ray-", dir="/tmp") as folder:
        run = subprocess.run(
            there.alone(extract, Path(folder)),  # where nobody else's can be found
            cwd=ROOT,
            env={**os.environ, "RAY_TMPDIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (run.returncode, run.stderr) == (0, "")
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(URLS)
