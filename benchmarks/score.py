"""The scoreboard of extraction: ours beside plain trafilatura, on the real pages at hand, in one run.

    python benchmarks/score.py [-v] [NAME...]      NAME: an outlet, world, zyte

A paragraph counts when it equals one of the gold's after white space is squeezed; `optional` ones are
neither required nor forbidden. Of the zyte pages text is compared by shingles of four words, as that
benchmark describes it: a page's true and false positives and false negatives are made to sum to one,
and precision, recall and F1 come from the sums; accuracy is the share of pages that are exactly right.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura

from archive.capture import Capture
from crawler.article import Article
from crawler.extraction import extract
from crawler.profile import Profile
from crawler.profiles.dw import DW
from crawler.profiles.france24 import FRANCE24
from crawler.profiles.pangea import PANGEA
from crawler.profiles.rfa import RFA
from crawler.profiles.upi import UPI
from crawler.profiles.voa import VOA

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A real page and what should come out of it; a key that the gold lacks nobody has judged."""

    name: str
    outlet: str
    url: str
    body: bytes
    gold: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an extractor made of a page."""

    title: str = ""
    published: str = ""
    modified: str = ""
    authors: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    lead: str | None = None


@dataclass(slots=True)
class Tally:
    """The sums over the pages of one outlet by one extractor."""

    pages: int = 0
    right: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    precision: float = 0.0
    recall: float = 0.0
    f1: float = 0.0
    leaks: int = 0
    seconds: float = 0.0


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


EXTRACTORS: dict[str, Callable[[Page], Found]] = {"pressmark": ours, "trafilatura": plain}


def squeeze(text: str | None) -> str:
    return " ".join((text or "").split())


def lines(value: object) -> list[str]:
    """A gold value, a list or a string or nothing, as a list of squeezed lines."""
    values = value if isinstance(value, list) else [value] if value else []
    return [squeeze(str(one)) for one in values]


def expected(gold: dict[str, Any]) -> list[str]:
    lead, body = lines(gold.get("lead")), lines(gold["body"])
    return body if lead[:1] == body[:1] else [*lead, *body]


def measure(found: Sequence[str], wanted: Sequence[str], optional: Iterable[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of whole paragraphs."""
    passed = set(optional)
    got = Counter(squeeze(one) for one in found if squeeze(one) not in passed)
    want = Counter(one for one in wanted if one not in passed)
    common = (got & want).total()
    precision = common / got.total() if got else 0.0
    recall = common / want.total() if want else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def same_date(found: str, wanted: str) -> bool:
    """Whether two dates agree as far as the coarser of them tells."""
    wanted = wanted.replace(" ", "T")
    if not found or len(found) == 10 or len(wanted) == 10:
        return found[:10] == wanted[:10]
    one, two = datetime.fromisoformat(found), datetime.fromisoformat(wanted)
    if one.tzinfo is None or two.tzinfo is None:
        return found[:16] == wanted[:16]
    return abs((one - two).total_seconds()) < 60


def judge(tally: Tally, page: Page, found: Found) -> None:
    """Add one page to the tally."""
    gold = page.gold
    tally.pages += 1
    verdicts = {
        "title": squeeze(found.title) == squeeze(gold["title"]) if "title" in gold else None,
        "published": same_date(found.published, gold["published"]) if gold.get("published") else None,
        "modified": (same_date(found.modified, gold["modified"]) if gold["modified"] else not found.modified)
        if "modified" in gold
        else None,
        "authors": set(found.authors) == set(gold["authors"]) if "authors" in gold else None,
    }
    for name, verdict in verdicts.items():
        tally.judged[name] += verdict is not None
        tally.right[name] += bool(verdict)
    measured = measure(found.paragraphs, expected(gold), lines(gold.get("optional")))
    tally.precision += measured[0]
    tally.recall += measured[1]
    tally.f1 += measured[2]
    text = " ".join(map(squeeze, found.paragraphs))
    tally.leaks += sum(one in text for one in lines(gold.get("boilerplate")) if len(one) > 12)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3))) if words else Counter()


def judge_shingles(tally: Tally, page: Page, found: Found) -> None:
    """Add one zyte page; its gold has no standfirst, so ours is compared without the lead that stands apart."""
    paragraphs = found.paragraphs[1:] if found.lead and found.paragraphs[:1] == (found.lead,) else found.paragraphs
    got, want = shingles("\n".join(paragraphs)), shingles(page.gold["articleBody"])
    true = (got & want).total()
    whole = (got | want).total() or 1
    tally.pages += 1
    tally.precision += true / whole  # sums of true and false positives and false negatives, until shown
    tally.recall += (got.total() - true) / whole
    tally.f1 += (want.total() - true) / whole
    tally.right["exact"] += got == want


