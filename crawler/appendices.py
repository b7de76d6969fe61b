"""Appendices: what stands with an article in its container: lives of authors, words on a company, cards of stories."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from itertools import chain, islice

from crawler.bodies import weight_of
from crawler.bylines import only_names
from crawler.edges import is_passage
from crawler.elsewhere import lead_freely_away
from crawler.headlines import is_site
from crawler.markup import Element
from crawler.paragraphs import HEADINGS, Paragraph

_ABOUT = re.compile(
    r"(?:about|über|à propos d[eu]|sobre|acerca de|chi è|over|om|об?)\s+(?:the authors?|the writer|"
    r"(?:us|uns|ons|oss|нас)\b|(?:den|die) autor|l['’]auteur|el autor|la autora|[oa] autora?|de auteur|"
    r"forfatteren|författaren|автор).{0,50}"
    r"|die autorin(?:nen)?|d(?:er|ie) autor(?:en)?|zu[rm] (?:person|autorin|autor)"
    r"|l['’]aut(?:eur|rice)|el autor|la autora"
    r"|(?:the authors?|(?:media|press) contacts?|pressekontakt|contact)\s?:?",
    re.IGNORECASE,
)
_ABOUT_WHOM = re.compile(
    r"(?P<about>about|über|à propos d[eu]|acerca de|chi è|sobre|over|om)\s+(?P<whom>.{2,50}?)\s?:?", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:(?:the|die|der|das|den|la|le|les|el|los|las|il|de|het)\s+|l['’])", re.IGNORECASE)
_PREPOSITION = frozenset({"sobre", "over", "om"})  # and begins any heading: "Over Two Decades"
_OPENING = 80  # characters of a paragraph in which it says of whom it tells
# "About That Night", "About Half of Them": words that begin a subhead in capitals, and no name.
_NO_NAME = re.compile(r"(?:a|all|half|how|last|my|that|these|this|those|time|what|when|why|your?)\b", re.IGNORECASE)
_IS = (
    r"\s(?:is|was|are|writes|covers|has|teaches|works|can be reached|ist|war|arbeitet|schreibt|est|es|è|é|jest|är|er)\s"
)
_SOMEBODY_IS = re.compile(rf"[^.!?]{{3,50}}?{_IS}")
_LAST = 3  # paragraphs among which an author's life may stand
_PLACES = 3  # cards
_FAR = 2  # times the prose beside them
_CUT = re.compile(r"(?:…|\.\.\.)[\])]?\W*$")  # a teaser, that is cut off
_HEADINGS = 2  # of a card, at the most


def without_appendices(blocks: list[Paragraph], authors: Sequence[str], sites: Sequence[str]) -> list[Paragraph]:
    """The blocks before a section about the author or the company, without lives of authors or the site at the end."""
    known, count = (*authors, *sites), len(blocks)
    end = next((index for index in range(count) if _heads_about(index, blocks, known)), count)
    while end > _LAST and _is_of_itself(blocks[end - 1], sites):
        end -= 1
    return without_lives(blocks[:end], authors)


def without_lives(blocks: list[Paragraph], authors: Sequence[str]) -> list[Paragraph]:
    """The blocks, without those at the end that tell who an author is."""
    last = len(blocks) - _LAST
    return [block for index, block in enumerate(blocks) if index < last or not _is_life(block, authors)]


def may_tell_lives(blocks: list[Paragraph]) -> bool:
    """Whether one of the last blocks begins like an author's life, whosever it is."""
    return any(len(block.text) <= 400 and _SOMEBODY_IS.match(block.text) for block in blocks[-_LAST:])


def _is_of_itself(block: Paragraph, sites: Sequence[str]) -> bool:
    """A paragraph in which a site says what it is, as companies end their press releases."""
    name, _, rest = block.text.partition(" is ")
    return len(name) < 60 and is_site(name, sites) and bool(_ITSELF.match(rest))


_ITSELF = re.compile(r"(?:an? |the |one of |headquartered |based |part of |published |owned )")


def _heads_about(index: int, blocks: Sequence[Paragraph], known: Sequence[str]) -> bool:
    """A heading "About ..." in the last third of a page."""
    block = blocks[index]
    if (
        index < max(3, 0.6 * len(blocks))
        or len(block.text) > 60
        or not (block.is_heading or block.strong >= len(block.text) - 1)
    ):
        return False
    return bool(_ABOUT.fullmatch(block.text)) or _is_about_name(block.text, known, blocks[index + 1 :])


