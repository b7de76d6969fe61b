"""Extraction: one archived page in, a clean article out, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from functools import cache
from importlib.metadata import version

from lxml import etree

from archive.capture import Capture
from crawler import bylines, dates, generic, headlines, metadata, nearby, printed, rescue, verdict
from crawler.article import Article, NoArticle
from crawler.authors import is_person
from crawler.clutter import credited_agencies
from crawler.finding import Finder
from crawler.layout import Reading, holds_none, matching, read
from crawler.links import clean_url
from crawler.markup import Element, parse
from crawler.metadata import Metadata
from crawler.profile import Profile

_TRAFILATURA = f"trafilatura/{version('trafilatura')}"
_ENOUGH = 200  # characters that are a body
_UNCHECKED = 600  # characters that a profile must find before it is believed without asking the generic way


# What code and libraries raise on pages that nobody foresaw; time-outs and memory errors are the caller's.
_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)


def extract(page: bytes, capture: Capture, profiles: Sequence[Profile], outlet: str) -> Article | NoArticle:
    """The article on a page, whose body has its Content-Encoding undone, as the first profile that fits reads it.

    Pure: the same page, capture and profiles give the same answer in any process, year and place. Whatever
    the page holds, the answer is an Article or a NoArticle with its reason, never an exception.
    """
    try:
        return _extract(page, capture, profiles, outlet)
    except _FAILURES as error:
        return NoArticle(reason=f"unreadable: {type(error).__name__}")


def _extract(page: bytes, capture: Capture, profiles: Sequence[Profile], outlet: str) -> Article | NoArticle:
    if not page or page.isspace():
        return NoArticle(reason="empty")
    tree = parse(page, capture.header("Content-Type"))
    if tree is None:
        return NoArticle(reason="no markup")
    declared = metadata.read(tree, capture.url)
    finder = Finder(tree) if profiles else None
    profile = matching(finder, profiles) if finder else None
    if finder and profile and holds_none(finder, profile, capture.url):
        return NoArticle(reason="no article")
    reading = _read(tree, declared, finder, profile)
    reason = verdict.no_article(tree, declared, reading, capture.url)
    return NoArticle(reason=reason) if reason else _article(reading, declared, capture, outlet, tree)


def _read(tree: Element, declared: Metadata, finder: Finder | None, profile: Profile | None) -> Reading:
    """By the profile that fits; by the generic way where none does, or where one finds clearly less."""
    if finder is None or profile is None:
        return _generic(tree, declared)
    reading = read(finder, profile, declared.language)
    if reading.size >= _UNCHECKED and reading.paragraphs and len(declared.body or "") < 2 * reading.size:
        return reading
    other = _generic(tree, declared)
    return other if other.size > 2 * reading.size and other.size >= _ENOUGH else reading


def _generic(tree: Element, declared: Metadata) -> Reading:
    """By the page's shape; what that finds too little on, though the page calls itself an article, by trafilatura."""
    reading = generic.read(tree, declared)
    if reading.width >= _ENOUGH or not verdict.is_declared(declared) or next(tree.iter("p"), None) is None:
        return reading
    if reading.size and (reading.sure or verdict.access(tree, declared, reading) != "full"):
        return reading  # there is no more
    lines = rescue.lines(tree, reading.title)
    return replace(reading, paragraphs=lines) if sum(map(len, lines)) > 2 * reading.size else reading


