"""The generic way in many languages: what lines say by their words and marks, whatever script they are set in."""

from __future__ import annotations

import pytest

from tests.test_generic import BODY, PARAGRAPHS, article, json_ld, page, text

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


@pytest.mark.parametrize(
    ("lead", "element"),
    [
        ("修理費は寄付でまかなわれた。", "<p class='lead'>{}</p>"),
        ("灯りの番人は十一年間、誰にも姿を見せていない。", "<h2>{}</h2>"),
    ],
)
def test_a_standfirst_in_wide_letters_may_be_short(lead: str, element: str) -> None:
    html = f"{element.format(lead)}<div class='article-body'>{prose(JAPANESE)}</div>"
    assert article(page(html)).lead == lead


def test_a_short_label_is_no_standfirst() -> None:
    assert (
        article(page(f"<p class='lead'>社会・地域</p><div class='article-body'>{prose(JAPANESE)}</div>")).lead is None
    )


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
        "<p><img src='/i.jpg'></p><p><em>{}</em></p>",
        "<p style='text-align:center'><img src='/i.jpg'></p><p style='text-align:center'>{}</p>",
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
        "<div class='photo'><img src='/i.jpg'><p>{}</p></div><div class='photo'><img src='/j'><p>The shed.</p></div>",
        "<h3>Lamps</h3><div class='image'><img src='/i.jpg'><p>{}</p></div><h3>Oils</h3>",
        "<p><img src='/i.jpg'></p><p>{}</p>",
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


# Who tells a story, and what tells it once more -------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Анна Ветрова",
        "Ayşe Demirtaş / YALIKENT",
        "記者林小灯／花蓮報導",
        "来源：灯新闻网",
        "（原标题：谁点亮了灯？）",
        "[白浜 30日 灯通信]",
        "석포=김서연 기자",
        "Redacción",
        "Staff Correspondent",
        "নিজস্ব প্রতিবেদক",
        "न्यूज डेस्क, नारियलपुर",
        "Της Μαρίας Αλεξίου",
        "מאת רונית אשכנזי",
    ],
)
def test_who_tells_a_story_begins_no_named_body(line: str) -> None:
    assert text(f"<article><div class='article-body'><p>{line}</p>{BODY}</div></article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "lines",
    [
        ["Vellum", *PARAGRAPHS],
        ["VELLUM PIER", *PARAGRAPHS],
        ["Pier and shed: two views", *PARAGRAPHS],
        ["Vellum Pier", *PARAGRAPHS[:2], "Carrow Sound", *PARAGRAPHS[2:]],
        ["The Lamp Inn", "4 Pier Road, open daily", *PARAGRAPHS],
        ["عاد الضوء أخيرا", *PARAGRAPHS],
        ["地址：码头路四号", *PARAGRAPHS],
    ],
)
def test_a_place_or_a_fact_begins_a_named_body(lines: list[str]) -> None:
    assert text(f"<article><div class='article-body'>{prose(lines)}</div></article>") == lines


@pytest.mark.parametrize(
    "head",
    [
        "What you need to know:",
        "Öne çıkanlar",
        "Pontos principais",
        "Ukratko",
        "Με λίγα λόγια",
        "Tóm tắt",
        "สรุปข่าว",
        "本文要点",
        "AI 摘要",
        "この記事のポイント",
        "핵심 요약",
        "أبرز النقاط",
        "मुख्य बातें",
    ],
)
def test_key_points_are_left_out_in_any_language(head: str) -> None:
    points = "<ul><li>The lamp goes on at six, says the town.</li><li>No match was ever gone, she says.</li></ul>"
    assert text(f"<article><div class='article-body'><h4>{head}</h4>{points}{BODY}</div></article>") == PARAGRAPHS
    stays = f"<article><div class='article-body'><h4>Fish and oil</h4>{points}{BODY}</div></article>"
    assert "No match was ever gone, she says." in text(stays)
