"""The generic way: facts, lists and subheads amid an article that look like what stands around one."""

from __future__ import annotations

import pytest

from tests.test_generic import BODY, PARAGRAPHS, json_ld, text

FIRST, REST = BODY.split("</p>", 1)
LAST = f"<p>{PARAGRAPHS[-1]}</p>"
ALL_BUT_LAST = BODY.removesuffix(LAST)


def amid(markup: str, head: str = "") -> list[str]:
    """What an article with this before its last paragraph holds beside its own."""
    found = text(f"<article>{ALL_BUT_LAST}{markup}{LAST}</article>", head)
    assert [line for line in found if line in PARAGRAPHS] == PARAGRAPHS
    return [line for line in found if line not in PARAGRAPHS]


DATED = ["12.03.2026 Berlin, Tempodrom", "“The Pier” (2021)", "1901: First lamp", "When: 20:00, May 5"]


@pytest.mark.parametrize("tag", ["p", "li", "dd"])
def test_short_dated_lines_amid_an_article_are_facts_and_no_bylines(tag: str) -> None:
    lines = "".join(f"<{tag}>{line}</{tag}>" for line in DATED)
    assert amid({"p": lines, "li": f"<ul>{lines}</ul>", "dd": f"<dl>{lines}</dl>"}[tag]) == DATED


@pytest.mark.parametrize("line", ["02:13", "1:02:13", "Duration 02:13", "Dauer: 02:13"])
def test_how_long_a_film_runs_is_no_line_of_an_article(line: str) -> None:
    assert amid(f"<p>{line}</p>") == []
    assert amid(f"<ul><li>{line}</li></ul>") == [line]


def test_an_hour_in_bold_heads_a_part_of_the_day() -> None:
    assert amid("<p><strong>10:05</strong></p>") == ["10:05"]


AUTHOR = json_ld(author={"@type": "Person", "name": "Lena Moor"})


@pytest.mark.parametrize("line", ["Lena Moor: Why?", "Lena Moor: And then?", "Lena Moor:"])
def test_what_the_author_of_an_interview_asks_is_read(line: str) -> None:
    assert amid(f"<p>{line}</p>", AUTHOR) == [line]


@pytest.mark.parametrize("line", ["Lena Moor", "Text: Lena Moor", "Lena Moor, Vellum"])
def test_a_line_that_only_names_the_author_is_left_out(line: str) -> None:
    assert amid(f"<p>{line}</p>", AUTHOR) == []


def test_the_name_and_task_of_an_author_behind_the_story_are_left_out() -> None:
    story = f"<div class='article-body'><p>Lena Moor: Text</p>{BODY}<p>Lena Moor: Photos.</p></div>"
    assert text(story, AUTHOR) == PARAGRAPHS


@pytest.mark.parametrize(
    "subhead",
    [
        "<div class='subhead'>A town divided</div>",
        "<div class='article__crosshead'>A town divided</div>",
        "<div class='storyZwischentitel'>A town divided</div>",
        "<h3 class='edTag'>A town divided</h3>",
    ],
)
def test_a_subhead_is_known_by_its_tag_or_its_name(subhead: str) -> None:
    assert amid(subhead) == ["A town divided"]
    assert text(f"<div class='article-body'>{BODY}{subhead}</div>") == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    [
        "<div class='x3'>A town divided</div>",
        "<div class='subhead'><a href='/a'>A town divided</a></div>",
        "<div class='arrowhead'>A town divided</div>",
        "<div class='articleTag'>A town divided</div>",
        "<h3 class='article-tags'>A town divided</h3>",
        "<h3 class='articleTags'>A town divided</h3>",
    ],
)
def test_a_line_that_is_named_for_something_else_is_none(line: str) -> None:
    assert amid(line) == []


def test_the_hours_and_days_that_end_an_article_stay_and_the_day_of_the_story_does_not() -> None:
    show = ["Doors: 19:30", "Begin: 20:00, May 5"]
    lines = "".join(f"<li>{line}</li>" for line in show)
    assert text(f"<div class='article-body'>{BODY}<ul>{lines}</ul></div>") == [*PARAGRAPHS, *show]
    day = "<p>20 February 2026, 10:40</p>"
    assert text(f"<div class='article-body'>{day}{BODY}{day}</div>") == PARAGRAPHS
    assert text(f"<article><ul><li>Posted on 20. February 2026</li><li>3 min</li></ul>{BODY}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "subhead",
    [
        "Over the hills and far away",
        "About half are never repaired",
        "About the pier",
        "About That Night",
        "Über den Leuchtturm schweigt man",
        "Über Geld",
        "Om natten på bryggan",
        "Sobre el muelle",
        "Over Two Decades",
        "About the Dark Ages",
    ],
)
def test_a_subhead_that_begins_with_about_or_over_ends_no_article(subhead: str) -> None:
    assert amid(f"<h2>{subhead}</h2>") == [subhead]


