"""Profiles read each outlet's pages: our own beside their expected JSON, the seeds rebuilt, and the real ones."""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

import csv
import gzip
import html
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.capture import Capture
from crawler.article import Article, NoArticle
from crawler.extraction import extract
from crawler.markup import squeeze
from crawler.profile import Profile
from crawler.profiles.dw import DW
from crawler.profiles.france24 import FRANCE24
from crawler.profiles.pangea import PANGEA
from crawler.profiles.rfa import RFA
from crawler.profiles.upi import UPI
from crawler.profiles.voa import VOA

PAGES = Path(__file__).parent / "pages"
DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FAMILIES: dict[str, tuple[Profile, ...]] = {
    "dw": DW,
    "france24": FRANCE24,
    "rfi": FRANCE24,
    "rferl": PANGEA,
    "upi": UPI,
    "voa": VOA,
    "rfa": RFA,
}
STARTED = datetime(2026, 6, 15, 12, 0, 0, 250, tzinfo=UTC)


def read(page: str | bytes, url: str, profiles: Iterable[Profile]) -> Article | NoArticle:
    raw = page.encode() if isinstance(page, str) else page
    return extract(raw, Capture(url=url, started=STARTED), tuple(profiles), "outlet")


def paragraphs(article: Article | NoArticle) -> list[str]:
    assert isinstance(article, Article), article
    return article.text.split("\n\n")


# Our own pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_page_gives_the_article_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    profiles = FAMILIES.get(expected.pop("family"), ())
    article = read(path.read_bytes(), expected["url"], profiles)
    found = article.as_dict() if isinstance(article, Article) else {"url": expected["url"], "reason": article.reason}
    found["text"] = found.get("text", "").split("\n\n")
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize("script", ["armenian", "burmese", "right-to-left"])
def test_the_generic_way_knows_how_sentences_end_in_other_scripts(script: str) -> None:
    path = PAGES / f"pangea-{script}.html"
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    found = read(path.read_bytes(), expected["url"], ())
    assert isinstance(found, Article)
    assert found.extractor.startswith("generic")
    assert (found.title, found.lead, paragraphs(found)) == (expected["title"], expected["lead"], expected["text"])


# The seeds, laid out in their outlet's markup -----------------------------------------------------------------------


def p(*lines: str) -> str:
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)


def mixed(lines: Iterable[str], subheads: Iterable[str], tag: str) -> str:
    heads = set(subheads)
    return "\n".join(f"<{tag}>{html.escape(one, quote=False)}</{tag}>" if one in heads else p(one) for one in lines)


def dw_2011(gold: dict[str, Any]) -> str:
    lead, *body = gold["body"]
    return f"""<html lang="en"><head><title>{gold["title"]} | DW | 19.05.2014</title><meta name="author" content="Deutsche Welle (www.dw.com)">
    <meta property="og:title" content="{gold["title"]} | DW | 19.05.2014"></head><body>
    <ol><li><a href="#a">Skip to content</a></li><li><a href="#b">Skip to main menu</a></li><li><a href="#c">Skip to more DW sites</a></li></ol>
    <div class="col3"><h1>{gold["title"]}</h1><p class="intro">{lead}</p>
    <div class="picBox"><img alt=""><p>{gold["captions"][0]}</p></div>
    <div class="group"><div class="longText">{mixed(body, gold["subheads"], "h2")}<p>{gold["credit"]}</p></div></div>
    <div class="group"><ul class="smallList"><li><strong>Date</strong> 19.05.2014</li><li><strong>Print</strong> <a href="#">Print this page</a></li></ul></div>
    </div></body></html>"""


def dw_2023(gold: dict[str, Any]) -> str:
    lead, *body = gold["body"]
    return f"""<html lang="en"><head><title>{gold["title"]} – DW – 05/19/2014</title></head><body>
    <a class="skip" href="#a">Skip to content</a><a href="#b">Skip to main menu</a><a href="#c">Skip to more DW sites</a>
    <article><header><h1 class="x1">{gold["title"]}</h1><span class="time-area"><time>May 19, 2014</time></span>
    <p class="teaser-text x2">{lead}</p></header>
    <figure><figcaption>{gold["captions"][0]}<small class="copyright">Image: Reuters</small></figcaption></figure>
    <div data-tracking-name="rich-text" class="x3 rich-text">{mixed(body, gold["subheads"], "h2")}<p>{gold["credit"]}</p></div>
    </article></body></html>"""


