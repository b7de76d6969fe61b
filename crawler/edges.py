"""Edges: where an article begins and ends among the blocks of its container.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

import re
from itertools import islice

from crawler.authors import is_desk, is_person, signed
from crawler.bodies import ENDS, SENTENCE, weight_of
from crawler.clutter import is_clutter, is_rule
from crawler.labels import heads_points
from crawler.leads import is_aside
from crawler.markup import width
from crawler.paragraphs import HEADINGS, Paragraph

Wrapped = tuple[object, ...]  # tags and classes
_BREAKS = (".)", "!)", "?)", "–", "—")  # what else ends a paragraph of a body: "(He laughs.)", "And then –"
_AROUND = 4  # elements from a row of a table to what the table stands in
_STOPS = tuple(end for end in ENDS if not end.startswith("…"))  # and no "Loading…"


def between(blocks: list[Paragraph], named: bool) -> list[Paragraph]:
    """From the first piece of prose to the last: what stands around them are titles, kickers and labels.

    A list or line that follows the last sentence directly, and leads nowhere, still belongs to it. Where the
    body is `named` as such its end is believed more readily: lists of goods end in names and prices.
    """
    prose = [index for index, block in enumerate(blocks) if is_passage(block) and not is_clutter(block)]
    last = [index for index, block in enumerate(blocks) if named and _is_end(block) and not is_clutter(block)]
    if not (prose := prose or last):  # a calendar or a list of results need not hold a sentence
        return []
    end = max(prose + last) + 1
    while _continues(blocks, end, named):
        end += 1
    start = min(prose)
    subheads = {wrapped(block) for block in blocks[start:end] if block.is_heading}
    while start and (_leads_in(blocks[start - 1], blocks[start], named) or _is_first(blocks[start - 1], subheads)):
        start -= 1
    return blocks[start:end]


def _leads_in(block: Paragraph, following: Paragraph, named: bool) -> bool:
    """Whether what stands directly before the first sentences begins the body.

    A piece of loose text parted by line breaks; beside the paragraphs a subhead, as round-ups by place or sport
    begin with, or a short sentence set like them; in a named body a line that ends none, as a place or the facts of a
    review, but not who wrote or told it.
    """
    if block.element is following.element:
        return True
    if block.element.tag == "h1" or not _is_beside(block, following):
        return False
    if block.is_heading:
        return True
    if block.element.getparent() is not following.element.getparent() and _is_brief(block.text):
        return False
    if block.tag != "p" or signed(block.text) or (is_passage(following) and _tells_whose(block.text)):
        return False
    alike = block.element.get("class") == following.element.get("class")
    return named or (alike and _is_short_sentence(block) and not is_aside(block.text))


def _is_brief(text: str) -> bool:
    """Whether a piece alone is a label: "Sponsored", "Audio", "2 min"."""
    return width(text) < _PIECE and not text.endswith(ENDS)


_PIECE = 13  # as wide as so many letters


def _is_beside(block: Paragraph, other: Paragraph) -> bool:
    """Whether two blocks stand in one element, or in two pieces of a kind."""
    parent = block.element.getparent()
    if parent is None or parent is other.element.getparent():
        return parent is not None
    return bool(parent.get("class")) and wrapped(block)[1:] == wrapped(other)[1:]


def _tells_whose(text: str) -> bool:
    """Whether a line is only whose a story is: "来源：灯新聞"; a name alone may be a place, or whom it is about."""
    if width(text) > _SOURCE or text.endswith(ENDS):
        return False
    return bool(_WHOSE.fullmatch(text)) or (" " not in text and is_desk(text))


_SOURCE = 60  # as wide as so many letters
_WHOSE = re.compile(
    r"[(（〔［\[【][^()（）:：]{1,12}[:：][^()（）]+[)）〕］\]】]"
    r"|(?:来源|來源|作者|原标题|原標題|记者|記者|编辑|編輯|撰文|责任编辑|责编|出典|출처|글|источник|автор|fuente|fonte|"
    r"source|quelle|kaynak|sumber|nguồn|πηγή|المصدر|منبع|स्रोत)\s?[:：]\s?.+"
    r"|(?:記者|记者)\S{2,12}[／/].{2,12}(?:報導|报道|報道)|.{1,12}=\s?.{2,8}\s?(?:기자|특파원)|\S{2,4}\s기자"
    r"|(?:του|της|των|מאת|بقلم|كتب|كتبت)[:\s]\s?(?:\S+\s?){1,3}"
    r"|(?:our|staff|special|own|web|news|monitoring) (?:correspondent|reporter|desk)|নিজস্ব (?:প্রতিবেদক|সংবাদদাতা)"
    r"|(?:न्यूज|डिजिटल|वेब) डेस्क\b.{0,30}",
    re.IGNORECASE,
)


def _is_short_sentence(block: Paragraph) -> bool:
    """Whether it is "It was dark.", and not "Updated at 4 p.m.", "Analysis." or "Lena Moor."."""
    text = block.text
    if 2 * block.links > len(text) or block.strong or text.endswith("...") or not text.endswith(_STOPS):
        return False
    if is_clutter(block):
        return False
    if any(character.isdigit() for character in text) or (text[0].isupper() and is_person(text.rstrip("."))):
        return False
    return " " in text or width(text) > len(text)


def _is_first(block: Paragraph, subheads: set[Wrapped]) -> bool:
    """Whether it is the first of several subheads, each in a wrapper of the same kind."""
    return block.is_heading and block.tag != "h1" and wrapped(block) in subheads


def wrapped(block: Paragraph) -> Wrapped:
    """A block's tag with those of what it stands in, and what they are named."""
    around = islice(block.element.iterancestors(), 2)
    return block.tag, *((one.tag, one.get("class")) for one in around)


