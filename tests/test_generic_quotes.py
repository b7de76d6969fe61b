"""The generic way: quotations that are pulled out of a text and set once more, and those that are the text's own."""

from __future__ import annotations

import pytest

from tests.test_generic_pieces import amid

SEEN = "Nobody has ever seen the keeper of our lamp"
SAID = f"<p>“{SEEN},” said Oda Brandt. “I sleep well.”</p>"
CITED = f"<blockquote><p>{SEEN}</p></blockquote>"


@pytest.mark.parametrize(
    "quote",
    [
        f"<blockquote><p>“{SEEN}. I sleep well.”</p></blockquote>",
        f"<blockquote><p>{SEEN}</p><cite>Oda Brandt, harbor master</cite></blockquote>",
        f"<div>{CITED}<p>Oda Brandt, harbor master</p></div>",
        "<div class='pull-quote'><p class='x3'>“I sleep well.”</p></div>",
        "<div class='x__pullquote'><p class='x3'>I sleep well</p><p class='x4'>Oda Brandt, harbor master</p></div>",
    ],
    ids=["sentences", "cited", "beside", "brief", "named"],
)
def test_a_quotation_that_is_pulled_out_of_the_text_goes_with_its_speaker(quote: str) -> None:
    assert amid(SAID + quote) == amid(SAID)


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("<blockquote><p>{}</p></blockquote>", "“Nobody has seen it. I never sleep.”"),
        ("<blockquote><p>{}</p></blockquote>", "“I sleep well.”"),
        (f"<div>{CITED}<p>{{}}</p></div>", "She laughs."),
        (f"{CITED}<h3>{{}}</h3>", "Oda Brandt"),
        (f"{CITED}<p>{{}}</p>", "Vellum, 1871"),
        (f"<ul><li>{SEEN}</li><li>{{}}</li></ul>", "Six at night"),
        ("<ul><li>{}</li></ul>", f"I sleep well. {SEEN}"),
    ],
)
def test_what_only_stands_near_a_pull_quote_or_is_like_one_stays(quote: str, line: str) -> None:
    assert amid(SAID + quote.format(line)) == [*amid(SAID), line]


def test_the_other_lines_of_a_verse_are_no_speakers() -> None:
    verse = f"<blockquote><p>{SEEN}</p><p>O lamp of Vellum</p><p>We know not</p></blockquote>"
    assert amid(SAID + verse) == [*amid(SAID), "O lamp of Vellum", "We know not"]
