"""Signatures: which short lines of a body only say who wrote it, and when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from crawler.authors import is_person, signed
from crawler.bodies import ENDS
from crawler.edges import is_passage
from crawler.markup import Element
from crawler.paragraphs import HEADINGS, Paragraph

_DATE_LINE = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_LISTED = frozenset({"li", "dd", "dt"})
_PLAYED = re.compile(
    r"(?:(?:duration|length|running time|dauer|durée|duración|duração|durata|duur)\W{0,3})?\d{1,2}:\d\d(?::\d\d)?",
    re.IGNORECASE,
)


def spoken(inside: list[Paragraph], authors: Sequence[str]) -> set[Paragraph]:
    """What an author asks amid an interview: lines that begin with the name and a colon, between passages."""
    labels = tuple(f"{author}:" for author in authors)
    lines = [index for index, block in enumerate(inside) if block.text.startswith(labels)]
    passages = [index for index, block in enumerate(inside) if is_passage(block)] if lines else []
    return {inside[index] for index in lines if passages and passages[0] < index < passages[-1]}


def is_byline(block: Paragraph, authors: Sequence[str], at_edge: bool) -> bool:
    """A short line of nothing but the authors' names, whoever declares them, or at an edge a date or a time."""
    text = block.text
    if len(text) > 120 or block.element.tag in HEADINGS or block.element.tag == "tr":
        return False
    rest = text
    for author in authors:
        rest = rest.replace(author, " ")
    dated = _is_dated(rest)
    if dated and signed(text):
        return True
    if rest != text:
        last = text.rstrip(".。 ")
        credited = any(is_person(author) and last.endswith(author) for author in authors)  # "As told to Lena Moor."
        return _letters(rest) <= (24 if dated else 20) and (credited or not _is_told(text, rest))
    return dated and at_edge and _letters(rest) <= 24


def _is_told(text: str, rest: str) -> bool:
    """Whether a line with a name is a sentence: "Lena Moor was there, too.", and not "Text: Lena Moor."."""
    if not text.endswith(ENDS) or "@" in text or signed(text):
        return False
    return any(word[0].isalpha() and not word[0].isupper() for word in rest.split())


def _is_dated(text: str) -> bool:
    """Whether a line holds a day or an hour, and ends no sentence."""
    return bool(_DATE_LINE.search(text)) and not text.endswith((".", "!", "?", "。"))


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def day_edges(blocks: list[Paragraph]) -> set[Paragraph]:
    """The blocks among which a date is that of the story: before the second passage, and behind the last one.

    Between the two not in lists; and behind the last not beside another dated line, as the hours of a show. How long a
    film runs may stand anywhere.
    """
    dated = set(filter(_is_day, blocks))
    passages = [i for i, block in enumerate(blocks) if block not in dated and is_passage(block)] if dated else []
    if len(passages) < 2:
        return set(blocks)
    first, second, last = passages[0], passages[1], passages[-1]
    days = Counter(_parent(block) for block in blocks[last + 1 :] if block in dated)
    between_two = (block for block in blocks[first:second] if block.tag not in _LISTED)
    behind = (block for block in blocks[last + 1 :] if days[_parent(block)] < 2)
    return {*blocks[:first], *between_two, *behind, *filter(_is_played, dated)}


def _is_played(block: Paragraph) -> bool:
    """Whether a line is only how long a film runs, as players print it: "02:13"; in bold it heads part of a day."""
    return block.tag not in _LISTED and not block.strong and bool(_PLAYED.fullmatch(block.text))


def _is_day(block: Paragraph) -> bool:
    return len(block.text) <= 120 and _is_dated(block.text) and _letters(block.text) <= 24


def _parent(block: Paragraph) -> Element | None:
    return block.element.getparent()
