"""Prometheus is told what a crawl counts, and finds each metric that the documents name."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from crawler.measured import _listings
from newsroom import Answer, Newsroom, Request
from newsroom.sites import open_newsroom
from tests.judges.asking import tool
from tests.running import LOOPBACK, ROOT, scrapy

DEMO = ("-s", "SPIDER_MODULES=newsroom.outlets")
LABELS = {"outlet", "le"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The text file of a crawl's metrics."""
    archive = tmp_path_factory.mktemp("archive")
    with open_newsroom() as newsroom:
        options = (
            "-s",
            f"ARCHIVE_DIR={archive}",
            *DEMO,
            *LOOPBACK,
            "-s",
            f"METRICS_TEXTFILE={archive}/{{outlet}}.prom",
        )
        run = scrapy("crawl", "demo-dw", *options, environment=newsroom.environment)
    assert run.returncode == 0, run.stderr
    return archive / "demo-dw.prom"


def families(text: str) -> dict[str, Metric]:
    return {metric.name: metric for metric in text_string_to_metric_families(text)}


def values(text: str) -> dict[str, float]:
    """Each sample's value, by its name and its labels but the outlet's."""
    found = {}
    for metric in families(text).values():
        for sample in metric.samples:
            labels = "".join(f" {value}" for name, value in sample.labels.items() if name != "outlet")
            found[sample.name.removeprefix("pressmark_") + labels] = sample.value
    return found


def test_the_numbers_are_those_of_the_crawl(written: Path) -> None:
    told = values(written.read_text())
    assert told["responses_total 200"] == 10
    assert told["responses_total 503"] == told["retries_total"] == 1
    assert told["articles_requested_total"] == 7
    assert told["articles_total dw-2023"] + told["articles_total dw-2011"] == 6
    assert told["listings_total read"] == 3
    assert told["article_length_characters_bucket +Inf"] == 6
    assert told["crawl_running"] == told["pages_waiting"] == 0
    assert told["last_success_timestamp_seconds"] > told["crawl_start_timestamp_seconds"]
    size = sum(path.stat().st_size for path in written.parent.glob("crawls/*/*/*.warc.gz"))
    assert told["recorded_bytes_total"] == size
    assert told["alarm silent"] == 0


def test_an_empty_listing_is_not_counted_as_one_that_was_read() -> None:
    told = {"listings/read": 3, "listings/empty": 1, "listings/failed": 2}
    assert _listings(told) == {"read": 2, "empty": 1, "failed": 2}


def test_every_sample_names_its_outlet(written: Path) -> None:
    for metric in families(written.read_text()).values():
        assert {sample.labels["outlet"] for sample in metric.samples} <= {"demo-dw"}


def test_every_metric_is_documented_and_no_other(written: Path) -> None:
    text = (ROOT / "docs" / "observing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(pressmark_\w+)` \| (\w+) \|([^|]*)\|", text, re.MULTILINE)
    documented = {(name.removesuffix("_total"), kind) for name, kind, _ in rows}
    found = families(written.read_text())
    assert documented == {(metric.name, metric.type) for metric in found.values()}
    for name, _, labels in rows:
        for sample in found[name.removesuffix("_total")].samples:
            assert set(sample.labels) - LABELS == set(re.findall(r"\w+", labels)), name


def test_the_dashboard_asks_for_metrics_that_there_are(written: Path) -> None:
    there = set(families(written.read_text()))
    dashboard = (ROOT / "docs" / "dashboard.json").read_text(encoding="utf-8")
    queries = [target["expr"] for panel in json.loads(dashboard)["panels"] for target in panel["targets"]]
    for query in queries:
        assert {re.sub(r"_(total|bucket)$", "", name) for name in re.findall(r"pressmark_\w+", query)} <= there, query


@pytest.mark.drill
def test_promtool_finds_no_fault(written: Path) -> None:
    command: list[str | Path] = [tool("prometheus", "usr/bin/promtool"), "check", "metrics"]
    run = subprocess.run(command, input=written.read_bytes(), capture_output=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, b"")


def test_a_running_crawl_is_asked(tmp_path: Path) -> None:
    read = threading.Event()

    def page(_: Request) -> Answer:
        """The page comes when the metrics have been read: until then the crawl runs."""
        read.wait(60)
        return Answer(body=(ROOT / "tests" / "pages" / "upi-2018.html").read_bytes())

    url = "https://www.wirepost.test/News/2026/03/01/a/1234567890123/"
    with Newsroom.for_pages({url: page}) as newsroom:
        options = ("-s", f"ARCHIVE_DIR={tmp_path}", *LOOPBACK, "-s", "METRICS_PORT=0", "-a", f"urls={url}")
        with subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "upi", *options],
            cwd=ROOT,
            env={**os.environ, **newsroom.environment},
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            addresses = (re.search(r"http://127\.0\.0\.1:\d+/metrics", line) for line in process.stderr)
            address = next(found[0] for found in addresses if found)
            with urllib.request.urlopen(address) as response:
                assert response.headers["Content-Type"].startswith("text/plain; version=")
                told = values(response.read().decode())
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(address.removesuffix("metrics"))
            read.set()
            process.stderr.read()
    assert process.returncode == 0
    assert told["crawl_running"] == 1
    with pytest.raises(OSError, match="refused"):  # the port is closed with the crawl
        urllib.request.urlopen(address)


def test_a_taken_port_and_a_folder_that_is_not_there_cost_no_crawl(tmp_path: Path) -> None:
    with open_newsroom() as newsroom, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        given = ("-s", f"METRICS_PORT={port}", "-s", f"METRICS_TEXTFILE={tmp_path}/none/x.prom")
        options = ("-s", f"ARCHIVE_DIR={tmp_path}", *DEMO, *LOOPBACK, *given)
        run = scrapy("crawl", "demo-dw", *options, environment=newsroom.environment)
    assert run.returncode == 0
    assert run.stderr.count(f"No metrics are served: Couldn't listen on 127.0.0.1:{port}") == 1
    assert run.stderr.count(f"No metrics are written: {tmp_path}/none/x.prom: No such file or directory") == 1
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("port", ["http", "-1", "65536"])
def test_a_port_that_is_none_is_refused_before_anything_starts(tmp_path: Path, port: str) -> None:
    run = scrapy("crawl", "dw", "-s", f"ARCHIVE_DIR={tmp_path}", "-s", f"METRICS_PORT={port}", "--nolog")
    assert (run.returncode, run.stderr) == (
        2,
        f"pressmark: METRICS_PORT={port} makes no sense; it is a port's number, or 0 for any free one\n",
    )
    assert not list(tmp_path.glob("crawls/*/*"))
