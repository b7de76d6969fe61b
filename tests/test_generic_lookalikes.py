"""The generic way: what only looks like what a rule is for, and stays as it would be without it."""

from __future__ import annotations

import pytest

from crawler.article import Article, NoArticle
from tests.test_extraction import read
from tests.test_generic import BODY, PARAGRAPHS, TITLE, json_ld, page, text
from tests.test_generic import article as article_of
from tests.test_generic_metadata import STORY, meta, said
from tests.test_generic_metadata import read as read_page
from tests.test_generic_verdict import CARDS, LISTING, undeclared

P = [f"<p>{line}</p>" for line in PARAGRAPHS]


@pytest.mark.parametrize("url", ["https://gazette.test/author/oda-brandt", "https://gazette.test/tag/lamps/"])
def test_a_page_on_a_writer_or_a_subject_is_a_listing(url: str) -> None:
    assert (
        read(undeclared(f"<p>20 February 2026</p><div>{BODY}</div>{CARDS}"), url.replace("oda-brandt", "oda/"))
        == LISTING
    )


def test_the_second_page_of_a_site_is_a_listing() -> None:
    assert isinstance(read(undeclared(f"<div>{BODY}</div>"), "https://gazette.test/?p=2"), NoArticle)
    assert isinstance(read(undeclared(f"<div>{BODY}</div>"), "https://gazette.test/?p=21"), Article)


def test_teasers_in_a_named_body_are_no_story() -> None:
    teaser = "<h3><a href='/{0}'>Lamp {0}</a></h3><p>{1} and a word more …</p>"
    cards = "".join(f"<div>{teaser.format(n, PARAGRAPHS[n % 2][:90])}</div>" for n in range(12))
    body = f"<div class='entry-content'><p>{PARAGRAPHS[0]}</p>{cards}<p>{PARAGRAPHS[1]}</p></div>"
    assert read(undeclared(body)) == LISTING


@pytest.mark.parametrize("label", ["3 Comments", "Leave a Reply", "Most read"])
def test_what_readers_say_is_no_section_of_the_story(label: str) -> None:
    sections = "".join(f"<section><h2>Part {n}</h2>{P[n]}{P[n + 1]}{P[n]}</section>" for n in range(3))
    readers = f"<section><h2>{label}</h2><p>What a lovely story, we should all go there some time.</p></section>"
    assert "What a lovely" not in " ".join(text(f"<div class='x1'>{sections}{readers}</div>"))


def test_a_section_of_the_story_may_be_called_like_comments() -> None:
    sections = "".join(f"<section><h2>Part {n}</h2>{P[n]}{P[n + 1]}{P[n]}</section>" for n in range(3))
    told = f"<section><h2>Diskuse</h2><p>{PARAGRAPHS[3]} That was said in the hall.</p></section>"
    assert f"{PARAGRAPHS[3]} That was said in the hall." in text(f"<div class='x1'>{sections}{told}</div>")


def test_a_second_story_is_no_piece_of_the_first() -> None:
    other = "<p>The ferry to the sound is laid up until autumn, as its owner said on Monday in the town hall.</p>"
    stories = (
        f"<div class='w'><h2>{TITLE}</h2><div class='article-body first'>{BODY}</div></div>"
        f"<div class='w'><h2>Ferry laid up</h2><div class='article-body'>{other}{other}</div></div>"
    )
    assert text(stories) == PARAGRAPHS


def test_the_items_of_a_digest_may_have_two_linked_headings() -> None:
    item = "<div><h2><a href='/i{0}'>The Lamp {0}</a></h2><h3><a href='/t'>Old town</a></h3><p>{1}</p></div>"
    items = "".join(item.format(n, PARAGRAPHS[n]) for n in range(3))
    assert {*PARAGRAPHS[:3]} <= {*text(f"<div class='article-body'>{P[3]}{items}{P[3]}</div>")}


def test_of_several_who_speak_under_their_names_the_author_keeps_the_heading() -> None:
    debate = f"<h3>Oda Brandt</h3>{P[0]}{P[1]}<h3>Bo Lund</h3>{P[2]}{P[3]}"
    head = json_ld(headline=TITLE, author={"@type": "Person", "name": "Oda Brandt"})
    found = article_of(page(f"<article>{debate}</article>", head)).text.split("\n\n")
    assert [line for line in found if line in {"Oda Brandt", "Bo Lund"}] == ["Oda Brandt", "Bo Lund"]


@pytest.mark.parametrize("label", ["Support us", "Keywords", "Credits", "Also in the news"])
def test_a_list_of_the_house_is_no_list_of_facts(label: str) -> None:
    assert (
        text(f"<div class='article-body'>{BODY}<h3>{label}</h3><ul><li>Lamps</li><li>Piers</li></ul></div>")
        == PARAGRAPHS
    )


@pytest.mark.parametrize("label", ["Sponsored", "Audio", "2 min"])
def test_a_label_in_a_piece_of_its_own_begins_no_body(label: str) -> None:
    pieces = "".join(f"<div class='blk'>{line}</div>" for line in (f"<p>{label}</p>", *P))
    assert text(f"<div class='article-body'>{pieces}</div>") == PARAGRAPHS


def test_a_breadcrumb_on_the_page_makes_no_related_story_the_headline() -> None:
    related = "<h2 itemprop='headline'>Ferry laid up until autumn</h2>"
    html = said(meta("og:title", TITLE), f"<h1>{TITLE}</h1>{STORY}{related}").replace(
        "<body>", "<body class='has-breadcrumbs'>"
    )
    assert read_page(html).title == TITLE
    assert read_page(said(meta("og:title", TITLE), f"<div>{TITLE}</div>{STORY}{related}")).title == TITLE


def test_a_body_that_the_page_says_in_part_elsewhere_is_no_copy() -> None:
    run = " ".join(PARAGRAPHS * 2)
    points = "".join(f"<p>{line}</p>" for line in PARAGRAPHS[:2])
    assert run in article_of(page(f"<div>{points}</div><div class='article-body'>{run}</div>")).text
