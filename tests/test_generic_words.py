"""The generic way in many languages: what lines say by their words and marks, whatever script they are set in."""

from __future__ import annotations

import pytest

from tests.test_generic import BODY, PARAGRAPHS, json_ld, text

FIRST, REST = BODY.split("</p>", 1)

JAPANESE = [
    "白浜町の桟橋の灯りは毎晩六時にともるが、誰が灯すのかは町の誰も知らない。",
    "港長の灯野明さんは十一年にわたり小屋のマッチを数えてきたが、一本も減っていない。",
    "町議会は春に、手紙に返事をよこさない灯台守のための銘板について採決する予定だ。",
]


def prose(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


# Where a body begins and ends -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ["灯りがともった。", *JAPANESE],
        ["「ついた」", *JAPANESE],
        [*JAPANESE, "「本当によかった」"],
        [*JAPANESE, "町は喜びに包まれた！"],
        [*JAPANESE, "“值得！”"],
        ["It was dark.", *PARAGRAPHS],
        ["عاد الضوء أخيرا.", *PARAGRAPHS],
        ["So it goes.", "Who cares?", *PARAGRAPHS],
    ],
)
def test_a_short_sentence_begins_or_ends_a_body_in_any_script(lines: list[str]) -> None:
    assert text(f"<article><div>{prose(lines)}</div></article>") == lines


@pytest.mark.parametrize(
    "line",
    [
        "Updated at 4 p.m.",
        "Analysis.",
        "Lena Moor.",
        "Vellum Post",
        "<b>Exclusive to us.</b>",
        "<a href='/l'>All of it.</a>",
        "Loading the story…",
        "By Lena Moor.",
        "白浜新聞",
    ],
)
def test_a_label_begins_no_body(line: str) -> None:
    assert text(f"<article><div><p>{line}</p>{BODY}</div></article>") == PARAGRAPHS


def test_the_key_points_of_a_story_in_wide_letters_are_left_out() -> None:
    points = f"<h4>要点</h4><ul><li>{JAPANESE[1]}</li><li>{JAPANESE[2]}</li></ul>"
    lines = [f"{JAPANESE[0]}灯りは朝六時に消える。", *JAPANESE]
    assert text(f"<article><div>{points}{prose(lines)}</div></article>") == lines


# Bylines, and sentences with the same names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Lena Moor was there, too.",
        "Lampenpost fragte nach.",
        "町長は灯新聞の取材に「感謝しかない」と話した。",
        "«Вестник» направил запрос в мэрию.",
        "“We know Lena Moor,” he said.",
    ],
)
def test_a_sentence_that_names_the_author_or_the_paper_is_no_byline(line: str) -> None:
    for name in ("Lena Moor", "Lampenpost", "灯新聞", "Вестник"):
        head = json_ld(author={"@type": "Person", "name": name})
        assert text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>", head) == [
            PARAGRAPHS[0],
            line,
            *PARAGRAPHS[1:],
        ]


@pytest.mark.parametrize(
    "line",
    [
        "By Lena Moor.",
        "von Lena Moor.",
        "Lena Moor",
        "Text: Lena Moor.",
        "Lena Moor, Vellum Post.",
        "— Lena Moor.",
        "Write to Lena Moor, lm@vellum.test.",
        "Lena Moor berichtet aus Carrow",
    ],
)
def test_a_line_of_hardly_more_than_the_authors_name_is_a_byline(line: str) -> None:
    head = json_ld(author={"@type": "Person", "name": "Lena Moor"})
    assert text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>", head) == PARAGRAPHS
