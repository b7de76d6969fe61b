"""The generic way, block by block: tables, lists and quotations whole, and where a body begins and ends."""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_generic import BODY, PARAGRAPHS, TITLE, article, json_ld, page, text

FIRST, REST = BODY.split("</p>", 1)
FIRST += "</p>"
NAMED, UNNAMED = "<div class='article-body'>{}</div>", "<article>{}</article>"


def amid(html: str, holder: str = UNNAMED) -> list[str]:
    """What the generic way reads between the first and the second paragraph of the story."""
    found = text(holder.format(f"{FIRST}{html}{REST}"))
    assert (found[0], found[-3:]) == (PARAGRAPHS[0], PARAGRAPHS[1:])
    return found[1:-3]


def after(html: str, holder: str = UNNAMED) -> list[str]:
    """What the generic way reads behind the story's last paragraph."""
    found = text(holder.format(f"{BODY}{html}"))
    assert found[:4] == PARAGRAPHS
    return found[4:]


# Tables, lists, quotations ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("holder", [NAMED, UNNAMED])
def test_a_row_of_data_is_read_whatever_it_is_named_for(holder: str) -> None:
    rows = "".join(
        f"<tr class='odd player-{n} poll'><td>{n}</td><td>Lamp {n}</td><td>{7 * n}</td></tr>" for n in (1, 2)
    )
    head = "<thead><tr><th>Place</th><th>Lamp</th><th>Hours lit</th></tr></thead>"
    assert amid(f"<table>{head}<tbody>{rows}</tbody></table>", holder) == [
        "Place Lamp Hours lit",
        "1 Lamp 1 7",
        "2 Lamp 2 14",
    ]


def test_a_hidden_row_is_not_read() -> None:
    assert amid("<table><tr hidden><td>1</td><td>Lamp</td><td>7</td></tr></table>") == []


def test_a_table_is_read_out_of_the_figure_around_it_and_its_caption_stays_apart() -> None:
    table = "<figure class='block-table'><table><tr><td>Brass</td><td>Glass</td></tr></table><figcaption>Lamps</figcaption></figure>"
    assert amid(table) == ["Brass Glass"]
    assert article(page(f"<article>{FIRST}{table}{REST}</article>")).captions == ("Lamps",)


def test_the_foot_of_a_table_that_says_its_head_again_is_left_out() -> None:
    row = "<tr><th>Place</th><th>Lamp</th></tr>"
    foot = "<tfoot>{}</tfoot><tbody><tr><td>1</td><td>Brass</td></tr></tbody>"
    assert amid(f"<table><thead>{row}</thead>{foot.format(row)}</table>") == ["Place Lamp", "1 Brass"]
    total = "<tr><td>All</td><td>1</td></tr>"
    assert amid(f"<table><thead>{row}</thead>{foot.format(total)}</table>") == ["Place Lamp", "All 1", "1 Brass"]


def test_two_equal_rows_are_two_rows() -> None:
    row = "<tr><td>Vellum Harbor</td><td>one lamp, lit</td></tr>"
    assert amid(f"<table>{row}{row}</table>") == ["Vellum Harbor one lamp, lit"] * 2


@pytest.mark.parametrize("holder", [NAMED, UNNAMED])
def test_definitions_and_lists_end_a_body_with_the_line_that_leads_them_in(holder: str) -> None:
    terms = "<dl><dt>Wick</dt><dd>What burns</dd><dt>Oil</dt><dd>What it burns.</dd></dl>"
    assert after(terms, holder) == ["Wick", "What burns", "Oil", "What it burns."]
    questions = "<p>What the council asks:</p><ol><li>Who lights the lamp</li><li>Who pays for the oil</li></ol>"
    assert after(questions, holder) == ["What the council asks:", "Who lights the lamp", "Who pays for the oil"]
    assert after("<p>What the council asks:</p>", holder) == []