def pangea(gold: dict[str, Any]) -> str:
    caption = gold["captions"][0]
    notice = gold["boilerplate"][-3:]
    return f"""<html lang="en"><head><title>{gold["title"]}</title></head><body>
    <a href="#content">Accessibility links</a><div class="label">Breaking News</div>
    <h1 class="title pg-title">{gold["title"]}</h1>
    <div class="cover-media"><figure class="media-image"><img alt="{caption}"><figcaption><span class="caption">{caption}</span></figcaption></figure></div>
    <div class="body-container"><div id="article-content" class="content-floated-wrap"><div class="wsw">
    <figure><img alt="x"><figcaption>{caption}</figcaption></figure>
    {mixed(gold["body"], gold["subheads"], "h2")}
    <p class="credit">{gold["credit"]}</p>
    <ul><li><div class="c-author"><img alt="16x9 Image"><span>16x9 Image</span><div class="wsw">{p(gold["boilerplate"][4])}</div></div></li></ul>
    <div>{p(*notice)}</div></div></div></div></body></html>"""


def upi_2018(gold: dict[str, Any]) -> str:
    deck, *body = gold["body"]
    advertisement = '<div class="ad_slot"><span class="ad-tag">Advertisement</span></div>'
    middle = "\n".join(p(one) + (advertisement if index in {1, 3} else "") for index, one in enumerate(body))
    return f"""<html lang="en"><head><title>{gold["title"]} - UPI.com</title></head><body><div>Advertisement</div>
    <h1 class="headline">{gold["title"]}</h1><div class="st_desc">{deck}</div>
    <div class="author"><span>By</span><div>{gold["byline"]}</div></div>
    <article itemprop="articleBody">{middle}</article><h3>Latest Headlines</h3></body></html>"""


def upi_2012(gold: dict[str, Any]) -> str:
    deck, *body = gold["body"]
    middle = "\n".join(p(one) + ("<p>Advertisement</p>" if index in {1, 3} else "") for index, one in enumerate(body))
    return f"""<html lang="en"><head><title>{gold["title"]} - UPI.com</title></head><body><div class="ad">Advertisement</div>
    <h1 class="st_headline">{gold["title"]}</h1><div class="st_desc grey">{deck}</div>
    <div class="meta grey">By <a href="#">{gold["byline"]}</a></div>
    <article><div id="article">{middle}</div></article><div>Latest Headlines</div></body></html>"""


def france24_2012(gold: dict[str, Any]) -> str:
    lead, *body = gold["body"]
    rail = "".join(f'<li><h3>{one}</h3><a href="#">Read more</a></li>' for one in gold["boilerplate"][2:11])
    related = "".join(f'<li><a href="#">{one}</a></li>' for one in gold["boilerplate"][-3:])
    return f"""<html lang="en"><head><title>Europe - {gold["title"]} - France 24</title></head><body>
    <div class="rail"><h2>Don't miss</h2><ul>{rail}</ul></div>
    <article class="article-long"><header class="hd"><h1 class="title">{gold["title"]}</h1>
    <figure class="img"><figcaption>© Photo: AFP</figcaption></figure>
    <p class="author">Text by <a href="#">{gold["byline"]}</a></p><p class="modification">Latest update : {gold["date_modified"]}</p></header>
    <div class="bd"><h2>{lead}</h2>{mixed(body, gold["subheads"], "h2")}<p><em>{gold["credit"]}</em></p>
    <ul class="related-article">{related}</ul><p class="modification">Date created : {gold["date"]}</p></div></article></body></html>"""


def wordpress(gold: dict[str, Any]) -> str:
    body = list(gold["body"])
    for position, caption in ((17, gold["captions"][2]), (14, gold["captions"][1]), (10, gold["captions"][0])):
        body.insert(position, f"!{caption}")
    picture = '<figure class="wp-caption"><img alt="{title}"><figcaption>{caption}</figcaption></figure>'
    blocks = [picture.format(title=gold["title"], caption=one[1:]) if one.startswith("!") else p(one) for one in body]
    return f"""<html lang="en-US"><head><title>{gold["title"]} - Gazette</title></head><body class="single single-post">
    <a class="skip-link screen-reader-text" href="#content">Skip to content</a>
    <header class="entry-header"><h1 class="entry-title">{gold["title"]}</h1></header>
    <div class="entry-content">{"".join(blocks)}<p>New York Post</p>{p(gold["boilerplate"][-1])}</div></body></html>"""


