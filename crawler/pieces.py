"""Pieces: bodies cut up by advertisements, or by systems that set each block of a story for itself.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

import re

from crawler.bodies import SENTENCE, Page, weight_of
from crawler.markup import Element
from crawler.naming import body_words, is_standfirst
from crawler.paragraphs import Paragraph

_SEVERAL = 2  # pieces
_MANY = 3  # paragraphs: fewer beside a body are as often the life of its author, or an offer
# What is called by such a word, too, is beside the story; and only what is called by one of these goes on with it.
_BESIDE = re.compile(r"\b(?:about|author|boilerplate|contact|disclaimer|imprint|legal|note|terms)\b", re.IGNORECASE)
_MORE = re.compile(r"(?:^|[\s_-])(?:more|rest|continu\w*|part-?\d+|page-?\d+)(?:$|[\s_-])", re.IGNORECASE)
_PART = 0.2  # of what the pieces hold: so much at the least goes on beside them


def is_piece(element: Element, fullest: Element) -> bool:
    """Whether a named body is another piece of the same: called alike, in the same article, and no card."""
    if article_of(element) is not article_of(fullest):
        return False
    if element.get("class") == fullest.get("class"):
        return True
    if body_words(element).isdisjoint(body_words(fullest)):
        return False
    return _is_beside(element, fullest) and not _BESIDE.search(_names(element)) and not _holds_cards(element)


def _names(element: Element) -> str:
    return element.get("class") or element.get("id") or ""


def _is_beside(one: Element, other: Element) -> bool:
    """Whether two elements stand in the same, or in two of a kind that do."""
    holder, another = one.getparent(), other.getparent()
    if holder is None or another is None or holder is another:
        return holder is another
    alike = (holder.tag, holder.get("class")) == (another.tag, another.get("class"))
    if not alike or holder.getparent() is not another.getparent():
        return False
    return all(one in heading.iterancestors() for heading in holder.iter("h1", "h2", "h3"))  # else a story of its own


def rest_of(page: Page, pieces: set[Element], fullest: Element) -> set[Element]:
    """What belongs to a body beside its pieces of prose: subheads, lists and quotations between, and what goes on."""
    beside = _goes_on(page, pieces)
    if len(pieces) + len(beside) < _SEVERAL:
        return set()
    around = article_of(fullest)
    return beside | _brief_pieces(page, fullest, around) | _between(page, pieces | beside, around)


def article_of(element: Element) -> Element | None:
    return next(element.iterancestors("article", "main", "body"), None)


def _brief_pieces(page: Page, like: Element, around: Element | None) -> set[Element]:
    """All pieces of a body like one of them: of those that hold a heading or a brief line alone no prose tells."""
    name, tag = like.get("class"), like.tag
    above = {element for block in page.blocks for element in page.chains[id(block)][1:4]} if name else set()
    return {one for one in above if one.get("class") == name and one.tag == tag and article_of(one) is around}


def _between(page: Page, pieces: set[Element], around: Element | None) -> set[Element]:
    """The subheads, lists and quotations that stand between the pieces, in elements of other names."""
    inside = [not pieces.isdisjoint(page.chains[id(block)]) for block in page.blocks]
    found: set[Element] = set()
    above = {holder for piece in pieces for holder in piece.iterancestors()}
    linked = {block.element.getparent() for block in page.blocks if block.tag == "li" and block.links}
    first, last = inside.index(True), len(inside) - inside[::-1].index(True)
    for index in range(last - 2, first, -1):  # backwards: a heading is one where what it heads belongs to the body
        block = page.blocks[index]
        if block.is_heading:
            follows_up = inside[index + 1] and not _heads_form(block)
        else:
            follows_up = block.element.getparent() not in linked
        if follows_up and _belongs(block, above) and article_of(block.element) is around:
            inside[index] = True
            found.add(block.element)
    return found


def _belongs(block: Paragraph, above: set[Element]) -> bool:
    if block.links or block.tag == "h1":
        return False
    return _is_quotation(block.element) or ((block.is_heading or block.tag == "li") and _is_alone(block, above))


def _is_alone(block: Paragraph, above: set[Element]) -> bool:
    """Whether a subhead or list stands beside a piece, alone in what it may be wrapped in: boxes hold more than one."""
    ancestors = block.element.iterancestors()
    if block.tag == "li":
        next(ancestors)
    return next(one in above for one in ancestors if one in above or len(one) > 1)


def _heads_form(block: Paragraph) -> bool:
    """Whether the next thing beside a heading is a form."""
    following = block.element.getnext()
    return following is not None and next(following.iter("form", "input", "button"), None) is not None


def _is_quotation(element: Element) -> bool:
    return element.tag == "blockquote" or next(element.iterancestors("blockquote"), None) is not None


def _goes_on(page: Page, pieces: set[Element]) -> set[Element]:
    """The elements beside a piece, and after it, that hold nothing but paragraphs, and a good part of the text."""
    later = {one for one in _later(page, pieces) - pieces if not is_standfirst(one) and _is_more(_names(one))}
    held: dict[Element, list[Paragraph]] = {}
    for block in page.blocks if later else ():
        for one in later.intersection(page.chains[id(block)]):
            held.setdefault(one, []).append(block)
    enough = _PART * sum(page.prose[piece] for piece in pieces)
    large = {one: blocks for one, blocks in held.items() if len(blocks) >= _MANY and page.prose[one] >= enough}
    return {one for one, blocks in large.items() if all(map(_is_paragraph, blocks))}


def _is_more(names: str) -> bool:
    return bool(_MORE.search(names)) and not _BESIDE.search(names)


def _later(page: Page, pieces: set[Element]) -> set[Element]:
    """The elements with prose that stand behind the first piece among those beside it; not at the foot of a page."""
    first = next(one for block in page.blocks for one in page.chains[id(block)] if one in pieces)
    holder = first.getparent()
    if holder is None or holder.tag == "body":
        return set()
    return {one for one in first.itersiblings(str(first.tag)) if one in page.prose}


def _is_paragraph(block: Paragraph) -> bool:
    return block.tag == "p" and not block.links and weight_of(block) > 0 and bool(SENTENCE.search(block.text))


def _holds_cards(element: Element) -> bool:
    headings = element.iter("h2", "h3", "h4")
    return any(
        next(one.iter("a"), None) is not None or next(one.iterancestors("a"), None) is not None for one in headings
    )
