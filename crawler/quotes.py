"""Pull quotes: what a body says once more, set apart, and whose name stands below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from crawler.bodies import ENDS
from crawler.markup import Element, letters
from crawler.paragraphs import Paragraph

_MOST = 800  # blocks beyond which no quotations are looked for: every one is compared with all others
_SHORTEST, _LONGEST = 25, 300  # letters
_CALLED = 8  # letters of one that is called so
_SPEAKER = 100  # characters of a line that tells whose words they are
_NEAR = 2  # blocks
_AROUND = 3  # elements from a quotation to what holds it and its speaker
_LISTED = frozenset({"li", "tr", "dd", "dt"})
_SENTENCE = 5  # letters
_SENTENCES = re.compile(r"(?<=[.!?…])\W*\s")
_NAMED = re.compile(r"pull-?quote", re.IGNORECASE)


def pull_quotes(inside: Sequence[Paragraph], apart: Sequence[Paragraph]) -> set[Paragraph]:
    """Of the blocks that are set apart those that stand in a longer paragraph as well, and who is quoted with them."""
    if len(inside) > _MOST:
        return set()
    everything = [letters(block.text) for block in inside] if apart else []  # most pages set nothing apart
    pulled = {block for block in apart if _stands_in_another(block, everything)}
    return pulled.union(*(_speakers(inside, index, pulled) for index, block in enumerate(inside) if block in pulled))


def _stands_in_another(block: Paragraph, everything: Sequence[str]) -> bool:
    said = letters(block.text)
    if not (_CALLED if _is_called(block) else _SHORTEST) <= len(said) <= _LONGEST:
        return False
    if any(said in other and len(other) > len(said) for other in everything):
        return True
    parts = _sentences(block)
    return len(parts) > 1 and any(
        all(part in other for part in parts) for other in everything if len(other) > len(said)
    )


def _sentences(block: Paragraph) -> list[str]:
    """The sentences of a quotation: in the text "said Brandt" may stand between two. None where one is no sentence."""
    parts = [] if block.tag in _LISTED else [letters(part) for part in _SENTENCES.split(block.text)]
    return parts if all(len(part) >= _SENTENCE for part in parts) else []


def _is_called(block: Paragraph) -> bool:
    return any(_NAMED.search(one.get("class") or "") for one in _around(block))


def _speakers(inside: Sequence[Paragraph], index: int, pulled: set[Paragraph]) -> set[Paragraph]:
    """The one line beside a quotation in what holds nothing else: verses are more."""
    near = [block for block in inside[max(0, index - _NEAR) : index + _NEAR + 1] if block not in pulled]
    found: set[Paragraph] = set()
    for holder in _around(inside[index]):
        held = {block for block in near if holder in _upwards(block)}
        if len(held) > 1 or not all(map(_may_name, held)):
            break
        found = held
    return found


def _may_name(block: Paragraph) -> bool:
    if block.is_heading or block.tag in _LISTED:
        return False
    return len(block.text) <= _SPEAKER and not block.text.endswith(ENDS)


def _around(block: Paragraph) -> Iterator[Element]:
    return islice(_upwards(block), _AROUND)


def _upwards(block: Paragraph) -> Iterator[Element]:
    return chain((block.element,), block.element.iterancestors())