@pytest.mark.parametrize(
    "subhead",
    ["About the author", "Over de auteur", "About us", "ABOUT VELLUM LAMPS", "About Vellum Lamps Ltd.", "Über Vellum"],
)
def test_a_section_about_the_author_or_a_company_ends_an_article(subhead: str) -> None:
    life = "<p>Whoever this is likes lamps, and has lived on the pier since the age of nine.</p>"
    assert text(f"<article>{BODY}<h2>{subhead}</h2>{life}</article>") == PARAGRAPHS


@pytest.mark.parametrize("byline", ["<p>By Lena Moor</p>", "<div><span class='author'>Lena Moor</span></div>"])
def test_the_life_of_an_author_whose_name_is_only_printed_is_left_out(byline: str) -> None:
    life = "<p>Lena Moor is a lamp historian and the author of “Matches”.</p>"
    assert text(f"{byline}<article>{BODY}{life}</article>") == PARAGRAPHS
    assert len(text(f"<article>{BODY}{life}</article>")) == len(PARAGRAPHS) + 1


@pytest.mark.parametrize(
    "subhead",
    [
        "About the Vellum Foundation",
        "À propos de la Fondation Vellum",
        "Sobre Vellum Lamps",
        "Over Vellum Lampen",
        "Über die Vellum AG",
    ],
)
def test_a_company_of_which_the_next_paragraph_tells_ends_a_press_release(subhead: str) -> None:
    company = "<p>Founded in 1871, Vellum has made lamps of brass and glass for ninety lands.</p>"
    assert text(f"<article>{BODY}<p><b>{subhead}</b></p>{company}</article>") == PARAGRAPHS


def test_what_somebody_says_three_times_is_kept_once() -> None:
    refrain = "“No comment on the lamp, and none on the pier.”"
    said = "".join(f"<p>{line}</p><p>{refrain}</p>" for line in PARAGRAPHS[:3])
    assert text(f"<article>{said}{LAST}</article>") == [PARAGRAPHS[0], refrain, *PARAGRAPHS[1:]]
    label = "<p>To see this post, allow what the other network sends</p>"
    assert amid(label * 3) == []


HOTELS = {"Hotel Carrow": "hotel-carrow.test", "The Matchbox": "matchbox.test", "Pier Inn": "pier-inn.test"}


def test_the_places_of_a_round_up_stay_though_each_is_a_card_or_an_item_with_a_link_to_its_site() -> None:
    cards = "".join(
        f"<div class='item'><h2><a href='https://{site}/'>{name}</a></h2><p>A quiet house with eleven rooms.</p></div>"
        for name, site in HOTELS.items()
    )
    assert amid(cards) == [line for name in HOTELS for line in (name, "A quiet house with eleven rooms.")]
    items = "".join(f"<li><a href='https://{site}/'>{name}</a>, 12 Pier Road</li>" for name, site in HOTELS.items())
    assert amid(f"<ul>{items}</ul>") == [f"{name}, 12 Pier Road" for name in HOTELS]


@pytest.mark.parametrize(
    "address", ["/{}", "https://vellum.test/{}", "//www.vellum.co.uk/{}", "https://twitter.com/{}"]
)
def test_cards_and_lists_that_lead_to_the_same_site_or_a_platform_are_left_out(address: str) -> None:
    links = [f"<a href='{address.format(number)}'>{name}</a>" for number, name in enumerate(HOTELS)]
    assert amid("".join(f"<div><h2>{link}</h2><p>A quiet house with eleven rooms.</p></div>" for link in links)) == []
    assert amid(f"<ul>{''.join(f'<li>{link}, tonight</li>' for link in links)}</ul>") == []


@pytest.mark.parametrize(
    ("link", "count"),
    [
        ("href='https://ads.test/{}'", 2),
        ("href='https://ads.test/{}' rel='sponsored noopener'", 3),
        ("href='https://ads.test/{}?utm_source=vellum'", 3),
        ("href='https://web.archive.org/web/2026/https://vellum.test/{}'", 3),
    ],
)
def test_cards_that_are_few_or_paid_for_or_only_archived_elsewhere_are_left_out(link: str, count: int) -> None:
    links = [f"<a {link.format(number)}>The oil that heals</a>" for number in range(count)]
    assert amid("".join(f"<div><h3>{link}</h3><p>Doctors are stunned by it.</p></div>" for link in links)) == []


def test_cards_that_lead_to_other_sites_end_no_article_and_are_none() -> None:
    cards = "".join(
        f"<div><h3><a href='https://{site}/'>{name}</a></h3>"
        f"<p>{name} has a small list of great lamps from all over the world, made for its guests.</p></div>"
        for name, site in HOTELS.items()
    )
    assert text(f"<div class='article-body'>{BODY}{cards}</div>") == PARAGRAPHS


def test_a_card_may_tell_its_section_in_a_heading_of_its_own() -> None:
    story = "<h3><a href='/x'>The birds that winter in the mud</a></h3>"
    section = "<h3><a href='/s'>Birds</a></h3>"
    assert amid(f"<div><div>{section}{story}<p>They are back.</p></div></div>") == []
    assert amid(f"<div><div><h3>Birds</h3>{story}<p>They are back.</p></div></div>")[-1] == "They are back."
    assert amid(f"<div><div>{section}<p>They are back.</p>{story}</div></div>") != []


