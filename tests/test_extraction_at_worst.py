"""Pages without an article, and hostile ones: an answer in time, whatever the page."""
# ruff: noqa: E501 (pages in one line)

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import authors, bylines, dates
from crawler.article import Article, NoArticle
from crawler.links import clean_url
from crawler.markup import decode, parse
from crawler.metadata import TRACKING
from tests.test_extraction import BODY, DATA, OWN, PARAGRAPHS, article, read, site, text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"no markup at all", "no markup"),
        (b"<html></html>", "empty"),
        (b"<html><body><script>render()</script><noscript>Please enable JavaScript</noscript></body></html>", "empty"),
        (
            site(
                "<h1>404 Not Found</h1><p>The page that you asked for is not here, or not any more. Try the search.</p>"
            ).encode(),
            "error page",
        ),
        (site(attributes="class='archive category'").encode(), "listing"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_page_without_an_article_says_why(page: bytes, reason: str) -> None:
    assert read(page) == NoArticle(reason=reason)


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "Error 404",
        "404 - The page is gone",
        "500 Internal Server Error",
        "Page not found",
        "The page you asked for was not found",
        "Not found",
        "Oops! That went wrong",
        "Forbidden",
        "404 Sayfa bulunamadı",
        "404 Sidan hittades inte",
        "404 This page could not be found",
        "404 Oops",
        "(404) Nothing here",
        "Помилка 404",
        "Error: Page not found",
        "Sorry, page not found",
        "Uh-oh! Page not found",
        "Whoops! 404 page not found",
        "Video not found",
        "Author not found",
    ],
)
def test_a_title_tells_an_error_page(title: str) -> None:
    page = site(f"<h1>{title}</h1><p>What you asked for is not here, or not any more, as we are sorry to say.</p>")
    assert read(page.replace("<title>", f"<title>{title} ")) == NoArticle(reason="error page")


@pytest.mark.parametrize("title", ["Forbidden", "Oops! That page can’t be found.", "Sorry, the page is not here"])
def test_an_error_page_may_help_at_length(title: str) -> None:
    advice = "Please try the search above, or go on to the front page, where all news of today can be found as ever. "
    assert read(site(f"<h1>{title}</h1><p>{advice * 2}</p><p>{advice * 2}</p>")) == NoArticle(reason="error page")


@pytest.mark.parametrize("title", ["Page not found", "Access denied", "404 Not Found"])
def test_a_page_declared_an_article_is_an_error_page_where_its_whole_title_says_so(title: str) -> None:
    said = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": "2026-02-20"})
    line = "The page you are looking for may have been moved or removed, or it never was at this address at all."
    page = site(f"<h1>{title}</h1><p>{line}</p>", f"<script type='application/ld+json'>{said}</script>")
    assert read(page) == NoArticle(reason="error page")


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    "title",
    [
        "410 boats, one lamp",
        "500 jobs to go at the Vellum shipyard",
        "500 Euro für jeden Fischer",
        "Black box not found after ferry sinks",
        "Forbidden islands open to visitors",
        "Oops: mayor lights the wrong lamp",
        "404 reasons to visit the pier",
        "500-year flood drowns the pier",
    ],
)
def test_a_headline_that_begins_like_an_error_is_none(title: str, declared: bool) -> None:
    said = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": "2026-02-20"})
    head = f"<script type='application/ld+json'>{said}</script>" if declared else ""
    body = BODY.replace("The bakery that never closes", title) + "".join(f"<p>{line}</p>" for line in PARAGRAPHS[:2])
    assert article(site(body, head)).title == title


def test_a_front_page_is_a_listing() -> None:
    cards = "".join(
        f"<div><h2><a href='/{n}'>Headline number {n}</a></h2><p>A teaser of some length for story {n}.</p></div>"
        for n in range(12)
    )
    assert read(site(cards), "https://gazette.test/") == NoArticle(reason="listing")


