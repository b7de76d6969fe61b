"""The generic way, place by place: where on a page the article stands, and what is outside of it."""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

import pytest

from crawler.article import NoArticle
from tests.test_generic import BODY, PARAGRAPHS, TITLE, article, json_ld, page, read

DECLARED = json_ld(datePublished="2026-02-20")
TEASERS = "".join(
    f"<div><a href='/x{n}'><img></a><h3><a href='/x{n}'>Story {n} of the pier</a></h3><p>{line}</p></div>"
    for n, line in enumerate(PARAGRAPHS * 2)
)
NOTICE = "<div class='f'><p>The Vellum Post is printed in Vellum, by Vellum Media, and read there.</p><p>It is a member of the Press Council of Vellum and of the one in Carrow.</p></div>"
BRIEF = [PARAGRAPHS[0], "It went out at noon."]
SHORT = "".join(f"<p>{line}</p>" for line in BRIEF)


def beside(story: str, others: str) -> str:
    """A page whose story, headline and all, stands beside something else."""
    return page("", DECLARED).replace(f"<main><h1>{TITLE}</h1></main>", f"{story}<div class='y'>{others}</div>")


# Brief stories ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [TEASERS, NOTICE], ids=["teasers", "notice"])
@pytest.mark.parametrize(
    "story",
    [
        f"<article><h1>{TITLE}</h1><div class='entry-content'>{SHORT}</div></article>",
        f"<article><h1>{TITLE}</h1><div class='x1'>{SHORT}</div></article>",
        f"<div><h1>{TITLE}</h1><div class='entry-content'>{SHORT}</div></div>",
    ],
    ids=["both", "article", "named"],
)
def test_a_brief_story_is_no_more_than_it_is_whatever_stands_beside_it(story: str, others: str) -> None:
    assert article(beside(story, others)).text.split("\n\n") == BRIEF


def test_teasers_are_not_taken_for_more_of_a_brief_story_whose_place_nothing_names() -> None:
    assert article(beside(f"<div><h1>{TITLE}</h1><div>{SHORT}</div></div>", TEASERS)).text.split("\n\n") == BRIEF


def test_a_body_that_has_yet_to_be_filled_is_not_filled_with_other_stories() -> None:
    empty = f"<article><h1>{TITLE}</h1><div class='entry-content'></div></article>"
    assert isinstance(read(beside(empty, TEASERS)), NoArticle)


def test_a_header_in_an_article_of_its_own_is_not_all_of_the_story() -> None:
    header = f"<article><h1>{TITLE}</h1><p>Nobody knows who lights the lamp, or why, in Vellum.</p></article>"
    more = "".join(f"<p>{line} It has been so for {n} years.</p>" for n in range(4) for line in PARAGRAPHS)
    assert article(beside(header, BODY + more)).text.split("\n\n")[-1].endswith("for 3 years.")


DEK = "Every evening at six the lamp on the pier of Vellum goes on, and for eleven years nobody in town has been able to say who lights it."
HEROES = {
    "an article": f"<article class='hero'><h1>{TITLE}</h1><p class='dek'>{DEK}</p></article><div class='row'><div class='col-8'>{BODY}</div></div>",
    "a name": f"<header><h1>{TITLE}</h1><div class='rich-text'><p>{DEK}</p></div></header><div><div class='col-8'>{BODY}</div></div>",
    "both": f"<article class='hero'><h1>{TITLE}</h1><div class='article-content'><p>{DEK}</p></div></article><div class='article-content'>{BODY}</div>",
    "an article before another": f"<article><h1>{TITLE}</h1><p>{DEK}</p></article><article>{BODY}</article>",
    "no standfirst": f"<article class='hero'><img><div class='hero__article-content'><h1>{TITLE}</h1><span>By Oda Brandt</span></div></article><div>{BODY}</div>",
}


@pytest.mark.parametrize("hero", HEROES)
def test_a_story_that_follows_its_headline_and_standfirst_in_a_place_of_its_own_is_read(hero: str) -> None:
    assert article(beside(HEROES[hero], "")).text.split("\n\n")[-len(PARAGRAPHS) :] == PARAGRAPHS


def test_another_story_with_a_heading_of_the_first_order_is_not_taken_for_this_one() -> None:
    other = "<article><h1><a href='/other'>The ferry that came back</a></h1><p>What it carried is in a shed that the customs have sealed for good.</p><p>The crew was never seen again, on this coast or any other.</p></article>"
    found = article(beside(f"<header><h1>{TITLE}</h1></header><div>{BODY}</div>", other))
    assert found.text.split("\n\n") == PARAGRAPHS


# Scripts without spaces or full stops -------------------------------------------------------------------------------


