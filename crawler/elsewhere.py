"""Elsewhere: whether links lead to other pages of the same site, to a platform of its own, or to somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.markup import Element
from crawler.metadata import Metadata

_HOST = re.compile(r"\s*(?:https?:)?//(?:[^/@?#\s]*@)?(?P<host>[^/:?#\s]+)", re.IGNORECASE)
_SECOND = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"})  # of co.uk, com.br
# Where sites are followed, and pages shared.
_PLATFORMS = frozenset({
    "facebook", "fb", "twitter", "x", "t", "instagram", "threads", "tiktok", "youtube", "youtu", "linkedin", "whatsapp",
    "wa", "telegram", "pinterest", "reddit", "flipboard", "vk", "ok", "bsky", "viber", "line", "weibo", "xing",
    "getpocket",
})  # fmt: skip
_NEWS = re.compile(r"news\.google\.|profile\.google\.|google\.com/(?:publications|preferences)", re.IGNORECASE)


def home(declared: Metadata) -> frozenset[str]:
    """The names of the page's own site: of its address, and of the one that it gives itself."""
    return frozenset(name for url in (declared.url, declared.canonical or "") if (name := _site(url)))


def _site(url: str) -> str | None:
    """The part of a host's name that its owner registered: "courier.co.uk" of www.courier.co.uk."""
    match = _HOST.match(url)
    labels = match["host"].lower().strip(".").split(".") if match else []
    kept = 3 if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2 else 2
    return ".".join(labels[-kept:]) or None


def leads_away(links: Iterable[Element], home: frozenset[str]) -> bool:
    """Whether every one of some links leads to a site that is neither the page's own nor a platform."""
    sites = [_site(link.get("href") or "") for link in links]
    return bool(sites) and all(site and site not in home and not _is_platform(site) for site in sites)


def leads_home(link: Element, home: frozenset[str]) -> bool:
    """Whether a link leads to another page of the same site."""
    url = (link.get("href") or "").strip()
    if not url or url.startswith("#") or re.match(r"(?!https?:)[a-z][a-z+.-]*:", url, re.IGNORECASE):
        return False
    site = _site(url)
    return site is None or site in home


def leads_to_platform(link: Element) -> bool:
    """Whether a link leads to where a site can be followed."""
    url = link.get("href") or ""
    return bool(_NEWS.search(url)) or _is_platform(_site(url) or "")


def _is_platform(site: str) -> bool:
    return site.partition(".")[0] in _PLATFORMS