def test_cards_that_lead_on_in_the_site_stay_where_they_are_most_of_a_body_that_is_named_as_such() -> None:
    names = [f"{name} {number}" for number in range(12, 16) for name in HOTELS]
    rooms = [(name, f"The {name} is a quiet house, and all of its rooms have a view of the pier.") for name in names]
    head = json_ld(datePublished="2026-02-20")
    cards = "".join(f"<div><h2><a href='/{name[-2:]}'>{name}</a></h2><p>{line}</p></div>" for name, line in rooms)
    whole = [*PARAGRAPHS[:2], *(line for room in rooms for line in room), *PARAGRAPHS[2:]]
    first, last = ("".join(f"<p>{line}</p>" for line in lines) for lines in (PARAGRAPHS[:2], PARAGRAPHS[2:]))
    assert text(f"<div class='article-body'>{first}{cards}{last}</div>", head) == whole
    assert text(f"<div class='article-body'>{first}{last}{cards}</div>", head) == PARAGRAPHS
    assert text(f"<div class='x1'>{first}{cards}{last}</div>", head) == PARAGRAPHS


def test_a_bare_list_of_links_to_other_sites_is_none_of_the_articles() -> None:
    items = "".join(f"<li><a href='https://{site}/'>The oil of {name} heals</a></li>" for name, site in HOTELS.items())
    assert amid(f"<ul>{items}</ul>") == []
    lists = f"<h2>Rooms</h2><ul>{items}</ul>" * 3
    assert len(amid(lists)) == 3 * (1 + len(HOTELS))


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga: <a href='/x'>Lampu yang tak dinyalakan siapa pun</a>",
        "<b>Xem thêm:</b> <a href='/x'>Ngọn đèn</a>",
        "Διαβάστε επίσης: <a href='https://vellum.test/x'>Το φανάρι</a>",
        "BEKIJK OOK | <a href='/x'>De lamp die niemand aansteekt</a>",
        "[READ: <a href='/x'>The ferry that came back</a>]",
        "&gt;&gt; <a href='/x'>The ferry that came back</a>",
        "► <a href='/x'>The ferry that came back</a>.",
        "Scroll to continue with content",
        "La suite après cette publicité",
    ],
)
def test_a_label_and_a_link_to_another_page_of_the_site_lead_elsewhere_in_any_language(line: str) -> None:
    assert amid(f"<p>{line}</p>") == []


@pytest.mark.parametrize(
    "line",
    [
        "Website: <a href='https://hotel-carrow.test/'>hotel-carrow.test</a>",
        "Tickets: <a href='mailto:pier@vellum.test'>pier@vellum.test</a>",
        "The keeper: <a href='/k'>a man of few words</a> and fewer matches",
        "The mayor wrote on Monday: <a href='/l'>“We thank whoever it is”</a>",
        "The mayor said this much: <a href='/l'>nobody lights it</a>",
        "The answer: <a href='/o'>kerosene, and a great deal of it.</a>",
        "Winner: <a href='/people/wick'>Ada Wick</a>",
    ],
)
def test_a_label_before_a_link_to_somebody_else_or_amid_a_line_is_a_fact(line: str) -> None:
    assert len(amid(f"<p>{line}</p>")) == 1


def test_a_page_that_lists_its_sites_stories_day_by_day_keeps_them() -> None:
    days = [f"<p>{day}: <a href='/{day}'>The lamp is lit</a></p>" for day in ("Monday", "Tuesday", "Friday", "Sunday")]
    html = f"<p>{PARAGRAPHS[0]}</p>{''.join(days)}<p>{PARAGRAPHS[1]}</p>"
    assert len(text(f"<article>{html}</article>")) == len(days) + 2


@pytest.mark.parametrize(
    "line",
    [
        "Simak berita lainnya di <a href='https://news.google.com/publications/vellum'>Google News</a>.",
        "Bizi <a href='https://t.me/vellum'>buradan</a> takip edin",
        "Ακολουθήστε το Vellum Post στο Google News",
        "Ikuti kami di Google News",
        "Síguenos en Facebook y Twitter",
        "Suivez-nous sur Facebook, et la lampe vous suivra.",
        "Comments are closed.",
        "Our Standards: <a href='https://trust.test/'>The Lamp Principles.</a>",
        "To contact the reporter on this story: Ada Wick in Vellum at ada@vellum.test",
    ],
)
def test_lines_at_the_end_that_say_where_to_follow_a_site_are_left_out(line: str) -> None:
    assert text(f"<div class='article-body'>{BODY}<p>{line}</p></div>") == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    [
        "She announced it on <a href='https://facebook.com/oda'>Facebook</a> on Monday.",
        "ผู้ดูแลตะเกียงประกาศเรื่องนี้ผ่าน Facebook",
        "He answered <a href='https://twitter.com/lamp/status/12'>in three words</a> and a picture",
    ],
)
def test_a_last_line_that_speaks_of_a_platform_stays(line: str) -> None:
    assert len(text(f"<div class='article-body'>{BODY}<p>{line}</p></div>")) == len(PARAGRAPHS) + 1
