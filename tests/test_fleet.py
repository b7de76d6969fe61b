"""On a cluster, archives are read and outlets are visited as they are on one machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nodes import Nodes, nodes
from tests.running import scrapy
from tests.test_extract import foreign
from tests.test_replay import URLS


@pytest.fixture(scope="module")
def cluster() -> Iterator[Nodes]:
    with nodes() as cluster:
        cluster.begin(1)
        cluster.begin(1)
        yield cluster


def archives(folder: Path, count: int) -> list[Path]:
    return [foreign(folder / f"{n:02}.warc.gz", URLS, gzipped=True, version="1.1") for n in range(count)]


def test_a_cluster_writes_what_one_machine_writes(tmp_path: Path, cluster: Nodes) -> None:
    warcs = archives(tmp_path, 4)
    warcs[1].write_bytes(warcs[1].read_bytes()[:-100])
    here = scrapy("extract", *warcs, "-o", tmp_path / "here.jsonl")
    there = scrapy("extract", *warcs, "-o", tmp_path / "there.jsonl", "--on", "ray", environment=cluster.environment)
    assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
    assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()