def test_a_question_that_opens_its_answer_is_read_with_it() -> None:
    folded = "<details><summary>Who lights it?</summary><p>Nobody knows, says the harbor master.</p></details>"
    assert amid(folded) == ["Who lights it?", "Nobody knows, says the harbor master."]


def test_the_footer_of_a_quotation_says_who_is_quoted_and_that_of_a_page_is_left_out() -> None:
    quote = "<blockquote><p>Leave the lamp to whoever lights it.</p><footer>— Ada Wick, keeper</footer></blockquote>"
    assert amid(quote) == ["Leave the lamp to whoever lights it.", "— Ada Wick, keeper"]
    assert amid("<footer><p>The Vellum Post is printed in Vellum, and read there.</p></footer>") == []


@pytest.mark.parametrize(
    "unseen",
    [
        "<span class='tooltip'>lamp<span class='tooltip-text'>What lights the pier</span></span>",
        "<span class='rollover'><a href='/lamp'>lamp</a><span class='rollover-block'>More on lamps</span></span>",
        "lamp<span class='sr-only'> (opens in a new window)</span>",
    ],
)
def test_what_a_reader_does_not_see_inside_a_paragraph_is_not_read(unseen: str) -> None:
    assert amid(f"<p>The {unseen} has burned for eleven years, every night.</p>") == [
        "The lamp has burned for eleven years, every night."
    ]


# Where a body begins ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("holder", [NAMED, UNNAMED])
def test_a_body_begins_with_the_subhead_of_its_first_piece(holder: str) -> None:
    assert text(holder.format(f"<h2>ON THE PIER</h2>{BODY}")) == ["ON THE PIER", *PARAGRAPHS]


def test_a_line_without_a_sentence_begins_a_body_that_is_named_as_such() -> None:
    facts = "<p><strong>Lamp:</strong> Vellum No 4 <strong>Price:</strong> 40 crowns</p>"
    assert text(NAMED.format(facts + BODY)) == ["Lamp: Vellum No 4 Price: 40 crowns", *PARAGRAPHS]
    assert text(UNNAMED.format(facts + BODY)) == PARAGRAPHS
    assert text(NAMED.format(f"<p>By Oda Brandt</p>{BODY}")) == PARAGRAPHS


@pytest.mark.parametrize("line", ["Reading time: 3 minutes", "Lesezeit: 3 Minuten", "Tempo de leitura: 1 minuto"])
def test_the_time_that_reading_takes_is_no_line_of_a_body(line: str) -> None:
    assert text(NAMED.format(f"<p>{line}</p>{BODY}")) == PARAGRAPHS


def test_a_named_body_need_not_hold_a_sentence() -> None:
    """As a calendar of races, or a table of results."""
    days = [f"Race {n}: the {n + 3}th of May – Harbor of Vellum, number {n}" for n in range(6)]
    assert text(NAMED.format("".join(f"<p>{day}</p>" for day in days))) == days


@pytest.mark.parametrize("label", ["Key points", "At a glance", "Das Wichtigste in Kürze", "Kortversjonen"])
def test_key_points_before_the_first_paragraph_are_left_out(label: str) -> None:
    points = "<ul><li>The lamp is lit every night at six.</li><li>Nobody knows by whom it is lit.</li></ul>"
    machine = "<div>This summary was made by a machine, and may err.</div>"
    assert text(NAMED.format(f"<div><h2>{label}</h2>{machine}{points}</div>{BODY}")) == PARAGRAPHS
    assert len(amid(f"<h2>{label}</h2>{points}", NAMED)) == 3


# Where it ends ------------------------------------------------------------------------------------------------------

OTHER = "<div><p>A ferry that was thought lost came back on Monday, with nobody aboard.</p></div>"


def test_facts_below_a_story_are_read_to_the_last_and_a_line_below_its_last_sentence_is_not() -> None:
    facts = ["Open every night but Mondays, from six to two", "Tickets: 40 crowns", "Inquiries: 0555-0147"]
    assert after("".join(f"<p>{fact}</p>" for fact in facts), NAMED) == facts
    assert after(f"<p>{facts[2]}</p>", NAMED) == []


