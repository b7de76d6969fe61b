"""Bodies: where on a page of an unknown site the article's prose stands.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from crawler import walls
from crawler.markup import Element, letters, squeeze, text_of
from crawler.naming import is_apart, is_body, is_unseen
from crawler.paragraphs import HEADINGS, SKIPPED, Paragraph, paragraphs

_ELSEWHERE = SKIPPED | {"nav"}
_ASIDE = frozenset({"aside", "form", "dialog"})
# How sentences end, in Latin, Greek and Cyrillic, Chinese and Japanese, Arabic, Urdu, Hindi, Armenian, Burmese, Khmer,
# Tibetan and Ethiopic script; Thai, Lao and Khmer need no mark, and a line of theirs that is long enough is one.
SENTENCE = re.compile(
    r"[.!?…。！？؟।:;»”“\"'’)\]։۔။៕།።]\s*$|[。、，।։۔။៕།።]|[.!?]\s"
    r"|^(?=.{40}).*[\u0e01-\u0e5b\u0e81-\u0edf\u1780-\u17d3]\s*$"
)
_LONGEST_GATE = 800  # characters of prose: what asks for payment says less
_LUMP = 1500  # characters in one run: more than a paragraph
_LITTLE = 0.35  # of a page's prose: most articles are more of their page
_LINE = 40  # characters without a link: more than a label
_JUNK = 3.0  # how many characters of prose one character of anything else outweighs

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
    if size < 25 or block.element.tag in HEADINGS or block.links > 0.5 * size:
        return 0.0
    by_tag = {"p": 1.0, "blockquote": 1.0, "li": 0.5, "tr": 0.5}.get(str(block.element.tag), 0.7)
    return (size - block.links) * by_tag * (1.0 if SENTENCE.search(block.text) else 0.25)


def _apart(page: Page) -> set[Element]:
    """Elements whose names say that they are not the article, unless they hold much of the page's prose."""
    most, prose = 0.4 * page.whole, page.prose
    names = {element: _names(element) for element in set().union(*page.chains.values())}
    apart = {element for element, name in names.items() if prose.get(element, 0.0) <= most and _is_apart(element, name)}
    return apart | _lumps(page) | _gates(page, names)


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
    if names != _NAMELESS and is_apart(names) and not _is_data(element):
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


def containers(page: Page, body: Element, title: str | None = None) -> tuple[set[Element], bool]:
    """The elements that are called the article's body, where they hold most of the prose; then True.

    Else the one that holds the most prose with the least of anything else; of equals the innermost. What stands in the
    article around the headline is preferred to what stands outside.
    """
    story = story_of(body, title)
    if pieces := _named(page, body, story):
        return pieces, True
    densest = _among_articles(page, _densest(page, body), title)
    return {densest if story is None or not _is_outside(page, densest, story) else story}, False


def _named(page: Page, body: Element, story: Element | None) -> set[Element]:
    """The elements that are called the article's body; none where too much of the prose stands elsewhere."""
    named = [element for element in page.prose if element.tag not in _TOO_SMALL and is_body(element)]
    if not named:
        return set()
    told = [element for element in named if story is not None and story in element.iterancestors()]
    named = told or named
    most = max(page.prose[element] for element in named)
    gains = _gains(page)
    full = (element for element in named if page.prose[element] >= 0.9 * most)
    fullest = max(full, key=lambda element: (gains[element], _depth(element)))
    # Bodies cut in pieces by advertisements have several elements of one name in one article.
    name, around = fullest.get("class"), _article(fullest)
    pieces = {element for element in named if element.get("class") == name and _article(element) is around}
    whole = page.prose.get(story if told and story is not None else _around_headline(body, fullest), 0.0)
    if sum(page.prose[piece] for piece in pieces) < 0.5 * whole:
        return set()
    return pieces | (_headings_of(page, name, around) if len(pieces) > 1 else set())


def story_of(body: Element, title: str | None) -> Element | None:
    """The one <article> around the headline; of several with headings that whose heading is the title."""
    headed = {one: heading for one in body.iter("article") if (heading := next(one.iter("h1"), None)) is not None}
    if len(headed) > 1 and title:
        said = letters(title)
        headed = {one: heading for one, heading in headed.items() if letters(text_of(heading)) == said}
    return next(iter(headed)) if len(headed) == 1 else None


def _around_headline(body: Element, named: Element) -> Element:
    """What holds a body and the one heading of the first order."""
    headings = list(islice(body.iter("h1"), 2))
    around = headings[0].iterancestors() if len(headings) == 1 else ()
    within = {*named.iterancestors()}
    return next((one for one in around if one in within), body)


def stands_in(held: set[Element], story: Element | None) -> bool:
    """Whether a page's text was found in the article around its headline, and nowhere else."""
    return story is not None and all(one is story or story in one.iterancestors() for one in held)


