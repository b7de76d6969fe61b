"""The generic way: sentences that look like sign-offs, notices, pointers or captions, and are the article's own."""

from __future__ import annotations

import pytest

from tests.test_generic import BODY, PARAGRAPHS, article, page, text

FIRST, REST = BODY.split("</p>", 1)


def around(line: str) -> list[str]:
    """The paragraphs of an article that has this line amid its own."""
    return text(f"<article>{FIRST}</p><p>{line}</p>{REST}</article>")


@pytest.mark.parametrize(
    "line",
    [
        "Human error may have contributed to the crash, the agency said.",
        "Heavy rain contributed to the collapse of the shed.",
        "Written by Ada Wick and directed by Lena Moor, the play opens on Friday.",
        "Written by hand, the letter was found in the shed on Monday.",
        "Produced by Ada Wick, the film opens on Friday.",
        "Reported by the coast guard on Monday, the sighting is the third this year.",
        "Compiled by the harbor office, the list names 44 boats.",
        "Translated from the Norwegian, the book sold 40,000 copies.",
        "Photos by Oda Brandt hang in the hall until May.",
        "Based on reports from two fishermen, the coast guard sent a boat.",
        "The mayor declined to speak with Reuters.",
        "Sie sprach mit der dpa.",
        "It has a contract with Bloomberg.",
        "Like this lamp, many have no owner.",
        "Support our troops, the sign on the pier says.",
        "Register to vote by October 5.",
        "Download the official app before you travel.",
        "Have your say at the town meeting on Monday.",
        "Follow the money on X and you will end in Carrow.",
        "Letters to the editor were divided.",
        "Copyright is a matter for the courts, the mayor said.",
        "The council may receive a commission of 5 percent.",
        "The keeper told two agencies of it (one of them Reuters).",
        "Shares of Shutterstock fell 8 percent.",
        "The keeper sold four pictures to Getty Images last year.",
        "She has taken pictures for Getty Images.",
        "The heat contributed to the story.",
        "Have a story? Ada has many, and tells them at the inn.",
        "Join the conversation and let the mayor hear it, she told the hall.",
        "Agents may receive a commission when you book through them, the report says.",
        "„Das ist gut“, sagte sie (Bild).",
        "Die Lampe brennt (Quelle: Hafenamt).",
        "An dieser Stelle stand bis 1944 die Synagoge.",
        "An dieser Stelle befindet sich heute ein Parkplatz.",
        "An dieser Stelle finden Taucher noch immer Scherben.",
    ],
)
def test_a_sentence_that_begins_or_ends_like_a_sign_off_or_a_notice_stays(line: str) -> None:
    assert around(line) == [PARAGRAPHS[0], line, *PARAGRAPHS[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "Ada Wick and Oda Brandt contributed to this report.",
        "Associated Press writer Ada Wick in Vellum contributed.",
        "Ada Wick contributed reporting from Carrow.",
        "Written by Ada Wick, MS, RD on November 14, 2025",
        "Reported by the Vellum Service. Translated by Ada Wick. Written in English by Oda Brandt.",
        "(Reporting by Ada Wick in Vellum; additional reporting by Oda Brandt; editing by Lena Moor)",
        "Redaktion: Ada Wick und Oda Brandt",
        "Photos by Oda Brandt and Ada Wick",
        "Photo by Oda Brandt, taken at the pier in the fog",
        "The lamp at dusk, seen from the pier (Oda Brandt/The Vellum Post via AP).",
        "Ada Wick with AFP",
        "lm mit dpa",
        "Like this story? Share it with a friend!",
        "Support our journalism with a gift of any size.",
        "Sign up for our daily newsletter",
        "Get the Vellum Post app for all the lamps.",
        "Follow Ada Wick on Twitter for more of lamps.",
        "Join the conversation below",
        "Join the conversation and tell us what you think.",
        "Sign up for Vellum Weekly, delivered every Friday.",
        "Sign up here to get the Vellum Weekly every Friday morning.",
        "Sign up for First Light and start your day right.",
        "Have a story? Email us at news@vellum.test",
        "Support our free local journalism with a donation today.",
        "Vellum Post may receive a commission when you shop through our site.",
        "We may earn a commission when you click through and book.",
        "Follow vellumpost on Instagram and Facebook for more.",
        "Download the Post's mobile app for iOS and Android.",
        "Copyright 2026 The Vellum Post",
        "The lamp at dusk, seen from the pier. Oda Brandt/Getty Images",
        "The lamp at dusk, seen from the pier. (Foto: dpa)",
        "The lamp at dusk. (Photo courtesy of the harbor).",
        "The lamp at dusk, seen from the pier. Lena Moor for Getty Images.",
        "An dieser Stelle befindet sich ein externer Inhalt von YouTube.",
        "An dieser Stelle finden Sie ein Video, das den Artikel ergänzt.",
        "An dieser Stelle würden wir Ihnen gerne Inhalte Dritter zeigen.",
    ],
)
def test_sign_offs_and_notices_are_told_from_sentences(line: str) -> None:
    assert around(line) == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    [
        "También ha pedido explicaciones al <a href='/g'>Gobierno</a> sobre la lámpara del muelle.",
        "À voir la foule sur le quai, <a href='/l'>la lampe</a> attire.",
        "Mehr dazu sagte die <a href='/h'>Hafenmeisterin</a> am Montag nicht.",
        "Listen to the <a href='/s'>sea</a>, she says, and you will hear the matches.",
        "Related Group <a href='/b'>bought</a> the pier in 2019.",
        "More from the <a href='/s'>shed</a> was found on Monday.",
        "Read more of our poets, she told the <a href='/s'>children</a>.",
        "Lesen Sie unserem Meister das <a href='/s'>Schild</a> vor, sagt sie.",
    ],
)
def test_a_sentence_with_a_link_points_nowhere_by_its_first_words_alone(line: str) -> None:
    assert len(around(line)) == len(PARAGRAPHS) + 1


