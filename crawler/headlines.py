"""Headlines: the title alone, out of all that a page gives for one."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.markup import letters, squeeze, width

# What sites put between a headline and their own name; Chinese and Japanese ones need no space around it.
_SEPARATOR = re.compile(
    r"(\s+(?:::|[|–—·»›•~<\-:/])\s+|-\s+(?!(?:und|oder|bis|and|or|to|og|och|en|of|eller|ja|tai)\b)|\s*[|｜丨]\s*|[：－]|-{2,}|"
    r"(?<=[\u2e80-\u9fff])[-／](?=[\u2e80-\u9fff])|"
    r"(?<=[^\x00-\x7f])_|_(?=[^\x00-\x7f]))"
)
_BEFORE = re.compile(r"(?:.*(?:[|｜»›•：_]|\s[–—:~-]|\s::)\s*)?")
_AFTER = re.compile(r"\s*(?:$|[|｜丨–—·»›•<：:_~－／-])")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d")
_SHORTEST = 15  # letters by which a headline is known again in a longer line
_FIELD = 80  # characters beyond which a headline that another one begins with is cut off
_LONGEST = 400  # characters of a title: one that is never closed holds the page
_STEM = 6  # letters of a host's name that are telling within a longer name


def headline(
    candidates: Iterable[str | None],
    shown: Sequence[str],
    sites: Sequence[str],
    sections: Sequence[str] = (),
    called: Sequence[str] | None = None,
) -> str | None:
    """The title that most candidates agree on, without the site's name, a section or a date around it.

    Of equals the one that the page shows wins, then the first. A candidate speaks for every shorter one
    that it begins or ends with, up to a separator: "Weather - Rain falls - The Courier" for "Rain falls".
    One headline that is set in several ways is taken as most set it, then as it is told to machines.
    Of the `sites` those are sure that the site is `called`; the others are made of its address, and may be its subject.
    """
    sure = sites if called is None else [name for name in called if " " in name or "." not in name]
    around = _Around(_bares(sites), _bares(sections), _bares(sure))
    heads = set(map(letters, shown))
    told = [_unnamed(title, around, heads) for one in candidates if one and (title := _tidied(one, around))]
    real = [one for one in dict.fromkeys(shown) if not _is_logo(one, shown, told, around)]
    headings = [title for one in real if (title := _tidied(one, around))]
    tidied = [*told, *headings]
    if not tidied:
        return None
    said = dict(zip(tidied, map(letters, tidied), strict=True))
    if len(set(said.values())) == 1:
        return max(tidied, key=tidied.count)
    first = said[headings[0]] if headings else None
    best = max(said, key=lambda title: (_votes(title, tidied, headings, said), said[title] == first))
    forms = [title for title in tidied if said[title] == said[best]]
    return max(forms, key=forms.count)


def _unnamed(title: str, around: _Around, heads: Collection[str]) -> str:
    """A title without the site's name and a colon before it: "Vellum Post: Rain falls", where no heading says that."""
    site, _, rest = title.partition(": ")
    if not rest or letters(title) in heads or not around.is_site(site):
        return title
    return rest if " " in site or _bare(site) in around.sure or letters(rest) in heads else title


def _votes(title: str, tidied: Sequence[str], heads: Sequence[str], said: Mapping[str, str]) -> int:
    """How many candidates speak for a title; of what each says `said` knows the letters, for marks and case differ."""
    spoken = sum(said[other] == said[title] or _speaks_for(other, title) for other in tidied)
    return spoken + sum(_has_kicker(head, title) for head in heads)


def _is_logo(head: str, heads: Sequence[str], told: Sequence[str], around: _Around) -> bool:
    """Whether a heading is the site's name: by its metadata, or by what follows another headline in <title>."""
    if around.is_site(head):
        return True
    name = letters(head)
    whole = list(map(letters, told))
    if name in whole:
        return False
    ends = [
        title
        for title, said in zip(told, whole, strict=True)
        if said.endswith(name) and letters(_SEPARATOR.split(title)[-1]) == name
    ]
    others = {letters(one) for one in heads} - {name}
    return any(len(end) > 2 * len(head) or letters(_SEPARATOR.split(end)[0]) in others for end in ends)


