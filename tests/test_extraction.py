"""Extraction answers every page, however broken, with an article or the reason why there is none."""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.capture import Capture
from crawler import generic
from crawler.article import Article, NoArticle
from crawler.extraction import extract
from crawler.profiles.dw import DW
from crawler.profiles.france24 import FRANCE24
from crawler.profiles.pangea import PANGEA
from crawler.profiles.upi import UPI

PAGES = Path(__file__).parent / "pages"
DATA = Path(__file__).parent.parent.parent / "shared" / "data"
EVERY = (*DW, *FRANCE24, *PANGEA, *UPI)
STARTED = datetime(2026, 3, 1, 8, 30, 0, 42, tzinfo=UTC)

BODY = """<h1>The bakery that never closes</h1><p>For ninety years somebody has kept the oven of the Morrow bakery warm.</p>
<p>Now the night baker retires, and the whole street wants to help out until a successor is found.</p>
<h2>One loaf at a time</h2><p>“We begin at two,” says Ada Morrow, who has never owned an alarm clock.</p>"""
PARAGRAPHS = [
    "For ninety years somebody has kept the oven of the Morrow bakery warm.",
    "Now the night baker retires, and the whole street wants to help out until a successor is found.",
    "One loaf at a time",
    "“We begin at two,” says Ada Morrow, who has never owned an alarm clock.",
]


def capture(url: str = "https://gazette.test/2026/02/bakery", content_type: str | None = None) -> Capture:
    header = f"Content-Type: {content_type}\r\n" if content_type else ""
    return Capture(url=url, started=STARTED, response=f"HTTP/1.1 200 OK\r\n{header}\r\n".encode())


def read(
    page: str | bytes, url: str = "https://gazette.test/2026/02/bakery", content_type: str | None = None
) -> Article | NoArticle:
    raw = page.encode() if isinstance(page, str) else page
    return extract(raw, capture(url, content_type), EVERY, "gazette")


def article(
    page: str | bytes, url: str = "https://gazette.test/2026/02/bakery", content_type: str | None = None
) -> Article:
    found = read(page, url, content_type)
    assert isinstance(found, Article), found
    return found


def site(body: str = BODY, head: str = "", attributes: str = "") -> str:
    return f"<html lang='en-GB'><head><title>The bakery that never closes | Gazette</title>{head}</head><body {attributes}>{body}</body></html>"


def text(page: str | bytes, content_type: str | None = None) -> list[str]:
    return article(page, content_type=content_type).text.split("\n\n")


# What an article is ---------------------------------------------------------------------------------------------------


def test_an_unknown_page_gives_its_paragraphs_and_subheads_in_order() -> None:
    assert text(site()) == PARAGRAPHS


def test_the_extractor_names_the_generic_way_where_no_profile_fits() -> None:
    assert article(site()).extractor.startswith(f"{generic.NAME} trafilatura/")


def test_an_article_carries_its_pressmark_and_its_captures_date() -> None:
    marked = Capture(
        url="https://gazette.test/a",
        started=STARTED,
        record_id="<urn:uuid:1>",
        payload_digest="sha1:A",
        warc="gazette.warc.gz",
        offset=77,
    )
    found = extract(site().encode(), marked, (), "gazette")
    assert isinstance(found, Article)
    assert (found.record_id, found.payload_digest, found.warc, found.offset) == (
        "<urn:uuid:1>",
        "sha1:A",
        "gazette.warc.gz",
        77,
    )
    assert found.captured == "2026-03-01T08:30:00.000042Z"


def test_a_line_break_inside_a_paragraph_is_a_space_and_two_end_it() -> None:
    page = site(
        BODY + "<p>One line of the poem<br>and another one of it.<br><br>A new paragraph begins after two breaks.</p>"
    )
    assert text(page)[-2:] == [
        "One line of the poem and another one of it.",
        "A new paragraph begins after two breaks.",
    ]


