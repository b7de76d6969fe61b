"""The generic way: bodies that are cut in pieces, and what stands between and beside the pieces."""

from __future__ import annotations

import pytest

from tests.test_generic import PARAGRAPHS, TITLE, article, text

LIFE = "<p>Whoever wrote this likes lamps, and has lived on the pier since the age of nine.</p>"
ONE, TWO, THREE, FOUR = (f"<p>{line}</p>" for line in PARAGRAPHS)


@pytest.mark.parametrize(
    "names",
    [
        ("rich-text rich-text--drop", "rich-text", "rich-text rich-text--last"),
        ("rich-text", "rich-text", "rich-text wide"),
        ("mb-2 article-body", "article-body mb-4", "article-body"),
    ],
)
def test_pieces_of_a_body_are_called_alike_and_may_have_other_names_beside(names: tuple[str, ...]) -> None:
    pieces = zip(names, (ONE, TWO + THREE, FOUR), strict=True)
    held = "<div class='x1'>Our newest lamps are here</div>".join(
        f"<div class='{name}'>{ps}</div>" for name, ps in pieces
    )
    assert text(f"<article>{held}</article>") == PARAGRAPHS


def test_a_card_is_no_piece_of_a_body_though_it_is_called_like_one() -> None:
    teaser = "<p>What the crew of the old ferry found in its hold will surprise all of you in town.</p>"
    card = f"<div class='post-content small'><h3><a href='/b'>The ferry that came back</a></h3>{teaser}</div>"
    assert text(f"<div class='post-content full'>{ONE}{TWO}{THREE}{FOUR}</div>{card}") == PARAGRAPHS


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_like_named_element_is_a_piece_only_where_it_stands_as_the_others_do(wrapped: bool) -> None:
    box = "<div class='section'>{}</div>" if wrapped else "{}"
    pieces = [f"<div class='prose prose-lg'>{ONE}{TWO}{THREE}</div>", f"<div class='prose prose-xl'>{FOUR}</div>"]
    beside = f"<div class='x1'><div class='prose prose-sm'>{LIFE}</div></div>"
    assert text(f"<div class='x0'>{''.join(map(box.format, pieces))}{beside}</div>") == PARAGRAPHS


@pytest.mark.parametrize(
    ("between", "lines"),
    [
        ("<h2>Who holds the key</h2>", ["Who holds the key"]),
        ("<div class='x1'><h3>Who holds the key</h3></div>", ["Who holds the key"]),
        (
            "<div><blockquote>“I never saw a match burn there.”</blockquote></div>",
            ["“I never saw a match burn there.”"],
        ),
        (
            "<div class='x2'><ul><li>A lamp of brass</li><li>Glass of 1871</li></ul></div>",
            ["A lamp of brass", "Glass of 1871"],
        ),
        (
            "<h2>What is there</h2><ul><li>A lamp of brass</li><li>Glass of 1871</li></ul>",
            ["What is there", "A lamp of brass", "Glass of 1871"],
        ),
        ("<div class='x1'><h3>Get our letter</h3><p>Every morning at six, in your mailbox.</p></div>", []),
        ("<div class='x1'><h3>Get our letter</h3><form><input><button>Now</button></form></div>", []),
        ("<div class='x1'><h3>Watch the lamp</h3><iframe src='/v'></iframe></div>", []),
        ("<div class='x1'><h3>What you get</h3><ul><li>All of our stories</li><li>No ads</li></ul></div>", []),
        ("<h3>Ships of the week</h3><ul><li><a href='/b'>The ferry that came back</a></li><li>Ferries</li></ul>", []),
        ("<div class='related'><h3>Ships</h3><ul><li>The ferry that came back</li></ul></div>", []),
        ("<h3><a href='/b'>The ferry that came back</a></h3>", []),
    ],
)
def test_subheads_lists_and_quotations_between_the_pieces_of_a_body_belong_to_it(
    between: str, lines: list[str]
) -> None:
    held = f"<div class='rich-text'>{ONE}{TWO}</div>{between}<div class='rich-text'>{THREE}{FOUR}</div>"
    assert text(held) == [*PARAGRAPHS[:2], *lines, *PARAGRAPHS[2:]]


def test_words_at_the_foot_of_a_page_are_not_how_a_body_goes_on() -> None:
    said = "<p>We use what your browser tells us, to see who reads.</p><p>By reading on you agree to it.</p>"
    foot = f"<div>{said}{LIFE}</div>"
    assert text_without_main(f"<div class='article-body'>{ONE}{TWO}{THREE}{FOUR}</div>{foot}") == PARAGRAPHS


@pytest.mark.parametrize("name", ["article-more", "story-part2"])
def test_a_body_goes_on_in_an_element_of_paragraphs_beside_it(name: str) -> None:
    told = [f"{line} So the year {number} was told." for number in range(2) for line in PARAGRAPHS]
    first, rest = ("".join(f"<p>{line}</p>" for line in lines) for lines in (told[:5], told[5:]))
    pieces = f"<div class='article-body'>{first}</div><div class='ad'>Ad</div><div class='{name}'>{rest}</div>"
    assert text(f"<article>{pieces}</article>") == told


SAID = "<p>What a lovely story, we should all go and see the lamp some time.</p>"


