"""Order: which part of a sitemap index and which article of a sitemap is the newest, as far as names tell."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from crawler.links import Link, clean_url, url_date

# Parts whose names hold one of these words list no articles: they are not fetched.
_WITHOUT_ARTICLES = frozenset(
    """
    section sections video videos image images photo photos gallery galleries author authors tag tags category
    categories topic topics user users podcast podcasts audio show shows program programs programme programmes
    pagebuilder pagebuilders event events product products
    """.split()  # noqa: SIM905 (words are best read as words)
)
_FRESH = frozenset({"news", "latest", "recent", "today", "current", "breaking"})
_WORDS = re.compile(r"[a-z]+")
_MONTH = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)  # 2020, 202011, 2020-11, 2020/11/05
_NUMBER = re.compile(r"(?<!\d)(\d{1,18})(\.[a-z.]+)?$")  # sitemap_8_10.xml.gz, sitemap.xml?page=10
# WordPress counts from the oldest: its own sitemaps by number of the post, Yoast's by last change.
_WORDPRESS = re.compile(r"/(?:wp-sitemap-posts-post-\d+|post-sitemap\d*)\.xml$")


def last_day(url: str) -> date | None:
    """The last day of the year, month or day in a part's name, and one more for the time zones; None without."""
    found = _MONTH.findall(_name(url))
    if not found:
        return None
    year, month, day = (int(number or 0) for number in found[-1])
    length = monthrange(year, month or 12)[1]
    return date(year, month or 12, min(day or length, length)) + timedelta(days=1)


def parts_in_order(parts: Iterable[Link]) -> tuple[Link, ...]:
    """The parts of a sitemap index that may hold articles, the newest first.

    What calls itself news or latest comes first, then parts named after a time, the latest first, then
    numbered ones: by their number, for the first part is mostly the newest, but the other way round in
    WordPress. Others keep their places at the end.
    """
    kept = [part for part in parts if _WITHOUT_ARTICLES.isdisjoint(_WORDS.findall(_name(part.url)))]
    series: dict[str, int] = {}  # numbered parts that differ in their number only, in order of appearance
    ranked = sorted(kept, key=lambda part: _rank(part, series))
    return tuple(replace(part, last_day=last_day(part.url)) for part in ranked)


def _rank(part: Link, series: dict[str, int]) -> tuple[int, int, int]:
    name = _name(part.url)
    if not _FRESH.isdisjoint(_WORDS.findall(name)) and last_day(part.url) is None:
        return (0, 0, 0)
    if latest := last_day(part.url):
        return (1, -latest.toordinal(), 0)
    numbered = _NUMBER.search(name)
    if _WORDPRESS.search(urlsplit(part.url).path):
        return (2, series.setdefault("", len(series)), -int(numbered[1] if numbered else 1))
    if numbered:
        return (2, series.setdefault(name[: numbered.start()], len(series)), int(numbered[1]))
    return (3, 0, 0)


def articles_in_order(
    links: tuple[Link, ...], sitemap: str, article_url: str, tracking: Collection[str]
) -> tuple[Link, ...]:
    """The articles of a sitemap, the newest first.

    By the number that the group `id` of `article_url` finds in their clean URLs, without such a group by the
    date in them; WordPress's own sitemaps backwards; what tells neither comes last, as listed.
    """
    if _WORDPRESS.search(urlsplit(sitemap).path):
        return links[::-1]
    pattern = re.compile(article_url)
    if "id" not in pattern.groupindex:
        return tuple(sorted(links, key=lambda link: -_day(link)))
    return tuple(sorted(links, key=lambda link: -_number(pattern.search(clean_url(link.url, tracking)))))


def _day(link: Link) -> int:
    when = url_date(link.url)
    return when.toordinal() if when else 0


def _number(found: re.Match[str] | None) -> int:
    identifier = (found["id"] or "") if found else ""
    return int(identifier) if identifier.isdecimal() and len(identifier) < 100 else 0


def _name(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}".lower().removesuffix("?")