@pytest.mark.parametrize(
    "label", ["2 comments", "Leave a Reply", "10 thoughts on “The lamp”", "Leserkommentare", "コメント"]
)
def test_an_article_ends_where_its_readers_comments_begin(label: str) -> None:
    said = "<div><p>I have seen who lights it, and it is my aunt. She will not stop.</p></div>"
    assert after(f"<h3>{label}</h3>{said}") == []


@pytest.mark.parametrize("label", ["You may also like:", "Most read in lamps", "Ähnliche Artikel", "Leggi anche"])
def test_an_article_ends_before_other_stories_unless_it_goes_on_among_them(label: str) -> None:
    assert after(f"<h3>{label}</h3>{OTHER}") == []
    assert text(UNNAMED.format(f"{BODY}<h3>{label}</h3>{OTHER}<p>{PARAGRAPHS[0][:-1]} today.</p>"))[-1].endswith(
        " today."
    )
    wrapped = [f"<div><p>{line}</p></div>" for line in PARAGRAPHS]
    assert PARAGRAPHS[3] in text(
        UNNAMED.format(f"{''.join(wrapped[:3])}{wrapped[0]}<h3>{label}</h3>{OTHER}{wrapped[3]}")
    )


def test_a_line_that_a_body_holds_three_times_is_none_of_its_paragraphs() -> None:
    """As what stands in for posts and maps that the reader's settings keep out."""
    stand_in = "<p>Your settings keep us from showing what stands here. Change them below.</p>"
    first, second, *rest = (f"<p>{line}</p>" for line in PARAGRAPHS)
    assert text(f"<article>{first}{stand_in}{second}{stand_in}{rest[0]}{stand_in}{rest[1]}</article>") == PARAGRAPHS
    assert len(amid(stand_in)) == 1


def test_a_card_needs_no_heading() -> None:
    card = "<div class='teaser'><a href='/f'><strong>The ferry</strong></a><p>What the crew found in the hold</p></div>"
    assert after(card, NAMED) == []


@pytest.mark.parametrize("credit", ["Reuters", "AFP", "dpa"])
def test_a_line_with_its_credit_run_on_is_the_caption_of_a_picture(credit: str) -> None:
    assert amid(f"<p>The lamp is lit on the pier of Vellum in March.{credit}</p>") == []
    assert len(amid(f"<p>The lamp is lit on the pier of Vellum, says {credit}.</p>")) == 1


# Which element holds it ---------------------------------------------------------------------------------------------


def test_a_story_of_links_and_goods_is_found_by_its_article() -> None:
    """Its links outweigh its paragraphs, and a notice outside has none."""
    goods = "".join(
        f"<p>Lamp {n} <a href='/buy/{n}'>https://lamps.test/buy/lamp-number-{n}-of-brass</a></p>" for n in range(30)
    )
    notice = "<div><p>We keep cookies on this site, so that you have the best of lamps.</p></div>"
    found = text(
        f"<article><div>{BODY}{goods}<p>And these are all the lamps that Vellum has for sale.</p></div></article>{notice}"
    )
    assert found[:4] == PARAGRAPHS
    assert found[-1] == "And these are all the lamps that Vellum has for sale."


def test_loose_lines_that_end_no_sentence_do_not_outweigh_a_story() -> None:
    """As weblogs set theirs."""
    lines = [f"The lamp on the pier of Vellum is lit tonight for the time number {n}" for n in range(3)]
    loose = "".join(f"<div>{line}</div>" for line in [lines[0], PARAGRAPHS[0], *lines[1:], PARAGRAPHS[1]])
    other = f"<div><h3>Follow by mail</h3><div>{PARAGRAPHS[3]} {PARAGRAPHS[3]}</div></div>"
    assert PARAGRAPHS[0] in text(f"<div><div>{loose}</div></div>{other}")