@pytest.mark.parametrize(
    ("around", "asked", "access"),
    [
        ("<p class='paywall'>{}</p>", "", "full"),
        ("<div class='paywall'><p>{}</p></div>", "", "full"),
        ("<p>{}</p>", "<div class='paywall'><p>All that the bakery bakes, for two crowns a week.</p></div>", "paywall"),
        ("<p class='paywall'>{}</p>", "<p>Subscribe to continue reading.</p>", "paywall"),
    ],
)
def test_a_brief_story_that_is_named_for_a_paywall_is_behind_none(around: str, asked: str, access: str) -> None:
    story = "".join(around.format(line) for line in PARAGRAPHS)
    assert article(site(f"<article><h1>The bakery that never closes</h1>{story}{asked}</article>")).access == access


def test_a_stub_behind_a_paywall_says_so_and_a_whole_article_does_not() -> None:
    sold = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>'
    assert article(site(head=sold)).access == "paywall"
    assert (
        article(
            site(BODY + "".join(f"<p>{line} Part {n}.</p>" for n in range(6) for line in PARAGRAPHS), head=sold)
        ).access
        == "full"
    )
    assert article(site()).access == "full"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "windows-1251", "koi8-r", "iso-8859-5"])
def test_a_declared_encoding_is_believed(encoding: str) -> None:
    words = "Ночной пекарь уходит на покой, и вся улица хочет помочь, пока не найдётся преемник."
    page = f"<html><head><title>Пекарня</title></head><body><h1>Пекарня</h1><p>{words}</p><p>{words} Ещё раз.</p></body></html>"
    assert text(page.encode(encoding), f"text/html; charset={encoding}")[0] == words


def test_a_wrong_declaration_does_not_spoil_utf_8() -> None:
    assert text(site(), "text/html; charset=iso-8859-1") == PARAGRAPHS
    assert text(site(head='<meta charset="shift_jis">'), "text/html; charset=nonsense") == PARAGRAPHS


def test_an_undeclared_legacy_encoding_is_detected() -> None:
    page = site(BODY.replace("ninety years", "quatre-vingt-dix années, après l'été, à côté")).encode(
        "cp1252", "replace"
    )
    assert "après l'été, à côté" in decode(page)


def test_one_torn_character_does_not_spoil_the_rest() -> None:
    page = site(BODY.replace("oven", "four à pain")).encode().replace("à".encode(), "à".encode() + b"\xc3", 1)
    assert "four à" in article(page).text
    assert "“We begin at two,”" in article(page).text


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + BODY + "</div>" * 10_000,
        "<b>" * 10_000 + BODY,
        "<table><tr><td>" * 3000 + BODY,
        "<p>" + "<i>" * 5000 + "word " * 50,
        site(BODY.replace("</p>", "").replace("</h1>", "")),
        site(BODY.replace(" ", "\x00 ")),
        "<?xml version='1.0' encoding='utf-16'?><html xmlns='http://www.w3.org/1999/xhtml'><body>"
        + BODY
        + "</body></html>",
        "<html><body " + " ".join(f"a{n}='x'" for n in range(20_000)) + ">" + BODY,
        site(
            "<a href='http://[broken'>x</a>" + BODY,
            head="<link rel=canonical href='http://[::bad'><base href='http://[x'>",
        ),
        site(
            head="<meta property='og:url' content='javascript:alert(1)'><meta name='date' content='99999999999999999999'>"
        ),
        "<svg><foreignObject>" + BODY,
        "<!DOCTYPE html><!--" + BODY,
        "\ufffd\ud7ff<![CDATA[" + BODY + "]]>",
        site(head=f"<meta name='date' content='{'a' * 500_000}'><meta name='pubdate' content='{'कि' * 200_000}'>"),
    ],
    ids=range(14),
)
def test_a_hostile_page_is_answered(page: str) -> None:
    assert isinstance(read(page), Article | NoArticle)


def test_null_bytes_do_not_cut_a_page_short() -> None:
    assert text(site(BODY.replace("oven", "ov\x00en").replace("night", "\x01night"))) == PARAGRAPHS


def test_a_page_of_ten_megabytes_is_answered() -> None:
    page = site(
        "".join(f"<p>{line} <a href='/{n}'>More</a> of part {n}.</p>" for n in range(25_000) for line in PARAGRAPHS)
    )
    assert len(page) > 8_000_000
    assert isinstance(read(page), Article | NoArticle)


