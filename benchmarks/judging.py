"""Judging: what an extractor made of a page beside what should come of it, and the real pages to judge on."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


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
    """Add one zyte page; `found.lead` is left out, for that gold has no standfirst."""
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
    """The half of the Zyte benchmark that is at hand."""
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


def half_of(name: str) -> str:
    """The half, a or b, that a page falls into by the hash of its name: rules are made on one, told of the other."""
    return "ab"[hashlib.sha256(name.encode()).digest()[0] & 1]
