"""Constants: what one visit and one page take, measured with the real commands on loopback.

    python -m benchmarks.constants

A crawl of one page and one of many are set side by side: their difference is the price of pages, what is left
that of a visit. Then the catalogue is made of the larger. CPU time is that of all processes; it grows on a machine
that is busy with other things. Pages are the real ones of `../shared/data` where they are there, else made up.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crawl import LOOPBACK, page, settings
from benchmarks.judging import DATA, pages
from catalogue.catalogue import Catalogue
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.archives import listed, visit
from tests.samples import NOON

ROOT = Path(__file__).parent.parent
PAGES = 240
FOLDERS = 300
HTML = (("Content-Type", "text/html; charset=utf-8"),)
OVER_LOOPBACK = {name: value for name, value in LOOPBACK.items() if name != "SPIDER_MODULES"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """What was measured on the machine of docs/scale.md, unless measured anew."""

    visit_cpu: float = 1.1  # seconds, to start a crawl and its worker, and to end it
    page_cpu: float = 0.0143  # seconds, to fetch, record and extract a page
    page_bytes: float = 57_600.0  # in the archive, all files of a crawl together
    visit_bytes: float = 6_400.0
    crawl_memory: float = 164e6  # bytes, the crawling process at its peak; its worker takes about the same
    catalogue_cpu: float = 0.0022  # seconds, to add what became of a page
    catalogue_bytes: float = 16_600.0  # of a page whose article is new, its words indexed
    look_bytes: float = 630.0  # of another capture of it: docs/catalogue.md
    folder_cpu: float = 0.000024  # seconds, to see that a folder is as the catalogue has it


def children() -> tuple[float, int]:
    """CPU seconds of the processes that have ended under this one, and bytes of the largest."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def spent(*arguments: str, environment: dict[str, str] | None = None) -> float:
    """CPU seconds of a command."""
    before = children()[0]
    command = [sys.executable, "-m", "scrapy", *arguments]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    return children()[0] - before


def answers() -> dict[str, Answer]:
    """Pages under their URLs, the first a small one; copies of a page differ, or they would be stored once."""
    bodies = [one.body for one in pages()] if DATA.is_dir() else [page(number, 60_000) for number in range(100)]
    shown = [b"<p>A page of which there is little.", *(bodies[number % len(bodies)] for number in range(PAGES))]
    return {
        f"http://site{number % 7}.test/{number}": Answer(headers=HTML, body=body + b"<!-- %d -->" % number)
        for number, body in enumerate(shown)
    }


def size_of(archive: Path) -> int:
    return sum(path.stat().st_size for path in archive.glob("crawls/*/*/*"))


def folder_cpu() -> float:
    """CPU seconds to see that a folder is as the catalogue has it."""
    with TemporaryDirectory() as root:
        for number in range(FOLDERS):
            visit(Path(root), NOON + timedelta(minutes=number), [listed()])
        with Catalogue.open(Path(root)) as catalogue:
            catalogue.catch_up()
            started = time.process_time()
            catalogue.catch_up()
            return (time.process_time() - started) / FOLDERS


def measure() -> Constants:
    """The constants of this machine, now."""
    served = answers()
    cpu: list[float] = []
    sizes: list[int] = []
    with TemporaryDirectory() as folder, Newsroom.for_pages(served) as newsroom:
        for count in (1, 1, PAGES + 1):  # the first warms up
            archive = Path(folder, str(len(cpu)))
            urls = Path(folder, "urls.txt")
            urls.write_text("\n".join(list(served)[:count]))
            given = settings({**OVER_LOOPBACK, "ARCHIVE_DIR": archive, "EXTRACTION_PROCESSES": 1})
            cpu.append(spent("crawl", "site", "-a", f"urls={urls}", *given, environment=newsroom.environment))
            sizes.append(size_of(archive))
        memory = children()[1]
        rebuilds = []
        for number in (1, 2):
            archive = Path(folder, str(number))
            rebuilds.append(spent("catalogue", "rebuild", *settings({"ARCHIVE_DIR": archive})))
        held = [Path(folder, str(number), "catalogue.sqlite").stat().st_size for number in (1, 2)]
    return Constants(
        folder_cpu=folder_cpu(),
        visit_cpu=cpu[1],
        page_cpu=(cpu[2] - cpu[1]) / PAGES,
        page_bytes=(sizes[2] - sizes[1]) / PAGES,
        visit_bytes=float(sizes[1]),
        crawl_memory=float(memory),
        catalogue_cpu=(rebuilds[1] - rebuilds[0]) / PAGES,
        catalogue_bytes=(held[1] - held[0]) / PAGES,
    )


if __name__ == "__main__":
    print(json.dumps(asdict(measure()), indent=2))
