"""The generic way, line by line: which lines of an unknown site's page are the article's, by classes of pages."""

from __future__ import annotations

import pytest

from crawler import bylines
from tests.test_generic import BODY, PARAGRAPHS, article, json_ld, page, text

SITE = "<meta property='og:site_name' content='Vellum Lamps'>"


def test_a_wire_story_keeps_the_rule_between_its_pieces_and_no_rule_at_its_end() -> None:
    first, rest = BODY.split("</p>", 1)
    assert text(f"<article>{first}</p><p>___</p>{rest}</article>") == [PARAGRAPHS[0], "___", *PARAGRAPHS[1:]]
    assert text(f"<article>{BODY}<p>___</p><p>Follow Oda Brandt on Twitter: @oda</p></article>") == PARAGRAPHS
    assert text(f"<article>{BODY}<p>________________</p></article>") == PARAGRAPHS


def test_loose_text_between_line_breaks_is_whole_from_its_first_piece() -> None:
    """As weblogs of the first years have it: one element, no paragraphs, and not every piece ends in a full stop."""
    unended = "The lamp on the pier of Vellum is lit every night, and nobody knows by whom"
    loose = "<br><br>".join([unended, *PARAGRAPHS])
    assert text(f"<div class='post-body'>{loose}</div>") == [unended, *PARAGRAPHS]


def test_subheads_stay_where_each_block_of_a_body_has_an_element_of_its_own() -> None:
    blocks = [f"<p>{line}</p>" for line in PARAGRAPHS]
    pieces = [*blocks[:2], "<h3><div>A vote in spring</div></h3>", *blocks[2:]]
    html = "".join(f"<div class='c-1 article-body'>{piece}</div><div class='ad-slot'></div>" for piece in pieces)
    assert text(f"<article>{html}</article>") == [*PARAGRAPHS[:2], "A vote in spring", *PARAGRAPHS[2:]]


def test_a_short_standfirst_is_a_lead_where_it_is_named_so() -> None:
    found = article(page(f"<p class='article-header__dek'>Nobody knows who lights it.</p><article>{BODY}</article>"))
    assert (found.lead, found.text.split("\n\n")) == (
        "Nobody knows who lights it.",
        ["Nobody knows who lights it.", *PARAGRAPHS],
    )


@pytest.mark.parametrize(
    "line",
    [
        "Vellum Lamps is a maker of lamps of brass and glass, and employs around ninety people on the coast.",
        "Vellum Lamps is headquartered in Vellum and has workshops in four towns on the coast.",
    ],
)
def test_what_a_company_says_of_itself_ends_its_press_releases_and_is_left_out(line: str) -> None:
    assert text(f"<article>{BODY}<p>{line}</p></article>", SITE) == PARAGRAPHS
    assert line in text(f"<article><p>{line}</p>{BODY}</article>", SITE)


@pytest.mark.parametrize(
    "line",
    [
        "Get the Vellum Post delivered to your door every morning, twelve weeks for nine crowns.",
        "To light a lamp yourself, click here for more information!",
        "Note: we are temporarily moderating all comments to keep the lamp oil out.",
        "The lamp in early November after its new wick was set (credit: O. Brandt)",
        "We like letters to the editor. We'd like to hear what you think of lamps, and here is our address.",
        "The lamp. In: Vellum Post, https://vellum.test/lamp (retrieved 1 March 2026)",
        "Aus dem Englischen von Oda Brandt Copyright: Vellum Syndicate, 2026",
        "Traduit de l’anglais par Oda Brandt",
        "The lamp at dusk, seen from the pier. (photo by Oda Brandt)",
    ],
)
def test_promotion_and_captions_among_the_paragraphs_are_left_out(line: str) -> None:
    first, rest = BODY.split("</p>", 1)
    assert text(f"<article>{first}</p><p>{line}</p>{rest}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("News Vellum Bureau", ("News Vellum Bureau",)),
        ("By VELLUM POST STAFF NOVEMBER 20", ("VELLUM POST STAFF",)),
        ("Staff Reports", ("Staff Reports",)),
        ("Vellum Post Editorial Staff", ("Vellum Post Editorial Staff",)),
        ("By Oda Brandt and Vellum Post Staff", ("Oda Brandt",)),
        ("By Oda Brandt, Vellum Bureau Chief", ("Oda Brandt",)),
        ("Staff Writer", ()),
        ("Senior Correspondent", ()),
    ],
)
def test_a_desk_is_named_where_a_byline_names_nobody(line: str, names: tuple[str, ...]) -> None:
    assert bylines.names(line) == names


def test_a_link_that_is_named_for_the_author_names_the_author() -> None:
    link = "<div><a class='author-link' href='/people/oda'>Oda Brandt</a></div>"
    assert article(page(f"{link}<article>{BODY}</article>", json_ld())).authors == ("Oda Brandt",)


@pytest.mark.parametrize(
    "wrapped",
    ["<!-- {} -->", "<![CDATA[{}]]>", "//<![CDATA[\n{}\n//]]>", "// <![CDATA[\n{};\n// ]]>", " ;\n{}\n; ", "{}"],
)
def test_json_ld_is_read_out_of_whatever_wraps_it(wrapped: str) -> None:
    source = '{"@type": "NewsArticle", "author": {"name": "Oda Brandt"}}'
    script = f"<script type='application/ld+json'>{wrapped.format(source)}</script>"
    assert article(page(BODY, script)).authors == ("Oda Brandt",)
