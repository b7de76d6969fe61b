"""Layout: a page taken apart as a profile says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler import bylines, dates
from crawler.authors import names
from crawler.bodies import own
from crawler.captions import alternatives, captions
from crawler.clutter import Prose, tidy
from crawler.finding import Finder
from crawler.markup import Element, Marked, text_of, width
from crawler.paragraphs import HEADINGS, Paragraph, paragraphs
from crawler.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read from a page's visible parts; absent is None or ()."""

    by: str  # the profile and its version, or that of the generic way
    title: str | None = None
    lead: str | None = None
    paragraphs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()  # names of a line that looks like a byline: believed after what is declared
    declared_authors: bool = True  # whether the page's metadata may name authors where `authors` is empty
    agencies: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    dateline: str | None = None
    captions: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    sure: bool = True  # whether all of the body's place is known, and there is no more of it elsewhere

    @property
    def width(self) -> int:
        """Characters of lead and body, those of Chinese, Japanese and Korean counted twice."""
        return width(self.lead or "") + sum(map(width, self.paragraphs))

    @property
    def size(self) -> int:
        """Characters of lead and body."""
        return len(self.lead or "") + sum(map(len, self.paragraphs))


def matching(page: Finder, profiles: Sequence[Profile]) -> Profile | None:
    """The first profile whose every mark the page bears."""
    return next((profile for profile in profiles if all(page.select(mark) for mark in profile.marks)), None)


def holds_none(page: Finder, profile: Profile, url: str) -> bool:
    """Whether a page of this layout is a broadcast, a gallery or a list, as the profile tells them."""
    if page.select_all(profile.no_article):
        return True
    return any(re.search(pattern, url) for pattern in profile.no_article_urls)


def read(page: Finder, profile: Profile, language: str | None) -> Reading:
    """The page as the profile lays it out."""
    title = _line(page, profile.title)
    shown = captions(page.select_all(profile.captions))
    roots = _outermost(page.select(*profile.body))
    prose = tidy(
        _body(page, roots, profile),
        title=title,
        captions=(*shown, *alternatives(roots)),
        clutter=_clutter(profile.clutter),
    )
    authors, agencies = _byline(page, profile)
    place = _line(page, profile.dateline)
    return Reading(
        by=profile.label,
        title=title,
        lead=_lead(page, profile),
        paragraphs=_with_dateline(prose, place),
        authors=authors,
        declared_authors=profile.authors_declared,
        agencies=bylines.unique((*agencies, *prose.agencies)),
        published=_date(page, profile.published, language),
        modified=_date(page, profile.modified, language),
        dateline=place.rstrip(" -—–") if place else None,
        captions=shown,
        section=_line(page, profile.section),
        tags=bylines.unique(text_of(element) for element in page.select(*profile.tags)),
    )


def _with_dateline(prose: Prose, place: str | None) -> tuple[str, ...]:
    """A dateline that ends in a dash stands before the first paragraph, as on the page."""
    return (place, *prose.paragraphs) if place and place[-1] in "-—–" and prose.paragraphs else prose.paragraphs


@lru_cache(maxsize=64)
def _clutter(lines: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{line})" for line in lines)) if lines else None


def _line(page: Finder, selectors: Sequence[str]) -> str | None:
    return next((line for one in selectors for found in page.select(one) if (line := text_of(found))), None)


def _lead(page: Finder, profile: Profile) -> str | None:
    """The standfirst; a heading among the paragraphs is a subhead, whatever the layout calls it."""
    for selector in profile.lead:
        for element in page.select(selector)[:1]:
            if (lead := text_of(element)) and not _amid_paragraphs(element) and bylines.sign_off(lead) is None:
                return lead
    return None


def _amid_paragraphs(element: Element) -> bool:
    before = element.itersiblings("p", preceding=True)
    return element.tag in HEADINGS and any(len(text_of(sibling)) >= 60 for sibling in before)


def _body(page: Finder, roots: list[Element], profile: Profile) -> list[Paragraph]:
    """The paragraphs of the body, and its loose text where that is a paragraph's worth."""
    found: list[Paragraph] = []
    leads = {element for element in page.select(*profile.lead)[:1] if not _amid_paragraphs(element)}
    for root in roots:
        dropped = Marked(root, profile.drop)
        if not any(element in dropped for element in (root, *root.iterancestors())):
            blocks = own(paragraphs(root, _Either(dropped, leads)), root)
            found.extend(block for block in blocks if _is_prose(block, root, profile.prose))
    return found


@dataclass(frozen=True, slots=True)
class _Either:
    """The elements that are marked, and the lead: it stands in the body of some layouts."""

    marked: Marked
    leads: set[Element]

    def __contains__(self, element: object) -> bool:
        return element in self.leads or element in self.marked


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [element for element in elements if chosen.isdisjoint(element.iterancestors())]


def _is_prose(block: Paragraph, root: Element, prose: tuple[str, ...]) -> bool:
    for element in (block.element, *block.element.iterancestors()):
        if element is root:
            break
        if element.tag in prose:
            return True
    return block.element is root and len(block.text) >= 40


def _byline(page: Finder, profile: Profile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names and agencies of the byline; initials are nobody's name."""
    for selector in profile.authors:
        people: list[str] = []
        agencies: list[str] = []
        for element in page.select(selector):
            line = element.get("content") or _unlabelled(element)
            agencies.extend(bylines.agencies_in(line.replace("(", "/").replace(")", "")))
            if not bylines.initials_only(line):
                people.extend(names(line))
        if people or agencies:
            return bylines.unique(people), bylines.unique(agencies)
    return (), ()


def _unlabelled(element: Element) -> str:
    """An element's text, less the bold label that begins it: `<li><strong>Autor</strong> Name</li>`."""
    text = text_of(element)
    if (
        len(element)
        and element[0].tag == "strong"
        and not (element.text or "").strip()
        and (element[0].tail or "").strip()
    ):
        return text.removeprefix(text_of(element[0])).strip(" :")
    return text


def _date(page: Finder, selectors: Sequence[str], language: str | None) -> str | None:
    for selector in selectors:
        for element in page.select(selector):
            machine = element.get("datetime") or element.get("content")
            if value := dates.iso(machine) if machine else dates.printed(text_of(element), language):
                return value
    return None
