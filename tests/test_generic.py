"""The generic way on pages of unknown sites: what belongs to the article, and what only stands beside it."""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from archive.capture import Capture
from crawler import captions
from crawler.article import Article, NoArticle
from crawler.extraction import extract
from crawler.finding import Finder
from crawler.markup import parse, select
from crawler.profile import Profile
from crawler.profiles.dw import DW
from crawler.profiles.france24 import FRANCE24
from crawler.profiles.pangea import PANGEA
from crawler.profiles.rfa import RFA
from crawler.profiles.upi import UPI
from crawler.profiles.voa import VOA

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
EVERY: tuple[Profile, ...] = (*DW, *FRANCE24, *PANGEA, *RFA, *UPI, *VOA)
TITLE = "The lamp that nobody lights"
PARAGRAPHS = [
    "Every evening at six the lamp on the pier of Vellum goes on, and nobody in town can say who lights it.",
    "The harbor master, Oda Brandt, has counted the matches in the shed for eleven years, and none was ever gone.",
    "“We could put up a camera,” she says. “But then we would have to look at what it saw, and I sleep well.”",
    "The council will vote in spring on a plaque for the unknown keeper, who has not replied to its letters.",
]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def page(body: str, head: str = "") -> str:
    return f"<html lang='en'><head><title>{TITLE} | Vellum Post</title>{head}</head><body><nav><a href='/'>Vellum Post</a></nav><main><h1>{TITLE}</h1>{body}</main></body></html>"


def json_ld(**facts: object) -> str:
    said = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE} | facts
    return f"<script type='application/ld+json'>{json.dumps(said)}</script>"


def read(html: str, *profiles: Profile) -> Article | NoArticle:
    capture = Capture(url="https://vellum.test/2026/lamp", started=datetime(2026, 3, 1, tzinfo=UTC))
    return extract(html.encode(), capture, profiles, "vellum")


def article(html: str) -> Article:
    found = read(html)
    assert isinstance(found, Article), found
    return found


def text(body: str, head: str = "") -> list[str]:
    return article(page(body, head)).text.split("\n\n")


# What stands beside the article -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "beside",
    [
        "<div><a href='/b'><h3>The ferry that came back</h3></a><p>What the crew found in the hold will surprise you.</p></div>",
        "<p>Lena Moor is a reporter who covers the coast and its lights for the Vellum Post.</p>",
        "<h3>About the author</h3><p>Whoever wrote this likes lamps, and has lived on the pier since the age of nine.</p>",
        "<p><strong>About Vellum Lamps</strong></p><p>Vellum Lamps has made lamps of brass and glass in this town since 1871.</p>",
        "<div class='reg-wall'><h4>Read on</h4><p>To go on reading, become a member of the Vellum Post or log in.</p></div>",
        "<p>Explore further</p>",
        "<div class='m-em-audio'><p>The keeper's friends tell of the lamp, as recorded on the pier.</p></div>",
    ],
    ids=["card", "life", "author", "company", "gate", "label", "audio"],
)
def test_what_stands_beside_an_article_is_left_out(beside: str) -> None:
    head = json_ld(author={"@type": "Person", "name": "Lena Moor"}, datePublished="2026-02-20")
    assert text(f"<article>{BODY}{beside}</article>", head) == PARAGRAPHS


def test_a_body_declared_in_full_tells_where_the_article_ends_and_what_stands_outside_its_container() -> None:
    promotion = "<p>Our app brings you every lamp, daily.</p>"
    first, rest = "".join(f"<p>{one}</p>" for one in PARAGRAPHS[:3]), f"<p>{PARAGRAPHS[3]}</p>"
    split = f"<div class='article-body'>{promotion}{first}</div><div>{rest}</div><div>{promotion}</div>"
    assert text(split, json_ld(articleBody=" ".join(PARAGRAPHS))) == PARAGRAPHS


def test_a_body_declared_in_part_changes_nothing() -> None:
    assert text(f"<article>{BODY}</article>", json_ld(articleBody=" ".join(PARAGRAPHS[:2]))) == PARAGRAPHS


def test_a_page_that_leaves_out_the_tags_of_head_and_body_has_its_article() -> None:
    bare = page(BODY).replace("<nav><a href='/'>Vellum Post</a></nav>", "")
    for tag in ("<head>", "</head>", "<body>", "</body>"):
        bare = bare.replace(tag, "")
    assert article(bare).text == article(page(BODY)).text


def test_a_copy_of_the_body_for_machines_is_not_the_body() -> None:
    long = [f"{text} It has been so for {number} years." for number in range(8) for text in PARAGRAPHS]
    shown = "".join(f"<p>{one}</p>" for one in long)
    assert text(f"<div>{shown}</div><div itemprop='articleBody'>{' '.join(long)}</div>") == long


