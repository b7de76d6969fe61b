"""The generic way, metadata: the title, the authors and the date of an unknown page, by classes of pages."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from crawler import authors, dates, printed
from crawler.article import Article
from crawler.extraction import extract
from crawler.markup import parse
from tests.test_generic import BODY, TITLE, article, json_ld, page

STORY = f"<article>{BODY}</article>"


def read(html: str, url: str = "https://vellum.test/lamp") -> Article:
    found = extract(html.encode(), Capture(url=url, started=datetime(2026, 3, 1, tzinfo=UTC)), (), "vellum")
    assert isinstance(found, Article), found
    return found


def said(head: str = "", body: str = f"<h1>{TITLE}</h1>{STORY}", title: str = TITLE) -> str:
    return f"<html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def meta(name: str, content: str) -> str:
    return f"<meta property='{name}' content='{content}'>"


# Titles -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        f"<a href='/'><h1>Lamps of the Coast</h1></a><h2>{TITLE}</h2>",
        f"<h1><a href='https://vellum.test'>Lamps of the Coast</a></h1><div>{TITLE}</div>",
        f"<h1>Kultgazette</h1><h2>{TITLE}</h2>",
        f"<h1>Kultgazette</h1><h1>{TITLE}</h1>",
        f"<div><a href='/'>Kultgazette der Küste</a></div><div><b>{TITLE}</b></div>",
    ],
    ids=["linked", "link", "tail", "second", "none"],
)
def test_a_heading_that_is_the_name_of_the_site_is_no_headline(shown: str) -> None:
    site = "Kultgazette der Küste" if "der Küste" in shown else "Kultgazette"
    assert read(said(body=f"{shown}{STORY}", title=f"{TITLE} - {site}")).title == TITLE


def test_of_a_title_that_a_page_shows_in_part_the_part_is_the_headline_and_else_the_whole() -> None:
    whole = f"{TITLE} - Songs of the coast"
    assert read(said(body=f"<div>{TITLE}</div>{STORY}", title=whole)).title == TITLE
    assert read(said(body=f"<div>{whole}</div>{STORY}", title=whole)).title == whole
    assert read(said(body=STORY, title=whole)).title == whole


def test_a_heading_that_ends_the_breadcrumbs_gives_way_to_the_one_that_is_marked_as_the_headline() -> None:
    found = "The secret of the Vellum lamp: who lights it"  # what search engines are told
    crumbs = f"<div class='breadcrumbs'><a href='/'>Coast</a><h1>{found}</h1></div>"
    head = json_ld(headline=found) + meta("og:title", TITLE)
    marked = f"<h2 itemprop='headline'>{TITLE}</h2>"
    assert read(said(head, f"{crumbs}{marked}{STORY}", found)).title == TITLE
    assert read(said(head, f"<h1>{found}</h1>{marked}{STORY}", found)).title == found
    assert read(said(head, f"{crumbs}{marked}{STORY}{marked}", found)).title == found  # a list of stories


def test_a_kicker_that_stands_in_the_heading_is_no_part_of_the_headline() -> None:
    heading = f"<h1><span>Coast life</span> <span>{TITLE}</span></h1>"
    head = json_ld(headline=TITLE) + meta("og:title", "Who lights the lamp of Vellum?")
    assert read(said(head, f"{heading}{STORY}", "The secret of the Vellum lamp")).title == TITLE


def test_a_headline_that_a_field_cuts_off_speaks_for_the_whole_one() -> None:
    long = f"{TITLE}, and the harbor master who has counted every match in the shed for eleven years"
    for cut in (f"{long[:60]}...", f"{long[:60]}…", long[:81].strip()):
        head = json_ld(headline=cut) + meta("og:title", cut)
        assert read(said(head, f"<h1>{long}</h1>{STORY}", "Lamp riddle")).title == long


def test_one_headline_set_in_several_ways_is_taken_as_it_is_told_to_machines() -> None:
    told, shown = 'The "lamp" that nobody lights', "THE “LAMP” THAT NOBODY LIGHTS"
    head = json_ld(headline=told)
    assert read(said(head, f"<h1>{shown}</h1>{STORY}", "Lamp riddle")).title == told
    assert read(said(head + meta("og:title", shown), f"<h1>{shown}</h1>{STORY}", "Lamp riddle")).title == shown


def test_the_pages_own_name_in_its_address_is_no_section() -> None:
    title = "About lamps – Harbor stories of the coast"
    assert read(said(body=STORY, title=title), "https://vellum.test/coast/about-lamps/").title == title


# Authors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "byline",
    [
        "<p class='b7'><a href='/author/oda-brandt'>Oda Brandt</a></p>",
        "<div><ul><li><a href='https://vellum.test/autoren/7-oda'>Oda Brandt</a></li></ul></div>",
        "<p>A standfirst tells of the lamp, of its keeper and of the letters that went unanswered all these years.</p>"
        "<span><a href='/people/oda'>Oda Brandt</a></span>",
        "<div class='teaser-box'><a class='x' rel='author' href='/7'>Oda Brandt</a></div>",
    ],
    ids=["author", "autoren", "after the standfirst", "rel"],
)
def test_a_link_to_a_writers_page_names_the_author_in_markup_that_is_named_for_nobody(byline: str) -> None:
    picture = "<figure><figcaption><span class='author'>Ada Wick</span></figcaption></figure>"
    others = "<section><div><p><a href='/author/bo'>Bo Lund</a></p></div></section>"
    assert read(said(body=f"<h1>{TITLE}</h1>{byline}{picture}{STORY}{others}")).authors == ("Oda Brandt",)


def test_a_link_to_somebody_whom_a_story_is_about_names_no_author() -> None:
    first = "<p>Nobody has asked <a href='/people/oda'>Oda Brandt</a>.</p>"
    assert read(said(body=f"<h1>{TITLE}</h1><article>{first}{BODY}</article>")).authors == ()


def test_a_byline_is_believed_before_whoever_posted_the_story() -> None:
    head = json_ld(author={"@type": "Person", "name": "Bo Lund"})
    assert read(said(head, f"<h1>{TITLE}</h1><p>By Oda Brandt</p>{STORY}")).authors == ("Oda Brandt",)
    assert read(said(head, f"<h1>{TITLE}</h1>{STORY}")).authors == ("Bo Lund",)
    shown = f"<h1>{TITLE}</h1><p>By Oda Brandt</p>{STORY}<p>Bo Lund</p>"
    assert read(said(head, shown)).authors == ("Bo Lund",)


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (json_ld(author={"@type": "Person", "givenName": "Oda", "familyName": "Brandt"}), ("Oda Brandt",)),
        (json_ld(author="null") + meta("og:author", "Oda Brandt"), ("Oda Brandt",)),
        (meta("twitter:label1", "Verfasst von") + meta("twitter:data1", "Oda Brandt"), ("Oda Brandt",)),
        (meta("twitter:label1", "Reading time") + meta("twitter:data1", "Two Minutes"), ()),
        (json_ld(author="Oda Brandt, Ap Lamp Writer"), ("Oda Brandt",)),
        (json_ld(author="Oda Brandt, View More Articles"), ("Oda Brandt",)),
    ],
)
def test_authors_are_found_wherever_metadata_keeps_them(head: str, names: tuple[str, ...]) -> None:
    assert article(page(BODY, head)).authors == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Von Oda Brandt und Ada Wick, Küstenstadt", ("Oda Brandt", "Ada Wick")),
        ("Óscar Brandt, Lampenblatt", ("Óscar Brandt",)),
        ("Oda Brandt, 37", ("Oda Brandt",)),
        ("Oda Brandt, in Vellum", ("Oda Brandt",)),
        ("Oda Brandt - 20 Feb 2026", ("Oda Brandt",)),
        ("O. J. Brandt Jr.", ("O. J. Brandt Jr.",)),
        ("By Oda Brandt.", ("Oda Brandt",)),
        ("Oda Wick y Brandt", ("Oda Wick y Brandt",)),
        ("Oda Wick y Ada Brandt", ("Oda Wick", "Ada Brandt")),
        ("von der Brandt", ("von der Brandt",)),
        ("Ада Морова, корреспондент", ("Ада Морова",)),
        ("文/林小灯", ("林小灯",)),
        ("林小灯、张三", ("林小灯", "张三")),
        ("Oda Brandt Følg", ("Oda Brandt",)),
    ],
)
def test_what_stands_in_a_byline_beside_full_names_is_no_name(line: str, names: tuple[str, ...]) -> None:
    assert authors.names(line) == names


# Dates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["pub_date", "published_at", "article_published_time", "og:datePublished", "date.release", "first-published"],
)
def test_a_meta_tag_that_is_named_for_publication_tells_the_date(name: str) -> None:
    head = meta("last_published", "2026-02-27") + meta("publisher_id", "20260226") + meta(name, "2026-02-20T09:30:00Z")
    assert article(page(BODY, head)).published == "2026-02-20T09:30:00+00:00"


def test_a_page_that_calls_itself_no_article_tells_its_date_and_author_all_the_same() -> None:
    facts = {"datePublished": "2026-02-20", "author": {"name": "Oda Brandt"}}
    found = article(page(BODY, json_ld(**{"@type": "MedicalWebPage"}, **facts)))
    assert (found.published, found.authors) == ("2026-02-20", ("Oda Brandt",))
    both = json_ld(**{"@type": "WebPage"}, **facts) + json_ld(datePublished="2026-02-21")
    assert article(page(BODY, both)).published == "2026-02-21"


@pytest.mark.parametrize(
    "torn",
    [
        "\"description\": 'The lamp', ",
        '"description": "The "lamp" of Vellum", ',
        '"description": , ',
        '"wordCount": 12 13, ',
    ],
)
def test_json_ld_that_is_torn_tells_what_stands_whole_in_it(torn: str) -> None:
    source = (
        f'{{"@type": "NewsArticle", "headline": "{TITLE}", {torn}"datePublished": "2026-02-20T09:30:00Z", '
        '"author": [{"@type": "Person", "name": "Oda \\u0042randt"}]}'
    )
    with pytest.raises(ValueError, match=r"line 1"):
        json.loads(source)
    found = article(page(BODY, f"<script type='application/ld+json'>{source}</script>"))
    assert (found.title, found.published, found.authors) == (TITLE, "2026-02-20T09:30:00+00:00", ("Oda Brandt",))


@pytest.mark.parametrize(
    ("local", "moment", "value"),
    [
        ("2026-02-20T09:30:00", "2026-02-20T14:30:12Z", "2026-02-20T09:30:12-05:00"),
        ("2026-02-20T23:30:00", "2026-02-21T04:30:00Z", "2026-02-20T23:30:00-05:00"),
        ("2026-02-20T20:00:00", "2026-02-20T14:30:00Z", "2026-02-20T20:00:00+05:30"),
        ("2026-02-20T09:30:00", "2026-02-20T09:30:00Z", "2026-02-20T09:30:00+00:00"),
        ("2026-02-20T09:30:00", "2026-02-20T14:37:00Z", "2026-02-20T09:30:00"),
        ("2026-02-20", "2026-02-20T14:37:00Z", "2026-02-20T14:37:00+00:00"),
    ],
)
def test_a_local_time_gets_its_offset_from_the_same_moment_elsewhere(local: str, moment: str, value: str) -> None:
    head = json_ld(datePublished=local) + meta("article:published_time", moment)
    assert article(page(BODY, head)).published == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-02-20 04:58:00 PM", "2026-02-20T16:58:00"),
        ("2026-02-20T4:58:00+01:00", "2026-02-20T04:58:00+01:00"),
        ("2026-02-20 12:05 am EST", "2026-02-20T00:05:00-05:00"),
        ("3/4/2026 5:06:07 PM", "2026-03-04T17:06:00"),
        ("03/04/2026 17:06", "2026-04-03T17:06:00"),
        ("1771578000", "2026-02-20T09:00:00+00:00"),
        ("1771578000000", "2026-02-20T09:00:00+00:00"),
    ],
)
def test_a_date_for_machines_is_read_in_the_ways_that_systems_write_it(text: str, value: str) -> None:
    assert dates.iso(text) == value


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://vellum.test/2026/02/20/lamp", "2026-02-20"),
        ("https://vellum.test/coast/2026-02-20/lamp.html", "2026-02-20"),
        ("https://vellum.test/lamp-20260220.html", "2026-02-20"),
        ("https://vellum.test/coast/2026/feb/20/lamp", "2026-02-20"),
        ("https://vellum.test/2026/02/lamp", None),
        ("https://vellum.test/2026/31/20/lamp", None),
        ("https://vellum.test/lamp-120260220", None),
    ],
)
def test_a_page_that_prints_no_date_has_the_day_of_its_address(url: str, day: str | None) -> None:
    assert read(said(), url).published == day


def test_a_date_beside_the_story_is_not_believed_against_the_address() -> None:
    html = said(body=f"<h1>{TITLE}</h1><p class='date'>27 February 2026, 18:00</p>{STORY}")
    assert read(html, "https://vellum.test/2026/02/20/lamp").published == "2026-02-20"
    assert read(html, "https://vellum.test/2026/02/26/lamp").published == "2026-02-27T18:00:00"
    assert read(html).published == "2026-02-27T18:00:00"


@pytest.mark.parametrize(
    "around",
    [
        "<p>Von <a href='/o'>Oda Brandt</a> <span>publiziert am 20. Februar 2026</span></p><h1>{0}</h1>",
        "<h1>{0}</h1><div><div>Written by Oda Brandt on February 20, 2026</div></div>",
        "<h1>Kultgazette</h1><h2>{0}</h2><div>Feb. 20, 2026</div>",
    ],
    ids=["before", "after", "second order"],
)
def test_a_date_in_a_line_around_the_headline_is_the_storys(around: str) -> None:
    more = "".join(
        f"<p>Night {night} of the watch on the pier passed without a match being lit.</p>" for night in range(9)
    )
    other = "<section><h2>Ferry back</h2><p>27 February 2026</p></section>"
    assert read(said(body=f"<div>{around.format(TITLE)}</div>{STORY}{more}{other}")).published == "2026-02-20"


def test_a_title_that_never_ends_costs_no_more_than_a_page() -> None:
    endless = "lamp - " * 50_000
    assert read(said(json_ld(headline=None), STORY, endless)).title is not None


@pytest.mark.parametrize("site", ["", meta("og:site_name", "vellum.test")])
@pytest.mark.parametrize("tag", ["h2", "div"])
def test_a_title_keeps_its_subject_though_the_address_has_the_same_name(site: str, tag: str) -> None:
    title = f"Vellum: {TITLE}"
    assert read(said(site, f"<{tag}>{title}</{tag}>{STORY}", title)).title == title
    assert read(said(site, f"<h1>{TITLE}</h1>{STORY}", title)).title == TITLE
    assert read(said(meta("og:site_name", "Vellum"), f"<{tag}>{TITLE}</{tag}>{STORY}", title)).title == TITLE


@pytest.mark.parametrize(
    "around",
    [
        "Vellum Post: {}",
        "{} :: Vellum Post",
        "Vellum Post :: {}",
        "{} ~ Vellum Post",
        "{}- Vellum Post",
        "{} < Vellum Post",
    ],
)
@pytest.mark.parametrize("shown", ["", f"<h1>{TITLE}</h1>"])
def test_the_name_of_a_site_stands_around_a_headline_with_any_mark_between(around: str, shown: str) -> None:
    found = read(said(body=f"{shown}{STORY}", title=around.format(TITLE)), "https://www.vellumpost.test/2026/lamp-12")
    assert found.title == TITLE


@pytest.mark.parametrize("mark", ["-", "丨", "／", "－"])
def test_between_chinese_words_marks_stand_without_space(mark: str) -> None:
    found = read(
        said(
            body=f"<div>村民自己动手修好了海边的灯塔</div>{STORY}",
            title=f"村民自己动手修好了海边的灯塔{mark}石浦新闻网",
        )
    )
    assert found.title == "村民自己动手修好了海边的灯塔"


def test_what_stands_before_a_colon_is_the_name_of_a_site_only_where_that_is_known() -> None:
    named = f"<h1><a href='/'>Lamps of the Coast</a></h1><h3>{TITLE}</h3>{STORY}"
    assert read(said(body=named, title=f"Lamps of the Coast: {TITLE}")).title == TITLE
    assert read(said(body=STORY, title=f"Lamps of the Coast: {TITLE}")).title == f"Lamps of the Coast: {TITLE}"
    place = "Vellum: Three lamps are lit"
    assert read(said(body=f"<h1>{place}</h1>{STORY}", title=place)).title == place


# Days ---------------------------------------------------------------------------------------------------------------

PUBLISHED = "<time class='entry-date published' datetime='2026-02-20T08:00:00Z'>20 Feb</time>"
UPDATED = "<time class='updated' datetime='2026-02-21T09:00:00Z'>21 Feb</time>"
BARE = ("<time datetime='2026-02-20T08:00:00Z'>20 Feb</time>", "<time datetime='2026-02-21T09:00:00Z'>21 Feb</time>")


@pytest.mark.parametrize(
    "shown",
    [
        f"<div>{PUBLISHED}{UPDATED}</div>",
        f"<div>{UPDATED} {PUBLISHED}</div>",
        f"<p>Published {BARE[0]} Updated {BARE[1]}</p>",
        f"<p>Updated {BARE[1]} Published {BARE[0]}</p>",
        f"<ul><li><b>Updated</b> {BARE[1]}</li><li><b>Published</b> {BARE[0]}</li></ul>",
        "<p>Updated: 21 Feb 2026, 09:00 UTC</p><p>Published: 20 Feb 2026, 08:00 UTC</p>",
        "<p class='date'>Published 20 Feb 2026 08:00 UTC. Updated 21 Feb 2026 09:00 UTC</p>",
        "<p>Published: 20 Feb 2026, 08:00 UTC | Updated: 21 Feb 2026, 09:00 UTC</p>",
    ],
)
def test_a_printed_change_is_told_from_the_publication_in_any_order(shown: str) -> None:
    assert read(said(body=f"<h1>{TITLE}</h1>{shown}{STORY}")).published == "2026-02-20T08:00:00+00:00"


def test_the_one_date_of_a_page_that_its_class_calls_a_change_is_the_publication() -> None:
    found = read(said(body=f"<h1>{TITLE}</h1><div>{UPDATED}</div>{STORY}"))
    assert (found.published, found.modified) == ("2026-02-21T09:00:00+00:00", None)


def test_a_date_that_is_said_to_be_a_change_is_not_the_publication() -> None:
    assert read(said(body=f"<h1>{TITLE}</h1><p>Last updated {BARE[1]}</p>{STORY}")).published is None


@pytest.mark.parametrize(
    "shown",
    [
        "<abbr class='published' title='2026-02-20T08:00:00+01:00'>8:00 AM</abbr>",
        "<abbr itemprop='datePublished' title='2026-02-20T08:00:00+01:00'>8:00 AM</abbr>",
    ],
)
def test_weblogs_tell_the_date_in_a_title(shown: str) -> None:
    assert read(said(body=f"<h1>{TITLE}</h1>{STORY}<p>at {shown}</p>")).published == "2026-02-20T08:00:00+01:00"


def calls_for(count: int) -> int:
    """How many calls it takes to find that so many elements for dates hold none."""
    times = "".join(f"<time class='date'>number {n}</time>" for n in range(count))
    tree = parse(said(body=f"<h1>{TITLE}</h1>{STORY}{times}").encode())
    assert tree is not None
    calls = 0

    def counted(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(counted)
    try:
        printed.published(tree, "en")
    finally:
        sys.setprofile(None)
    return calls


def test_a_page_of_twice_as_many_dates_takes_no_more_than_twice_the_work() -> None:
    assert calls_for(1000) < 2.2 * calls_for(500)
