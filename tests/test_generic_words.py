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


# Who tells a story, and what tells it once more -------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "記者林小灯／花蓮報導",
        "来源：灯新闻网",
        "（原标题：谁点亮了灯？）",
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
        ["The Lamp Inn", *PARAGRAPHS],
        ["Lampenhaus Vellum", "4 Pier Road, open daily", *PARAGRAPHS],
        ["عاد الضوء أخيرا", *PARAGRAPHS],
        ["地址：码头路四号", *PARAGRAPHS],
        ["Oda Brandt", *PARAGRAPHS],
        ["Dear Editor", *PARAGRAPHS],
        ["Team news", *PARAGRAPHS],
        ["[Act one]", *PARAGRAPHS],
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


# What a site asks of its readers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Нашли ошибку? Выделите её и нажмите Ctrl+Enter.",
        "Haberleri WhatsApp kanalımızdan takip edin.",
        "Ακολουθήστε μας στο Google News και μάθετε πρώτοι όλες τις ειδήσεις.",
        "Pratite nas na društvenim mrežama Facebook i Instagram.",
        "Urmărește-ne pe Google News și pe WhatsApp.",
        "تابعونا على قناتنا في واتساب لتصلكم آخر الأخبار.",
        "برای دریافت آخرین اخبار به کانال تلگرام ما بپیوندید.",
        "הצטרפו לקבוצת הוואטסאפ שלנו וקבלו עדכונים.",
        "देश-दुनिया की ताजा खबरों के लिए हमें गूगल न्यूज पर फॉलो करें।",
        "本文系本站原创，未经授权不得转载。",
        "声明：本文仅代表作者个人观点，与本网无关。",
        "※記事・写真の無断転載を禁じます。",
        "Mời bạn đọc theo dõi kênh Zalo của chúng tôi.",
        "Cek berita yang lain di Google News.",
        "Únete a nuestro canal de WhatsApp y entérate de todo.",
        "Rejoignez notre chaîne WhatsApp pour ne rien manquer de l’actualité.",
        "Published in Vellum Post, November 30th, 2026",
    ],
)
def test_a_notice_of_the_house_ends_no_story_though_it_is_a_sentence(line: str) -> None:
    found = article(page(f"<article>{BODY}<p><em>{line}</em></p></article>"))
    assert (found.text.split("\n\n"), found.authors) == (PARAGRAPHS, ())


@pytest.mark.parametrize(
    "line",
    [
        "Join the millions, she says, and leave Facebook.",
        "Press Ctrl+Enter, and the lamp goes out.",
        "Like Facebook before it, the lamp shop will appeal.",
        "“Join our WhatsApp group,” the letter said.",
        "انضم ملايين المستخدمين إلى تلغرام هذا العام.",
        "Подписчики Telegram увидели лампу первыми.",
        "Entre nossos vizinhos, o WhatsApp é uma lâmpada.",
        "法院判定，该公司未经授权转载了他的文章。",
        "写真を無断転載されたとして、町は会社を訴えた。",
        "La police a saisi des messages WhatsApp.",
    ],
)
def test_a_last_sentence_may_speak_of_platforms_and_of_copies(line: str) -> None:
    assert text(f"<article>{BODY}<p>{line}</p></article>") == [*PARAGRAPHS, line]
