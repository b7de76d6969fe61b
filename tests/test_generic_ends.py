"""The generic way, at the two ends of a body: its brief first and last blocks, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.test_generic import BODY, PARAGRAPHS, json_ld, text

LONG = [f"{line} It has been so for {n} years." for n in range(2, 5) for line in PARAGRAPHS]


def blocks(markup: str) -> list[str]:
    """The words of each block of a piece of markup without links or anything nested."""
    lines = markup.replace("<ul>", "").replace("</ul>", "").split("</")[:-1]
    return [line.rpartition(">")[2] for line in lines]


def named(markup: str) -> str:
    return f"<article><div class='article-body'>{markup}</div></article>"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("<p>It rained.</p>", "<p>“No,” he said.</p>"),
        ("<h2>A town divided</h2>", ""),
        ("", "<p>Open:</p><ul><li>Mondays from 9</li><li>Fridays from 10</li></ul>"),
    ],
    ids=["sentences", "subhead", "list"],
)
def test_a_body_declared_in_full_has_its_brief_first_and_last_blocks(first: str, last: str) -> None:
    whole = [*blocks(first), *PARAGRAPHS, *blocks(last)]
    assert text(named(first + BODY + last), json_ld(articleBody=" ".join(whole))) == whole


def test_a_label_whose_words_stand_elsewhere_in_a_declared_body_does_not_end_it() -> None:
    story = named(f"<p>The pier.</p>{BODY}<p>Vellum.</p>")
    assert text(story, json_ld(articleBody=" ".join(PARAGRAPHS))) == PARAGRAPHS


@pytest.mark.parametrize("brief", ["<p>She left.</p>", "<ul><li>No dogs</li><li>No fires</li></ul>", "<h3>Six</h3>"])
def test_a_brief_block_stays_where_each_block_has_an_element_named_for_the_body(brief: str) -> None:
    pieces = [f"<p>{line}</p>" for line in LONG]
    story = "".join(f"<div class='css-1 article-body'>{piece}</div>" for piece in (*pieces[:5], brief, *pieces[5:]))
    noise = "<div class='css-1'><p>Vellum.</p></div><section class='css-1 article-body'><p>Pier.</p></section>"
    found = text(f"<article><div class='x1'>{noise}{story}{noise}</div></article>")
    assert found == [*LONG[:5], *blocks(brief), *LONG[5:]]


def flat(first: str) -> str:
    return f"<article><h1>The lamp</h1>{first}{BODY}</article>"


def wrapped(first: str) -> str:
    """A story whose blocks stand each in a wrapper of its own."""
    pieces = "".join(f"<div class='x2'>{piece}</div>" for piece in (first, *(f"<p>{line}</p>" for line in PARAGRAPHS)))
    return f"<article><div class='x1'>{pieces}</div></article>"


@pytest.mark.parametrize("story", [flat, wrapped])
@pytest.mark.parametrize(
    "first", ["<p>It rained.</p>", "<p>Why now?</p>", "<p><a href='/o'>Oda Brandt</a> is tired.</p>", "<h2>Six</h2>"]
)
def test_a_brief_first_line_set_like_the_paragraphs_begins_a_body(first: str, story: Callable[[str], str]) -> None:
    assert text(story(first)) == ["Oda Brandt is tired." if "href" in first else blocks(first)[0], *PARAGRAPHS]


@pytest.mark.parametrize("story", [flat, wrapped])
@pytest.mark.parametrize(
    "line",
    [
        "<p>By Oda Brandt.</p>",
        "<p>By our own reporter.</p>",
        "<p>Vellum Media.</p>",
        "<p>Loading the story...</p>",
        "<p>On 3 March 2026.</p>",
        "<p>Updated at 9:47 a.m.</p>",
        "<p>Listen to this.</p>",
        "<p>Photo by Lena Moor.</p>",
        "<p class='x3'>The lamp at dusk.</p>",
        "<div>The lamp at dusk.</div>",
        "<p>In the harbor</p>",
    ],
)
def test_a_byline_date_or_word_of_the_house_before_the_first_paragraph_begins_none(
    line: str, story: Callable[[str], str]
) -> None:
    assert text(story(line)) == PARAGRAPHS


AUTHORS = [{"@type": "Person", "name": name} for name in ("Lena Moor", "Ada Wick")]


@pytest.mark.parametrize(
    "head",
    [
        "<h2>Vellum <span>The lamp that nobody lights</span></h2>",
        "<h4>Lena Moor</h4>",
        "<h4>Ada Wick</h4><h5>Lamps</h5>",
    ],
)
def test_a_headline_with_its_kicker_or_the_authors_name_above_the_text_is_no_subhead(head: str) -> None:
    found = text(f"<article><div class='x1'>{head}{BODY}</div></article>", json_ld(author=AUTHORS))
    assert found == [*(["Lamps"] if "Lamps" in head else []), *PARAGRAPHS]


@pytest.mark.parametrize(
    "head",
    [
        "<h2>Vellum</h2>",
        "<h2>The lamp that nobody lights in Vellum</h2>",
        "<h2>The harbor master of Vellum, who counts the matches, and the lamp that nobody lights</h2>",
        "<h2>Lena Moor and the lamp</h2>",
    ],
)
def test_a_subhead_above_the_text_may_be_like_the_headline_or_name_the_author(head: str) -> None:
    found = text(f"<article><div class='x1'>{head}{BODY}</div></article>", json_ld(author=AUTHORS))
    assert found == [*blocks(head), *PARAGRAPHS]


def test_names_that_head_what_each_of_several_authors_wrote_stay() -> None:
    story = f"<h3>Lena Moor</h3>{BODY}<h3>Ada Wick</h3><p>{LONG[0]}</p>"
    found = text(f"<article><div class='x1'>{story}</div></article>", json_ld(author=AUTHORS))
    assert found == ["Lena Moor", *PARAGRAPHS, "Ada Wick", LONG[0]]


FACTS = "<h3>The vote</h3><table><tr><td>For</td><td>31</td></tr><tr><td>Against</td><td>14</td></tr></table>"
HOURS = "<h3>Opening hours</h3><ul><li>Mondays from 9</li><li>Fridays from 10</li></ul>"


def test_a_section_of_facts_ends_a_body_that_is_named_as_such() -> None:
    whole = [*PARAGRAPHS, *blocks(HOURS), "The vote", "For 31", "Against 14"]
    assert text(named(BODY + HOURS + FACTS)) == whole
    assert text(f"<article><div class='x1'>{BODY}{HOURS}{FACTS}</div></article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "behind",
    [
        HOURS.replace("Mondays", "<a href='/m'>Mondays</a>").replace("Fridays", "<a href='/f'>Fridays</a>"),
        HOURS.replace("Opening hours", "Topics"),
        HOURS.replace("Opening hours", "Media Contacts"),
        f"<div class='x3'>{HOURS}</div>",
        "<h3>Vellum Post</h3><p>In the harbor</p>",
    ],
    ids=["links", "label", "site", "elsewhere", "line"],
)
def test_other_lists_and_lines_under_a_heading_behind_a_body_are_left_out(behind: str) -> None:
    assert text(named(BODY + behind)) == PARAGRAPHS


@pytest.mark.parametrize("line", ["(He laughs.)", "And then –"])
def test_a_body_that_is_named_as_such_may_end_in_a_dash_or_bracket(line: str) -> None:
    assert text(named(f"{BODY}<p>{line}</p>")) == [*PARAGRAPHS, line]


# Other stories amid and behind it ------------------------------------------------------------------------------------


def pieces(*between: str) -> str:
    """The long story in pieces of two paragraphs, each in a wrapper with a class."""
    parts = ["".join(f"<p>{line}</p>" for line in LONG[n : n + 2]) for n in range(0, len(LONG), 2)]
    wrapped = [f"<div class='x7'>{part}</div>" for part in parts]
    return "".join(wrapped[:3]) + "".join(between) + "".join(wrapped[3:])


@pytest.mark.parametrize(
    "box",
    [
        "<div class='x3'><h4>More on this</h4><a href='/a'>The seals return to the pier</a></div>",
        "<div class='x3'><p>Related:</p></div>",
        "<div class='x3'><ul><li><h4>Recommended</h4><a href='/a'><p>The seals return</p></a></li></ul></div>",
    ],
    ids=["link", "label", "list"],
)
@pytest.mark.parametrize("holder", ["<div class='article-body'>{}</div>", "<div class='x1'>{}</div>"])
def test_a_body_in_pieces_goes_on_behind_a_box_of_other_stories(holder: str, box: str) -> None:
    assert text(f"<article>{holder.format(pieces(box))}</article>") == LONG


TEASER = "<p>Wardens counted forty seals on the sandbank at low water, more than in any winter before.</p>"


@pytest.mark.parametrize(
    "others",
    [
        f"<h3>More stories</h3><div class='x7'><h4><a href='/a'>The seals return</a></h4>{TEASER}</div>" * 3,
        f"<h3>Recommended</h3><div class='x7'><a href='/a'><h4>The seals return</h4></a>{TEASER}</div>" * 3,
        f"<div class='x3'><h3>More stories</h3>{TEASER}{TEASER}</div>",
        f"<h3>3 comments</h3><div class='x7'>{TEASER}</div><div class='x7'>{TEASER}</div>",
    ],
    ids=["cards", "linked cards", "teasers", "comments"],
)
def test_a_body_in_pieces_does_not_go_on_with_teasers_or_comments(others: str) -> None:
    story = "".join(f"<p>{line}</p>" for line in LONG[:6])
    assert text(f"<article><div class='x1'><div class='x7'>{story}</div>{others}</div></article>") == LONG[:6]