@given(st.lists(st.from_regex(r"[a-f][0-9a-f]{5}", fullmatch=True), min_size=9, max_size=9))
def test_a_story_is_read_alike_whatever_its_elements_are_called(names: list[str]) -> None:
    """As by systems that hash the names of their classes."""
    classes = iter(names * 9)
    points = "<ul><li>Who lights the lamp</li><li>Who pays for the oil</li></ul>"
    plain = f"<article><div><h2>ON THE PIER</h2>{BODY}{points}</div><div><h3>3 comments</h3>{OTHER * 3}</div></article>"
    renamed = re.sub(r"<(div|p|h2|h3|ul|li)>", lambda tag: f"<{tag[1]} class='{next(classes)}'>", plain)
    assert text(renamed) == text(plain) == ["ON THE PIER", *PARAGRAPHS, "Who lights the lamp", "Who pays for the oil"]


# Leads --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "<div class='gallery-teaser'><span class='gallery-teaser-caption'>Ada Wick, VELLUM PRESS ASSOCIATION</span></div>",
        "<div class='verdict'><span>False</span><div class='intro'>The keeper's own books dispute the claim</div></div>",
    ],
    ids=["gallery", "verdict"],
)
def test_a_caption_or_the_grounds_of_a_verdict_are_no_standfirst(line: str) -> None:
    assert article(page(f"{line}<article>{BODY}</article>")).lead is None


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("<h2>Nobody in Vellum knows who lights it</h2>", "<meta name='description' content='{}'>"),
        ("<h2 class='subtitle'>Nobody in Vellum knows who lights it</h2>", ""),
        ("<p class='standfirst'>Nobody in Vellum knows who lights it</p>", ""),
    ],
)
def test_a_standfirst_that_opens_a_body_is_its_lead(line: str, head: str) -> None:
    lead = "Nobody in Vellum knows who lights it"
    found = article(page(NAMED.format(f"{line}{BODY}"), head.format(lead)))
    assert (found.lead, found.text.split("\n\n")) == (lead, [lead, *PARAGRAPHS])


def test_a_subhead_or_the_first_paragraph_that_opens_a_body_is_no_lead() -> None:
    line = "Nobody in Vellum knows who lights the lamp on its pier"
    described = f"<meta name='description' content='{line}'>"
    assert article(page(NAMED.format(f"<p>{line}</p>{BODY}"), described)).lead is None
    assert article(page(NAMED.format(f"<h2>What the harbor master says of it</h2>{BODY}"))).lead is None


def test_a_question_in_a_button_that_is_all_of_its_heading_is_read_and_no_other_button_is() -> None:
    asked = "<h3><button>{}</button>{}</h3><p>Nobody knows, says the harbor master.</p>"
    answer = "Nobody knows, says the harbor master."
    assert amid(asked.format("Who lights it?", "")) == ["Who lights it?", answer]
    assert amid(asked.format("Copy link", "Who lights it?")) == ["Who lights it?", answer]
    folded = f"<details><summary><button>Who lights it?</button></summary><p>{answer}</p></details>"
    assert amid(folded) == ["Who lights it?", answer]
    assert amid("<div><button>Share</button></div>") == []


def test_a_quotation_in_a_figure_with_whom_it_quotes_is_read_and_one_that_is_pulled_out_is_not() -> None:
    quote = "Leave the lamp to whoever lights it, and the sea to itself."
    figure = "<figure class='{}'><blockquote><p>{}</p></blockquote>{}</figure>"
    who = "<figcaption>— Oda Brandt</figcaption>"
    assert amid(figure.format("quote", quote, who)) == [quote]
    assert amid(figure.format("pullquote", quote, who)) == []
    assert amid(figure.format("quote", quote, "")) == []


