"""The generic way: captions and credits of pictures that are set as paragraphs."""

from __future__ import annotations

import pytest

from tests.test_generic import BODY, PARAGRAPHS, text

FIRST, REST = BODY.split("</p>", 1)


# Credits of pictures ----------------------------------------------------------------------------------------------

CREDITS = [
    "灯塔夜景。（記者林小灯攝）",
    "▲灯塔夜景。图/灯社",
    "灯塔夜景。受访者供图",
    "点灯した灯台（写真：灯通信）",
    "写真＝灯通信",
    "点灯した灯台＝29日、白浜町で",
    "다시 켜진 등대. 사진=등신문",
    "Đèn trên bến tàu. Ảnh: Thu Hà",
    "ภาพ : สมหญิง ใจดี",
    "Лампа на пирсе. Фото: Игорь Лапин",
    "Φωτογραφία: Νίκος Σταύρου",
    "המנורה בערב (צילום: אבי כהן)",
    "تصوير: خالد منصور",
    "عکس: رضا",
    "फोटो: दीप समाचार",
    "ছবি: সংগৃহীত",
    "Fotoğraf: Deniz Ak",
    "Fotó: Szabó Márton",
    "The lamp at dusk. COURIER FILE PHOTO",
    "The lamp at dusk. — Photo by author",
]


@pytest.mark.parametrize("line", CREDITS)
def test_a_line_with_the_credit_of_a_picture_is_left_out_in_any_language(line: str) -> None:
    assert text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>") == PARAGRAPHS


@pytest.mark.parametrize("line", ["The lamp at dusk. (VELLUM/Lena Moor)", "المنارة بعد إصلاحها (رويترز)"])
def test_a_maker_alone_in_brackets_is_a_credit_below_a_picture(line: str) -> None:
    picture = f"<p><img src='/lamp.jpg'></p><p>{line}</p>"
    assert text(f"<article>{FIRST}</p>{picture}{REST}</article>") == PARAGRAPHS
    assert text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>") == [PARAGRAPHS[0], line, *PARAGRAPHS[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "На стене висит фото: маяк в тумане.",
        "Он показал фото: на нём маяк",
        "写真は港の資料館が提供した。",
        "この写真＝灯台の写真は残った。",
        "视频由村民拍摄",
        "사진은 등군이 제공했다.",
        "Fotoğraf: bir ışık, bir iskele, bir gece.",
        "He had one photo",
        "It was dark. Just one more photo",
        "The sheds (WHO/Europe counts nine) stand empty",
    ],
)
def test_a_line_that_speaks_of_pictures_stays(line: str) -> None:
    assert text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>") == [PARAGRAPHS[0], line, *PARAGRAPHS[1:]]


CAPTION = "The lamp on the pier of Vellum at dusk, seen from the shed."


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='photo'><a href='/i'><img src='/i.jpg'></a><p>{}</p></div>",
        "<div class='news-img'><img src='/i.jpg'><p>{}</p></div>",
        "<table><tr><td><img src='/i.jpg'></td></tr><tr><td>{}</td></tr></table>",
        "<p><img src='/i.jpg'><br><em>{}</em></p>",
    ],
)
def test_a_line_that_stands_with_a_picture_alone_is_its_caption(markup: str) -> None:
    first, second = f"{FIRST}</p>", REST.split("</p>", 1)
    framed = markup.format(CAPTION)
    assert text(f"<article>{first}{framed}{REST}</article>") == PARAGRAPHS
    assert text(f"<article>{first}{framed}{second[0]}</p>{framed}{second[1]}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "markup",
    [
        "<p><img src='/i.jpg'></p><p><em>{}</em></p>",
        "<p style='text-align:center'><img src='/i.jpg'></p><p style='text-align:center'>{}</p>",
    ],
)
def test_a_line_set_like_a_caption_below_a_picture_is_one_where_it_ends_no_sentence(markup: str) -> None:
    first, label, told = f"{FIRST}</p>", "The lamp on the pier at dusk", "One year later the lamp was lit."
    assert text(f"<article>{first}{markup.format(label)}{REST}</article>") == PARAGRAPHS
    assert told in text(f"<article>{first}{markup.format(told)}{REST}</article>")


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='photo'><img src='/i.jpg'><p>{}</p></div><div class='photo'><img src='/j'><p>The shed.</p></div>",
        "<h3>Lamps</h3><div class='image'><img src='/i.jpg'><p>{}</p></div><h3>Oils</h3>",
        "<h3>Lamps</h3><div class='image'><img src='/i.jpg'><p>{}</p></div><p>Two crowns.</p>",
        "<p><img src='/i.jpg'></p><p>{}</p>",
        "<p><img src='/i.jpg'></p><p><em>{}<br>Nobody sees it,<br>and it shines.</em></p>",
        "<table><tr><td><img src='/i.jpg'></td><td>{}</td></tr></table>",
        "<p><img src='/i.jpg'></p><p><em>{}</em></p><p><em>And who lights it.</em></p>",
        "<p><img src='/i.jpg'></p><p><em>“{}”</em></p>",
        "<p><img src='/i.jpg'></p><p><em>{}</em></p><p>Nobody.</p><p><em>And who pays for it.</em></p>",
        "<p><img src='/i.jpg'></p><p><em>Have you seen it?</em> {}</p>",
        "<div class='photo'><img src='/i.jpg'><p>{}</p><p>Nobody knows who lights it, or who ever has.</p></div>",
        "<table><tr><td><img src='/i.jpg'></td><td>{}</td></tr><tr><td>The shed</td><td>11 matches</td></tr></table>",
    ],
)
def test_a_line_beside_a_picture_may_be_the_articles_own(markup: str) -> None:
    found = text(f"<article>{FIRST}</p>{markup.replace('{}', CAPTION)}{REST}</article>")
    assert any(CAPTION in one for one in found)


def test_an_article_that_is_centred_keeps_what_stands_below_its_pictures() -> None:
    centred = "".join(f"<p align='center'><img src='/i.jpg'></p><p align='center'>{line}</p>" for line in PARAGRAPHS)
    assert text(f"<article>{centred}</article>") == PARAGRAPHS
