"""The generic way, line by line: which lines of an unknown site's page are the article's, by classes of pages."""

from __future__ import annotations

import pytest

from crawler import authors
from tests.test_generic import BODY, PARAGRAPHS, article, json_ld, page, text

SITE = "<meta property='og:site_name' content='Vellum Lamps'>"


def test_a_wire_story_keeps_its_agencys_rule_between_its_pieces_and_before_its_notes() -> None:
    first, rest = BODY.split("</p>", 1)
    assert text(f"<article>{first}</p><p>___</p>{rest}</article>") == [PARAGRAPHS[0], "___", *PARAGRAPHS[1:]]
    assert text(f"<article>{BODY}<p>___</p><p>Follow Oda Brandt on Twitter: @oda</p></article>") == [*PARAGRAPHS, "___"]
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
        "Tell us what YOU think...",
        "Have your say",
        "Atenção: comentários que faltem com respeito não serão aprovados.",
        "[button link=”https://vellum.test/lamps” type=”big”] Send us YOUR lamp[/button]",
        "If you buy something using links in our stories, we may earn a commission.",
        "This slideshow requires JavaScript.",
        "Dieser Artikel ist eine Übersetzung, im Original ist er im Vellum Kurier erschienen.",
        "Tags",
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
        ("Oda Brandt 5 Min Read", ("Oda Brandt",)),
        ("Oda Brandt @oda, oda@vellum.test", ("Oda Brandt",)),
        ("Written by Oda Brandt, MS, RD on November 14, 2019", ("Oda Brandt",)),
        ("Oda Brandt/dpa", ("Oda Brandt", "dpa")),
        ("RFE/RL", ("RFE/RL",)),
        ("By Oda Brandt Staff Writer", ("Oda Brandt",)),
        ("Oda Brandt, AP National Lamp Writer", ("Oda Brandt",)),
        ("Oda Brandt For The Vellum Post", ("Oda Brandt",)),
        ("Oda Brandt, Special to The Post · 3 hours ago", ("Oda Brandt",)),
        ("Text: Oda Brandt, Fotos: Ada Wick", ("Oda Brandt",)),
        ("Par Oda Brandt avec AFP", ("Oda Brandt", "AFP")),
        ("Oda Brandt And Ada Wick The Associated Press", ("Oda Brandt", "Ada Wick", "The Associated Press")),
        ("The Canadian Press", ("The Canadian Press",)),
        ("بقلم: أحمد علي", ("أحمد علي",)),
        ("作者：张三 编辑：李四", ("张三",)),
        ("한소라 기자", ("한소라",)),
        ("記者 林小灯", ("林小灯",)),
        ("灯野 明 記者", ("灯野 明",)),
        ("admin", ()),
        ("Staff Writer", ()),
        ("Senior Correspondent", ()),
    ],
)
def test_a_byline_gives_its_names_alone_and_a_desk_where_it_names_nobody(line: str, names: tuple[str, ...]) -> None:
    assert authors.names(line) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<a rel='author' href='/ap'>Associated Press</a>", ("Associated Press",)),
        ("<span class='byline'>Vellum Post Staff</span>", ("Vellum Post Staff",)),
        ("<a rel='author' href='/w'>Wick</a>", ("Wick",)),
        ("<a class='author' href='/w'>Follow</a>", ()),
        ("<div class='author'><b>Oda Brandt</b> <i>Writes of lamps</i></div>", ()),
        ("<div class='author'><b>Oda van der Brandt</b> <b>Ada Wick</b></div>", ("Oda van der Brandt", "Ada Wick")),
        ("<div class='quote author'>Oda Brandt</div>", ()),
        ("<p>Written by Oda Brandt</p>", ("Oda Brandt",)),
    ],
)
def test_a_printed_byline_tells_where_nothing_is_declared(byline: str, names: tuple[str, ...]) -> None:
    assert article(page(f"{byline}<article>{BODY}</article>")).authors == names


@pytest.mark.parametrize(
    "line",
    ["Von Oda Brandt publiziert am 12. März 2026", "By Oda Brandt, Published March 12, 2026"],
)
def test_a_byline_that_tells_its_day_opens_no_body(line: str) -> None:
    for html in (f"<article><p>{line}</p>{BODY}</article>", f"<div><p>{line}</p>{BODY}</div>"):
        found = article(page(html))
        assert (found.text.split("\n\n"), found.authors) == (PARAGRAPHS, ("Oda Brandt",))


