"""Titles: the headline of a page that nothing is known about, by its metadata and by what it shows."""

from __future__ import annotations

from itertools import islice
from urllib.parse import urljoin, urlsplit

from crawler.headlines import headline, pieces
from crawler.markup import HIDDEN, Element, letters, text_of
from crawler.metadata import Metadata

_HEADINGS = 5  # a page of more headings of the first order gives them to other stories
_UNSEEN = HIDDEN | {"head", "title", "option"}
_LONGEST = 400  # characters of a headline, white space and all


def title(tree: Element, declared: Metadata) -> str | None:
    """The title that metadata and headings agree on."""
    headings = [(one, text) for one in _headings(tree) if (text := text_of(one))]
    names = [text for h1, text in headings if _leads_home(h1, declared.url)]
    shown = [text for _, text in headings if text not in names]
    candidates = (declared.headline, declared.og_title, declared.page_title)
    found = headline(candidates, shown, (*declared.sites, *names), declared.sections, (*declared.names, *names))
    if not found or letters(found) in map(letters, shown):
        return found
    return _as_shown(found, tree, declared.url)


def _headings(tree: Element) -> list[Element]:
    """Those of the first order, or the one that is marked as the headline, where those only say where one is.

    This serves sites that give the last of their breadcrumbs to search engines as the first heading.
    """
    first = list(islice(tree.iter("h1"), _HEADINGS))
    marked = list(islice((one for one in tree.iter("h2") if one.get("itemprop") == "headline"), 2))
    return marked if first and len(marked) == 1 and all(map(_in_breadcrumbs, first)) else first


def _in_breadcrumbs(element: Element) -> bool:
    around = islice(element.iterancestors("nav", "ol", "ul", "li", "div", "span", "p"), 3)
    return any("breadcrumb" in (one.get("class") or "").lower() for one in (element, *around))


def _leads_home(element: Element, url: str) -> bool:
    """Whether an element is a link to the front page, as the name or logo of a site is."""
    links = (one for one in (element, *element.iterancestors("a"), *element.iter("a")) if one.tag == "a")
    link = next((one.get("href") for one in links if one.get("href")), None)
    if link is None:
        return False
    try:
        parts = urlsplit(urljoin(url, link))
    except ValueError:
        return False
    return parts.netloc == urlsplit(url).netloc and parts.path in {"", "/"} and not parts.query and not parts.fragment


def _as_shown(found: str, tree: Element, url: str) -> str:
    """Of a title that no heading of the first order shows the longest part that stands by itself on the page.

    This serves pages whose headline is set in a heading of the second order or in none, under a site's name that
    nothing else tells: "Rain falls - Courier of the Coast" with a <div> of "Rain falls".
    """
    parts = {letters(part): part for part in pieces(found)}
    if len(parts) < 2:
        return found
    shortest = min(map(len, parts))
    lines = ((one, one.text) for one in tree.iter("*") if one.text and len(one.text) >= shortest)
    there = {
        said
        for one, line in lines
        if one.tag not in _UNSEEN and (said := letters(line[:_LONGEST])) in parts and not _leads_home(one, url)
    }
    return parts[max(there, key=len)] if there else found