def is_passage(block: Paragraph) -> bool:
    """Whether a block is running text, with a sentence that ends, and no label or line of facts."""
    if weight_of(block) and SENTENCE.search(block.text):
        return True
    return block.element.tag == "p" and width(block.text) >= 100 and block.text.endswith((*ENDS, *'"”»'))


def _is_end(block: Paragraph) -> bool:
    return bool(weight_of(block)) or block.text.endswith((*ENDS, *_BREAKS))


def _continues(blocks: list[Paragraph], end: int, named: bool) -> bool:
    """Whether a body that is told up to a block goes on with it."""
    if _goes_on(blocks[end : end + 2]):
        return True
    return named and (_is_fact(blocks[end - 1 : end + 1]) or _heads_facts(blocks[end - 1 : end + 2]))


def _goes_on(blocks: list[Paragraph]) -> bool:
    """Whether the first of the blocks that follow still belongs to a body; it may lead in a list."""
    if not blocks:
        return False
    block = blocks[0]
    if len(blocks) > 1 and block.text.endswith(":") and blocks[1].tag in {"li", "tr"}:
        return _goes_on(blocks[1:])
    if block.element.tag == "tr" or is_rule(block.text):
        return True
    if block.links or block.element.tag in HEADINGS:
        return False
    return block.tag in {"li", "dd", "dt"} or block.text.endswith(ENDS)


def _heads_facts(blocks: list[Paragraph]) -> bool:
    """Whether a heading in the place of what was told follows it, and heads a list or table without a link there."""
    if len(blocks) < 3 or not blocks[1].is_heading or blocks[2].tag not in {"li", "tr"} or blocks[2].links:
        return False
    told, heading, fact = map(_places, blocks)
    return heading[0] in told and heading[0] in fact and not (is_clutter(blocks[1]) or _SITE.search(blocks[1].text))


_SITE = re.compile(
    r"\b(?:contacts?|kontakte?|contatti|contactos?|newsletters?|about|über uns|support us|subscri\w+|abonn\w+|"
    r"jetzt \w+|keywords?|tags?|schlag(?:wörter|worte)|mots[- ]cl[ée]s|palabras[- ]clave|palavras[- ]chave|"
    r"temas|topics|credits|(?:in this|also in the) (?:story|news|article)|(?:reporting|editorial) team|"
    r"netiquette|commenting)\b",
    re.IGNORECASE,
)


def _places(block: Paragraph) -> list[object]:
    """The elements around a block; pieces of a kind, side by side, are one place."""
    around = islice(block.element.iterancestors(), _AROUND)
    return [(one.tag, name, one.getparent()) if (name := one.get("class")) else one for one in around]


def _is_fact(blocks: list[Paragraph]) -> bool:
    """Whether a line follows its like: neither ends a sentence, as the hours, prices and numbers below a review."""
    if len(blocks) < 2 or blocks[1].links or any(block.tag != "p" or block.text.endswith(ENDS) for block in blocks):
        return False
    return blocks[0].element.getparent() is blocks[1].element.getparent()


def without_points(blocks: list[Paragraph]) -> list[Paragraph]:
    """The blocks without a list of key points before the first paragraph: it tells the article once more, in short.

    By its heading; such lists are often made by machines, as a line between the two may say.
    """
    first = next((index for index, block in enumerate(blocks) if block.tag == "p" and width(block.text) >= 80), 0)
    start = next((index for index, block in enumerate(blocks[:first]) if heads_points(block.text)), first)
    points = [index for index, block in enumerate(blocks[:first]) if index > start and block.tag == "li"]
    return blocks[:start] + blocks[points[-1] + 1 :] if len(points) > 1 else blocks
