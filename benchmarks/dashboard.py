"""Draws docs/dashboard.svg: the dashboard's own queries, answered by a Prometheus that watched the demo's outlets.

`python -m benchmarks.dashboard` takes about two minutes, and needs Prometheus (Debian's package `prometheus`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.picture import Series, draw
from newsroom.sites import SITES, open_newsroom

ROOT = Path(__file__).parent.parent
DASHBOARD = ROOT / "docs" / "dashboard.json"
PICTURE = ROOT / "docs" / "dashboard.svg"
FIRST_PORT = 19701  # the crawls', one each
PROMETHEUS = 19700
ROUNDS = 2  # crawls of each outlet: the second finds little that is new


def main() -> None:
    """Crawl, watch, ask, draw."""
    if shutil.which("prometheus") is None:
        sys.exit("no prometheus here: install the package prometheus")
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder, _prometheus(Path(folder)):
        began = time.time()
        _crawls(Path(folder))
        ended = time.time()
        panels = [(panel, list(_answers(panel, began, ended))) for panel in dashboard["panels"]]
    for panel, series in panels:
        print(f"{panel['title']}: {len(series)} series")
    PICTURE.write_text(draw(dashboard["title"], panels), encoding="utf-8")


@contextmanager
def _prometheus(folder: Path) -> Iterator[None]:
    """A Prometheus that asks all crawls for their metrics each second."""
    targets = ", ".join(f'"127.0.0.1:{FIRST_PORT + number}"' for number in range(len(SITES)))
    config = folder / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 1s}\n"
        f"scrape_configs: [{{job_name: pressmark, static_configs: [{{targets: [{targets}]}}]}}]\n"
    )
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{PROMETHEUS}",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def _crawls(folder: Path) -> None:
    """All outlets of the demo at once, gently, so that there is something to watch."""
    with open_newsroom() as newsroom, ExitStack() as running:
        environment = {**os.environ, **newsroom.environment}
        for _ in range(ROUNDS):
            crawls = []
            for number, site in enumerate(SITES):
                start = ["-a", f"start={site.start}"] if site.start else []
                settings = {
                    "ARCHIVE_DIR": folder,
                    "SPIDER_MODULES": "newsroom.outlets",
                    "PRIVATE_ADDRESSES_ALLOWED": 1,
                    "DOWNLOAD_DELAY": 2,
                    "AUTOTHROTTLE_ENABLED": 0,
                    "LOOK_AGAIN": "1s",
                    "METRICS_PORT": FIRST_PORT + number,
                    "EXTRACTION_PROCESSES": 1,
                }
                options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
                command = [sys.executable, "-m", "scrapy", "crawl", site.name, *start, *options, "--nolog"]
                crawls.append(running.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment)))
            for crawl in crawls:
                crawl.wait()


def _answers(panel: dict[str, Any], began: float, ended: float) -> Iterator[Series]:
    """What a panel shows: the answers to its queries."""
    for target in panel["targets"]:
        query = target["expr"].replace("$outlet", ".*").replace("$__rate_interval", "5s")
        asked = {"query": query, "start": began, "end": ended, "step": 1}
        url = f"http://127.0.0.1:{PROMETHEUS}/api/v1/query_range?{urllib.parse.urlencode(asked)}"
        with urllib.request.urlopen(url) as response:
            answer = json.load(response)
        for found in answer["data"]["result"]:
            name = target["legendFormat"]
            for label, value in found["metric"].items():
                name = name.replace(f"{{{{{label}}}}}", value)
            points = tuple((at, float(value)) for at, value in found["values"] if value != "NaN")
            yield Series(name=name, points=points)


if __name__ == "__main__":
    main()
