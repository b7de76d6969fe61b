"""Printed: the byline and the date as a reader sees them near the headline, where no metadata tells."""

from __future__ import annotations

import re
from crawler import dates
from crawler.bylines import agencies_in, names, unique
from crawler.markup import Element, select, select_all, squeeze, text_of

_BYLINES = (
    "[rel~=author]",
    "[itemprop~=author] [itemprop=name], [itemprop~=author]",
    "[class*=byline] a, [class*=by-line] a",
    "[class*=byline], [class*=by-line]",
    "[class*=author-name], [class*=author__name], [class*=authorname], [class*=authorName]",
    "[class*=author] a, [class*=autor] a",
    "[class*=author], [class*=autor], [class*=verfasser], [class*=auteur]",
)
_FAR = 4  # elements of one kind beyond the fourth belong to teasers and comments
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|teaser|sidebar|recommend\w*|bio|widget|footer|nav|menu)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATES = "[class*=date], [class*=time], [class*=publish], [class*=datum], [class*=meta], [class*=info], [class*=byline], time"
_UPDATED = re.compile(
    r"updat|modif|aktualis|mis à jour|actualiza|aggiorn|обновл|оновл|更新|수정|oppdatert|opdateret|uppdaterad",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"[^\W\d_][\w.'’-]*(?:\s+[\w.'’-]+){1,4}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}(?:\s[\u3040-\u30ff\u3400-\u9fff]{1,5})?"
)


def people(tree: Element) -> tuple[str, ...]:
    """The persons that the byline names: by the first kind of element that looks like one and holds names."""
    for selector in _BYLINES:
        found = [element for element in select(tree, selector)[:_FAR] if not _is_elsewhere(element)]
        persons = unique(name for element in found for name in _persons(element))
        if persons:
            return persons
    return ()


def _persons(element: Element) -> tuple[str, ...]:
    line = text_of(element)
    if not line or len(line) > 160:
        return ()
    leaves = [text for leaf in element.iter() if not len(leaf) and (text := squeeze(leaf.text))]
    if len(leaves) > 1 and " ".join(leaves) == line and all(map(_PERSON.fullmatch, leaves)):
        return unique(leaves)  # names in elements of their own, with nothing between
    return tuple(
        name for name in names(line) if _PERSON.fullmatch(name) and not name[0].islower() and not agencies_in(name)
    )


def _is_elsewhere(element: Element) -> bool:
    return any(
        _ELSEWHERE.search(f"{one.get('class') or ''} {one.get('id') or ''}") or one.tag in {"aside", "footer", "nav"}
        for one in (element, *list(element.iterancestors())[:6])
    )


def published(tree: Element, order: str) -> str | None:
    """The date nearest to the headline: machine-readable before printed, and never one that says "updated"."""
    near = _near_headline(tree)
    for element in near:
        for time in element.iter("time"):
            if not _UPDATED.search(_around(time)) and (value := dates.iso(time.get("datetime"))):
                return value
    for element in near:
        for candidate in select_all(element, _DATES):
            line = text_of(candidate)
            if len(line) <= 200 and not _UPDATED.search(line[:20]) and (value := dates.printed(line, order)):
                return value
    return None


def _around(time: Element) -> str:
    parent = time.getparent()
    return text_of(parent)[:60] if parent is not None else ""


def _near_headline(tree: Element) -> list[Element]:
    """The headline's surroundings, from the closest outwards."""
    h1 = next(iter(select(tree, "h1")), None)
    if h1 is None:
        return [tree]
    return [ancestor for ancestor in h1.iterancestors() if ancestor.tag not in {"html"}][:6]
