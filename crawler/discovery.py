"""Discovery: feeds, sitemaps and section pages; bytes in, links out."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.entries import MAX_ENTRIES, read_date, read_entries, root_name
from crawler.frontpage import USUAL_PLACES, find_feeds, page_links, robots_sitemaps
from crawler.links import Link, absolute_url, clean_url, url_date
from crawler.markup import decode
from crawler.order import articles_in_order, last_day, parts_in_order

__all__ = [
    "MAX_INFLATED", "USUAL_PLACES", "Kind", "Link", "Listing", "clean_url", "find_feeds", "inflate", "last_day",
    "page_links", "read_listing", "robots_sitemaps", "url_date",
]  # fmt: skip

Kind = Literal["rss", "rdf", "atom", "json", "sitemap", "news sitemap", "sitemap index", "text", "html", "unknown"]

MAX_INFLATED = 52_428_800  # bytes of a listing once inflated: what the sitemap protocol allows

_ROOTS: dict[str | None, Kind] = {
    "rss": "rss", "rdf": "rdf", "feed": "atom", "urlset": "sitemap", "sitemapindex": "sitemap index",
}  # fmt: skip
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|div|table|a|p)\b", re.IGNORECASE)
_NO_PAGE = re.compile(
    r"(?<!xhtml)[/+.](?:xml|rss|atom|rdf|json)\b|/feeds?\b|gzip|\.gz$", re.IGNORECASE
)  # media types, and paths
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff]")
_HEAD = 4_096  # characters in which a document must show what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one feed, sitemap or page lists; `warnings` are whole lines that name it."""

    url: str
    kind: Kind
    links: tuple[Link, ...]
    warnings: tuple[str, ...] = ()


def read_listing(
    body: bytes,
    url: str,
    content_type: str | None = None,
    *,
    article_url: str = "",
    tracking: Collection[str] = (),
) -> Listing:
    """What the listing at `url` lists, whatever it is, gzipped or not. Never raises.

    Feeds, news sitemaps and pages keep their order; sitemaps and their indexes are put newest first as far as
    names and the group `id` of `article_url` tell. `article_url` (a regular expression, searched in the clean
    URL) also says which links of a page are articles. What yields nothing has no links and mostly a warning.
    """
    text, warnings = _text(body, content_type)
    kind, text, odd = _recognised(text)
    warnings += odd
    if kind == "html":
        if _NO_PAGE.search(content_type or "") or _NO_PAGE.search(urlsplit(url).path):
            warnings.append("a web page stands where a feed or sitemap should; the article links on it are taken")
        page = text.encode("utf-8", "replace")
        links = page_links(page, url, "text/html; charset=utf-8", article_url=article_url, tracking=tracking)
    elif kind == "json":
        links, odd = _json_links(text, url)
        warnings += odd
    elif kind == "text":
        links = _lines(text)
    elif kind == "unknown":
        links = ()
    else:
        entries = read_entries(text, url)
        links = entries.links
        warnings += entries.complaints
        kind = "news sitemap" if kind == "sitemap" and entries.news else kind
    links = _ordered(kind, links, url, article_url, tracking)
    return Listing(url=url, kind=kind, links=links, warnings=tuple(f"{url}: {warning}" for warning in warnings))


def inflate(body: bytes) -> tuple[bytes, list[str]]:
    """A body without its gzip, twice where a server did it twice: at most MAX_INFLATED bytes; and complaints."""
    complaints: list[str] = []
    for _ in range(2):
        if not body.startswith(b"\x1f\x8b"):
            break
        body, complaint = _gunzip(body)
        complaints += complaint
    return body, complaints


def _gunzip(body: bytes) -> tuple[bytes, list[str]]:
    pieces: list[bytes] = []
    room = MAX_INFLATED
    while body.startswith(b"\x1f\x8b"):  # one member after another
        member = zlib.decompressobj(wbits=31)
        try:
            pieces.append(member.decompress(body, room))
        except zlib.error as error:
            return b"".join(pieces), [f"damaged gzip ({error})"]
        room -= len(pieces[-1])
        if room <= 0:
            return b"".join(pieces), [f"inflates to more than {MAX_INFLATED:,} bytes; the rest is not read"]
        if not member.eof:
            return b"".join(pieces), ["the gzip breaks off; what was there is read"]
        body = member.unused_data
    return b"".join(pieces), []


def _text(body: bytes, content_type: str | None) -> tuple[str, list[str]]:
    body, warnings = inflate(body)
    # Pure ASCII may declare itself UTF-16 all the same: some generators do.
    text = body.decode("ascii") if body.isascii() else decode(body, content_type)
    text = _CONTROLS.sub("", text).strip()
    return text, warnings if text else [*warnings, "is empty"]


def _recognised(text: str) -> tuple[Kind, str, list[str]]:
    """What kind of listing a text is, and the text from where it begins."""
    if not text:
        return "unknown", "", []
    head = text[:_HEAD]
    kind = _ROOTS.get(root_name(text)) if text.startswith("<") else None
    if kind is None and (start := head.find("<?xml")) > 0 and (kind := _ROOTS.get(root_name(text[start:]))):
        return kind, text[start:], ["something stands before the XML; it is passed over"]
    if kind is None and text.startswith("{"):
        kind = "json"
    if kind is None and re.match(r"https?://\S", text):
        kind = "text"
    if kind is None and _HTML.search(head):
        kind = "html"
    return (kind, text, []) if kind else ("unknown", text, ["is neither a feed nor a sitemap nor a page"])


def _ordered(
    kind: Kind, links: tuple[Link, ...], url: str, article_url: str, tracking: Collection[str]
) -> tuple[Link, ...]:
    if kind in ("sitemap", "text"):
        return articles_in_order(links, url, article_url, tracking)
    return parts_in_order(links) if kind == "sitemap index" else links


def _lines(text: str) -> tuple[Link, ...]:
    """The links of a plain text sitemap: one URL a line."""
    urls = (absolute_url(line, "") for line in islice(dict.fromkeys(text.splitlines()), MAX_ENTRIES))
    return tuple(Link(url=url) for url in urls if url)


def _json_links(text: str, url: str) -> tuple[tuple[Link, ...], list[str]]:
    """The links of a JSON Feed (jsonfeed.org)."""
    try:
        items = json.loads(text)["items"]
        found = [_json_link(item, url) for item in items[:MAX_ENTRIES]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return (), ["is JSON, but no JSON Feed"]
    return tuple(link for link in found if link), []


def _json_link(item: dict[str, Any], base: str) -> Link | None:
    url = absolute_url(str(item.get("url") or ""), base) if item.get("url") else None
    return Link(url=url, published=read_date(str(item.get("date_published", "")))) if url else None
