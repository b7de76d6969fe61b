"""Witness: the body that a page declares to machines, asked which of its visible blocks belong to the article."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.markup import letters
from crawler.paragraphs import Paragraph

_TELLING = 40  # letters that a block must have to be found in the declared body by more than chance
_MOST = 0.85  # of the text inside must be declared, else the declaration is a summary or another text


def confirmed(inside: list[Paragraph], everything: Sequence[Paragraph], body: str | None) -> list[Paragraph]:
    """The blocks inside a container from the first to the last declared one, and declared ones that stand outside.

    For pages whose JSON-LD holds the whole articleBody: promotion often surrounds their text, and advertisements
    cut it into several containers. Where little of the text is declared, the blocks are returned as they are.
    """
    said = letters(body or "")
    if len(said) < 5 * _TELLING:
        return inside
    known = {id(block) for block in everything if len(bare := letters(block.text)) >= _TELLING and bare in said}
    sizes = [len(block.text) if id(block) in known else 0 for block in inside]
    if sum(sizes) < _MOST * sum(len(block.text) for block in inside):
        return inside
    within = [index for index, size in enumerate(sizes) if size]
    kept = _with_brief_ends(inside, within[0], within[-1] + 1, said)
    texts = {block.text for block in kept}
    missing = {id(block) for block in everything if id(block) in known and block.text not in texts}
    if not missing:
        return kept
    own = {id(block) for block in kept}
    return _once([block for block in everything if id(block) in own or id(block) in missing], own)


def _with_brief_ends(inside: list[Paragraph], start: int, end: int, said: str) -> list[Paragraph]:
    """The blocks from start to end, and those that the declaration has directly before and after: "It rained."."""
    while start and _adjoin(inside[start - 1], inside[start], said):
        start -= 1
    while end < len(inside) and _adjoin(inside[end - 1], inside[end], said):
        end += 1
    return inside[start:end]


def _adjoin(one: Paragraph, two: Paragraph, said: str) -> bool:
    """Whether the declared body holds one block directly after the other."""
    ending, opening = letters(one.text)[-_TELLING:], letters(two.text)[:_TELLING]
    return bool(ending and opening) and one.tag != "h1" and ending + opening in said


def _once(blocks: list[Paragraph], own: set[int]) -> list[Paragraph]:
    """Without the second of two equal blocks that were not inside: pages print some texts twice."""
    seen: set[str] = set()
    kept = []
    for block in blocks:
        if id(block) in own or block.text not in seen:
            kept.append(block)
        seen.add(block.text)
    return kept
