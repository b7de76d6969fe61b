"""The generic way: labels of links, of advertisements, of comments and of other stories, in many languages."""

from __future__ import annotations

import pytest

from tests.test_generic import BODY, PARAGRAPHS, text

FIRST, REST = BODY.split("</p>", 1)


# Labels of what is gone -------------------------------------------------------------------------------------------

LINK = "<p><a href='/pier'>The pier is sold for one crown</a></p>"


@pytest.mark.parametrize(
    "markup",
    [
        "<p><strong>{}</strong></p>" + LINK * 2,
        "<p>{}</p>" + LINK,
        "<h3>{}</h3><ul><li><a href='/pier'>The pier is sold</a></li><li><a href='/x'>Ferry back</a></li></ul>",
        "<div><h4>{}</h4><h5><a href='/pier'>The pier is sold for one crown</a></h5></div>",
    ],
)
@pytest.mark.parametrize(
    "label",
    [
        "READ ALSO:",
        "Leia também:",
        "Mirá también",
        "İLGİLİ HABERLER",
        "Читайте також:",
        "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ",
        "קראו גם:",
        "اقرأ أيضًا:",
        "ये खबरें भी पढ़ें...",
        "আরও পড়ুন:",
        "延伸閱讀：",
        "【関連記事】",
        "▶관련기사",
        "Tin liên quan",
        "በተጨማሪ ያንብቡ፡",
        "Fleiri lampar:",
    ],
)
def test_a_label_goes_with_the_links_that_it_heads(label: str, markup: str) -> None:
    assert text(f"<article>{FIRST}</p>{markup.format(label)}{REST}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    [
        "<h3>Who lights it?</h3>",
        "<p><b>And what of the matches, then?</b></p>",
        "<p>Nobody knows.</p>",
        "<p>And so it went, night after night...</p>",
        "<p>The keeper wrote to the council in spring:</p>",
    ],
)
def test_what_stands_before_a_link_to_another_story_may_be_the_articles_own(line: str) -> None:
    assert len(text(f"<article>{FIRST}</p>{line}{LINK}{REST}</article>")) == len(PARAGRAPHS) + 1


def test_a_line_stays_that_leads_to_what_another_site_holds() -> None:
    post = "<p>She wrote there:</p><p><a href='https://social.test/oda/1'>social.test/oda/1</a></p>"
    assert text(f"<article>{FIRST}</p>{post}{REST}</article>") == [PARAGRAPHS[0], "She wrote there:", *PARAGRAPHS[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "広告",
        "광고",
        "إعلان",
        "विज्ञापन",
        "Quảng cáo",
        "Διαφήμιση",
        "[Publicidad]",
        "Реклама:",
        "CONTINUA APÓS A PUBLICIDADE",
        "Haberin Devamı",
        "Scroll ke bawah untuk melanjutkan membaca",
        "STORY CONTINUES BELOW THIS AD",
    ],
)
def test_the_label_of_an_advertisement_is_left_out_in_any_language(line: str) -> None:
    assert text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>") == PARAGRAPHS


@pytest.mark.parametrize("line", ["広告は要らない。", "La publicidad no paga la lámpara.", "Iklan itu tidak dibayar."])
def test_a_sentence_on_advertisements_stays(line: str) -> None:
    assert text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>") == [PARAGRAPHS[0], line, *PARAGRAPHS[1:]]


LONG = "".join(f"<p>{line} It has been so for years.</p>" for line in PARAGRAPHS)


@pytest.mark.parametrize(
    "head",
    [
        "Yorumlar (3)",
        "Komentar (3)",
        "Σχόλια",
        "نظرات کاربران",
        "टिप्पणियाँ (3)",
        "Bình luận (3)",
        "留言 (3)",
        "댓글 3",
        "İlgili Haberler",
        "Berita Terkait",
        "Σχετικά άρθρα",
        "כתבות נוספות",
        "संबंधित खबरें",
        "많이 본 뉴스",
    ],
)
def test_comments_and_other_stories_below_a_story_are_left_out_in_any_language(head: str) -> None:
    said = "Nobody in Vellum should ever ask who lights it, night after night! Let it be lit, I say, and let it be"
    below = "".join(f"<div><b>oda {n}</b><p>{said} {n}!</p></div>" for n in range(3))
    assert text(f"<div><div>{LONG}<div><h3>{head}</h3>{below}</div></div></div>")[-1].endswith("for years.")
    amid = f"<div><div>{LONG}<h3>{head}</h3><p>{PARAGRAPHS[0]}</p></div></div>"
    assert text(amid)[-1] == PARAGRAPHS[0]


@pytest.mark.parametrize("head", ["Otras noticias", "Diğer haberler", "Другие новости"])
def test_a_digest_may_go_on_to_other_news(head: str) -> None:
    more = f"<h3>{head}</h3><p>{PARAGRAPHS[0]}</p>"
    assert text(f"<article><div>{LONG}</div><div>{more}</div></article>")[-2:] == [head, PARAGRAPHS[0]]