@pytest.mark.parametrize(
    "beside",
    [
        f"<div>{LIFE}</div>",
        f"<div><b>ada</b>{SAID}<b>bert</b>{SAID}</div>",
        f"<div><h3>About Vellum Lamps</h3>{LIFE}{SAID}</div>",
        f"<div>{LIFE}<p>Read more of that <a href='/b'>in the Vellum Post</a> of last week and of today.</p></div>",
        f"<div>{LIFE}<p>Two dogs and a cat live with her there.</p></div>",
        f"<div>{LIFE}{SAID}{LIFE}{SAID}</div>",
        f"<div class='x1'>{LIFE}{SAID}{LIFE}{SAID}</div>",
        f"<div class='article-body boilerplate'>{LIFE}{SAID}{LIFE}{SAID}</div>",
        f"<section>{LIFE}{SAID}<p>Two dogs and a cat live with her there.</p></section>",
        f"<div>{''.join(f'<p>Clause {number} of our terms is this.</p>' for number in range(3))}</div>",
    ],
    ids=["life", "comments", "company", "links", "two lines", "unnamed", "hashed", "boilerplate", "section", "short"],
)
def test_other_words_beside_a_body_are_not_how_it_goes_on(beside: str) -> None:
    told = [f"{line} So the year {number} was told." for number in range(2) for line in PARAGRAPHS]
    body = "".join(f"<p>{line}</p>" for line in told)
    assert text(f"<article><div class='article-body'>{body}</div>{beside}</article>") == told


CARD = (
    "<a href='/b'><h4>The ferry that came back</h4><p>What its crew found in the hold will surprise all of you.</p></a>"
)


def text_without_main(body: str) -> list[str]:
    head = f"<head><title>{TITLE}</title></head>"
    return article(f"<html>{head}<body><h1>{TITLE}</h1>{body}</body></html>").text.split("\n\n")


@pytest.mark.parametrize(
    "holder", ["<div class='b1'>{}</div>", "<div><div>{}</div><p>© 2026 The Vellum Post</p></div>"]
)
@pytest.mark.parametrize("card", ["{}", "<div>{}</div>", "<div><div>{}</div></div>"])
def test_a_short_article_is_found_though_cards_in_its_container_outweigh_it(holder: str, card: str) -> None:
    cards = card.format(CARD) * 12
    body = holder.format(f"{ONE}{TWO}{THREE}{FOUR}<div class='z9'>{cards}</div>")
    assert text_without_main(body) == PARAGRAPHS


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p class='topic-body__content-text'>{}</p>",
        "<p class='latest-news__text'>{}</p>",
        "<p class='popular-article__p'>{}</p>",
        "<div class='widget widget-text'><p>{}</p></div>",
        "<div class='embed-text'>{}</div>",
    ],
)
def test_paragraphs_that_are_each_named_for_a_block_are_the_article(paragraph: str) -> None:
    body = "".join(paragraph.format(line) for line in PARAGRAPHS)
    assert text(f"<div class='topic-page'>{body}</div>") == PARAGRAPHS


@pytest.mark.parametrize(
    "comment",
    [
        "<div class='comment'><b>ada</b><p>{} says that we should all go and see the lamp.</p></div>",
        "<div class='comment-text'><b>ada</b><p>{} says that we should all go and see the lamp.</p></div>",
        "<div class='side-bar'>{} wrote a column, and you can read all of it on our site.</div>",
        "<div class='related-text'><h4>A ferry</h4><p>What {} found in the hold will surprise all of you.</p></div>",
    ],
)
def test_elements_that_are_named_for_comments_or_teasers_are_apart_however_many_they_are(comment: str) -> None:
    comments = "".join(comment.format(f"Reader number {number}") for number in range(9))
    assert text(f"<div>{ONE}{TWO}{THREE}{FOUR}</div><div>{comments}</div>") == PARAGRAPHS


RUN = " ".join(PARAGRAPHS)
SHORT = [
    "港の灯台が十二年ぶりにともり、集まった住民が静かに見守った。",
    "修理にかかった費用は、すべて住民の寄付でまかなわれたという。",
    "町長は、国の助けを待たずに自分たちで始めたのだと胸を張った。",
    "漁師の一人は、夜の海へ出るのがもう怖くなくなったと話している。",
]


@pytest.mark.parametrize("paragraph", ["<p>{}</p>", "<div class='article__text'>{}</div>"])
@pytest.mark.parametrize("lines", [PARAGRAPHS, SHORT, PARAGRAPHS[:2]], ids=["long", "short", "two"])
def test_a_copy_of_the_body_for_machines_may_be_short(lines: list[str], paragraph: str) -> None:
    copy = f"<div class='x1'><div itemprop='articleBody'>{' '.join(lines)}</div></div>"
    shown = "".join(paragraph.format(line) for line in lines)
    assert text(f"{copy}<div class='article__body'>{shown}</div>") == lines


def test_a_paragraph_that_says_one_other_again_is_no_copy_of_the_body() -> None:
    lines = [*PARAGRAPHS, f"{PARAGRAPHS[1]} That is what she says."]
    assert text("".join(f"<div class='article__text'>{line}</div>" for line in lines)) == lines
