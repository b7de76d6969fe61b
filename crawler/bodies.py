"""Bodies: where on a page of an unknown site the article's prose stands.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler import walls
from crawler.markup import Element, squeeze, text_of, width
from crawler.naming import is_apart, is_body, is_text, is_unseen
from crawler.paragraphs import HEADINGS, SKIPPED, Paragraph, paragraphs

_ELSEWHERE = SKIPPED | {"nav"}
_ASIDE = frozenset({"aside", "form", "dialog"})
# How sentences end, in Latin, Greek and Cyrillic, Chinese and Japanese, Arabic, Urdu, Hindi, Armenian, Burmese, Khmer,
# Tibetan and Ethiopic script; Thai, Lao and Khmer need no mark, and a line of theirs that is long enough is one.
SENTENCE = re.compile(
    r"[.!?…。！？؟।:;»”“\"'’)\]։۔။៕།።]\s*$|[。、，।։۔။៕།።]|[.!?]\s"
    r"|^(?=.{40}).*[\u0e01-\u0e5b\u0e81-\u0edf\u1780-\u17d3]\s*$"
)
# What ends a line that tells something, with the marks of quotation that follow it; in Japanese these alone may.
_STOPS = ".!?…。！？।؟։۔။៕།።"
ENDS = (*_STOPS, *"」』", *(f"{mark}{quote}" for mark in _STOPS for quote in "\"”“»'’"))
_SHORTEST = 25  # as wide as so many letters: less is a label more often than prose
_FIELD = re.compile(r"\W?\w{2,6}[:：丨]")  # "来源：...", "（責任編輯：..."
_LONGEST_GATE = 800  # characters of prose: what asks for payment says less
_LUMP = 1500  # characters in one run: more than a paragraph
_UNTOLD = 0.4  # of a copy the page may say otherwise: with a line or subhead between; a standfirst tells less
_START = 12  # characters with which a block begins, and hardly another
_MOSTLY = 0.7  # of the blocks of a story are prose; of those of comments, with their authors and dates, half
_LINE = 40  # characters without a link: more than a label

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Page:
    """The page's blocks of text, the elements above each, and how much prose each element holds."""

    blocks: list[Paragraph]
    chains: dict[int, list[Element]]  # by the block's identity
    prose: dict[Element, float] = field(default_factory=dict)
    whole: float = 0.0  # the prose of all blocks


def prose_of(body: Element) -> tuple[Page, Page]:
    """All of the page's blocks; and those that stand in nothing whose name says that it is not the article."""
    everything = _weigh(paragraphs(body, _unseen(body), _ELSEWHERE))
    return everything, _without(everything, _apart(everything))


def _unseen(body: Element) -> set[Element]:
    """Footers, but those of quotations, which say who is quoted; words for screen readers, the insides of pop-ups."""
    unseen = {one for one in body.iter("span") if (name := one.get("class")) and is_unseen(name)}
    return unseen.union(one for one in body.iter("footer") if next(one.iterancestors("blockquote"), None) is None)


def _weigh(blocks: list[Paragraph], root: Element | None = None) -> Page:
    return _weighed(blocks, _chains(blocks, root))


def _weighed(blocks: list[Paragraph], chains: dict[int, list[Element]]) -> Page:
    page = Page(blocks, chains)
    prose = page.prose
    for block in blocks:
        if weight := weight_of(block):
            page.whole += weight
            for element in chains[id(block)]:
                prose[element] = prose.get(element, 0.0) + weight
    return page


def _chains(blocks: list[Paragraph], root: Element | None) -> dict[int, list[Element]]:
    """For each block its element and those above it, up to and without the root."""
    above: dict[Element, list[Element]] = {}
    return {id(block): [] if block.element is root else _chain(block.element, root, above) for block in blocks}


def _chain(element: Element, root: Element | None, above: dict[Element, list[Element]]) -> list[Element]:
    """One of these; what stands above a parent is looked for once."""
    parent = element.getparent()
    if parent is None or parent is root:
        return [element]
    if parent not in above:
        higher = [parent, *parent.iterancestors()]
        above[parent] = higher if root is None else higher[: higher.index(root)]
    return [element, *above[parent]]


def weight_of(block: Paragraph) -> float:
    """How much running text a block is: characters, less its links, less where no sentence ends."""
    if block.weight is None:
        block.weight = _weight(block)
    return block.weight


def _weight(block: Paragraph) -> float:
    size = len(block.text)
    if width(block.text) < _SHORTEST or block.element.tag in HEADINGS or block.links > 0.5 * size:
        return 0.0
    if size < _SHORTEST and (not block.text.endswith(ENDS) or _FIELD.match(block.text)):
        return 0.0  # a credit, or a list of words
    by_tag = {"p": 1.0, "blockquote": 1.0, "li": 0.5, "tr": 0.5}.get(str(block.element.tag), 0.7)
    return (size - block.links) * by_tag * (1.0 if SENTENCE.search(block.text) else 0.25)