def _has_kicker(head: str, title: str) -> bool:
    """Whether a heading is a headline with a word or two before it, and nothing to part them but how they are set."""
    before = head.removesuffix(title)
    return (
        0 < len(before) < len(head) and before[-1] == " " and before[-2:-1].isalnum() and 2 * len(before) < len(title)
    )


def _speaks_for(other: str, title: str) -> bool:
    if _is_cut(other) and title.startswith(other.rstrip(" .…")):
        return True
    if title not in other or width(title) < _SHORTEST:
        return False
    before, _, after = other.partition(title)
    return bool(_BEFORE.fullmatch(before) and _AFTER.match(after))


def _is_cut(title: str) -> bool:
    """Whether it is what a field of so many characters holds of a headline."""
    return title.endswith(("…", "...")) or len(title) >= _FIELD


def _tidied(title: str, around: _Around) -> str:
    """A title without a name or a date before or after it; what follows the site's name goes with it."""
    first = squeeze(html.unescape(title))
    parts = _SEPARATOR.split(first)
    if len(parts) > 4 and len(parts[-1].split()) <= 3 and around.is_site(parts[-3]):
        parts = parts[:-4]
    while len(parts) > 2 and around.holds(parts[-1], parts[-2]):
        parts = parts[:-2]
    while len(parts) > 2 and around.holds(parts[0], parts[1]):
        parts = parts[2:]
    return "".join(parts).strip() or first


@dataclass(frozen=True, slots=True)
class _Around:
    """The names, bare, that may stand around a headline."""

    sites: frozenset[str]
    sections: frozenset[str]
    sure: frozenset[str]  # of the sites

    def holds(self, part: str, separator: str) -> bool:
        """Whether a part is one of them or a date; before a colon stands what a headline is about, no section."""
        if self.is_site(part) or _DATE.fullmatch(part.strip()):
            return True
        return separator.strip() not in {":", "："} and _bare(part) in self.sections

    def is_site(self, part: str) -> bool:
        """Whether a part is the site's name, or says it in more words: "The new Courier" of courier.test."""
        bare = _bare(part)
        if bare in self.sites:
            return True
        return len(part.split()) <= 5 and any(len(name) >= _STEM and bare.endswith(name) for name in self.sites)


def pieces(title: str) -> tuple[str, ...]:
    """A title, and what of it stands between such marks as part sites from headlines, where that is a third of it."""
    parts = _SEPARATOR.split(title) if len(title) <= _LONGEST else []
    runs = ("".join(parts[i:j]) for i in range(0, len(parts), 2) for j in range(len(parts), i, -2))
    return (title, *(run for run in runs if run != title and width(run) >= max(_SHORTEST, width(title) / 3)))


def is_site(name: str, sites: Iterable[str]) -> bool:
    """Whether an author's name is only one of the site's."""
    return _bare(name) in _bares(sites)


def sites_of(url: str) -> tuple[str, ...]:
    """The names that a site has by its address: "newscourier", "news" and "courier" of news.courier.test."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return ("".join(host[:-1]), "".join(host), *host[:-1])


def sections_of(url: str) -> tuple[str, ...]:
    """The names of sections that an address gives: its folders, but for years and languages."""
    folders = urlsplit(url).path.strip("/").split("/")[:-1]  # the last is the page's own name
    return tuple(name for name in folders if len(name) > 3 and not name.isdigit())


def _bares(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_bare, names)) - {""}


def _bare(text: str) -> str:
    """A name's letters and digits without accents, a host's without its ends."""
    plain = re.sub(r"^(?:https?://)?(?:www\.)?|\.(?:co\.uk|[a-z]{2,3})$", "", text.strip().lower())
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return re.sub(r"[\W_]", "", plain)