def _is_about_name(text: str, known: Sequence[str], following: Sequence[Paragraph]) -> bool:
    """Whether it is "About Vellum Lamps", and not "About half are never repaired".

    German ones head any noun, and an article or a preposition may begin other headings: there what follows tells.
    """
    match = _ABOUT_WHOM.fullmatch(text)
    if match is None:
        return False
    whom, about = _ARTICLE.sub("", match["whom"], count=1), match["about"].casefold()
    if is_site(match["whom"], known) or is_site(whom, known):
        return True
    if not only_names(whom) or whom[0].islower() or _NO_NAME.match(whom):
        return False
    unsure = whom != match["whom"] or about in _PREPOSITION or (about == "über" and " " not in whom)
    return not unsure or _tells_of(whom, following)


def _tells_of(whom: str, following: Sequence[Paragraph]) -> bool:
    """Whether the next paragraph names somebody early on, or a word of the name."""
    names = [word for word in whom.split() if word[0].isupper()]
    return bool(following) and any(name in following[0].text[:_OPENING] for name in names)


def _is_life(block: Paragraph, authors: Sequence[str]) -> bool:
    """A paragraph that begins with an author's full name and goes on to say who that is."""
    names = (name for name in authors if " " in name and block.text.startswith(name))
    return len(block.text) <= 400 and any(re.match(_IS, block.text[len(name) : len(name) + 20]) for name in names)


def cards(blocks: Iterable[Paragraph], held: set[Element], home: frozenset[str], named: bool) -> set[Element]:
    """The elements of cards that lead to other stories: a heading that is a link, and the little text beside it.

    Of the loose words that begin an element the heading is made where there is no other. What leads to other sites, as
    the hotels of a round-up, is the article's own; and what makes up most of a body that is `named` as such.
    """
    blocks = list(blocks)
    heads = {block.element: block for block in blocks if (block.is_heading or block.tag == "div") and _is_link(block)}
    above = {holder for one in held for holder in _upwards(one)}
    found = {card: head for head in heads.values() if (card := _card_of(head, above, heads.keys())) is not None}
    own = {card for card, head in found.items() if lead_freely_away(_links(head), home)}
    if named and len(own) < len(found) and _are_most(blocks, found.keys()):
        own = set(found)
    return found.keys() - (_places(blocks, own) if len(own) >= _PLACES else set())


def _are_most(blocks: Iterable[Paragraph], found: Collection[Element]) -> bool:
    """Whether cards hold most of a container's prose, and no teasers."""
    weights = {True: 0.0, False: 0.0}
    count = cut = 0
    for block in blocks:
        within = any(one in found for one in _upwards(block.element))
        weights[within] += weight_of(block)
        if within and not block.is_heading:
            count, cut = count + 1, cut + bool(_CUT.search(block.text))
    return weights[True] > _FAR * weights[False] and 2 * cut < count


def _places(blocks: Sequence[Paragraph], own: set[Element]) -> set[Element]:
    """Of cards those that are the article's: several side by side, amid passages."""
    around = [next((one for one in _upwards(block.element) if one in own), None) for block in blocks]
    told = [index for index, block in enumerate(blocks) if around[index] is None and is_passage(block)]
    if not told:
        return set()
    amid = {card for card in around[told[0] : told[-1]] if card is not None}
    beside = Counter(card.getparent() for card in amid)
    return {card for card in amid if beside[card.getparent()] >= _PLACES}


def _upwards(element: Element) -> Iterator[Element]:
    return chain((element,), element.iterancestors())


def _links(block: Paragraph) -> Iterator[Element]:
    return chain(block.element.iterancestors("a"), block.element.iter("a"))


def _is_link(block: Paragraph) -> bool:
    return block.links >= 0.9 * len(block.text) or next(block.element.iterancestors("a"), None) is not None


def _card_of(block: Paragraph, above: set[Element], linked: Set[Element]) -> Element | None:
    """The element around a linked heading, where it holds no other heading, but of its section, and hardly any text."""
    around = block.element.iterancestors("div", "li", "article", "section")
    parent = next(around, None) if block.is_heading else block.element
    if parent is None or parent in above:
        return None
    headings = list(islice(parent.iter(*HEADINGS), _HEADINGS + 1))  # no more: an element may be around very many
    if len(headings) != block.is_heading and not (block.is_heading and _tell_section(headings, linked)):
        return None
    text = sum(len(paragraph.text or "") for paragraph in parent.iter("p"))
    return parent if (headings or text) and text <= 300 else None


def _tell_section(headings: Sequence[Element], linked: Set[Element]) -> bool:
    """Whether two headings follow each other directly, each a link: one tells the section."""
    if len(headings) != _HEADINGS or not linked >= {*headings}:
        return False
    section, headline = headings
    return section.getnext() is headline and section.tag >= headline.tag  # never set larger
