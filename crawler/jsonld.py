"""JSON-LD: what a page says of its article to machines; malformed, in lists, in graphs, or lying."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crawler.markup import Element

Thing = Mapping[str, Any]

_ARTICLES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "LiveBlogPosting",
        "BlogPosting",
        "Report",
        "TechArticle",
        "SatiricalArticle",
        "ScholarlyArticle",
        "MedicalScholarlyArticle",
        "SocialMediaPosting",
        "Review",
        "ClaimReview",
        "Posting",
    ]
)
# Where no object is called an article, what the page says of itself as a page: systems for search engines do so.
_PAGES = frozenset(["WebPage", "ItemPage", "MedicalWebPage", "CreativeWork", "Recipe"])
_DEEPEST = 12  # levels of nesting; real pages have five


def things(tree: Element) -> list[Thing]:
    """Every object of the page's JSON-LD that has a type, graphs and lists undone."""
    found: list[Thing] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            source = script.text or ""
            found.extend(_typed(loaded, 0) if (loaded := _load(source)) is not None else _torn(source))
    return found


def article(found: list[Thing], title: str | None) -> Thing | None:
    """The object that speaks of the page's article: by type, then by headline, then by what it tells."""
    candidates = [thing for thing in found if types(thing) & _ARTICLES]
    if not candidates:
        return next((thing for thing in found if types(thing) & _PAGES and thing.get("datePublished")), None)
    if len(candidates) > 1 and title:
        named = [
            thing for thing in candidates if str(thing.get("headline") or thing.get("name") or "")[:40] == title[:40]
        ]
        candidates = named or candidates
    return max(candidates, key=_tells, default=None)


def types(thing: Thing) -> frozenset[str]:
    """The names of an object's types, without their vocabulary."""
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return frozenset(str(name).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in kinds if isinstance(name, str))


def text(value: object) -> str:
    """A value as a line of text: a string, an object's name or url, or the first of a list that has one."""
    if isinstance(value, str):
        return html.unescape(value) if "&" in value else value
    if isinstance(value, Mapping):
        return text(value.get("name") or value.get("@value") or value.get("url") or value.get("@id"))
    if isinstance(value, list):
        return next((line for item in value if (line := text(item))), "")
    return ""


def texts(value: object) -> list[str]:
    """All of a value's lines of text."""
    values = value if isinstance(value, list) else [value]
    return [line for item in values if (line := text(item))]


def _tells(thing: Thing) -> int:
    return sum(bool(thing.get(key)) for key in ("headline", "datePublished", "author", "dateModified", "articleBody"))


def _load(source: str) -> object:
    source = _unwrapped(source)
    for mend in _MENDS:
        try:
            return json.loads(mend(source), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


# What is wrong with the JSON that pages write: commas too many, backslashes that escape nothing.
_MENDS: tuple[Callable[[str], str], ...] = (
    str,
    lambda source: re.sub(r",\s*(?=[}\]])", "", source),
    lambda source: re.sub(r'\\(?!["\\/bfnrtu])', r"\\\\", source),
)


_STRING = r'"((?:[^\\]|\\.){1,300}?)"\s*(?=,\s*"|[}\]])'  # up to where the next value begins, quotation marks and all
_LOOKED_AT = 20_000  # characters of a torn script
_TORN = {
    "@type": re.compile(rf'"@type"\s*:\s*{_STRING}'),
    "headline": re.compile(rf'"headline"\s*:\s*{_STRING}'),
    "datePublished": re.compile(rf'"datePublished"\s*:\s*{_STRING}'),
    "dateModified": re.compile(rf'"dateModified"\s*:\s*{_STRING}'),
    "author": re.compile(rf'"author"\s*:\s*(?:\[?\s*\{{[^{{}}]{{0,400}}?"name"\s*:\s*)?{_STRING}'),
}


def _torn(source: str) -> Iterator[Thing]:
    """What can be told of an article from JSON that is broken beyond mending, as by quotation marks in a text.

    Only the first object of such a script is looked for, and only where it is called an article.
    """
    matches = {key: pattern.search(source, 0, _LOOKED_AT) for key, pattern in _TORN.items()}
    found = {key: _unquoted(match[1]) for key, match in matches.items() if match}
    if types(found) & _ARTICLES:
        yield found


def _unquoted(text: str) -> str:
    """The text of a JSON string, taken as it stands where its escapes are no JSON's."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _unwrapped(source: str) -> str:
    """What stands in a script without the comment or CDATA section that some pages wrap it in."""
    source = source.strip(" \t\r\n;")
    if source.startswith(("<", "/")):
        source = re.sub(r"^(?://\s*)?(?:<!--|<!\[CDATA\[)", "", source)
    if source.endswith(">"):
        source = source[:-40] + re.sub(r"(?://\s*)?(?:-->|\]\]>)$", "", source[-40:])
    return source.strip(" \t\r\n;")


def _typed(value: object, depth: int) -> Iterator[Thing]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _typed(item, depth + 1)
    elif isinstance(value, Mapping):
        if value.get("@type"):
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _typed(value.get(key), depth + 1)