def _apart(page: Page) -> set[Element]:
    """Elements whose names say that they are not the article, unless they hold much of the page's prose."""
    most, prose = 0.4 * page.whole, page.prose
    names = {element: _names(element) for element in set().union(*page.chains.values())}
    apart = {element for element, name in names.items() if prose.get(element, 0.0) <= most and _is_apart(element, name)}
    return (apart - _parts(page, apart, most)) | _lumps(page) | _gates(page, names)


def _parts(page: Page, apart: set[Element], most: float) -> set[Element]:
    """Of elements that are apart those that are called alike, side by side, and hold much of the page's prose together.

    Some systems name each paragraph for the block that it is: "topic-body__text", "widget widget-text". Comments and
    cards may be called alike, too, and hold names, dates and links beside their prose.
    """
    groups: dict[tuple[object, ...], set[Element]] = {}
    for element in apart:
        if (name := element.get("class")) and is_text(name) and not _is_apart(element, _NAMELESS):
            groups.setdefault((element.getparent(), element.tag, name), set()).add(element)
    if not groups:
        return set()
    free = sum(weight_of(block) for block in page.blocks if apart.isdisjoint(page.chains[id(block)]))
    large = (group for group in groups.values() if sum(page.prose.get(one, 0.0) for one in group) > max(most, 2 * free))
    return {one for group in large if _is_prose(page, group) for one in group}


def _is_prose(page: Page, group: set[Element]) -> bool:
    """Whether elements hold hardly anything but prose."""
    held = [block for block in page.blocks if not group.isdisjoint(page.chains[id(block)])]
    return sum(weight_of(block) > 0 for block in held) > _MOSTLY * len(held)


def _gates(page: Page, names: dict[Element, str]) -> set[Element]:
    """What asks for payment in an element named for that: beside a stub's few lines it may weigh much."""
    gates = {element for element, name in names.items() if name != _NAMELESS and walls.is_gate(name)}
    small = {gate for gate in gates if page.prose.get(gate, 0.0) < _LONGEST_GATE}
    return {gate for gate in small if walls.asks_payment(text_of(gate))}


def own(blocks: list[Paragraph], root: Element) -> list[Paragraph]:
    """Of a known body's blocks those that stand in nothing whose name says that it is not the article."""
    page = _weigh(blocks, root)
    apart = _apart(page)
    return [block for block in blocks if apart.isdisjoint(page.chains[id(block)])] if apart else blocks


def _is_apart(element: Element, names: str) -> bool:
    tag = element.tag
    if tag in _ASIDE:
        return True
    if tag in {"html", "body", "main", "article"}:
        return False
    if names != _NAMELESS and is_apart(names, tag == "p" or tag in HEADINGS) and not _is_data(element):
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


_NAMELESS = "  "


def _is_data(element: Element) -> bool:
    """Rows of tables are named for what they tell of, as players, polls or deals; rows of layouts hold two cells."""
    return element.tag == "tr" and len(element) > 2


def _names(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"


def _without(page: Page, apart: set[Element]) -> Page:
    kept = [block for block in page.blocks if apart.isdisjoint(page.chains[id(block)])]
    return _weighed(kept, {id(block): page.chains[id(block)] for block in kept})


def _lumps(page: Page) -> set[Element]:
    """Bodies for machines: all their words in one run, which says what several blocks of the same page say.

    A long one need only begin as one of them does.
    """
    holders = {block.element for block in page.blocks}  # of many blocks each where line breaks part them
    runs = {element: run for element in holders if (run := _run(element))}
    if not runs:
        return set()
    begun = {block.text[:_LINE] for block in page.blocks if _LINE <= len(block.text) < _LUMP}
    longest_first = sorted((block.text for block in page.blocks), key=len, reverse=True)
    wholes = {text[:_START]: text for text in longest_first}  # the shortest of those that begin alike
    return {
        element
        for element, run in runs.items()
        if (len(run) >= _LUMP and run[:_LINE] in begun) or _says_several(run, wholes)
    }


def _says_several(run: str, wholes: dict[str, str]) -> bool:
    """Whether a run of words is, for the better part, that of one block after another."""
    rest, told = run, 0
    while (said := wholes.get(rest[:_START], "")) and said != run and rest.startswith(said):
        rest, told = rest[len(said) :].lstrip(), told + 1
    return told > 1 and len(rest) <= _UNTOLD * len(run)


def _run(element: Element) -> str:
    """The words of a body that holds nothing else."""
    if not element.text or next(iter(element), None) is not None or not is_body(element):
        return ""
    return squeeze(element.text)