def test_text_holds_no_newline_but_the_blank_lines_and_no_hard_space() -> None:
    found = article(site(BODY.replace("the oven", "the\xa0oven\n\n of  bread")))
    assert "\xa0" not in found.text
    assert "\n" not in found.text.replace("\n\n", "")


def test_a_page_is_read_the_same_in_another_process_year_locale_and_hash_seed() -> None:
    page = site(head='<meta property="article:published_time" content="2026-02-27T06:00:00+01:00">')
    program = (
        "import sys; sys.path.insert(0, '.'); from tests.test_extraction import article; "
        "print(article(sys.stdin.buffer.read()).as_json())"
    )
    environment = {"PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUTF8": "1"}
    root = Path(__file__).parent.parent
    other = subprocess.run(
        [sys.executable, "-c", program], input=page.encode(), capture_output=True, cwd=root, env=environment, check=True
    )
    assert other.stdout.decode().strip() == article(page).as_json()


def test_profiles_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(EVERY)) == EVERY


# What a page declares -------------------------------------------------------------------------------------------------


def test_a_site_name_is_no_part_of_the_title() -> None:
    head = '<meta property="og:title" content="The bakery that never closes - Gazette"><meta property="og:site_name" content="Gazette">'
    assert article(site(head=head)).title == "The bakery that never closes"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","datePublished":"2026-02-27T06:00:00Z","author":{"@type":"Person","name":"By Jo Field"},}',
        '[{"@type":"Organization"},{"@type":["NewsArticle"],"datePublished":"2026-02-27T06:00:00Z","author":["Jo Field"]}]',
        '{"@graph":[{"@type":"WebPage"},{"@type":"NewsArticle","datePublished":"2026-02-27T06:00:00Z","author":{"@id":"#jo"}},'
        '{"@type":"Person","@id":"#jo","name":"Jo Field"}]}',
        '<!-- {"@type":"NewsArticle","datePublished":"2026-02-27T06:00:00Z","author":"Jo Field, Staff Writer"} -->',
    ],
)
def test_json_ld_is_read_in_every_shape_it_comes_in(script: str) -> None:
    found = article(site(head=f'<script type="application/ld+json">{script}</script>'))
    assert (found.authors, found.published) == (("Jo Field",), "2026-02-27T06:00:00+00:00")


@pytest.mark.parametrize(
    "script", ["{", "[" * 5000, "null", '"text"', '{"@type":"NewsArticle","author":[[[null]]],"datePublished":7}']
)
def test_json_ld_that_is_broken_harms_nothing(script: str) -> None:
    assert text(site(head=f'<script type="application/ld+json">{script}</script>')) == PARAGRAPHS


def test_a_canonical_url_is_made_absolute_and_else_the_url_is_cleaned() -> None:
    assert article(site(head='<link rel="canonical" href="/bakery">')).canonical_url == "https://gazette.test/bakery"
    tracked = "https://gazette.test/bakery?id=4&utm_source=mail&fbclid=x#top"
    assert article(site(), tracked).canonical_url == "https://gazette.test/bakery?id=4"


def test_a_modification_at_the_moment_of_publication_is_none() -> None:
    head = (
        '<meta property="article:published_time" content="2026-02-27T06:00:00+01:00">'
        '<meta property="article:modified_time" content="2026-02-27T05:00:00Z">'
    )
    assert article(site(head=head)).modified is None


def test_the_language_is_a_language_script_and_region_and_no_more() -> None:
    assert article(site().replace("en-GB", "zh_hant-tw-learn")).language == "zh-Hant-TW"


# What is no article, and what is not all of one -----------------------------------------------------------------------


# Hostile input --------------------------------------------------------------------------------------------------------


OWN = [path.read_bytes() for path in sorted(PAGES.glob("*.html"))]


# Bylines, sign-offs, datelines, dates ---------------------------------------------------------------------------------
