"""Archives read on a cluster of two nodes on this machine, beside one machine's own way with as many cores.

    python -m benchmarks.fleet [PAGES] [ROUNDS]

The real pages at hand, each several times under another URL, in WARC files by the conventions of Common Crawl's news
crawler. `scrapy extract` reads them with two extraction workers, and on two nodes with a CPU each, in turns; what
each takes for files of one page is its start-up, and is taken off. What counts is the ratio of each round. On one
machine a cluster cannot win: this tells what it costs, and so what is left of each further machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.bulk import ROOT, copies
from benchmarks.judging import DATA, pages
from tests.foreign import FORMS, news_crawl
from tests.nodes import nodes

FILES = 8


def written(folder: Path, named: dict[str, bytes]) -> Path:
    """The pages in a new folder, spread over the files."""
    folder.mkdir()
    every = list(named.items())
    for number in range(FILES):
        (folder / f"{number}.warc.gz").write_bytes(FORMS["gzip"](news_crawl(dict(every[number::FILES]))))
    return folder


def took(folder: Path, output: Path, *options: str, environment: dict[str, str]) -> float:
    """Seconds that it takes to read a folder."""
    command = [sys.executable, "-m", "scrapy", "extract", str(folder), "-o", str(output), *options]
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - started


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    if not DATA.is_dir():
        print(f"The pages to read are absent: {DATA} is no folder. See CONTRIBUTING on where to put them.")
        return 0
    chosen = [page for page in pages() if page.url]
    with TemporaryDirectory() as name, nodes() as cluster:
        for _ in range(2):
            cluster.begin(1)
        folder = Path(name)
        few, many = written(folder / "few", copies(chosen, FILES)), written(folder / "many", copies(chosen, count))
        ways = {
            "one machine": (("-s", "EXTRACTION_PROCESSES=2"), {}),
            "two nodes": (("--on", "ray"), cluster.environment),
        }
        rates: dict[str, list[float]] = {way: [] for way in ways}
        starts: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, (options, environment) in ways.items():
                start = took(few, folder / f"{way}.jsonl", *options, environment=environment)
                whole = took(many, folder / f"{way}.jsonl", *options, environment=environment)
                starts[way].append(start)
                rates[way].append((count - FILES) / (whole - start))
        here, there = ((folder / f"{way}.jsonl").read_bytes() for way in ways)
    for way, found in rates.items():
        spread = ", ".join(f"{rate:.0f}" for rate in found)
        print(f"{way}: {median(found):.0f} pages/s ({spread}), and {median(starts[way]):.1f} s to start")
    ratio = median(two / one for one, two in zip(*rates.values(), strict=True))
    print(f"two nodes read {ratio:.2f} times as fast as one machine; {'the same' if here == there else 'OTHER'} bytes")
    return int(here != there)


if __name__ == "__main__":
    sys.exit(main())
