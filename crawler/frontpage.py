"""Front pages: where a site that nobody knows keeps its feeds, its sitemaps and its articles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from crawler.links import Link, absolute_url, clean_url, looks_like_article, same_site
from crawler.markup import Element, parse

MAX_LINKS = 10_000  # of one page: more is a trap

# Tried on a site whose front page and robots.txt name no feed and no sitemap; relative to its root.
USUAL_PLACES = (
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/feed",
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/sitemap-index.xml",
    "/wp-sitemap.xml",
    "/sitemap.xml.gz",
)

_FEED_TYPE = re.compile(
    r"^application\d?/(?:rss|atom|rdf|feed)\+(?:xml|json)$|^text/(?:rss|atom)\+?xml$", re.IGNORECASE
)
_COMMENTS = re.compile(r"/comments/|\bcomments?\b|\bkommentar|\bcommentaires?\b|\bcomentarios?\b", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def find_feeds(html: bytes, url: str, content_type: str | None = None) -> tuple[str, ...]:
    """The feeds that a page names by `rel=alternate`, as listed; feeds of comments are left out."""
    tree = parse(html, content_type)
    if tree is None:
        return ()
    base = _base(tree, url)
    found = (absolute_url(link.get("href", ""), base) for link in tree.iter("link") if _names_feed(link))
    return tuple(dict.fromkeys(feed for feed in found if feed))


def _names_feed(link: Element) -> bool:
    rels = link.get("rel", "").lower().split()
    if not link.get("href") or not {"alternate", "feed"} & set(rels):
        return False
    if not _FEED_TYPE.match(link.get("type", "").partition(";")[0].strip()) and "feed" not in rels:
        return False
    return not _COMMENTS.search(f"{link.get('href')} {link.get('title', '')}")


def robots_sitemaps(robots_txt: bytes, url: str = "") -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, as listed; `url` is its own, against which relative ones are read."""
    text = robots_txt.decode("utf-8-sig", "replace").replace("\r", "\n")
    found = (absolute_url(value, url) for value in _SITEMAP_LINE.findall(text))
    return tuple(dict.fromkeys(sitemap for sitemap in found if sitemap))


def page_links(
    html: bytes,
    url: str,
    content_type: str | None = None,
    *,
    article_url: str = "",
    tracking: Collection[str] = (),
) -> tuple[Link, ...]:
    """The article links of a section or front page, absolute and clean, in the page's order, each once.

    With `article_url` (searched in the clean URL) what matches it; without, links on the same site that look
    like an article's.
    """
    tree = parse(html, content_type)
    if tree is None:
        return ()
    urls = dict.fromkeys(clean_url(link, tracking) for link in islice(_links(tree, _base(tree, url)), MAX_LINKS))
    here = clean_url(url, tracking)
    if article_url:
        wanted = [one for one in urls if re.search(article_url, one)]
    else:
        wanted = [one for one in urls if one != here and same_site(one, url) and looks_like_article(one)]
    return tuple(Link(url=one) for one in wanted)


def _links(tree: Element, base: str) -> Iterator[str]:
    hrefs = dict.fromkeys(anchor.get("href") or "" for anchor in tree.iter("a", "area"))
    return (link for href in hrefs if (link := absolute_url(href, base)))


def _base(tree: Element, url: str) -> str:
    """What relative links of a page are relative to."""
    named = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    return (absolute_url(named, url) if named else None) or url
