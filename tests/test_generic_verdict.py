"""The generic way: short articles amid cards, and the listings that look like them."""

from __future__ import annotations

import pytest

from crawler.article import Article, NoArticle
from tests.test_extraction import read
from tests.test_generic import BODY, PARAGRAPHS

TITLE = "The lamp that nobody lights"
CARDS = "".join(f"<div><h3><a href='/{n}'>Headline number {n}</a></h3></div>" for n in range(12))
LISTING = NoArticle(reason="listing")


def undeclared(body: str) -> str:
    return f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{body}</body></html>"


@pytest.mark.parametrize("name", ["article-content", "b1"])
def test_a_short_article_that_declares_nothing_is_none_of_the_cards_around_it(name: str) -> None:
    assert isinstance(read(undeclared(f"<p>20 February 2026</p><div class='{name}'>{BODY}</div>{CARDS}")), Article)


def test_a_story_is_as_long_as_it_is_wide() -> None:
    story = "村民们说，灯塔熄灭的这些年里先后有三条船撞上礁石，现在夜里出海，心里踏实多了。" * 20
    assert isinstance(read(undeclared(f"<div>{story}</div>{CARDS}")), Article)


@pytest.mark.parametrize(
    "listing",
    [
        f"<div class='entry-content'>{BODY}{CARDS}</div>",
        f"<div class='about'>{BODY}</div>{CARDS}",
        f"{CARDS}<div>{BODY}</div>",
        f"<div class='article-content'><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div>{CARDS}",
        "".join(f"<h2><a href='/{n}'>Post {n}</a></h2><div><p>{PARAGRAPHS[n % 2]}</p></div>" for n in range(8)),
        f"{CARDS}<div><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div>" * 2,
    ],
    ids=[
        "cards within",
        "a writer's page",
        "words on the site",
        "two paragraphs on the section",
        "teasers",
        "two posts",
    ],
)
def test_the_words_of_a_listing_make_no_article(listing: str) -> None:
    assert read(undeclared(listing)) == LISTING


@pytest.mark.parametrize("query", ["p=123", "id=7&lang=en", "lang=en&newsid=19"])
def test_a_number_behind_the_sites_first_address_is_an_articles(query: str) -> None:
    assert isinstance(read(undeclared(f"<div>{BODY}</div>"), f"https://gazette.test/?{query}"), Article)


@pytest.mark.parametrize("query", ["", "?lang=en", "?page=2", "?utm_source=feed", "?paged=3", "?cat=4"])
def test_a_sites_first_address_is_that_of_a_listing(query: str) -> None:
    assert read(undeclared(f"<div>{BODY}</div>"), f"https://gazette.test/{query}") == LISTING
