"""The scoreboard of extraction: ours beside others', on the real pages at hand, in one run.

    python -m benchmarks.score [-v] [--half a|b] [--rivals PYTHON] [NAME...]      NAME: an outlet, world, zyte

A paragraph counts when it equals one of the gold's after white space is squeezed; `optional` ones are
neither required nor forbidden. Of the zyte pages text is compared by shingles of four words, as that
benchmark describes it: a page's true and false positives and false negatives are made to sum to one,
and precision, recall and F1 come from the sums; accuracy is the share of pages that are exactly right.
Its gold has no standfirst: `zyte` is our text without the lead, `zyte+lead` our text as it stands.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura

from archive.capture import Capture
from benchmarks.judging import (
    DATA,
    Found,
    Page,
    Tally,
    expected,
    half_of,
    judge,
    judge_shingles,
    lines,
    measure,
    pages,
    squeeze,
    zyte_pages,
)
from crawler.article import Article
from crawler.extraction import extract
from crawler.markup import decode
from crawler.profile import Profile
from crawler.profiles.dw import DW
from crawler.profiles.france24 import FRANCE24
from crawler.profiles.pangea import PANGEA
from crawler.profiles.rfa import RFA
from crawler.profiles.upi import UPI
from crawler.profiles.voa import VOA

FAMILIES: dict[str, tuple[Profile, ...]] = {
    "dw": DW,
    "france24": FRANCE24,
    "rfi": FRANCE24,
    "rferl": PANGEA,
    "rfa": RFA,
    "upi": UPI,
    "voa": VOA,
}
CAPTURED = datetime(2026, 11, 1, tzinfo=UTC)
RIVALS = Path(__file__).with_name("rivals.py")
GENERIC = frozenset({"world", "zyte", "zyte+lead"})
Tallies = dict[tuple[str, str], Tally]


def ours(page: Page) -> Found:
    """Pressmark's extraction."""
    capture = Capture(url=page.url, started=CAPTURED)
    article = extract(page.body, capture, FAMILIES.get(page.outlet, ()), page.outlet)
    if not isinstance(article, Article):
        return Found()
    return Found(
        title=article.title or "",
        published=article.published or "",
        modified=article.modified or "",
        authors=article.authors,
        paragraphs=tuple(article.text.split("\n\n")),
        lead=article.lead,
    )


def plain(page: Page) -> Found:
    """Trafilatura as people who care for precision call it."""
    document = trafilatura.bare_extraction(
        page.body, url=page.url, with_metadata=True, favor_precision=True, include_comments=False
    )
    if document is None:
        return Found()
    return Found(
        title=document.title or "",
        published=document.date or "",
        authors=tuple(squeeze(name) for name in (document.author or "").split(";") if name.strip()),
        paragraphs=tuple(
            squeeze(line).removeprefix("- ") for line in (document.text or "").split("\n") if line.strip()
        ),
    )


IN_PROCESS = {"pressmark": ours, "trafilatura": plain}


def timed(chosen: list[Page], names: list[str]) -> Iterator[tuple[str, Page, Found, float]]:
    """What the extractors of this process make of each page, and their CPU seconds."""
    for name in names:
        for page in chosen[:20]:
            IN_PROCESS[name](page)  # what is compiled once in a process is no page's cost
    for page in chosen:
        for name in names:  # side by side: a machine's other work slows all alike
            started = time.process_time()
            found = IN_PROCESS[name](page)
            yield name, page, found, time.process_time() - started


def rivals(chosen: list[Page], python: Path) -> Iterator[tuple[str, Page, Found, float]]:
    """What the extractors of another environment make of each page, and their CPU seconds."""
    lines_in = (json.dumps({"url": page.url, "html": decode(page.body)}) for page in chosen)
    done = subprocess.run([python, RIVALS], input="\n".join(lines_in), text=True, stdout=subprocess.PIPE, check=True)
    for line in done.stdout.splitlines():
        values: dict[str, Any] = json.loads(line)
        name, number, seconds = values.pop("by"), values.pop("page"), values.pop("seconds")
        yield name, chosen[number], Found(**{key: _frozen(value) for key, value in values.items()}), seconds


