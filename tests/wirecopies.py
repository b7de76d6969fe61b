"""Wire copies for tests: a text as another paper prints it, edited here and there under an opening of its own."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_END = re.compile(r"(?<=[.!?]) +")
_LOCAL = (
    "Readers in {place} have followed the matter closely, this newspaper has learned.",
    "For people in {place} it is more than a distant headline.",
    "The news reached {place} early in the morning and was much talked about.",
)
_PLACES = ("Westhaven", "Karvia", "Port Sable", "Rostrum", "the lower valley", "the hill towns")
_WORDS = ("reportedly", "officials", "again", "on Tuesday", "the region", "said", "about", "nearly", "several", "late")


def wire_copy(text: str, share: float, chance: random.Random) -> str:
    """The text with this share of its sentences reworded, cut or moved, and a local opening."""
    paragraphs = [_END.split(paragraph) for paragraph in text.split("\n\n")]
    places = [(number, place) for number, paragraph in enumerate(paragraphs) for place in range(len(paragraph))]
    for number, place in sorted(chance.sample(places, round(share * len(places))), reverse=True):
        edit: Callable[[list[str], int, random.Random], None] = chance.choice((_reword, _reword, _cut, _move))
        edit(paragraphs[number], place, chance)
    kept = [" ".join(paragraph) for paragraph in paragraphs if paragraph]
    return "\n\n".join([chance.choice(_LOCAL).format(place=chance.choice(_PLACES)), *kept])


def _reword(sentences: list[str], place: int, chance: random.Random) -> None:
    """Exchange, put in and leave out words: about one in five."""
    words: list[str] = []
    for word in sentences[place].split(" "):
        lot = chance.random()
        if lot > 0.07:
            words.append(chance.choice(_WORDS) if lot < 0.14 else word)
        if lot > 0.94:
            words.append(chance.choice(_WORDS))
    sentences[place] = " ".join(words)


def _cut(sentences: list[str], place: int, chance: random.Random) -> None:
    del sentences[place]


def _move(sentences: list[str], place: int, chance: random.Random) -> None:
    sentences.insert(chance.randrange(len(sentences)), sentences.pop(place))
