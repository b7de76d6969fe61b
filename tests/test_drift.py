"""A crawl counts how its pages were read, and a redesign shows as a number."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.crawl import Crawl
from crawler.article import Article
from crawler.drift import LENGTHS, counts
from newsroom.server import Newsroom
from tests.running import crawl, scrapy

URL = "https://www.dw.com/en/lamp-{}/a-{}"
LINES = [f"Lamp number {number} was lit at dusk by a keeper whom nobody on the pier has seen." for number in range(4)]
ARTICLE = Article(
    url="https://a.test/1",
    canonical_url="https://a.test/1",
    outlet="a",
    title="Lamp",
    lead="A lead.",
    text="A lead.\n\nA body.",
    published="2026-03-01",
    captured="2026-03-01T00:00:00Z",
    record_id=None,
    payload_digest=None,
    warc=None,
    offset=None,
    extractor="dw-2023/1 trafilatura/2.3.1",
)


def story(name: str, *, lead: bool = True, date: bool = True, times: int = 1) -> str:
    """A page in the layout of 2023."""
    teaser = "<p class='teaser-text'>Nobody knows who lights it.</p>" if lead else ""
    day = "<time datetime='2026-03-01T10:00:00Z'>1 March</time>" if date else ""
    lines = "".join(f"<p>{line} It was night {night}.</p>" for night in range(times) for line in LINES)
    return f"<header><h1>{name}</h1>{day}{teaser}</header><div class='rich-text'>{lines}</div>"


def redesigned(page: str) -> str:
    """The same, with the names of its elements hashed."""
    return re.sub("class='[a-z-]+'", "class='c1f3'", re.sub("header>", "section>", page))


def pages(change: bool) -> dict[str, bytes]:
    stories = [story("One"), story("Two", lead=False), story("Three", date=False), story("Four", times=60)]
    changed = [redesigned(one) if change else one for one in stories]
    return {
        URL.format(n, n): f"<html lang='en'><body><main>{page}</main></body></html>".encode()
        for n, page in enumerate(changed)
    }


def counted(folder: Path) -> dict[str, int]:
    statistics = Crawl.open(folder).manifest["statistics"]
    return {name: value for name, value in statistics.items() if re.match("articles/(by|without|length|access)", name)}


@pytest.mark.parametrize("change", [False, True], ids=["as known", "redesigned"])
def test_a_redesign_shows_in_the_statistics(tmp_path: Path, change: bool) -> None:
    served = pages(change)
    with Newsroom.for_pages(served) as newsroom:
        folder = crawl(tmp_path, "dw", "-a", f"urls={','.join(served)}", environment=newsroom.environment)
    by = {"articles/by/generic": 4} if change else {"articles/by/dw-2023": 4}
    lengths = {"articles/length/from_00250": 3, "articles/length/from_16000": 1}
    lacking = {"articles/without/lead": 4 if change else 1, "articles/without/date": 1}
    assert counted(folder) == {**by, **lengths, **lacking}
    replay = scrapy("replay", folder)
    assert (replay.returncode, replay.stdout) == (0, "the same: 4 articles\n")


@pytest.mark.parametrize(
    ("article", "names"),
    [
        (ARTICLE, set()),
        (replace(ARTICLE, title=None), {"articles/without/title"}),
        (replace(ARTICLE, published=None), {"articles/without/date"}),
        (replace(ARTICLE, lead=None), {"articles/without/lead"}),
        (replace(ARTICLE, text="A lead."), {"articles/without/body"}),
        (replace(ARTICLE, access="paywall"), {"articles/access/paywall"}),
    ],
    ids=["whole", "title", "date", "lead", "body", "access"],
)
def test_what_an_article_lacks_is_counted(article: Article, names: set[str]) -> None:
    assert set(counts(article)) == names | {"articles/length/from_00000"}


@given(st.integers(0, 40_000))
def test_a_length_falls_into_one_class(size: int) -> None:
    (name,) = (one for one in counts(replace(ARTICLE, text="x" * size)) if "length" in one)
    bound = int(name.rpartition("_")[2])
    assert bound == max(one for one in LENGTHS if one <= size)
