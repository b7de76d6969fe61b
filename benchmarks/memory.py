"""What memory `crawl`, `replay`, `verify`, `extract` and `export` take, on an archive and on one of a tenth of it.

    python -m benchmarks.memory [--gigabytes N] [--page KILOBYTES]

The crawl is the real command and writes every byte of it, but its network is made up in the process (a door of
its own below), so that gigabytes take minutes. Each figure is the peak of a process of its own and of the
workers that it had; what they differ by, for each exchange, is what grows with the archive.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
BOUND = 200  # MB, for an archive of 2 GB
QUIET = {
    "LOG_LEVEL": "WARNING",
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "PRIVATE_ADDRESSES_ALLOWED": 1,
    "ROBOTSTXT_OBEY": 0,
    "ONLY_NEW": 0,
}
SETTINGS = [part for name, value in QUIET.items() for part in ("-s", f"{name}={value}")]
DOOR = ["-s", 'DOWNLOAD_HANDLERS={"https": "benchmarks.handlers.SynthesisedDoor"}']
LOOKUP = """
import random, sys
from pathlib import Path
from archive.crawl import Crawl
crawl, chance = Crawl.open(Path(sys.argv[1])), random.Random(7)
some = chance.sample(list(crawl.exchanges()), 200)
def read():
    return int(Path("/proc/self/io").read_text().split()[1])
before, overhead = read(), read()
overhead -= before
before = read()
for one in some:
    crawl.load(one)
print((read() - before - overhead) / sum(one.length for one in some))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One archive, and the peak of each work on it."""

    exchanges: int
    gigabytes: float
    peaks: dict[str, float]  # MB
    seconds: dict[str, float]
    read: float  # bytes read for a lookup, by the length of its records


@cache
def noise(kilobytes: int) -> bytes:
    """What does not compress, in letters: a picture inside a page."""
    return random.Random(7).randbytes(kilobytes << 9).hex().encode()


def body(number: int, kilobytes: int) -> bytes:
    """A page of which about half is left when it is compressed, unlike any other."""
    words = " ".join(random.Random(number).choices(("gulls", "lamp", "keeper", "harbour", "tide", "letter"), k=60))
    paragraphs = "".join(f"<p>The keeper wrote down the hour {number}.{one}: {words}.</p>" for one in range(5))
    own = noise(kilobytes)[number % 997 :]
    return b"<html><title>Story %d</title><article><h1>Story %d</h1>%b</article><script>%b</script>" % (
        number, number, paragraphs.encode(), b"/*%d*/'%b'" % (number, own),
    )  # fmt: skip


def run(*command: str, environment: dict[str, str]) -> tuple[float, float]:
    """The peak in MB of a command and its children, and its seconds."""
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:5])} ended with {process.returncode}")
    return used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10), time.monotonic() - started


def measured(place: Path, gigabytes: float, kilobytes: int) -> Measured:
    """Make an archive of this size, and do everything with it once."""
    count = int(gigabytes * (1 << 30) / (kilobytes * 530))
    urls = place / "urls.txt"
    urls.write_text("".join(f"https://memory.test/2026/03/01/story-{number}/\n" for number in range(count)))
    environment = {"BENCHMARK_PAGE": str(kilobytes)}
    scrapy = (sys.executable, "-m", "scrapy")
    crawl = (*scrapy, "crawl", "site", "-a", f"urls={urls}", "-s", f"ARCHIVE_DIR={place}", *SETTINGS, *DOOR)
    results = {"crawl": run(*crawl, environment=environment)}
    (folder,) = map(str, place.glob("crawls/site/*"))
    for name in ("verify", "replay"):
        results[name] = run(*scrapy, name, folder, environment={})
    results["extract"] = run(*scrapy, "extract", folder, "-o", str(place / "out.jsonl"), environment={})
    export = ("export", "-o", str(place / "sets"), "-s", f"ARCHIVE_DIR={place}")
    results["export"] = run(*scrapy, *export, environment={})
    read = subprocess.run([sys.executable, "-c", LOOKUP, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    size = sum(path.stat().st_size for path in Path(folder).glob("*.warc.gz"))
    return Measured(
        exchanges=count,
        gigabytes=size / 1e9,
        peaks={name: peak for name, (peak, _) in results.items()},
        seconds={name: seconds for name, (_, seconds) in results.items()},
        read=float(read.stdout),
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument(
        "--page", type=int, default=400, help="kilobytes of a page; about half of it is left in the WARC"
    )
    given = parser.parse_args()
    sizes = []
    for gigabytes in (given.gigabytes / 10, given.gigabytes):
        with tempfile.TemporaryDirectory(prefix="pressmark-memory-") as place:
            sizes.append(measured(Path(place), gigabytes, given.page))
    small, large = sizes
    sizes_of = f"{small.gigabytes:9.2f} GB {large.gigabytes:9.2f} GB"
    print(f"{'peak memory, MB':16} {sizes_of}   grows by, bytes an exchange  seconds")
    for name, peak in large.peaks.items():
        growth = (peak - small.peaks[name]) * (1 << 20) / (large.exchanges - small.exchanges)
        seconds = large.seconds[name]
        print(f"{name:16} {small.peaks[name]:12.0f} {peak:12.0f}   {growth:27.0f} {seconds:8.0f}")
    print(f"{'exchanges':16} {small.exchanges:12} {large.exchanges:12}")
    print(f"a lookup reads {large.read:.3f} times the bytes of its records; bound for 2 GB: {BOUND} MB")


if __name__ == "__main__":
    main()