def pages() -> list[Page]:
    """The pages of the outlets and of the world that have a gold."""
    urls = {
        row["file"]: row["url"]
        for row in csv.DictReader((DATA / "pages/index.tsv").open(encoding="utf-8"), delimiter="\t")
    }
    found = []
    for line in (DATA / "pages/gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        body = gzip.decompress((DATA / "pages" / gold["file"]).read_bytes())
        found.append(Page(name=gold["file"], outlet=gold["outlet"], url=urls[gold["file"]], body=body, gold=gold))
    return found


def zyte_pages() -> list[Page]:
    truth = json.loads((DATA / "zyte/ground-truth.json").read_text("utf-8"))
    return [
        Page(
            name=key,
            outlet="zyte",
            url=gold["url"],
            body=gzip.decompress((DATA / f"zyte/html/{key}.html.gz").read_bytes()),
            gold=gold,
        )
        for key, gold in sorted(truth.items())
    ]


def run(chosen: list[Page], verbose: bool) -> dict[tuple[str, str], Tally]:
    tallies: dict[tuple[str, str], Tally] = {}
    for name, extractor in EXTRACTORS.items():
        for page in chosen[:20]:
            extractor(page)  # what is compiled once in a process is no page's cost
        for page in chosen:
            tally = tallies.setdefault((page.outlet, name), Tally())
            started = time.process_time()
            found = extractor(page)
            tally.seconds += time.process_time() - started
            (judge_shingles if page.outlet == "zyte" else judge)(tally, page, found)
            if verbose and name == "pressmark" and page.outlet != "zyte":
                figures = measure(found.paragraphs, expected(page.gold), lines(page.gold.get("optional")))
                print(f"  {figures[0]:.3f} {figures[1]:.3f} {figures[2]:.3f}  {page.name}")
    return tallies


def share(tally: Tally, name: str) -> str:
    return f"{tally.right[name]}/{tally.judged[name]}" if tally.judged[name] else "-"


def show(tallies: dict[tuple[str, str], Tally]) -> None:
    """Print one line for each outlet and extractor."""
    names = ("title", "published", "modified", "authors")
    print(
        f"{'outlet':<10}{'extractor':<13}{'pages':>5}"
        + "".join(f"{one:>11}" for one in names)
        + f"{'P':>8}{'R':>7}{'F1':>7}{'leaks':>7}{'pages/s':>9}"
    )
    for (outlet, extractor), tally in sorted(
        tallies.items(), key=lambda item: (item[0][0] == "zyte", item[0][0] == "world", item[0])
    ):
        precision, recall, f1 = tally.precision / tally.pages, tally.recall / tally.pages, tally.f1 / tally.pages
        extra = ""
        if outlet == "zyte":
            true, false, missed = tally.precision, tally.recall, tally.f1
            precision, recall = true / (true + false), true / (true + missed)
            f1 = 2 * precision * recall / (precision + recall)
            extra = f"   accuracy {tally.right['exact'] / tally.pages:.3f}"
        marks = "".join(f"{share(tally, one):>11}" for one in names)
        figures = f"{precision:>8.3f}{recall:>7.3f}{f1:>7.3f}{tally.leaks:>7}{tally.pages / tally.seconds:>9.1f}"
        print(f"{outlet:<10}{extractor:<13}{tally.pages:>5}{marks}{figures}{extra}")


def speed(tallies: dict[tuple[str, str], Tally]) -> None:
    """Print how many times trafilatura's pages/s ours are: on outlets' pages, and on all others."""
    for label, generic in (("known outlets", False), ("the generic way", True)):
        spent = {
            name: sum(
                tally.seconds
                for (outlet, by), tally in tallies.items()
                if by == name and (outlet in {"world", "zyte"}) == generic
            )
            for name in EXTRACTORS
        }
        if spent["pressmark"]:
            print(f"{label}: {spent['trafilatura'] / spent['pressmark']:.1f} times trafilatura's pages/s (CPU time)")


def main() -> int:
    parser = argparse.ArgumentParser(description="Score extraction on the real pages at hand.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="an outlet, world or zyte; all without it")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for each page")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"The pages to score on are absent: {DATA} is no folder. See CONTRIBUTING on where to put them.")
        return 1
    chosen = [page for page in [*pages(), *zyte_pages()] if not arguments.names or page.outlet in arguments.names]
    tallies = run(chosen, arguments.verbose)
    show(tallies)
    speed(tallies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
