"""Articles of WARC files in bulk, beside datatrove and the plain way of cc-pyspark: pages a second, and the text.

    make bench-bulk            # or: python -m benchmarks.bulk --rivals .venv-rivals-bulk/bin/python
    python -m benchmarks.bulk --rivals .venv-rivals-bulk/bin/python --of others --cores 2    # one row

The real pages at hand, each several times under another URL, in two WARC files by the conventions of Common Crawl's
news crawler. `scrapy extract`, datatrove's WarcReader and Trafilatura, and Spark with FastWARC and trafilatura (to
precision, with metadata) read them in turns, bound to one core and to two, in processes of their own. What each
takes for files of one page is its start-up, and is taken off; what counts is the ratio of each round, in elapsed
time and in CPU time, which suffers less from a machine's other work (Spark's is that of its Python workers alone,
without Java). The text is that of the same runs, judged by the
code of `make score`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scrapy.utils.project import get_project_settings

from archive.reading import read_past_damage
from archive.records import read_records
from benchmarks.judging import DATA, Found, Page, Tally, judge, judge_shingles, pages, squeeze, zyte_pages
from crawler.outlets import Outlets
from crawler.pages import PageRules
from crawler.worker import Task, read
from tests.foreign import FORMS, news_crawl

ROOT = Path(__file__).parent.parent
CORES = (1, 2)
FILES = 2  # a file is what datatrove and Spark hand to a process
OURS = "pressmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds that a run took: elapsed, and of CPU."""

    elapsed: float
    cpu: float

    def less(self, start: Took) -> Took:
        """Without what it takes to start; SystemExit where the machine was too busy to tell the two apart."""
        if self.elapsed < 1.2 * start.elapsed or self.cpu < 1.2 * start.cpu:
            raise SystemExit(
                f"{self} is hardly more than the start alone, {start}: give more --pages, or a quieter machine"
            )
        return Took(elapsed=self.elapsed - start.elapsed, cpu=self.cpu - start.cpu)


def copies(chosen: Sequence[Page], count: int) -> dict[str, bytes]:
    """So many pages by their URLs, each under another one."""
    named: dict[str, bytes] = {}
    for number in range(count):
        page = chosen[number % len(chosen)]
        named[f"{page.url}{'&' if '?' in page.url else '?'}copy={number // len(chosen)}"] = page.body
    return named


def write_warcs(folder: Path, named: dict[str, bytes]) -> Path:
    """The pages in a new folder, spread over the files."""
    folder.mkdir()
    every = list(named.items())
    for number in range(FILES):
        part = dict(every[number::FILES])
        (folder / f"{number}.warc.gz").write_bytes(FORMS["gzip"](news_crawl(part)))
    return folder


class Bench:
    """Each tool's way to read the files of a folder, on so many cores."""

    def __init__(self, rivals: str) -> None:
        self.ways: dict[str, Callable[[Path, Path, int], list[str]]] = {OURS: self._pressmark}
        for name in ("datatrove", "spark"):
            self.ways[name] = self._rival(rivals, name)

    def _pressmark(self, folder: Path, output: Path, cores: int) -> list[str]:
        output.mkdir()
        command = [sys.executable, "-m", "scrapy", "extract", str(folder), "-o", str(output / "0.jsonl")]
        return [*command, "-s", f"EXTRACTION_PROCESSES={cores}"]

    def _rival(self, python: str, name: str) -> Callable[[Path, Path, int], list[str]]:
        script = str(ROOT / "benchmarks" / "rivals_bulk.py")
        return lambda folder, output, cores: [python, script, name, str(folder), str(output), str(cores)]

    def run(self, name: str, folder: Path, output: Path, cores: int) -> Took:
        """Run a tool on its cores, and tell what it took."""
        command = self.ways[name](folder, output, cores)
        mine = sorted(os.sched_getaffinity(0))
        before, started = _cpu(), time.perf_counter()
        os.sched_setaffinity(0, mine[:cores])  # inherited by what is started now
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        finally:
            os.sched_setaffinity(0, mine)
        took = Took(elapsed=time.perf_counter() - started, cpu=_cpu() - before + told_cpu(output))
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        return took


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told_cpu(output: Path) -> float:
    """CPU seconds that a tool tells itself."""
    told = (json.loads(line) for path in output.glob("part-*") for line in path.read_text("utf-8").splitlines())
    return float(sum(line.get("cpu", 0.0) for line in told))


def found_in(output: Path) -> dict[str, Found]:
    """What a tool found, by the URL of the page; of copies, the first."""
    found = {}
    for path in sorted([*output.glob("*.jsonl"), *output.glob("part-*")]):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            if "cpu" in told:
                continue
            url = told["url"] if "url" in told else told["metadata"]["url"]
            paragraphs = tuple(squeeze(one).removeprefix("- ") for one in told["text"].split("\n") if one.strip())
            found[url] = Found(paragraphs=paragraphs, lead=told.get("lead"))
    return found