def test_a_brief_in_chinese_is_an_article_with_half_the_characters() -> None:
    line = "维卢姆码头的灯每天晚上六点准时亮起，镇上没有人知道是谁点的，港务长说十一年来火柴一根也没有少，镇议会将于春天投票决定是否立碑，渔民们却都说不必。"
    assert (
        article(f"<html lang='zh'><body><div><h1>无人点亮的灯</h1><div><p>{line}</p></div></div></body></html>").text
        == line
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "th",
            [
                "โคมไฟที่ท่าเรือเวลลัมสว่างขึ้นทุกเย็นเวลาหกโมง และไม่มีใครในเมืองรู้ว่าใครเป็นคนจุดไฟดวงนั้น",
                "นายท่าเรือนับไม้ขีดไฟในโรงเก็บของมาสิบเอ็ดปีแล้ว และไม่เคยมีไม้ขีดหายไปแม้แต่ก้านเดียว",
            ],
        ),
        (
            "lo",
            [
                "ໂຄມໄຟຢູ່ທ່າເຮືອເວລລຳສະຫວ່າງຂຶ້ນທຸກແລງເວລາຫົກໂມງ ແລະບໍ່ມີໃຜໃນເມືອງຮູ້ວ່າໃຜເປັນຄົນຈູດໄຟ",
                "ນາຍທ່າເຮືອນັບກ້ານໄຟຢູ່ໃນສາງມາສິບເອັດປີແລ້ວ ແລະບໍ່ເຄີຍມີກ້ານໄຟເສຍໄປແມ່ນແຕ່ກ້ານດຽວ",
            ],
        ),
        (
            "km",
            [
                "ចង្កៀងនៅកំពង់ផែវ៉េលឡឹមភ្លឺឡើងរៀងរាល់ល្ងាចនៅម៉ោងប្រាំមួយ ហើយគ្មាននរណាម្នាក់ដឹងថាអ្នកណាបំភ្លឺវា",
                "មេកំពង់ផែបានរាប់ឈើគូសក្នុងឃ្លាំងអស់រយៈពេលដប់មួយឆ្នាំហើយ ប៉ុន្តែមិនដែលបាត់សូម្បីមួយដើម",
            ],
        ),
    ],
)
def test_a_script_whose_sentences_end_in_no_mark_has_sentences_all_the_same(language: str, lines: list[str]) -> None:
    story = "".join(f"<p>{line}</p>" for line in lines)
    html = f"<html lang='{language}'><body><div><h1>{lines[0][:12]}</h1><div class='x1'>{story}</div></div><div class='f'><p>Post 2026</p></div></body></html>"
    assert article(html).text.split("\n\n") == lines


# Standfirsts ----------------------------------------------------------------------------------------------------------

STANDFIRST = "Nobody in Vellum knows who lights the lamp, and the town would rather not ask."


def under_headline(line: str, after: str = "", name: str = "c1") -> str:
    head = DECLARED + "<meta name='description' content='Lamp in Vellum: all that is known of the light on the pier.'>"
    story = f"<header><h1>{TITLE}</h1>{line}</header><div class='{name}'>{BODY}</div>{after}"
    return page("", head).replace(f"<h1>{TITLE}</h1>", story)


@pytest.mark.parametrize(
    "line",
    [
        f"<h2>{STANDFIRST}</h2>",
        f"<h4>{STANDFIRST}</h4><p>By Lena Moor</p>",
        f"<h2 class='subtitulo'>{STANDFIRST}</h2>",
        f"<div class='sottotitolo'>{STANDFIRST}</div>",
        f"<p class='sapo'>{STANDFIRST}</p>",
        f"<p class='linha-fina'>{STANDFIRST}</p>",
        f"<p class='sous-titre'>{STANDFIRST}</p>",
        f"<p class='unter-titel'>{STANDFIRST}</p>",
    ],
)
@pytest.mark.parametrize("name", ["c1", "article-body"])
def test_the_one_sentence_between_headline_and_body_is_the_standfirst(line: str, name: str) -> None:
    found = article(under_headline(line, name=name))
    assert found.lead == STANDFIRST
    assert found.text.split("\n\n") == [STANDFIRST, *PARAGRAPHS]


TOLD = f"<meta name='description' content='{STANDFIRST}'>"


