"""Nearby: who wrote a story and when, by the lines around its headline, in markup that is named for neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from lxml import etree

from crawler import dates
from crawler.authors import is_person, names, signed
from crawler.bodies import ENDS
from crawler.bylines import agency, unique
from crawler.markup import Element, is_close, letters, squeeze, text_of

_AFTER = 150  # elements after the headline, of which the byline is one
_BEFORE = 30  # elements before it
_BESIDE = 80  # characters of a byline beside the names: "By", jobs, places, the day
_SMALL = 30  # elements within a line
_LINE = 80  # characters of a line that tells no more than a date
_ASIDE = {"nav", "aside", "footer", "figure", "figcaption", "script", "style", "noscript", "form", "button", "template"}
_LINES = {"p", "div", "li", "header", "section", "td", "address", "h2", "h3", "h4"}
# Folders in which sites keep the pages of those who write for them.
_WRITERS = re.compile(
    r"/(?:authors?|autor(?:e|es|en|a|as|i)?|auteurs?|people|by|bylines?|journalists?|journalisten?|reporters?|"
    r"redaktion|redazione|staff|profiles?|profil|writers?|contributors?|verfasser|forfattere?|skribent\w*|columnists?)/[^/]",
    re.IGNORECASE,
)
_PRINTS = etree.XPath("boolean(//body//text()[contains(., $name)][not(parent::script or parent::style)])")


def writers(tree: Element, title: str | None) -> tuple[str, ...]:
    """The names that link to the pages of their bearers around the headline, unless a line "By ..." stands before."""
    headline = _headline(tree, title)
    around = list(_story(chain(_before(headline), _after(headline)))) if headline is not None else []
    for one in around:
        if _leads_to_writer(one):
            return _linked(one, around)
        if len(one) == 0 and signed(squeeze(one.text)):
            return ()
    return ()


def shows(tree: Element, name: str) -> bool:
    """Whether the page prints a name anywhere."""
    return bool(_PRINTS(tree, name=name))


def _linked(first: Element, around: list[Element]) -> tuple[str, ...]:
    """The writers that the first link and others closely around it lead to, and whom its line "By ..." names too."""
    links = (one for one in around if _leads_to_writer(one) and is_close(first, one))
    found = unique(name for one in links for name in names(text_of(one)) if is_person(name) and not agency(name))
    line = next((one for one in first.iterancestors() if one.tag in _LINES), None)
    said = () if line is None else tuple(filter(is_person, signed(text_of(line))))
    return said if set(found) < set(said) else found


def published(tree: Element, title: str | None, language: str | None) -> str | None:
    """The first date of no change in a short line around the headline."""
    headline = _headline(tree, title)
    around = () if headline is None else chain(_story(_after(headline)), _before(headline))
    lines = (text_of(one) for one in around if one.tag != "a" and _is_small(one))
    told = (dates.publication(line) for line in lines if 8 <= len(line) <= _LINE)
    return next((value for line in told if (value := dates.printed(line, language))), None)


def _is_small(element: Element) -> bool:
    """Whether it is worth a look at its text: what holds much is no line, and looked at again for all within it."""
    return sum(1 for _ in islice(element.iter(), _SMALL)) < _SMALL


def _leads_to_writer(element: Element) -> bool:
    """Whether it is a link to a writer's page in a line of its own: in sentences people are written about."""
    if element.tag != "a" or not ("author" in (element.get("rel") or "") or _WRITERS.search(element.get("href") or "")):
        return False
    lines = islice((one for one in element.iterancestors() if one.tag in _LINES), 1)
    within = (*lines, *element.iterancestors("p"))
    return all(map(_is_byline, within)) and any(map(is_person, names(text_of(element))))


def _is_byline(line: Element) -> bool:
    """Whether a line is hardly more than its links, and no sentence."""
    if not _is_small(line):
        return False
    text = text_of(line)
    beside = len(text) - sum(len(text_of(link)) for link in line.iter("a"))
    return beside <= _BESIDE and not text.endswith(ENDS)


def _is_prose(element: Element) -> bool:
    """Whether an element holds a sentence, or more than one looks at."""
    return not _is_small(element) or (len(text := text_of(element)) > _BESIDE and text.endswith(ENDS))


def _headline(tree: Element, title: str | None) -> Element | None:
    """The heading that is the title, of the first order or not; what else says just that; else the first heading."""
    said = letters(title or "")
    headings = (one for tag in ("h1", "h2", "h3") for one in tree.iter(tag) if letters(text_of(one)) == said)
    others = (one for one in tree.iter("*") if _says(one, said) and one.tag not in _ASIDE and one.tag != "title")
    return next(chain(headings, others, tree.iter("h1")), None) if said else next(tree.iter("h1"), None)


def _says(element: Element, said: str) -> bool:
    return (
        element.text is not None and len(said) <= len(element.text) <= 3 * len(said) and letters(element.text) == said
    )


def _after(element: Element) -> Iterator[Element]:
    """What follows an element in the page's order, without what stands aside."""
    seen = islice(_following(element), _AFTER)
    return (one for one in seen if one.tag not in _ASIDE)


def _following(element: Element) -> Iterator[Element]:
    for one in (element, *element.iterancestors()):
        for sibling in one.itersiblings("*"):
            if sibling.tag not in _ASIDE:
                yield from sibling.iter("*")


def _before(element: Element) -> Iterator[Element]:
    """What closely precedes an element, its nearest neighbours first."""
    around = (element, *islice(element.iterancestors(), 2))
    siblings = (one for level in around for one in islice(level.itersiblings("*", preceding=True), 3))
    return islice(
        (one for sibling in siblings if sibling.tag not in _ASIDE for one in islice(sibling.iter("*"), 10)), _BEFORE
    )


def _story(elements: Iterator[Element]) -> Iterator[Element]:
    """The elements up to the second that holds sentences: bylines stand before the standfirst or after it."""
    begun = 0
    for element in elements:
        begun += element.tag == "p" and _is_prose(element)
        if begun > 1:
            return
        if element.tag not in _ASIDE and not any(one.tag in _ASIDE for one in islice(element.iterancestors(), 6)):
            yield element