@pytest.mark.parametrize("wrapper", ["<header>{}</header>", "<div class='t'>{}</div>"])
@pytest.mark.parametrize("holder", [NAMED, UNNAMED])
def test_a_body_of_sections_begins_with_the_subhead_of_the_first(wrapper: str, holder: str) -> None:
    sections = ((wrapper.format(f"<h2>{head}</h2>"), part) for head, part in (("The pier", FIRST), ("The town", REST)))
    body = holder.format("".join(f"<section>{head}<div>{part}</div></section>" for head, part in sections))
    assert text(body) == ["The pier", PARAGRAPHS[0], "The town", *PARAGRAPHS[1:]]


def test_a_label_in_a_wrapper_of_its_own_begins_no_body() -> None:
    assert text(f"<div class='article-body'><header><h4>Opinion</h4></header><div>{BODY}</div></div>") == PARAGRAPHS


@pytest.mark.parametrize("name", ["article-body", "x1"])
def test_of_several_articles_with_headlines_the_one_with_the_title_is_read(name: str) -> None:
    others = (f"<p>{one.replace('lamp', 'ferry')} It has been so for years.</p>" for one in PARAGRAPHS)
    stories = ((TITLE, BODY), ("The ferry that came back", "".join(others)))
    shown = "".join(f"<article><h1>{head}</h1><div class='{name}'>{body}</div></article>" for head, body in stories)
    html = page(shown, json_ld(datePublished="2026-02-20")).replace(f"<main><h1>{TITLE}</h1>", "<main>")
    assert article(html).text.split("\n\n") == PARAGRAPHS


# Names that tell nothing ----------------------------------------------------------------------------------------------

UNTELLING = [
    "elementor-element elementor-widget elementor-widget-text-editor",
    "text-formatted field field--name-field-text field--label-hidden field__item",
    "so-panel widget widget_sow-editor",
    "cmp cmp-text",
    "mt-4 overflow-hidden",
    "md:hidden",
    "post-12 post hentry category-news tag-social",
    "story has-ad with-sidebar",
    "block--no-rail is-layout-flow is-content-justification-left",
    "node node--type-newsletter node--view-mode-full",
    "response",
    "podcast-transcript",
]


@pytest.mark.parametrize("name", UNTELLING)
def test_a_name_that_tells_how_a_block_looks_or_what_built_it_keeps_no_piece_out_of_the_body(name: str) -> None:
    story = "".join(f"<p>{one} It has been so for {n} years.</p>" for n in range(4) for one in PARAGRAPHS)
    pieces = (BODY + story, f"<p>{PARAGRAPHS[0]} Still.</p>", f"<p>{PARAGRAPHS[1]} Still.</p>")
    held = "".join(f"<div class='{name}'>{piece}</div>" for piece in pieces)
    assert text(f"<div class='wrap'>{held}</div>")[-2:] == [f"{PARAGRAPHS[0]} Still.", f"{PARAGRAPHS[1]} Still."]


@pytest.mark.parametrize(
    "name",
    [
        "hidden",
        "promo is-hidden",
        "block--hidden",
        "hidden-xs",
        "elementor-widget elementor-widget-posts",
        "widget widget_text",
        "cmp-banner",
        "tag-list",
        "no-print",
        "no-print-area",
        "block--related",
        "block--is-related",
        "paragraph paragraph--type--newsletter-signup paragraph--view-mode--default",
        "paragraph paragraph--type--author-bio",
        "block block--type-related-articles",
        "is-sponsored is-promo",
        "is-related-posts",
        "is-sr-only",
        "type-newsletter",
        "with-newsletter",
        "category-newsletter",
        "ui-helper-hidden-accessible",
        "content-hidden",
        "hidden-content",
        "u-hidden--mobile",
    ],
)
def test_a_name_that_tells_what_a_block_holds_keeps_it_out_of_the_body(name: str) -> None:
    beside = (
        f"<div class='{name}'><p>The ferry that came back with nobody on it is the talk of the other pier.</p></div>"
    )
    assert amid(beside) == []