@settings(max_examples=150)
@given(st.data())
def test_no_mutation_of_a_page_raises(data: st.DataObject) -> None:
    page = bytearray(data.draw(st.sampled_from(OWN)))
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(page)))
        end = min(len(page), start + data.draw(st.integers(0, 400)))
        page[start:end] = data.draw(
            st.one_of(
                st.binary(max_size=30), st.sampled_from([b"<", b"</div>", b"<p>", b"\x00", b"\xff\xfe", b"'", b">"])
            )
        )
    assert isinstance(read(bytes(page), content_type="text/html"), Article | NoArticle)


@settings(max_examples=150)
@given(st.binary(max_size=600))
def test_no_bytes_raise(page: bytes) -> None:
    assert isinstance(read(page), Article | NoArticle)
    parse(page)


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent")
def test_real_pages_cut_at_any_place_are_answered() -> None:
    for path in sorted((DATA / "pages").glob("*/*.gz"))[::7]:
        page = gzip.decompress(path.read_bytes())
        for share in (0.2, 0.6, 0.95):
            assert isinstance(read(page[: int(len(page) * share)]), Article | NoArticle)


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("rc/jm (AP, Reuters)", ("AP", "Reuters")),
        ("cwo/fab (dpa, afp)", ("dpa", "AFP")),
        ("(FRANCE 24 with AFP, REUTERS)", ("AFP", "Reuters")),
        ("Avec Reuters et AFP", ("Reuters", "AFP")),
        ("Based on reporting by Reuters, AFP, and AP", ("Reuters", "AFP", "AP")),
        ("Edited by: Wim Sander", ()),
        ("The associates met in Paris (and ate).", None),
        ("With great care she closed the door.", None),
    ],
)
def test_a_sign_off_names_its_agencies_and_prose_is_none(line: str, agencies: tuple[str, ...] | None) -> None:
    assert bylines.sign_off(line) == agencies


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Morrow", ("Ada Morrow",)),
        ("Von Jule Petersen | Tom Okafore", ("Jule Petersen", "Tom Okafore")),
        ("By ADA MORROW, Staff Writer", ("ADA MORROW",)),
        ("Text by: NEWS WIRES", ("NEWS WIRES",)),
        ("Par Inès Carlier et Paul Neri", ("Inès Carlier", "Paul Neri")),
    ],
)
def test_a_byline_gives_names_without_titles(line: str, names: tuple[str, ...]) -> None:
    assert authors.names(line) == names


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("SEAHAVEN, Samland, May 19 (UPI) -- The ferry", "SEAHAVEN, Samland, May 19 (UPI)"),
        ("June 19 (UPI) -- The ferry", "June 19 (UPI)"),
        ("March 12 (WPI) -- The ferry", "March 12 (WPI)"),
        ("PORT GANNET, March 12 (WPI) -- The ferry", "PORT GANNET, March 12 (WPI)"),
        ("The Lakeside Union (LU) - a club of anglers - met", None),
        ("SEAHAVEN - The ferry", "SEAHAVEN"),
        ("The ferry - the last one - sails", None),
    ],
)
def test_a_dateline_is_told_from_a_sentence(line: str, dateline: str | None) -> None:
    assert bylines.dateline(line) == dateline


@pytest.mark.parametrize(
    ("line", "language", "value"),
    [
        ("25.04.2009", None, "2009-04-25"),
        ("06/14/2026", "en", "2026-06-14"),
        ("Updated April 21, 2020 at 3:15 PM EDT", "en", "2020-04-21T15:15:00-04:00"),
        ("26 mars 2020 - 14:45", None, "2020-03-26T14:45:00"),
        ("2025年1月14日 01:28", None, "2025-01-14T01:28:00"),
        ("vor 3 Stunden", None, None),
        ("31.02.2020", None, None),
    ],
)
def test_a_printed_date_is_as_precise_as_it_says(line: str, language: str | None, value: str | None) -> None:
    assert dates.printed(line, language) == value


@given(st.text(max_size=120))
def test_no_line_is_too_odd_for_the_readers_of_lines(line: str) -> None:
    bylines.sign_off(line)
    authors.names(line)
    bylines.dateline(line)
    dates.printed(line)
    dates.iso(line)
    clean_url(line, TRACKING)


def test_an_article_is_one_line_of_json() -> None:
    line = article(site()).as_json()
    assert "\n" not in line
    assert json.loads(line)["outlet"] == "gazette"
