"""Printed: the byline and the date as a reader sees them near the headline, where no metadata tells."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, islice

from crawler import dates
from crawler.authors import is_desk, is_person, names
from crawler.bylines import agencies_in, agency, unique
from crawler.markup import Element, is_close, line_of, squeeze, text_of

_NAMED = re.compile(
    r"by-?line|author|autor|verfasser|auteur|reporter|journalist|skribent|forfatter|redactor|kirjoittaja", re.IGNORECASE
)
_MANY = 200  # elements named for a date, beyond which no more are looked at
_FAR = 4  # elements of one kind beyond the fourth belong to teasers and comments
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|teaser|sidebar|recommend\w*|bio|widget|footer|nav|menu|statement|quote|"
    r"testimonial|claim)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATED = re.compile("date|time|publish|datum|meta|info|byline")
_WORD = re.compile(r"[A-Z][a-z]{2,15}")

Bylines = tuple[list[Element], ...]  # by kinds, the surest first


def people(bylines: Bylines) -> tuple[str, ...]:
    """The persons that the byline names: by the first kind of element that looks like one and holds names.

    Elements far from the first that does are the bylines of other stories.
    """
    for found in bylines:
        named = [(one, persons) for one in found if (persons := _persons(one))]
        if named:
            first = named[0][0]
            return unique(name for one, persons in named if is_close(first, one) for name in persons)
    return ()


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
    if len(leaves) > 1 and " ".join(leaves) == line and all(map(is_person, leaves)):
        return unique(leaves)  # names in elements of their own, with nothing between
    return tuple(name for name in names(line) if is_person(name) and not agencies_in(name))


def _is_elsewhere(element: Element) -> bool:
    return any(
        _ELSEWHERE.search(f"{one.get('class') or ''} {one.get('id') or ''}") or one.tag in {"aside", "footer", "nav"}
        for one in (element, *list(element.iterancestors())[:6])
    )


def published(tree: Element, language: str | None) -> str | None:
    """The date nearest to the headline: machine-readable before printed, and none of a change.

    A date inside a link is a teaser's. Where no element is named for its date, one that is labelled counts.
    """
    around = _near_headline(tree)
    if value := next((value for one in around if (value := _machine(one) or _named(one, language))), None):
        return value
    lines = (squeeze(one.text or "") or line_of(one, _LABELLED) for one in tree.iter("li", "p", "span", "td"))
    labelled = (line for line in lines if len(line) <= _LABELLED and _LABEL.match(line))
    return next((value for line in labelled if (value := dates.printed(dates.publication(line), language))), None)


_LABELLED = 80  # characters of a line with a labelled date
_DATE_LINE = 200  # characters of an element that is named for a date
_LABEL = re.compile(
    r"(?:date|datum|fecha|data|published|posted|created|veröffentlicht|erstellt|publié|publicado|pubblicato|gepubliceerd|"
    r"publisert|дата|опубликовано|опубліковано)\b",
    re.IGNORECASE,
)


def _machine(element: Element) -> str | None:
    times = [one for one in islice(element.iter("time"), _MANY) if one.get("datetime") and not _in_link(one)]
    told = (one for one in times if not _is_change(one))
    # Themes of weblogs that show one date call it the change's.
    only = (one for one in times if not dates.is_change(_label(one)))
    return next((value for one in chain(told, only) if (value := dates.iso(one.get("datetime")))), None)


def _named(element: Element, language: str | None) -> str | None:
    named = (one for one in element.iter("*") if one.tag == "time" or _DATED.search(one.get("class") or ""))
    lines = [(one, line_of(one, _DATE_LINE)) for one in islice(named, _MANY) if not _in_link(one)]
    told = (line for one, line in lines if not _is_change(one))
    only = (line for one, line in lines if not dates.is_change(_label(one)))
    found = (dates.publication(line) for line in chain(told, only))
    return next((value for line in found if (value := dates.printed(line, language))), None)


def _is_change(element: Element) -> bool:
    """Whether a date is one of a change: by its own names, else by what is said before it or begins it."""
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    if dates.UPDATED.search(names) or "ublish" in names:
        return "ublish" not in names
    return dates.is_change(f"{_label(element)} {line_of(element, _LABELLED)[:_BEGINNING]}")


_BEGINNING = 20  # characters of a date that may say of what it is one


def _label(element: Element) -> str:
    """What is said directly before a date, after any other: beside it, or beside what it stands in alone."""
    for one in (element, *islice(element.iterancestors(), 1)):
        pieces: list[str] = []
        for before in islice(one.itersiblings("*", preceding=True), _CLOSE):
            pieces.append(before.tail or "")
            if next(before.iter("time"), None) is not None:
                return squeeze(" ".join(reversed(pieces)))[-_LABELLED:]
            pieces.append(line_of(before, _LABELLED))
        parent = one.getparent()
        pieces.append((parent.text if parent is not None else None) or "")
        if label := squeeze(" ".join(reversed(pieces))):
            return label[-_LABELLED:]
    return ""


_CLOSE = 3  # elements before a date, or around a headline


def _in_link(element: Element) -> bool:
    return next(element.iterancestors("a"), None) is not None


def _near_headline(tree: Element) -> list[Element]:
    """The headline's surroundings, from the closest outwards."""
    h1 = next(tree.iter("h1"), None)
    if h1 is None:
        return [tree]
    return [ancestor for ancestor in h1.iterancestors() if ancestor.tag != "html"][:6]