def test_a_live_ticker_keeps_its_posts_in_their_order() -> None:
    posts = "".join(
        f"<article class='post'><h3>Hour {n}</h3><p>{line}</p></article>" for n, line in enumerate(PARAGRAPHS)
    )
    found = text(f"<div class='ticker'>{posts}</div>", json_ld(**{"@type": "LiveBlogPosting"}))
    assert [line for line in found if line in PARAGRAPHS] == PARAGRAPHS


# Headlines, leads, captions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ["Coast - {}", "{} | Vellum Post", "Coast | {} - Vellum Post"])
def test_a_section_or_site_around_the_headline_is_no_part_of_it(declared: str) -> None:
    head = f"<meta property='og:title' content='{declared.format(TITLE)}'>"
    assert article(page(BODY, head)).title == TITLE


@pytest.mark.parametrize(
    "declared",
    [
        "{} - The Lampgazétte",
        "{} | Coastline",
        "{} - lampgazette.test › Coast",
        "{} | Lampgazette - English",
        "{}｜灯新聞",
        "{}：灯新聞",
        "灯新聞 | {}",
    ],
)
def test_the_names_of_site_and_section_are_told_from_a_headline_that_stands_nowhere_else(declared: str) -> None:
    """As on pages without an <h1>: names by the address and the publisher, one in more words, full-width marks."""
    page_of = f"<html><head><title>{declared.format(TITLE)}</title>{json_ld(headline=None, publisher={'name': '灯新聞'})}</head>"
    capture = Capture(url="https://www.lampgazette.test/coastline/lamp-4", started=datetime(2026, 3, 14, tzinfo=UTC))
    found = extract(f"{page_of}<body>{BODY}</body></html>".encode(), capture, (), "lampgazette")
    assert isinstance(found, Article)
    assert found.title == TITLE


def test_a_standfirst_cut_short_is_only_the_first_paragraph_again() -> None:
    teaser = f"<p class='teaser-text'>{PARAGRAPHS[0][:60]}...</p>"
    found = article(page(f"{teaser}<article>{BODY}</article>"))
    assert (found.lead, found.text.split("\n\n")) == (None, PARAGRAPHS)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<figcaption>The lamp at dusk.</figcaption>", "The lamp at dusk."),
        ("<figcaption>The lamp at dusk. <small>Image: O. Brandt</small></figcaption>", "The lamp at dusk."),
        ("<figcaption>© Oda Brandt, VPA | The lamp at dusk.</figcaption>", "The lamp at dusk."),
        ("<figcaption>The lamp at dusk. © Oda Brandt, VPA</figcaption>", "The lamp at dusk."),
        (
            "<figcaption>The lamp at dusk. Photo by O. Brandt/VPA</figcaption>",
            "The lamp at dusk. Photo by O. Brandt/VPA",
        ),
        ("<figcaption>© Photo: VPA</figcaption>", ""),
        ("<div class='caption'><script>write('x')</script><div class='lp'> | License Photo</div></div>", ""),
    ],
)
def test_a_caption_stands_without_its_credit(markup: str, words: str) -> None:
    assert captions.caption(etree.fromstring(markup, etree.HTMLParser())[0][0]) == words


# Cost ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "many",
    [
        "".join(f"<figure><figcaption>The lamp number {n} at dusk</figcaption></figure>" for n in range(40_000)),
        "<p class='date'>1.1</p>" * 100_000,
        "<div class='paywall'>x</div>" * 100_000,
        "<h2><a href='/x'>x</a></h2>" * 60_000,
        f"<table><thead>{'<tr><th>x</th></tr>' * 60_000}</thead><tfoot>{'<tr><td>y</td></tr>' * 60_000}</tfoot></table>",
        "<p>The lamp is lit.</p><h3>Related</h3>" * 60_000,
        "<script>" * 200_000,
        "<script>var lamp = 1;</script>" * 200_000,
    ],
    ids=["captions", "dates", "gates", "cards", "rows", "labels", "unclosed scripts", "scripts"],
)
def test_a_page_with_very_many_of_anything_is_answered(many: str) -> None:
    """Each of these took minutes where its kind was compared or sorted with all its like."""
    assert isinstance(read(page(f"<article>{many}{BODY}</article>"), *EVERY), Article | NoArticle)


def test_scripts_that_fill_a_page_do_not_push_its_article_out() -> None:
    scripts = "<script>" + "lamp();" * 800_000 + "</script>"
    assert text(f"{scripts}<article>{BODY}</article>") == PARAGRAPHS


# Selectors ----------------------------------------------------------------------------------------------------------

PLACES = (
    "marks",
    "title",
    "lead",
    "body",
    "drop",
    "authors",
    "published",
    "modified",
    "dateline",
    "captions",
    "section",
    "tags",
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_finder_finds_what_xpath_finds(path: Path) -> None:
    tree = parse(path.read_bytes())
    assert tree is not None
    finder = Finder(tree)
    selectors = {one for profile in EVERY for place in PLACES for one in getattr(profile, place)}
    for selector in sorted(selectors | {"div", "p, h1", "body p", "html > body", "h1, p, h2"}):
        assert finder.select(selector) == select(tree, selector), selector