def test_bylines_of_other_stories_name_nobody_here() -> None:
    byline = "<div class='head'><span class='byline'>By Oda Brandt</span><span class='byline'>By Bo Lund</span></div>"
    other = "<ul><li><div><b>Ferry back</b><p><span class='byline'>By Ada Wick</span></p></div></li></ul>"
    html = page(f"<header>{byline}</header><article>{BODY}</article><section><div>{other}</div></section>")
    assert article(html).authors == ("Oda Brandt", "Bo Lund")


def test_who_signs_below_a_story_wrote_it_where_nothing_else_tells() -> None:
    below = "<p><em>VL-Redaktion</em></p><p>Did you like this?</p>"
    assert article(page(f"<article>{BODY}{below}</article>")).authors == ("VL-Redaktion",)
    assert text(f"<article>{BODY}{below}</article>") == PARAGRAPHS
    link = "<a class='author-link' href='/people/oda'>Oda Brandt</a>"
    assert article(page(f"{link}<article>{BODY}{below}</article>")).authors == ("Oda Brandt",)


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ([("Person", "Vellum Desk"), ("Organization", "dpa")], ("Vellum Desk", "dpa")),
        ([("Person", "Oda Brandt"), ("Person", "Vellum Desk"), ("Organization", "dpa")], ("Oda Brandt", "Vellum Desk")),
    ],
)
def test_a_desk_that_is_declared_a_person_is_none(declared: list[tuple[str, str]], names: tuple[str, ...]) -> None:
    """Systems that know no other authors than persons call their desks so."""
    author = [{"@type": kind, "name": name} for kind, name in declared]
    assert article(page(BODY, json_ld(author=author))).authors == names


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


def test_a_body_declared_with_its_markup_tells_what_stands_outside_its_container() -> None:
    said = "".join(f"<p>{line.replace(' ', ' <i></i>', 3)}</p>" for line in PARAGRAPHS)
    inside, outside = ("".join(f"<p>{line}</p>" for line in part) for part in (PARAGRAPHS[:3], PARAGRAPHS[3:]))
    promotion = "<p>Our app brings you every lamp, daily.</p>"
    html = f"<div class='article-body'>{promotion}{inside}</div><div>{outside}</div><div>{promotion}</div>"
    assert text(html, json_ld(articleBody=said)) == PARAGRAPHS


def test_a_body_begins_before_the_fold_that_some_layouts_put_in_it() -> None:
    """The fold is named like the body, and holds all of it but the first paragraphs."""
    many = "".join(
        f"<p>{line} And the day after, too, as number {n} knows.</p>" for n in range(4) for line in PARAGRAPHS
    )
    html = f"<div class='article-body'><p>{PARAGRAPHS[0]}</p><div class='article-text'>{many}</div></div>"
    assert text(html)[0] == PARAGRAPHS[0]


def test_a_pull_quote_is_left_out_though_it_is_set_like_the_paragraphs() -> None:
    quote = f"<blockquote><p>{PARAGRAPHS[2].split('. ')[0]}</p></blockquote>"
    first, rest = BODY.split("</p>", 1)
    assert text(f"<article>{first}</p>{quote}{rest}</article>") == PARAGRAPHS
    own = "<blockquote><p>Leave the lamp to whoever lights it, and light your own.</p></blockquote>"
    assert "Leave the lamp to whoever lights it, and light your own." in text(
        f"<article>{first}</p>{own}{rest}</article>"
    )


def test_a_notice_before_the_body_and_after_it_is_no_standfirst() -> None:
    links = "<div><a href='/lamps'>More of lamps, wicks, oil and all that shines along the coast</a></div>" * 3
    notice = f"<div>{links}<p class='intro'>To print this story for your circle, ask us for a licence.</p>{links}</div>"
    assert article(page(f"{notice}<article>{BODY}</article>")).lead is not None
    assert article(page(f"{notice}<article>{BODY}</article>{notice}")).lead is None


def test_a_company_is_known_by_its_address_where_it_declares_no_name() -> None:
    line = "Vellum is a maker of lamps of brass and glass, and employs around ninety people on the coast."
    assert text(f"<article>{BODY}<p>{line}</p></article>") == PARAGRAPHS


def test_where_an_agency_has_more_is_left_out() -> None:
    line = "<p>More AP lamps: https://lamps.test/all and https://social.test/AP_Lamps</p>"
    assert text(f"<article>{BODY}{line}</article>") == PARAGRAPHS
