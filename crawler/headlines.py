"""Headlines: the title alone, out of all that a page gives for one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from crawler.markup import letters, squeeze


def headline(candidates: Iterable[str | None], shown: Sequence[str], site_names: Iterable[str | None]) -> str | None:
    """The title that most candidates agree on, without the site's name, a date or a section around it.

    Of equals the one that the page shows wins, then the first. A candidate speaks for every shorter one
    that it begins or ends with, up to a separator: "Weather - Rain falls - The Courier" for "Rain falls".
    """
    sites = tuple(site_names)
    tidied = [title for one in (*candidates, *shown) if one and (title := tidy_title(one, sites))]
    if not tidied:
        return None
    heads = {tidy_title(one, sites) for one in shown[:1]}
    return max(tidied, key=lambda title: (sum(_speaks_for(other, title) for other in tidied), title in heads))


def _speaks_for(other: str, title: str) -> bool:
    if other == title or letters(other) == letters(title):  # quotation marks and case differ between the two
        return True
    if len(title) < 15 or title not in other:
        return False
    before, _, after = other.partition(title)
    return bool(re.fullmatch(r"(?:.*(?:[|»•]|\s[–—-])\s*)?", before) and re.match(r"\s*(?:$|[|–—·»•:-])", after))


def tidy_title(title: str, site_names: Iterable[str | None]) -> str:
    """A title without the site's name or a date before or after it."""
    first = squeeze(html.unescape(title))
    sites = {_bare(site) for site in site_names if site}
    parts = re.split(r"(\s+[|–—·»•\-:]\s+|\s*\|\s*)", first)
    while len(parts) > 2 and _is_site(parts[-1], sites):
        parts = parts[:-2]
    while len(parts) > 2 and _bare(parts[0]) in sites:
        parts = parts[2:]
    return "".join(parts).strip() or first


def is_site(name: str, site_name: str | None, url: str) -> bool:
    """Whether an author's name is only the site's: its declared name, or its host's."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return _bare(name) in {
        _bare(site_name or ""),
        _bare("".join(host[:-1])),
        _bare("".join(host)),
        *map(_bare, host),
    } - {""}


def _bare(text: str) -> str:
    return re.sub(r"\W", "", re.sub(r"^(?:https?://)?(?:www\.)?|\.(?:com|org|net|de|co\.uk|fr)$", "", text.lower()))


def _is_site(part: str, sites: set[str]) -> bool:
    bare = _bare(part)
    return bare in sites or bool(re.fullmatch(r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d", part.strip()))
