"""The generic way: where paragraphs end that line breaks, cells and lists in headings part."""

from __future__ import annotations

import pytest

from crawler import rescue
from crawler.markup import parse
from tests.test_generic import BODY, PARAGRAPHS, TITLE, article, page, text


def text_of_page(body: str) -> list[str]:
    return article(f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>").text.split("\n\n")


@pytest.mark.parametrize("indent", ["\u3000\u3000", "&#12288;", "&nbsp;&nbsp;&nbsp;", "\n &nbsp; &nbsp; "])
def test_a_line_break_before_an_indent_ends_a_paragraph(indent: str) -> None:
    assert text(f"<div>{indent}{f'<br>{indent}'.join(PARAGRAPHS)}</div>") == PARAGRAPHS
    bold = f"<br>{indent}<b>".join(f"{line}</b>" for line in PARAGRAPHS)
    assert text(f"<div>{indent}<b>{bold}</div>") == PARAGRAPHS


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (
            "The lamp is lit,<br>&nbsp;&nbsp;the pier is long,<br>&nbsp;&nbsp;and nobody is there.",
            "lit, the pier is long",
        ),
        (
            "Vellum Post,<br>&nbsp;&nbsp;&nbsp;12 Pier Road,<br>&nbsp;&nbsp;Vellum.",
            "Vellum Post, 12 Pier Road, Vellum.",
        ),
        (f"{PARAGRAPHS[0]}<br>The lamp is lit.", f"{PARAGRAPHS[0]} The lamp is lit."),
        (f"{PARAGRAPHS[0]}<br>&nbsp;The lamp is lit.", f"{PARAGRAPHS[0]} The lamp is lit."),
    ],
    ids=["verses", "address", "no indent", "one space"],
)
def test_verses_addresses_and_plain_line_breaks_end_no_paragraph(lines: str, line: str) -> None:
    found = text(f"<div>{BODY}<p>{lines}</p>{BODY[:200]}</p></div>")
    assert any(line in one for one in found), found


def test_a_column_of_a_page_laid_out_as_a_table_runs_not_into_the_next() -> None:
    menu = "<td><a href='/a'>News</a><br><a href='/b'>Sport</a></td>"
    column = f"<td><font>{'<br><br>'.join(PARAGRAPHS)}</font></td>"
    table = f"<table><tr>{menu}{column}<td>Vellum, the town of the lamp</td></tr></table>"
    assert text_of_page(f"<h1>{TITLE}</h1>{table}") == PARAGRAPHS


def test_a_row_of_data_is_one_line_though_a_cell_holds_a_break() -> None:
    rows = "<tr><td>Lamp</td><td>Brass<br>and glass</td></tr><tr><td>Shed</td><td>Oak</td></tr>"
    assert text(f"<div>{BODY}<table>{rows}</table>{BODY[:200]}</div>")[4:6] == ["Lamp Brass and glass", "Shed Oak"]


def test_a_heading_of_two_lines_is_one() -> None:
    heading = "<h2>灯台が十二年ぶりに<br>\u3000\u3000ともる</h2>"
    assert "灯台が十二年ぶりに ともる" in text(f"<div class='article-body'>{heading}{BODY}</div>")


@pytest.mark.parametrize("markup", ["<ul><li>{}</li><li>{}</li></ul>", "<div>{}</div><div>{}</div>", "{}<div>{}</div>"])
def test_the_words_of_a_heading_do_not_run_together(markup: str) -> None:
    heading = markup.format("Who holds the key?", "Nobody knows")
    found = text(f"<div class='article-body'>{BODY}<h2>{heading}</h2>{BODY.replace('lamp', 'light')}</div>")
    assert "Who holds the key? Nobody knows" in found


PERSIAN = [
    "به گزارش خبرنگار ما، فانوس دریایی روستای ساحلی نخل\u200cزار پس از دوازده سال خاموشی شامگاه یکشنبه دوباره روشن شد.",
    "دهیار روستا گفت همه هزینه تعمیر از محل کمک\u200cهای مردمی تأمین شده است و دولت سهمی در آن نداشته است.",
]


def test_what_trafilatura_finds_keeps_the_characters_of_no_width_that_part_persian_words() -> None:
    tree = parse(page("".join(f"<p>{line}</p>" for line in PERSIAN)).encode())
    assert tree is not None
    assert rescue.lines(tree, TITLE) == tuple(PERSIAN)