def text_of(chosen: Sequence[Page], output: Path) -> str:
    """The text that a tool found, judged beside the gold: F1 of paragraphs, and of shingles for the zyte pages."""
    found = found_in(output)
    by_paragraph, by_shingle = Tally(), Tally()
    for page in chosen:
        read_from = found.get(next(iter(copies([page], 1))), Found())
        if page.outlet == "zyte":
            judge_shingles(by_shingle, page, read_from)
        else:
            judge(by_paragraph, page, read_from)
    words = [f"{len(found)} articles"]
    words += [f"paragraphs F1 {by_paragraph.f1 / by_paragraph.pages:.3f}"] if by_paragraph.pages else []
    if by_shingle.pages:
        true, false, missed = by_shingle.precision, by_shingle.recall, by_shingle.f1
        words.append(f"zyte F1 {2 * true / (2 * true + false + missed):.3f}")
    return ", ".join(words)


def starts(chosen: Sequence[Page], bench: Bench, place: Path, every: Sequence[int]) -> dict[tuple[str, int], Took]:
    """What each tool takes on so many cores for files of one page: the lesser of two runs."""
    folder = write_warcs(place / "start", copies(chosen[:FILES], FILES))
    taken = {}
    for cores in every:
        for name in bench.ways:
            runs = [bench.run(name, folder, place / f"start-{cores}-{name}-{number}", cores) for number in range(2)]
            least = (min(one.elapsed for one in runs), min(one.cpu for one in runs))
            taken[name, cores] = Took(elapsed=least[0], cpu=least[1])
    return taken


def compare(
    chosen: Sequence[Page], folder: Path, bench: Bench, begun: dict[tuple[str, int], Took], rounds: int
) -> Iterator[str]:
    """What each tool takes for these pages, on one core and on two, a line each."""
    count = sum(1 for path in folder.glob("*.warc.gz") for one in read_records(path) if one.type == "response")
    for cores in sorted({cores for _, cores in begun}):
        taken: list[dict[str, Took]] = []
        texts: dict[str, str] = {}
        for number in range(rounds):
            taken.append({})
            for name in bench.ways:
                output = folder / f"{cores}-{number}-{name}"
                taken[-1][name] = bench.run(name, folder, output, cores).less(begun[name, cores])
                texts[name] = text_of(chosen, output)
                shutil.rmtree(output)
        yield f"{folder.name}, {count} pages, on {cores} core{'s'[: cores - 1]}, median of {rounds} rounds"
        for line in told(taken, count, texts):
            yield f"  {line}"


def told(rounds: Sequence[dict[str, Took]], count: int, texts: dict[str, str]) -> Iterator[str]:
    """A line for each tool."""
    for name in rounds[0]:
        rates = [count / one[name].elapsed for one in rounds]
        cpu = median(1000 * one[name].cpu / count for one in rounds)
        line = f"{name:<10}{median(rates):5.0f} pages/s ({min(rates):.0f} to {max(rates):.0f}), CPU {cpu:.1f} ms a page"
        if name != OURS:
            faster = median(one[name].elapsed / one[OURS].elapsed for one in rounds)
            spared = median(one[name].cpu / one[OURS].cpu for one in rounds)
            line += f", {faster:.1f} times as long, {spared:.1f} times the CPU time"
        yield f"{line}; {texts[name]}"


def shares(folder: Path) -> str:
    """Where our CPU time goes, in one process: reading records, making captures of them, choosing pages, extraction."""
    settings = get_project_settings()
    rules, outlets = PageRules.of(settings), Outlets.load(settings)
    paths = sorted(folder.glob("*.warc.gz"))
    spent = []
    for _ in range(2):  # the first time warms up
        marks = [time.process_time()]
        for path in paths:
            for _ in read_records(path):
                pass
        marks.append(time.process_time())
        captures = [one for path in paths for one in read_past_damage(path)]
        marks.append(time.process_time())
        chosen = list(rules.article_pages(captures))  # type: ignore[arg-type]  # these files are whole
        marks.append(time.process_time())
        for capture in chosen:
            name, profiles = outlets.reading(capture.url)
            read(Task(capture=capture, profiles=profiles, outlet=name, limit=rules.limit))
        marks.append(time.process_time())
        records, captured, choosing, extracting = (two - one for one, two in pairwise(marks))
        spent = [records, captured - records, choosing, extracting]
    whole = sum(spent)
    names = ("reading and checking records", "joining them", "choosing pages", "decoding and extraction")
    return ", ".join(f"{name} {one / whole:.1%}" for name, one in zip(names, spent, strict=True))


def main() -> int:
    """Print the tables for outlets whose layouts are known, and for all others."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rivals", required=True, help="the Python of the other tools' environment")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--of", choices=("known", "others"), action="append", help="these pages alone")
    parser.add_argument("--cores", type=int, choices=CORES, action="append", help="on so many cores alone")
    given = parser.parse_args()
    if not DATA.is_dir():
        print(f"The pages to read are absent: {DATA} is no folder. See CONTRIBUTING on where to put them.")
        return 0
    known = [page for page in pages() if page.outlet != "world" and page.url]
    others = [page for page in [*(page for page in pages() if page.outlet == "world"), *zyte_pages()] if page.url]
    bench = Bench(str(Path(given.rivals).absolute()))
    with TemporaryDirectory() as place:
        begun = starts(known, bench, Path(place), given.cores or CORES)
        for label, chosen in (("known", known), ("others", others)):
            if label not in (given.of or (label,)):
                continue
            folder = write_warcs(Path(place, label), copies(chosen, given.pages))
            for line in compare(chosen, folder, bench, begun, given.rounds):
                print(line, flush=True)
            print(f"  where pressmark's time goes: {shares(folder)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