SEEDS: list[tuple[str, Callable[[dict[str, Any]], str], str, str]] = [
    ("000_dcea63d6200d3260", dw_2011, "dw", "https://www.dw.com/en/moscow-orders-troops-home/a-1"),
    ("000_dcea63d6200d3260", dw_2023, "dw", "https://www.dw.com/en/moscow-orders-troops-home/a-1"),
    ("001_0d68dd12f93b1d19", pangea, "rferl", "https://www.rferl.org/a/1.html"),
    ("002_905ab68813284ad8", upi_2018, "upi", "https://www.upi.com/Top_News/2014/05/19/x/1/"),
    ("002_905ab68813284ad8", upi_2012, "upi", "https://www.upi.com/Top_News/2014/05/19/x/1/"),
    ("003_45d204b6dd8bb6c3", france24_2012, "france24", "http://www.france24.com/en/20140331-x"),
    ("004_5f14bd8932071e91", wordpress, "", "https://gazette.test/2022/02/russia"),
]


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize(("seed", "layout", "family", "url"), SEEDS, ids=lambda value: getattr(value, "__name__", None))
def test_a_seed_rebuilt_in_its_outlets_markup_gives_exactly_the_gold_body(
    seed: str, layout: Callable[[dict[str, Any]], str], family: str, url: str
) -> None:
    gold = json.loads((DATA / "seeds" / "gold" / f"{seed}.json").read_text("utf-8"))
    article = read(layout(gold), url, FAMILIES.get(family, ()))
    assert paragraphs(article) == [" ".join(one.split()) for one in gold["body"]]
    assert isinstance(article, Article)
    assert article.title == gold["title"]
    assert article.published == gold["date"]
    assert article.modified == gold.get("date_modified")
    assert list(article.authors) == ([gold["byline"]] if gold["byline"] else [])
    assert article.dateline == gold["dateline"]


# Real pages, read in place ------------------------------------------------------------------------------------------


def real_pages(kind: str) -> list[dict[str, str]]:
    if not DATA.is_dir():
        return []
    with (DATA / "pages" / "index.tsv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if (row["outlet"] == kind) == (kind == "listing")]


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize("row", real_pages("listing"), ids=lambda row: str(row["file"]))
def test_a_page_of_links_is_no_article(row: dict[str, str]) -> None:
    page = gzip.decompress((DATA / "pages" / row["file"]).read_bytes())
    for profiles in (*FAMILIES.values(), ()):
        assert isinstance(read(page, row["url"] or "http://listing.test/", profiles), NoArticle)


def judged_pages() -> list[dict[str, Any]]:
    if not DATA.is_dir():
        return []
    urls = {row["file"]: row["url"] for kind in ("listing", "") for row in real_pages(kind)}
    golds = map(json.loads, (DATA / "pages" / "gold.jsonl").read_text("utf-8").splitlines())
    return [{**gold, "url": urls[gold["file"]]} for gold in golds if gold["outlet"] in FAMILIES]


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize("gold", judged_pages(), ids=lambda gold: str(gold["file"]))
def test_an_outlets_real_page_gives_every_paragraph_of_the_gold_and_no_clutter(gold: dict[str, Any]) -> None:
    page = gzip.decompress((DATA / "pages" / gold["file"]).read_bytes())
    article = read(page, gold["url"], FAMILIES[gold["outlet"]])
    optional = set(map(squeeze, gold.get("optional") or ()))
    found = [one for one in paragraphs(article) if one not in optional]
    lead = gold.get("lead") or []
    expected = [squeeze(one) for one in [*([lead] if isinstance(lead, str) else lead), *gold["body"]]]
    assert isinstance(article, Article)
    if article.dateline and found[0].startswith(article.dateline) and len(found[0]) < 60:
        del found[0]  # a dateline apart from its paragraph, which some of the gold leaves out
    assert found == [one for one in expected if one not in optional]
    assert article.title == squeeze(gold["title"])
    assert list(article.authors) == gold["authors"]
    assert article.agencies[: len(gold.get("agencies", ()))] == tuple(gold.get("agencies", ()))
    assert same_moment(article.published or "", gold["published"].replace(" ", "T"))
    assert not any(one in article.text for one in map(squeeze, gold.get("boilerplate") or ()) if len(one) > 12)
    if "modified" in gold:
        assert same_moment(article.modified or "", gold["modified"] or "")


def same_moment(found: str, wanted: str) -> bool:
    if min(len(found), len(wanted)) <= 10:
        return found[:10] == wanted[:10]
    return datetime.fromisoformat(found) == datetime.fromisoformat(wanted)


# Variants of the seeds' markup, as others might lay it out -----------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent")
def test_clutter_that_stands_as_paragraphs_in_the_body_is_left_out() -> None:
    gold = json.loads((DATA / "seeds" / "gold" / "001_0d68dd12f93b1d19.json").read_text("utf-8"))
    caption = gold["captions"][0]
    page = f"""<html><body><h1 class="title pg-title">{gold["title"]}</h1><div id="article-content"><div class="wsw">
    {p("Accessibility links", "Breaking News", caption, caption)}{mixed(gold["body"], gold["subheads"], "h2")}
    {p(gold["credit"], "• 16x9 Image", *gold["boilerplate"][4:])}</div></div></body></html>"""
    article = read(page, "https://www.rferl.org/a/1.html", PANGEA)
    assert paragraphs(article) == [" ".join(one.split()) for one in gold["body"]]
    assert isinstance(article, Article)
    assert article.agencies == ("Reuters", "AFP", "AP")
