"""Crawling with extraction against the usual pipeline, and the extraction of archives on one core and on two.

    python -m benchmarks.extraction [--rounds 3] [--of known|others]

Real pages, served under their own hosts on loopback, each several times. Ours keeps every exchange as WARC and
reads in worker processes; the usual pipeline is Scrapy with trafilatura called in the callback, and keeps nothing.
They take turns, so that a machine whose speed drifts drifts for both; what counts is the ratio, whose median is
printed. The event loop's lag is sampled in both. CPU time is that of all of a crawl's processes, start-up included.
An archive is read by as many workers as there are cores, fed by one process more that is bound to the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scrapy.utils.project import get_project_settings

from archive.crawl import Crawl
from benchmarks.judging import DATA, Page, pages, zyte_pages
from crawler.article import Article
from crawler.outlets import Outlets
from crawler.reading import articles_of_crawl
from crawler.workers import ExtractionPool
from newsroom.messages import Answer
from newsroom.server import Newsroom

ROOT = Path(__file__).parent.parent
PAGES = 1000
SAME = {  # for both: as fast as it goes
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": 0,
    "LOG_LEVEL": "INFO",
    "EXTENSIONS": '{"benchmarks.lag.Lag": 0}',
}
OURS = {
    **SAME,
    "PRIVATE_ADDRESSES_ALLOWED": 1,
    "AUTOTHROTTLE_ENABLED": 0,
    "EXTENSIONS": '{"crawler.recording.Recorder": 0, "crawler.workers.ExtractionPool": 0, "benchmarks.lag.Lag": 0}',
}
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a crawl took."""

    seconds: float  # as it says itself, its start-up aside
    cpu: float  # seconds
    lag: float  # of its event loop, ms at the 99th percentile


def run(arguments: Sequence[object], environment: Mapping[str, str]) -> Run:
    """Run a crawl, and tell what it took."""
    before = children()
    command = [sys.executable, "-m", "scrapy", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    took = re.search(r"'elapsed_time_seconds': ([\d.]+)", done.stderr)
    lag = re.search(r"lag in ms: .* p99 ([\d.]+)", done.stderr)
    if done.returncode or took is None or lag is None:
        raise SystemExit(done.stdout + done.stderr)
    return Run(seconds=float(took[1]), cpu=children() - before, lag=float(lag[1]))


def children() -> float:
    """CPU seconds of the processes that have ended under this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def given(settings: Mapping[str, object]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]


def served(chosen: Sequence[Page]) -> dict[str, Answer]:
    """The pages by their URLs, each as often as it takes to make them many."""
    times = -(-PAGES // len(chosen))
    answers = {page.url: Answer(headers=HTML, body=page.body) for page in chosen if page.url}
    return {
        f"{url}{'&' if '?' in url else '?'}copy={number}": answer
        for number in range(times)
        for url, answer in answers.items()
    }


def crawls(label: str, chosen: Sequence[Page], folder: Path, rounds: int) -> Path:
    """Print the figures of crawls of these pages; the last recorded crawl's folder is handed back."""
    answers = served(chosen)
    urls = folder / f"{label}.txt"
    urls.write_text("\n".join(answers), encoding="utf-8")
    runs: list[tuple[Run, Run]] = []
    with Newsroom.for_pages(answers) as newsroom:
        for number in range(rounds):
            archive = folder / label / str(number)
            recording = ["crawl", "site", "-a", f"urls={urls}", *given({**OURS, "ARCHIVE_DIR": archive})]
            usual = ["runspider", ROOT / "benchmarks" / "usual.py", "-a", f"urls={urls}", *given(SAME)]
            usual += ["-o", folder / label / f"{number}.jsonl"]
            stock = {"SCRAPY_SETTINGS_MODULE": "scrapy.settings.default_settings"}
            runs.append((run(recording, newsroom.environment), run(usual, {**newsroom.environment, **stock})))
    ratio = median(theirs.seconds / ours.seconds for ours, theirs in runs)
    of_cpu = median(theirs.cpu / ours.cpu for ours, theirs in runs)
    print(f"{label}: {ratio:.1f} times the usual pipeline's pages/s, with its CPU time divided by {of_cpu:.1f}")
    for name, column in (("pressmark", [one for one, _ in runs]), ("the usual pipeline", [two for _, two in runs])):
        rate = median(len(answers) / one.seconds for one in column)
        cpu = median(one.cpu / len(answers) for one in column) * 1000
        lag = median(one.lag for one in column)
        print(f"    {name}: {rate:.0f} pages/s, {cpu:.1f} ms of CPU a page, lag {lag:.0f} ms at p99", flush=True)
    (crawl,) = archive.glob("crawls/*/*")
    return crawl


async def extraction(folder: Path, cores: int) -> float:
    """Pages/s at which a crawl's articles are read from its archive, by workers that are there already."""
    settings = get_project_settings()
    settings.set("EXTRACTION_PROCESSES", cores, priority="cmdline")
    mine = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, mine[:cores])  # inherited by the workers
    pool, outlets = ExtractionPool.from_settings(settings), Outlets.load(settings)
    try:
        for _ in range(2):  # the first time the workers start
            started = time.perf_counter()
            read = [one async for one in articles_of_crawl(Crawl.open(folder), pool, outlets)]
            took = time.perf_counter() - started
    finally:
        await pool.close()
        os.sched_setaffinity(0, mine)
    return sum(isinstance(one, Article) for one in read) / took


def archives(folder: Path, rounds: int) -> None:
    rates = [[asyncio.run(extraction(folder, cores)) for cores in (1, 2)] for _ in range(rounds)]
    one, two = (median(column) for column in zip(*rates, strict=True))
    ratio = median(second / first for first, second in rates)
    print(f"    its archive, on 1 core {one:.0f} articles/s, on 2 cores {two:.0f} ({ratio:.2f} times)", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--of", choices=("known", "others"), action="append", help="these pages alone")
    asked = parser.parse_args()
    if not DATA.is_dir():
        print(f"The pages to crawl are absent: {DATA} is no folder. See CONTRIBUTING on where to put them.")
        return 0
    known = [page for page in pages() if page.outlet != "world"]
    others = [page for page in pages() if page.outlet == "world"] + zyte_pages()
    with TemporaryDirectory() as folder:
        for label, chosen in (("known", known), ("others", others)):
            if label in (asked.of or (label,)):
                archives(crawls(label, chosen, Path(folder), asked.rounds), asked.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
