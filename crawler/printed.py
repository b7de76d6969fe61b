"""Printed: the byline and the date as a reader sees them near the headline, where no metadata tells."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from crawler import dates
from crawler.authors import is_cased, is_desk, names
from crawler.bylines import agencies_in, agency, unique
from crawler.markup import Element, squeeze, text_of

_NAMED = re.compile(
    r"by-?line|author|autor|verfasser|auteur|reporter|journalist|skribent|forfatter|redactor|kirjoittaja", re.IGNORECASE
)
_MANY = 200  # elements named for a date, beyond which no more are looked at
_NEAR = 3  # elements around one byline, and around the next name of the same
_FAR = 4  # elements of one kind beyond the fourth belong to teasers and comments
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|teaser|sidebar|recommend\w*|bio|widget|footer|nav|menu|statement|quote|"
    r"testimonial|claim)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATED = re.compile("date|time|publish|datum|meta|info|byline")
_PERSON = re.compile(
    r"[^\W\d_][\w.'’-]*(?:\s+[\w.'’-]+){1,4}|"
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}(?:\s[\u3040-\u30ff\u3400-\u9fff]{1,5})?"
)
_WORD = re.compile(r"[A-Z][a-z]{2,15}")

Bylines = tuple[list[Element], ...]  # by kinds, the surest first


def people(bylines: Bylines) -> tuple[str, ...]:
    """The persons that the byline names: by the first kind of element that looks like one and holds names.

    Elements far from the first that does are the bylines of other stories.
    """
    for found in bylines:
        named = [(one, persons) for one in found if (persons := _persons(one))]
        if named:
            near = set(_around_element(named[0][0]))
            return unique(name for one, persons in named if near & set(_around_element(one)) for name in persons)
    return ()


def _around_element(element: Element) -> list[Element]:
    """The element and those closely around it."""
    return [element, *islice(element.iterancestors(), _NEAR)]


def groups(bylines: Bylines) -> tuple[str, ...]:
    """The desk or agency that the byline names; or, marked as the author, the one word that somebody writes under."""
    for kind, found in enumerate(bylines):
        lines = (line for one in found if 2 < len(line := text_of(one)) <= 60)
        credited = (name for line in lines for name in names(line))
        if groups := unique(
            one for one in credited if is_desk(one) or agency(one) or (not kind and _WORD.fullmatch(one))
        ):
            return groups
    return ()


def bylines(tree: Element) -> Bylines:
    """The elements that look like bylines, by kinds, the surest kind first."""
    kinds: dict[str, list[Element]] = {"declared": [], "linked": [], "line": [], "named": []}
    for element in tree.iter():
        if kind := _kind(element):
            kinds[kind].append(element)
    return tuple([one for one in found[:_FAR] if not _is_elsewhere(one)] for found in kinds.values())


def _kind(element: Element) -> str | None:
    """How an element says that it holds an author; the surest first."""
    names, link, item = element.get("class"), element.get("rel"), element.get("itemprop")
    if (link and "author" in link.split()) or (item and "author" in item.split()):
        return "declared"
    if element.tag == "a" and (parent := element.getparent()) is not None and _is_named(parent.get("class")):
        return "linked"
    if not names or not _is_named(names):
        return None
    return "line" if "line" in names and element.tag != "a" else "named"


@lru_cache(maxsize=8192)
def _is_named(names: str | None) -> bool:
    """Whether a class attribute names an author: a page repeats most of its attributes many times."""
    return bool(names and _NAMED.search(names))


def _persons(element: Element) -> tuple[str, ...]:
    line = text_of(element)
    if not line or len(line) > 160:
        return ()
    leaves = [text for leaf in element.iter() if not len(leaf) and (text := squeeze(leaf.text))]
    if len(leaves) > 1 and " ".join(leaves) == line and all(map(_is_person, leaves)):
        return unique(leaves)  # names in elements of their own, with nothing between
    return tuple(name for name in names(line) if _is_person(name) and not agencies_in(name))


def _is_person(name: str) -> bool:
    return bool(_PERSON.fullmatch(name)) and is_cased(name)


def _is_elsewhere(element: Element) -> bool:
    return any(
        _ELSEWHERE.search(f"{one.get('class') or ''} {one.get('id') or ''}") or one.tag in {"aside", "footer", "nav"}
        for one in (element, *list(element.iterancestors())[:6])
    )


def published(tree: Element, order: str) -> str | None:
    """The date nearest to the headline: machine-readable before printed, and none that says "updated".

    A date inside a link is a teaser's. Where no element is named for its date, one that is labelled counts.
    """
    for element in _near_headline(tree):
        if value := _machine(element) or _named(element, order):
            return value
    lines = (squeeze(one.text or "") or text_of(one) for one in tree.iter("li", "p", "span", "td") if len(one) < 4)
    labelled = (line for line in lines if len(line) <= 80 and _LABEL.match(line))
    return next((value for line in labelled if (value := dates.printed(line, order))), None)


_LABEL = re.compile(
    r"(?:date|datum|fecha|data|published|posted|created|veröffentlicht|erstellt|publié|publicado|pubblicato|gepubliceerd|"
    r"publisert|дата|опубликовано|опубліковано)\b",
    re.IGNORECASE,
)


def _machine(element: Element) -> str | None:
    times = (time for time in element.iter("time") if not _in_link(time) and not dates.UPDATED.search(_around(time)))
    return next((value for time in times if (value := dates.iso(time.get("datetime")))), None)


def _named(element: Element, order: str) -> str | None:
    named = (one for one in element.iter("*") if one.tag == "time" or _DATED.search(one.get("class") or ""))
    for candidate in islice(named, _MANY):
        line = text_of(candidate)
        if len(line) > 200 or dates.UPDATED.search(line[:20]) or _in_link(candidate):
            continue
        if value := dates.printed(line, order):
            return value
    return None


def _in_link(element: Element) -> bool:
    return next(element.iterancestors("a"), None) is not None


def _around(time: Element) -> str:
    parent = time.getparent()
    return text_of(parent)[:60] if parent is not None else ""


def _near_headline(tree: Element) -> list[Element]:
    """The headline's surroundings, from the closest outwards."""
    h1 = next(tree.iter("h1"), None)
    if h1 is None:
        return [tree]
    return [ancestor for ancestor in h1.iterancestors() if ancestor.tag != "html"][:6]