@pytest.mark.parametrize(
    "line",
    [
        "También: <a href='/g'>El Gobierno calla</a>",
        "► À écouter aussi : <a href='/l'>La lampe</a> au magazine du soir",
        "Mehr dazu: <a href='/h'>Die Hafenmeisterin schweigt</a>",
        "Related <a href='/b'>The pier is sold</a> for one crown",
        "Mehr Infos erhalten Sie <a href='/m'>hier</a>.",
        "Read more about the council's plans for the pier <a href='/p'>on our website</a>.",
        "Lesen Sie mehr zum Thema Leuchtturm in unserem <a href='/l'>Liveblog</a>.",
    ],
)
def test_a_label_points_elsewhere_where_its_link_is_most_of_the_line_or_a_colon_follows(line: str) -> None:
    assert around(line) == PARAGRAPHS


def test_a_last_sentence_may_speak_of_reading_on() -> None:
    assert text(f"<article>{BODY}<p>To continue reading was her only wish.</p></article>")[-1].startswith("To continue")
    assert text(f"<article>{BODY}<p>To continue reading, log in.</p></article>") == PARAGRAPHS


@pytest.mark.parametrize(
    ("bracket", "agencies"),
    [
        (". (dpa)", ("dpa",)),
        (". (APA/dpa)", ("APA", "dpa")),
        (". (dpa/lno)", ("dpa",)),
        (". (AP).", ("AP",)),
        (", said a councillor of the Aam Aadmi Party (AAP).", ()),
        (", by the Environmental Protection Agency (EPA).", ()),
        (". (Reuters)", ("Reuters",)),
        (", wrote the Associated Press (AP).", ()),
    ],
)
def test_the_last_paragraph_stays_where_an_agency_in_brackets_ends_it(bracket: str, agencies: tuple[str, ...]) -> None:
    last = f"The council will vote in spring on a plaque for the unknown keeper{bracket}"
    found = article(page(f"<article>{BODY}<p>{last}</p></article>"))
    assert (found.text.split("\n\n")[-1], found.agencies) == (last, agencies)


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("AP writer Lena Moor in Vellum contributed to the story.", ("AP",)),
        ("Associated Press journalists Lena Moor and Oda Brandt contributed to this reporting.", ("AP",)),
        ("Lena Moor contributed to the report.", ()),
        ("По материалам агентства Reuters", ("Reuters",)),
        ("С использованием материалов РИА Новости и ТАСС.", ()),
        ("За матеріалами видання The Guardian", ()),
        ("Additional reporting by Lena Moor, a freelance journalist in Vellum.", ()),
        ("Reporting by Lena Moor; graphics by Tom Hale; editing by Ada Wick.", ()),
        ("Translated by Lena Moor from the German original.", ()),
    ],
)
def test_a_sign_off_may_say_what_others_did(line: str, agencies: tuple[str, ...]) -> None:
    found = article(page(f"<article>{BODY}<p>{line}</p></article>"))
    assert (found.text.split("\n\n"), found.agencies) == (PARAGRAPHS, agencies)


@pytest.mark.parametrize(
    "line",
    [
        "Human error may have contributed to the crash, the agency said.",
        "По материалам следствия водитель не справился с управлением.",
    ],
)
def test_a_sentence_that_holds_the_words_of_a_sign_off_stays(line: str) -> None:
    assert text(f"<article>{BODY}<p>{line}</p></article>") == [*PARAGRAPHS, line]


@pytest.mark.parametrize(
    "caption",
    [
        "<div><img src='/lamp.jpg'></div><p>{}</p>",
        "<div><img src='/lamp.jpg'><span>1/3</span></div><p>{}</p>",
        "<amp-img src='/lamp.jpg'></amp-img><p>{}</p>",
        "<div><div><img src='/lamp.jpg'></div><div><p>{}</p></div></div>",
    ],
)
def test_a_line_below_a_picture_that_ends_in_an_agencys_name_is_its_caption(caption: str) -> None:
    caption = caption.format("The lamp burns at dusk, seen from the pier. (AFP)")
    assert text(f"<article>{FIRST}</p>{caption}{REST}</article>") == PARAGRAPHS


def test_a_story_of_one_paragraph_is_no_caption_of_its_picture() -> None:
    told = f"{' '.join(PARAGRAPHS[:2])} (AFP)"
    assert text(f"<div class='article-body'><div><img src='/lamp.jpg'></div><div><p>{told}</p></div></div>") == [told]


@pytest.mark.parametrize("line", ["More from the shed was found on Monday.", "Related Group bought the pier in 2019."])
def test_a_last_sentence_that_begins_like_a_label_of_other_stories_stays(line: str) -> None:
    assert text(f"<article><div>{BODY}</div><div><p>{line}</p></div></article>") == [*PARAGRAPHS, line]
