"""Recording against the same Scrapy without it, and against Scrapy as installed: pages a second, side by side.

    python -m benchmarks.crawl [ROUNDS]

The server and each crawl are processes of their own on this machine; the crawls take turns, so that a
machine whose speed drifts drifts for all. What counts is the ratio, round by round; its median is printed, and
the lowest and highest beside it: where these lie far apart, the machine had other things to do. A first crawl warms
everything up and is not counted.
Replaying the recorded crawl is set against recording it.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from newsroom.messages import Answer
from newsroom.server import Newsroom
from settings import EXTENSIONS

ROOT = Path(__file__).parent.parent
PAGES = 2000
WORDS = ["".join(random.Random(n).choices("aeioulnrstmdk", k=2 + n % 9)) for n in range(2000)]
LOOPBACK = {
    "PRIVATE_ADDRESSES_ALLOWED": 1,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "ROBOTSTXT_OBEY": 0,
    "SPIDER_MODULES": "benchmarks.spiders",
}
# What keeps a crawl, or needs one that is kept: all else is the same without it.
RECORDING = {
    "crawler.recording.Recorder",
    "catalogue.memory.CatalogueMemory",
    "catalogue.watch.LeaseWatch",
    "alarms.monitor.Monitor",
}
BARE = {
    **LOOPBACK,
    "DOWNLOAD_HANDLERS": '{"http": "benchmarks.handlers.BareDoor"}',
    "EXTENSIONS": json.dumps({name: order for name, order in EXTENSIONS.items() if name not in RECORDING}),
    "ITEM_PIPELINES": "{}",
}


def seconds(*arguments: str, environment: dict[str, str] | None = None) -> float:
    """The seconds that a crawl says it took, its start-up aside."""
    command = [sys.executable, "-m", "scrapy", *arguments]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    found = re.search(r"'elapsed_time_seconds': ([\d.]+)", run.stderr)
    if run.returncode or found is None:
        raise SystemExit(run.stdout + run.stderr)
    return float(found[1])


def settings(values: Mapping[str, object]) -> list[str]:
    return [part for name, value in values.items() for part in ("-s", f"{name}={value}")]


def page(number: int, size: int) -> bytes:
    """A page of made-up words, unlike any other, that packs about as well as real ones do."""
    chance = random.Random(number)
    words = " ".join(chance.choices(WORDS, k=size // 9))
    return f"<html><head><title>{number}</title></head><body><p>{words}</p></body></html>".encode()


def measure(size: int, rounds: int) -> None:
    """Print the figures for pages of `size` bytes."""
    ratios: dict[str, list[float]] = {"recording / bare": [], "recording / stock": [], "replay / recording": []}
    rates: dict[str, list[float]] = {"recording": [], "bare": [], "stock": [], "replay": []}
    pages = {
        f"/{number}": Answer(headers=(("Content-Type", "text/html"),), body=page(number, size))
        for number in range(PAGES)
    }
    with (
        TemporaryDirectory() as folder,
        Newsroom.for_pages({f"http://bench.test{path}": page for path, page in pages.items()}) as newsroom,
    ):
        proxy = {"http_proxy": newsroom.proxy}
        file = Path(folder) / "urls.txt"
        file.write_text("\n".join(f"http://bench.test{path}" for path in pages))
        seconds("crawl", "fetching", "-a", f"urls={file}", *settings(BARE), environment=proxy)
        for number in range(rounds):
            archive = {"ARCHIVE_DIR": f"{folder}/{number}"}
            urls = ("-a", f"urls={file}")
            default = {**proxy, "SCRAPY_SETTINGS_MODULE": "scrapy.settings.default_settings"}
            took = {
                "recording": seconds("crawl", "fetching", *urls, *settings({**LOOPBACK, **archive}), environment=proxy),
                "bare": seconds("crawl", "fetching", *urls, *settings(BARE), environment=proxy),
                "stock": seconds("runspider", str(ROOT / "benchmarks" / "stock.py"), *urls, environment=default),
            }
            (crawl,) = Path(folder, str(number)).glob("crawls/*/*")
            replaying = {"LOG_LEVEL": "INFO", "SPIDER_MODULES": "benchmarks.spiders"}
            took["replay"] = seconds("replay", str(crawl), *settings(replaying))
            for name, duration in took.items():
                rates[name].append(PAGES / duration)
            for name, found in ratios.items():
                one, _, other = name.partition(" / ")
                found.append(rates[one][-1] / rates[other][-1])
    print(
        f"{size:>7,} bytes a page: " + ", ".join(f"{name} {median(rate):.0f} pages/s" for name, rate in rates.items())
    )
    spreads = (f"{name} {median(found):.2f} ({min(found):.2f} to {max(found):.2f})" for name, found in ratios.items())
    print("                 ratios: " + ", ".join(spreads))


if __name__ == "__main__":
    for page_size in (2_000, 60_000):
        measure(page_size, int(sys.argv[1]) if len(sys.argv) > 1 else 3)
