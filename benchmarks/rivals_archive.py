"""Fetching and archiving, beside the add-ons for Scrapy that write WARC, and beside wget: pages a second.

    make bench-archives            # or: python -m benchmarks.rivals_archive --rivals .venv-rivals-archive/bin/python

All crawl the same pages of one server, in processes of their own, in turns; what counts is the ratio of each round.
The add-ons run on Scrapy 2.11, which scrapy-webarchive asks for. wget, native code with one connection, is the ceiling.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from benchmarks.crawl import LOOPBACK, page, settings
from newsroom.messages import Answer
from newsroom.server import Newsroom

ROOT = Path(__file__).parent.parent
FAST = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "ROBOTSTXT_OBEY": 0, "LOG_LEVEL": "INFO"}
TELLING = "'elapsed_time_seconds': ([0-9.]+)"
WARCIO_SETTINGS = """
warc_spec: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.0/
max_warc_size: 10000000000
collection: bench
description: bench
operator: bench@news.test
robots: obey
user_agent: bench
warc_prefix: bench
warc_dest: {folder}
"""


class Bench:
    """One server's pages, and each tool's way to fetch and archive them."""

    def __init__(self, place: Path, pages: int, rivals: str, proxy: str) -> None:
        self.pages = pages
        self._place = place
        self._rivals = rivals
        self._proxy = {"http_proxy": proxy, "https_proxy": proxy}
        self._urls = place / "urls.txt"
        self._urls.write_text("".join(f"http://bench.test/{number}\n" for number in range(pages)))

    def pressmark(self, folder: Path) -> tuple[float, float]:
        given = settings({**LOOPBACK, "ARCHIVE_DIR": folder})
        return self._run(sys.executable, "-m", "scrapy", "crawl", "fetching", "-a", f"urls={self._urls}", *given)

    def webarchive(self, folder: Path) -> tuple[float, float]:
        extension = {"EXTENSIONS": '{"scrapy_webarchive.extensions.WaczExporter": 543}'}
        return self._older(settings({**FAST, **extension, "SW_EXPORT_URI": f"{folder}/"}), folder)

    def warcio(self, folder: Path) -> tuple[float, float]:
        (folder / "settings.yml").write_text(WARCIO_SETTINGS.format(folder=folder))
        middleware = {"DOWNLOADER_MIDDLEWARES": '{"older.WarcioMiddleware": 543}'}
        return self._older(settings({**FAST, **middleware}), folder)

    def wget(self, folder: Path) -> tuple[float, float]:
        command = shutil.which("wget") or "wget"
        return self._run(command, "-q", "-O", os.devnull, f"--warc-file={folder}/wget", "-i", str(self._urls))

    def _older(self, given: list[str], folder: Path) -> tuple[float, float]:
        spider = str(ROOT / "benchmarks" / "older.py")
        command = (self._rivals, "-m", "scrapy", "runspider", spider, "-a", f"urls={self._urls}", *given)
        environment = {
            "SCRAPY_WARCIO_SETTINGS": f"{folder}/settings.yml",
            "SCRAPY_SETTINGS_MODULE": "scrapy.settings.default_settings",
            "PYTHONPATH": str(ROOT / "benchmarks"),
        }
        return self._run(*command, cwd=folder, environment=environment)

    def _run(self, *command: str, cwd: Path = ROOT, environment: dict[str, str] | None = None) -> tuple[float, float]:
        """Pages a second (start-up aside, where the log tells) and CPU milliseconds a page, start-up and all."""
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        run = subprocess.run(
            command, cwd=cwd, env={**os.environ, **self._proxy, **(environment or {})}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        took, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        found = re.search(TELLING, run.stderr)
        if run.returncode or (found is None and "wget" not in command[0]):
            raise SystemExit(run.stdout + run.stderr)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return self.pages / (float(found[1]) if found else took), 1000 * spent / self.pages


def kept(folder: Path) -> int:
    """The response records that a tool has written, be it into a WACZ."""
    from warcio.archiveiterator import ArchiveIterator

    count = 0
    for wacz in folder.rglob("*.wacz"):
        ZipFile(wacz).extractall(folder)
    for path in [*folder.rglob("*.warc.gz"), *folder.rglob("*.warc")]:
        with path.open("rb") as file:
            count += sum(record.rec_type == "response" for record in ArchiveIterator(file, no_record_parse=True))
    return count


def main() -> None:
    """Print the table for small pages and for large ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rivals", required=True, help="the Python of the add-ons' environment")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=1000)
    given = parser.parse_args()
    for size in (2_000, 60_000):
        pages = {f"http://bench.test/{n}": Answer(headers=(("Content-Type", "text/html"),), body=page(n, size))
                 for n in range(given.pages)}  # fmt: skip
        with TemporaryDirectory() as place, Newsroom.for_pages(pages) as newsroom:
            bench = Bench(Path(place), given.pages, str(Path(given.rivals).absolute()), newsroom.proxy)
            rounds = [measured(bench, Path(place), number) for number in range(given.rounds)]
        print(f"{size:>7,} bytes a page, {given.pages:,} pages, median of {given.rounds} rounds")
        for name in rounds[0]:
            rate, spent = (median(one[name][part] for one in rounds) for part in (0, 1))
            ratio = median(one["pressmark"][0] / one[name][0] for one in rounds)
            print(
                f"  {name:12} {rate:7.0f} pages/s {spent:7.2f} CPU ms a page   pressmark is {ratio:5.2f} times as fast"
            )


def measured(bench: Bench, place: Path, number: int) -> dict[str, tuple[float, float]]:
    """One round: each tool in turn, and its records counted."""
    found = {}
    for name, run in (("pressmark", bench.pressmark), ("webarchive", bench.webarchive), ("warcio", bench.warcio),
                      ("wget", bench.wget)):  # fmt: skip
        folder = place / f"{name}-{number}"
        folder.mkdir()
        found[name] = run(folder)
        if (count := kept(folder)) < bench.pages:
            print(f"  {name} has kept {count} of {bench.pages} responses", file=sys.stderr)
        shutil.rmtree(folder)
    return found


if __name__ == "__main__":
    main()
