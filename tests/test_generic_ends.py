"""The generic way, at the two ends of a body: its brief first and last blocks, and what stands around them."""

from __future__ import annotations

import pytest

from tests.test_generic import BODY, PARAGRAPHS, json_ld, text


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