def _article(reading: Reading, declared: Metadata, capture: Capture, outlet: str, tree: Element) -> Article:
    published, modified = _dates(reading, declared, tree)
    authors = reading.authors or (_declared_authors(reading, declared, tree) if reading.declared_authors else ())
    body = list(reading.paragraphs)
    lead = reading.lead
    if lead and body and _cut_short(lead, body[0]):
        lead = None
    if lead and not (body and _same(lead, body[0])):
        body.insert(0, lead)
    return Article(
        url=capture.url,
        canonical_url=declared.canonical or clean_url(capture.url, metadata.TRACKING),
        outlet=outlet,
        title=reading.title or _declared_title(declared),
        lead=lead,
        text="\n\n".join(body),
        authors=authors,
        agencies=bylines.unique((*reading.agencies, *credited_agencies(authors))),
        published=published,
        modified=modified,
        dateline=reading.dateline or next(filter(None, map(bylines.dateline, reading.paragraphs[:2])), None),
        section=reading.section or declared.section,
        tags=reading.tags or declared.tags,
        language=declared.language,
        image=declared.image,
        captions=reading.captions,
        access=verdict.access(tree, declared, reading),
        captured=stamp(capture),
        record_id=capture.record_id,
        payload_digest=capture.payload_digest,
        warc=capture.warc,
        offset=capture.offset,
        extractor=f"{reading.by} {_TRAFILATURA}",
    )


def stamp(capture: Capture) -> str:
    """The capture's WARC-Date."""
    return capture.started.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _cut_short(lead: str, first: str) -> bool:
    """Whether a standfirst is only the beginning of the first paragraph, as teasers have it."""
    return lead.endswith(("…", "...")) and first.startswith(lead.rstrip(" .…"))


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _dates(reading: Reading, declared: Metadata, tree: Element) -> tuple[str | None, str | None]:
    published = dates.sharper(reading.published or declared.published, declared.published)
    if published is None or (len(published) == 10 and not reading.published):  # the page may print the time
        published = _printed_date(reading, declared, tree)
    modified = dates.sharper(reading.modified or declared.modified, declared.modified)
    if published and modified and dates.same_moment(published, modified):
        modified = None
    return published, modified


def _printed_date(reading: Reading, declared: Metadata, tree: Element) -> str | None:
    """A date that metadata leaves open as the page prints it, or, where no layout is known, as its address names it.

    Where both do and differ, what is printed nearest is today's date, a change's or a teaser's.
    """
    shown = printed.published(tree, declared.language)
    if declared.published or not reading.by.startswith("generic"):
        return dates.sharper(declared.published, shown)
    shown = shown or nearby.published(tree, reading.title, declared.language)
    addressed = dates.in_address(declared.url)
    return shown if shown and not (addressed and not dates.is_near(shown, addressed)) else addressed


def _declared_authors(reading: Reading, declared: Metadata, tree: Element) -> tuple[str, ...]:
    """People where any are named, by JSON-LD, the byline or meta tags; else the desk, agency or site."""
    shown = cache(lambda: printed.bylines(tree))
    sources: tuple[Callable[[], tuple[str, ...]], ...] = (
        lambda: _people(reading, declared, tree),
        lambda: tuple(filter(is_person, reading.byline)) if declared.bodies else (),
        lambda: declared.bodies,
        lambda: nearby.writers(tree, reading.title),
        lambda: printed.people(shown()),
        lambda: reading.byline,
        lambda: declared.meta_authors,
        lambda: printed.groups(shown()),
    )
    for source in sources:  # in turn: a look at the page costs, and most pages declare their authors
        if persons := tuple(name for name in source() if not headlines.is_site(name, declared.sites)):
            return persons
    return declared.bodies or declared.people or declared.meta_authors


def _people(reading: Reading, declared: Metadata, tree: Element) -> tuple[str, ...]:
    """The persons that JSON-LD names; or whom a line "By ..." names, where the page shows none of them.

    Systems for sites name whoever posted the story, where it was written by somebody without an account.
    """
    byline = {name.casefold() for name in reading.byline}
    if not declared.people or not byline or any(name.casefold() in byline for name in declared.people):
        return declared.people
    return declared.people if any(nearby.shows(tree, name) for name in declared.people) else reading.byline


def _declared_title(declared: Metadata) -> str | None:
    candidates = (declared.headline, declared.og_title, declared.page_title)
    return headlines.headline(candidates, (), declared.sites, declared.sections)
