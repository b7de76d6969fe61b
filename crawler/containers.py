"""Containers: which of a page's elements holds the article.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

from itertools import islice

from crawler.bodies import SENTENCE, Page, weight_of
from crawler.markup import Element, letters, text_of
from crawler.naming import is_body
from crawler.paragraphs import HEADINGS, Paragraph

_LITTLE = 0.35  # of a page's prose: most articles are more of their page
_JUNK = 3.0  # how many characters of prose one character of anything else outweighs
_LINE = 40  # characters without a link: more than a label


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
    told = [] if all(_is_continued(page, element, body) for element in told) else told
    named = told or named
    most = max(page.prose[element] for element in named)
    gains = _gains(page)
    full = (element for element in named if page.prose[element] >= 0.9 * most)
    fullest = max(full, key=lambda element: (gains[element], _depth(element)))
    # Bodies cut in pieces by advertisements have several elements of one name in one article.
    name, around = fullest.get("class"), _article(fullest)
    pieces = {element for element in named if element.get("class") == name and _article(element) is around}
    around_it = body if _is_continued(page, fullest, body) else _around_headline(body, fullest)
    whole = page.prose.get(story if told and story is not None else around_it, 0.0)
    if sum(page.prose[piece] for piece in pieces) < 0.5 * whole:
        return set()
    return pieces | (_brief_pieces(page, fullest, around) if len(pieces) > 1 else set())


def story_of(body: Element, title: str | None) -> Element | None:
    """The <article> whose heading is the title; of a single one, part of it or more. None where several are."""
    headings = ((one, next(one.iter("h1"), None)) for one in body.iter("article"))
    headed = {one: letters(text_of(heading)) for one, heading in headings if heading is not None}
    if said := letters(title or ""):
        alone = len(headed) == 1
        headed = {
            one: shown
            for one, shown in headed.items()
            if shown == said or (alone and shown and (shown in said or said in shown))
        }
    return next(iter(headed)) if len(headed) == 1 else None


def passages(page: Page, element: Element) -> list[Paragraph]:
    """The blocks in an element that say more than a label."""
    return [block for block in page.blocks if element in page.chains[id(block)] and weight_of(block) >= _BRIEF]


def _around_headline(body: Element, named: Element) -> Element:
    """What holds a body and the one heading of the first order."""
    headings = list(islice(body.iter("h1"), 2))
    around = headings[0].iterancestors() if len(headings) == 1 else ()
    within = {*named.iterancestors()}
    return next((one for one in around if one in within), body)


def stands_in(held: set[Element], story: Element | None, page: Page) -> bool:
    """Whether a page's text was found in the article around its headline, more than a standfirst, and nowhere else."""
    if story is None or len(passages(page, story)) < _SEVERAL:
        return False
    return all(one is story or story in one.iterancestors() for one in held)


def _is_continued(page: Page, part: Element, whole: Element) -> bool:
    """Whether a part of a page holds no more than a standfirst, and the paragraphs stand elsewhere in the whole."""
    chains = ((block, page.chains[id(block)]) for block in page.blocks)
    others = [block for block, chain in chains if part not in chain and (whole in chain or whole.tag == "body")]
    said, linked = sum(weight_of(block) >= _BRIEF for block in others), sum(bool(block.links) for block in others)
    return len(passages(page, part)) < _SEVERAL < said and linked <= _LEADING_ON * len(others)


def _is_outside(page: Page, densest: Element, story: Element) -> bool:
    """Whether prose was found outside of a story that has its own: teasers, notices, what else outweighs a brief one.

    A body that has yet to be filled is the story's own, too.
    """
    if densest is story or story in densest.iterancestors() or _is_continued(page, story, densest):
        return False
    if page.prose.get(story, 0.0) >= _BRIEF:
        return page.prose[story] >= _SHARE * page.prose.get(densest, 0.0)
    return densest not in story.iterancestors() and any(map(is_body, story.iter("div", "section")))


_SEVERAL = 2  # passages: a standfirst is one
_LEADING_ON = 0.2  # of a story's blocks hold links; of those of teasers more
_BRIEF = 60.0  # prose of a story
_SHARE = 0.15  # of the prose around it: header's <article> with a standfirst alone holds less


def _brief_pieces(page: Page, like: Element, around: Element | None) -> set[Element]:
    """All pieces of a body like one of them: of those that hold a heading or a brief line alone no prose tells."""
    name, tag = like.get("class"), like.tag
    above = {element for block in page.blocks for element in page.chains[id(block)][1:4]} if name else set()
    return {one for one in above if one.get("class") == name and one.tag == tag and _article(one) is around}


def _among_articles(page: Page, densest: Element, title: str | None) -> Element:
    """Of a page that shows several, as teasers or one after another, the article that the headline stands in."""
    articles = [element for element in densest.iter("article") if page.prose.get(element, 0.0) >= 100]
    story = story_of(densest, title) if len(articles) > 1 else None
    if story is None or story not in articles or _is_continued(page, story, densest):
        return densest
    return story


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
