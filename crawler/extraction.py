"""Extraction: one archived page in, a clean article out, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from importlib.metadata import version

from archive.capture import Capture
from crawler import bylines, dates, generic, metadata
from crawler.article import Access, Article, NoArticle
from crawler.clutter import credited_agencies
from crawler.layout import Reading, matching, read
from crawler.markup import Element, parse
from crawler.metadata import Metadata
from crawler.profile import Profile

_TRAFILATURA = f"trafilatura/{version('trafilatura')}"
_ENOUGH = 200  # characters that a profile must find before it is believed unchecked


def extract(page: bytes, capture: Capture, profiles: Sequence[Profile], outlet: str) -> Article | NoArticle:
    """The article on a page, whose body has its Content-Encoding undone, as the first profile that fits reads it.

    Pure: the same page, capture and profiles give the same answer in any process, year and place. Whatever
    the page holds, the answer is an Article or a NoArticle with its reason, never an exception.
    """
    try:
        return _extract(page, capture, profiles, outlet)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        return NoArticle(reason=f"unreadable: {type(error).__name__}")


def _extract(page: bytes, capture: Capture, profiles: Sequence[Profile], outlet: str) -> Article | NoArticle:
    if not page.strip():
        return NoArticle(reason="empty")
    tree = parse(page, capture.header("Content-Type"))
    if tree is None:
        return NoArticle(reason="no markup")
    declared = metadata.read(tree, capture.url)
    reading = _read(tree, declared, capture, profiles)
    if isinstance(reading, NoArticle):
        return reading
    return _article(reading, declared, capture, outlet, tree)


def _read(tree: Element, declared: Metadata, capture: Capture, profiles: Sequence[Profile]) -> Reading | NoArticle:
    """By the profile that fits; by the generic way where none does, or where one finds clearly less."""
    profile = matching(tree, profiles)
    if profile is None:
        return generic.read(tree, declared, capture)
    from crawler.markup import select_all

    if select_all(tree, *profile.no_article):
        return NoArticle(reason="no article")
    reading = read(tree, profile, declared.language)
    if reading.size >= _ENOUGH and reading.paragraphs:
        return reading
    other = generic.read(tree, declared, capture)
    return (
        reading
        if isinstance(other, NoArticle) and reading.size >= 80
        else other
        if isinstance(other, NoArticle) or other.size > 2 * reading.size
        else reading
    )


def _article(reading: Reading, declared: Metadata, capture: Capture, outlet: str, tree: Element) -> Article:
    published, modified = _dates(reading, declared)
    authors = reading.authors or (_declared_authors(declared) if reading.declared_authors else ())
    body = list(reading.paragraphs)
    if reading.lead and not (body and _same(reading.lead, body[0])):
        body.insert(0, reading.lead)
    return Article(
        url=capture.url,
        canonical_url=declared.canonical or metadata.cleaned(capture.url),
        outlet=outlet,
        title=reading.title
        or metadata.tidy_title((declared.headline, declared.og_title, declared.page_title), (declared.site_name,)),
        lead=reading.lead,
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
        access=_access(reading, declared, tree),
        captured=stamp(capture),
        record_id=capture.record_id,
        payload_digest=capture.payload_digest,
        warc=capture.warc,
        offset=capture.offset,
        extractor=f"{reading.by} {_TRAFILATURA}",
    )


def stamp(capture: Capture) -> str:
    """The capture's WARC-Date: UTC with microseconds."""
    return capture.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _dates(reading: Reading, declared: Metadata) -> tuple[str | None, str | None]:
    published = dates.sharper(reading.published or declared.published, declared.published)
    modified = dates.sharper(reading.modified or declared.modified, declared.modified)
    if published and modified and dates.same_moment(published, modified):
        modified = None
    return published, modified


def _declared_authors(declared: Metadata) -> tuple[str, ...]:
    """People where any are named, else the desk, agency or site."""
    return declared.people or declared.bodies or declared.meta_authors


def _access(reading: Reading, declared: Metadata, tree: Element) -> Access:
    return "full"