@pytest.mark.parametrize(
    "story",
    [
        f"<div class='c1'><p><strong>{STANDFIRST}</strong></p>{BODY}</div>",
        f"<div class='c1'><p class='c2'>{STANDFIRST}</p>{BODY}</div>",
        f"<div><div class='c3'><p>{STANDFIRST}</p></div><div class='c1'>{BODY}</div></div>",
    ],
    ids=["bold", "class", "place"],
)
def test_the_description_set_apart_from_the_text_that_it_opens_is_the_standfirst(story: str) -> None:
    found = article(beside(f"<article><h1>{TITLE}</h1>{story}</article>", "").replace("<head>", f"<head>{TOLD}"))
    assert (found.lead, found.text.split("\n\n")) == (STANDFIRST, [STANDFIRST, *PARAGRAPHS])
    half = TOLD.replace(", and the town would rather not ask", "")
    assert (
        article(beside(f"<article><h1>{TITLE}</h1>{story}</article>", "").replace("<head>", f"<head>{half}")).lead
        is None
    )


@pytest.mark.parametrize("first", [f"<p>{STANDFIRST}</p>", f"<p class='has-drop-cap'>{STANDFIRST}</p>"])
def test_the_first_paragraph_is_no_standfirst_though_it_is_the_description(first: str) -> None:
    story = f"<article><h1>{TITLE}</h1><div class='c1'>{first}{BODY}</div></article>"
    assert article(beside(story, "").replace("<head>", f"<head>{TOLD}")).lead is None


def test_a_name_that_all_pieces_of_a_body_bear_names_no_standfirst() -> None:
    pieces = "".join(f"<section class='text-description'><p>{line}</p></section>" for line in PARAGRAPHS)
    found = article(beside(f"<article><h1>{TITLE}</h1><h3>{STANDFIRST}</h3>{pieces}</article>", ""))
    assert (found.lead, found.text.split("\n\n")) == (STANDFIRST, [STANDFIRST, *PARAGRAPHS])


def test_bold_type_alone_tells_no_standfirst() -> None:
    assert article(under_headline(f"<p><b>{STANDFIRST}</b></p>", name="article-body")).lead is None


@pytest.mark.parametrize(
    "line",
    [
        "“I sleep well, and the lamp is none of my business.”",
        "„Ich schlafe gut, und die Lampe geht mich gar nichts an.“",
        "This article is more than five years old.",
        "This story was updated on Monday to include a statement from the mayor's office.",
        "This content is paid for and presented by the Vellum Savings Bank.",
        "Warning: what follows contains descriptions of drowning that may distress.",
        "CORRECTION: An earlier version gave the wrong height for the lamp.",
        "Editor's note: The names of the fishermen have been changed at their own request.",
        "You have read two of your three free pieces for this month.",
        "The views expressed here are the author's own and not those of the paper.",
        "Join fifty thousand people who get our letter every morning.",
        "Listen to the lamp, read for you by a voice made by a machine.",
        "It looks like you are using an ad blocker. We live by our ads.",
        "Get the news of the coast in one short newsletter every morning.",
        "Lena Moor has lived on the coast since the age of nine.",
        "Oda Brandt writes about the coast and all of its lights.",
        "Dieser Artikel ist am Montag zuerst in der Vellumer Zeitung erschienen.",
        "Attention : ce qui suit peut heurter la sensibilité du public.",
        "Este artículo se publicó por primera vez el lunes en otro diario.",
        "Attenzione: quanto segue può turbare la sensibilità di chi legge.",
        "Siga a nossa cobertura ao vivo da reunião do conselho da cidade.",
    ],
)
@pytest.mark.parametrize("name", ["c1", "article-body"])
def test_a_pull_quote_or_a_word_of_the_house_under_the_headline_is_no_standfirst(line: str, name: str) -> None:
    html = under_headline(f"<h2>{line}</h2>", name=name)
    found = article(html.replace("<head>", "<head><meta name='author' content='Lena Moor'>", 1))
    assert found.lead is None
    assert found.text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    [
        f"<h2>{STANDFIRST}</h2><h2>“It burns every night,” says the harbor master of Vellum.</h2>",
        f"<h2><a href='/x'>{STANDFIRST}</a></h2>",
        f"<h2>{STANDFIRST[:36]}.</h2>",
        f"<h2>{STANDFIRST[:-1]}</h2>",
        "<h2>Published in Vellum on Friday, 20 February 2026, at eight in the morning.</h2>",
        "<h2>By Lena Moor, who has long been the correspondent of this paper in Vellum.</h2>",
        f"<p>{STANDFIRST}</p>",
    ],
    ids=["two", "linked", "short", "label", "date", "byline", "plain"],
)
def test_what_else_stands_between_headline_and_body_is_none(line: str) -> None:
    assert article(under_headline(line)).lead is None


def test_what_stands_behind_the_body_again_is_a_notice() -> None:
    assert article(under_headline(f"<h2>{STANDFIRST}</h2>", f"<div><p>{STANDFIRST}</p></div>")).lead is None