def _frozen(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def run(results: Iterator[tuple[str, Page, Found, float]], verbose: bool) -> Tallies:
    """The tallies of all results by outlet and extractor."""
    tallies: Tallies = {}
    for name, page, found, seconds in results:
        tally = tallies.setdefault((page.outlet, name), Tally())
        tally.seconds += seconds
        if page.outlet != "zyte":
            judge(tally, page, found)
        else:
            judge_shingles(tally, page, found)
        if page.outlet == "zyte" and name == "pressmark":
            judge_shingles(tallies.setdefault(("zyte+lead", name), Tally()), page, replace(found, lead=None))
        if verbose and name == "pressmark" and page.outlet != "zyte":
            figures = measure(found.paragraphs, expected(page.gold), lines(page.gold.get("optional")))
            print(f"  {figures[0]:.3f} {figures[1]:.3f} {figures[2]:.3f}  {page.name}")
    return tallies


def share(tally: Tally, name: str) -> str:
    return f"{tally.right[name]}/{tally.judged[name]}" if tally.judged[name] else "-"


def show(tallies: Tallies) -> None:
    """Print one line for each outlet and extractor."""
    names = ("title", "published", "modified", "authors")
    print(
        f"{'outlet':<10}{'extractor':<13}{'pages':>5}"
        + "".join(f"{one:>11}" for one in names)
        + f"{'P':>8}{'R':>7}{'F1':>7}{'leaks':>7}{'pages/s':>9}"
    )
    for (outlet, extractor), tally in sorted(tallies.items(), key=_place):
        precision, recall, f1 = tally.precision / tally.pages, tally.recall / tally.pages, tally.f1 / tally.pages
        extra = ""
        if outlet.startswith("zyte"):
            true, false, missed = tally.precision, tally.recall, tally.f1
            precision, recall = true / (true + false or 1), true / (true + missed or 1)
            f1 = 2 * precision * recall / (precision + recall or 1)
            extra = f"   accuracy {tally.right['exact'] / tally.pages:.3f}"
        marks = "".join(f"{share(tally, one):>11}" for one in names)
        speed = f"{tally.pages / tally.seconds:>9.1f}" if tally.seconds else f"{'-':>9}"
        figures = f"{precision:>8.3f}{recall:>7.3f}{f1:>7.3f}{tally.leaks:>7}{speed}"
        print(f"{outlet:<10}{extractor:<13}{tally.pages:>5}{marks}{figures}{extra}")


def _place(item: tuple[tuple[str, str], Tally]) -> tuple[bool, bool, str, bool, str]:
    """The outlets, then the world, then zyte; in each ours first."""
    (outlet, extractor), _ = item
    return outlet.startswith("zyte"), outlet == "world", outlet, extractor != "pressmark", extractor


def ratios(tallies: Tallies) -> None:
    """Print how many times each other extractor's pages/s ours are: on outlets' pages, and on all others."""
    for label, generic in (("known outlets", False), ("the generic way", True)):
        spent: dict[str, float] = {}
        for (outlet, name), tally in tallies.items():
            if (outlet in GENERIC) == generic:
                spent[name] = spent.get(name, 0.0) + tally.seconds
        own = spent.pop("pressmark", 0.0)
        for name, seconds in spent.items():
            print(f"{label}: {seconds / own:.1f} times {name}'s pages/s (CPU time)")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score extraction on the real pages at hand.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="an outlet, world or zyte; all without it")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for each page")
    parser.add_argument("--half", choices=["a", "b"], help="only this half of the pages: rules are made on a")
    parser.add_argument("--rivals", type=Path, metavar="PYTHON", help="the Python of requirements-rivals.lock")
    return parser.parse_args()


def main() -> int:
    arguments = _arguments()
    if not DATA.is_dir():
        print(f"The pages to score on are absent: {DATA} is no folder. See CONTRIBUTING on where to put them.")
        return 1
    chosen = [page for page in [*pages(), *zyte_pages()] if not arguments.names or page.outlet in arguments.names]
    chosen = [page for page in chosen if arguments.half in {None, half_of(page.name)}]
    tallies = run(timed(chosen, ["pressmark"] if arguments.rivals else [*IN_PROCESS]), arguments.verbose)
    if arguments.rivals:
        tallies |= run(rivals(chosen, arguments.rivals), verbose=False)
    show(tallies)
    ratios(tallies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