def _is_outside(page: Page, densest: Element, story: Element) -> bool:
    """Whether prose was found outside of a story that has its own: teasers, notices, what else outweighs a brief one.

    A body that has yet to be filled is the story's own, too.
    """
    if densest is story or story in densest.iterancestors():
        return False
    if page.prose.get(story, 0.0) >= _BRIEF:
        return page.prose[story] >= _SHARE * page.prose.get(densest, 0.0)
    return densest not in story.iterancestors() and any(map(is_body, story.iter("div", "section")))


_BRIEF = 60.0  # prose of a story
_SHARE = 0.15  # of the prose around it: header's <article> with a standfirst alone holds less


def _headings_of(page: Page, name: str | None, around: Element | None) -> set[Element]:
    """The pieces of a body that hold a heading alone, where each block has a piece of its own."""
    headings = (block for block in page.blocks if block.is_heading)
    pieces = (element for block in headings for element in page.chains[id(block)][1:4] if element.get("class") == name)
    return {element for element in pieces if name and _article(element) is around}


def _lumps(page: Page) -> set[Element]:
    """Bodies for machines: all their words in one long run, which begins as a paragraph of the same page does."""
    openings = {block.text[:_LINE] for block in page.blocks if _LINE <= len(block.text) < _LUMP}
    holders = {block.element for block in page.blocks}  # of many blocks each where line breaks part them
    return {element for element in holders if squeeze(_run(element)[:_LUMP])[:_LINE] in openings}


def _run(element: Element) -> str:
    """The words of a body that holds nothing else, where they are more than a paragraph."""
    text = element.text or ""
    if len(text) < _LUMP or next(iter(element), None) is not None or not is_body(element):
        return ""
    return text


def _among_articles(page: Page, densest: Element, title: str | None) -> Element:
    """Of a page that shows several, as teasers or one after another, the article that the headline stands in."""
    articles = [element for element in densest.iter("article") if page.prose.get(element, 0.0) >= 100]
    story = story_of(densest, title) if len(articles) > 1 else None
    return story if story in articles and story is not None else densest


def _article(element: Element) -> Element | None:
    return next(element.iterancestors("article", "main", "body"), None)


def _densest(page: Page, body: Element) -> Element:
    """The element that holds the most prose with the least of anything else; of equals the innermost.

    One that is worth less than a single block, or holds little of the page's prose, is not believed: links, goods or
    a list of other stories outweigh the paragraphs then, and the one <article> or <main> of the page is taken.
    """
    value = _gains(page)
    candidates = [element for element in value if element.tag not in _TOO_SMALL]
    best = max((value[element] for element in candidates), default=0.0)
    close = [element for element in candidates if value[element] >= best - 0.5]
    chosen = max(close, key=_depth, default=body)
    if best >= max(map(_gain, page.blocks), default=0.0) and page.prose.get(chosen, 0.0) >= _LITTLE * page.whole:
        return chosen
    story = _only_story(page)
    return chosen if story is None else story


def _only_story(page: Page) -> Element | None:
    """The innermost element with nearly all prose of the one <article>, or <main>, that holds most of the page's."""
    found: dict[str, list[Element]] = {"article": [], "main": []}
    for element in page.prose:
        found.get(str(element.tag), []).append(element)
    stories = found["article"] or found["main"]
    if len(stories) != 1 or page.prose[stories[0]] < 0.5 * page.whole:
        return None
    enough = 0.8 * page.prose[stories[0]]
    full = (one for one in stories[0].iter("*") if one.tag not in _TOO_SMALL and page.prose.get(one, 0.0) >= enough)
    return max(full, key=_depth)


_TOO_SMALL = HEADINGS | {"p", "li", "blockquote", "html"}


def _depth(element: Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _gains(page: Page) -> dict[Element, float]:
    """What the blocks under each element speak for it."""
    value: dict[Element, float] = {}
    for block in page.blocks:
        gain = _gain(block)
        for element in page.chains[id(block)]:
            value[element] = value.get(element, 0.0) + gain
    return value


def _gain(block: Paragraph) -> float:
    """What a block speaks for, or against, an element that holds it."""
    if block.element.tag in HEADINGS and not block.links:
        return 0.0
    weight = weight_of(block)
    if weight and (len(block.text) >= 80 or SENTENCE.search(block.text)):
        return weight
    if block.links <= 0.3 * len(block.text) and block.element.tag in _PLAIN:
        return -0.2 * len(block.text)
    if not block.links and len(block.text) >= _LINE:
        return -0.2 * len(block.text)  # loose text of weblogs, whose paragraphs need not end in a full stop
    return -_JUNK * len(block.text)


_PLAIN = frozenset({"p", "li", "tr", "dd", "dt", "blockquote", "pre"})
