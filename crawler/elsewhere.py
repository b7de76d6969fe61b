"""Elsewhere: what links lead to, and which lines only lead there: told by their shape, in any language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice, pairwise
from urllib.parse import urlsplit

from crawler.bodies import SENTENCE
from crawler.bylines import only_names
from crawler.edges import is_passage
from crawler.labels import heads_links
from crawler.markup import Element, text_of
from crawler.metadata import Metadata
from crawler.notices import is_of_the_house
from crawler.paragraphs import Paragraph

_HOST = re.compile(r"\s*(?:https?:)?//(?:[^/@?#\s]*@)?(?P<host>[^/:?#\s]+)", re.IGNORECASE)
_ARCHIVED = re.compile(r"\s*(?:https?:)?//web\.archive\.org/web/\w+/", re.IGNORECASE)  # and then the address itself
_PAID = frozenset({"sponsored", "nofollow"})
_SECOND = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"})  # of co.uk, com.br
# Where sites are followed, and pages shared.
_PLATFORMS = frozenset({
    "facebook", "fb", "twitter", "x", "t", "instagram", "threads", "tiktok", "youtube", "youtu", "linkedin", "whatsapp",
    "wa", "telegram", "pinterest", "reddit", "flipboard", "vk", "ok", "bsky", "viber", "line", "weibo", "xing",
    "getpocket",
})  # fmt: skip
_MOST = 20  # links of a card or list that are looked at
_MARKS = 3  # characters around a link that say nothing
_SEVERAL = 3  # lists
_NEWS = re.compile(r"news\.google\.|profile\.google\.|google\.com/(?:publications|preferences)", re.IGNORECASE)


def home(declared: Metadata) -> frozenset[str]:
    """The names of the page's own site: of its address, and of the one that it gives itself."""
    return frozenset(name for url in (declared.url, declared.canonical or "") if (name := _site(url)))


def _site(url: str) -> str | None:
    """The name that a host's owner registered: "courier" of www.courier.co.uk, and of its sister courier.com."""
    match = _HOST.match(_ARCHIVED.sub("", url))
    labels = match["host"].lower().strip(".").split(".") if match else []
    kept = 3 if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2 else 2
    return labels[max(0, len(labels) - kept)] if labels else None


def leads_away(links: Iterable[Element], home: frozenset[str]) -> bool:
    """Whether a list of links belongs to an article as what leads to other sites: a round-up's hotels, or goods.

    Its items tell something beside their links, or it is one of several lists; a bare list is what sponsors place.
    """
    listed = list(islice(links, _MOST))
    if not _are_of_others(listed, home):
        return False
    return _is_one_of_several(listed[0]) or (all(map(_tells_more, listed)) and not any(map(_is_paid, listed)))


def lead_freely_away(links: Iterable[Element], home: frozenset[str]) -> bool:
    """Whether some links lead to other sites, and none is paid for."""
    listed = list(islice(links, _MOST))
    return _are_of_others(listed, home) and not any(map(_is_paid, listed))


def _are_of_others(links: Iterable[Element], home: frozenset[str]) -> bool:
    """Whether each of some links leads to a site that is neither the page's own nor a platform."""
    sites = [_site(link.get("href") or "") for link in links]
    return bool(sites) and all(site and site not in home and site not in _PLATFORMS for site in sites)


def _is_paid(link: Element) -> bool:
    """Whether a link says that it is an advertiser's, or counts who follows it."""
    return not _PAID.isdisjoint((link.get("rel") or "").lower().split()) or "utm_" in (link.get("href") or "")


def _tells_more(link: Element) -> bool:
    item = next(link.iterancestors("li"), link)
    return len(text_of(item)) > len(text_of(link)) + _MARKS


def _is_one_of_several(link: Element) -> bool:
    around = next(link.iterancestors("ul", "ol"), link).getparent()
    return around is not None and sum(1 for _ in around.iterchildren("ul", "ol")) >= _SEVERAL


def leads_home(link: Element, home: frozenset[str]) -> bool:
    """Whether a link leads to another page of the same site."""
    url = (link.get("href") or "").strip()
    if not url or url.startswith("#") or re.match(r"(?!https?:)[a-z][a-z+.-]*:", url, re.IGNORECASE):
        return False
    site = _site(url)
    return site is None or site in home


_LABEL = re.compile(r"[^:|►»>]{0,28}(?:[:|►»→]|>+)\s?|\W{0,3}[»►▶→>\[]\W{0,3}")  # "Baca juga:", "READ |", ">>"
_POINTER = 300  # characters
_WORDS = 3  # of a label
_NAME = 2  # words: of somebody
_QUOTED = '“"„«「'


def without_pointers(blocks: list[Paragraph], home: frozenset[str]) -> list[Paragraph]:
    """The blocks without lines that are a label and one link to another page of the site: "Baca juga: ...".

    Where such lines outnumber the paragraphs, the page is a list of them.
    """
    pointers = {block for block in blocks if _points_home(block, home)}
    if not pointers or len(pointers) > sum(map(is_passage, blocks)) - len(pointers):
        return blocks
    return [block for block in blocks if block not in pointers]


def _points_home(block: Paragraph, home: frozenset[str]) -> bool:
    if not block.links or block.tag not in {"p", "div"} or len(block.text) >= _POINTER:
        return False
    links = [(link, said) for link in _own_links(block) if (said := text_of(link))]
    if len(links) != 1:
        return False
    (link, said), text = links[0], block.text.rstrip(" ]).")
    if not text.endswith(said.rstrip(" ]).")) or not leads_home(link, home):
        return False
    label = _before(text, said)
    return bool(_LABEL.fullmatch(label)) and len(label.split()) <= _WORDS and not _is_fact(said)


def _is_fact(said: str) -> bool:
    """Whether linked words are no headline: a name, a sentence, or what somebody wrote."""
    return said.endswith(".") or said[0] in _QUOTED or (only_names(said) and len(said.split()) == _NAME)


def _own_links(block: Paragraph) -> list[Element]:
    """The links of a block; none where its element holds other text, as loose words between line breaks."""
    left = len(block.text)
    for text in block.element.itertext():
        left -= len(text.strip())
        if left < 0:
            return []
    return list(block.element.iter("a"))


def _before(text: str, said: str) -> str:
    return text[: len(text) - len(said.rstrip(" ])."))]


_HEAD = 60  # characters of a line that heads links
_HEAD_WORDS = 5  # of one that a colon ends
_COLON = re.compile(r"\s?[:：፡]$")


def labels(blocks: Sequence[Paragraph], linked: Collection[Element], home: frozenset[str]) -> set[Paragraph]:
    """The lines that head what is gone: lists of links (`linked`), lines that are all link to pages of the site.

    Headings that are all link go with the label before them, as nothing else tells what they are.
    """
    found: set[Paragraph] = set()
    told = {one for one, two in pairwise(blocks) if one.is_heading and _is_link_home(one, home) and _tells(two)}
    for one, two in pairwise(blocks):
        if two.element in linked:
            if one.element not in linked and _heads(one.text):
                found.add(one)
        elif two in told and len(told) > 1:  # a digest
            continue
        elif _is_link_home(two, home) and (heads_links(one.text) or _is_brief_head(one.text)):
            found.update({one, two} if two.is_heading else {one})
    return found


def _tells(block: Paragraph) -> bool:
    return not block.is_heading and not block.links and len(block.text) > _HEAD


def _heads(text: str) -> bool:
    return len(text) < _HEAD and not SENTENCE.search(_COLON.sub("", text))


def _is_brief_head(text: str) -> bool:
    return bool(_COLON.search(text)) and _heads(text) and len(text.split()) <= _HEAD_WORDS


def _is_link_home(block: Paragraph, home: frozenset[str]) -> bool:
    if block.tag in {"li", "tr"} or block.links < 0.9 * len(block.text):
        return False
    links = _own_links(block) or list(block.element.iterancestors("a"))
    return bool(links) and all(leads_home(link, home) for link in links)


_FOLLOWED = 160  # characters of a line that says where to follow a site
_NAMED = re.compile(r"\b(?:Google News|WhatsApp|Telegram|Facebook|Instagram|Twitter|YouTube|TikTok)\b")
# Thai, Lao, Burmese and Khmer, where a sentence need not end in a mark.
_UNPOINTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_PROFILE = re.compile(r"/*(?:(?:@|c/|channel/|company/|groups/|invite/|pages/|user/|s/).*|[^/]*/?)")


def without_follow_lines(blocks: list[Paragraph]) -> list[Paragraph]:
    """The blocks without lines at the end that say where the site can be followed: "Ikuti kami di Google News".

    Nor what else a site asks there of its readers, or says of its rights.
    """
    end = len(blocks) - _LAST
    return [block for index, block in enumerate(blocks) if index < end or not _asks_to_follow(block)]


_LAST = 3  # blocks


def _asks_to_follow(block: Paragraph) -> bool:
    """A short line that leads to Google's news; or to a platform or names one, and ends no sentence."""
    if block.tag not in {"p", "div"}:
        return False
    if is_of_the_house(block.text):
        return True
    if len(block.text) > _FOLLOWED:
        return False
    urls = [link.get("href") or "" for link in _own_links(block)] if block.links else []
    if any(map(_NEWS.search, urls)):
        return True
    if SENTENCE.search(block.text) or _UNPOINTED.search(block.text):
        return False
    return any(map(_is_profile, urls)) or bool(_NAMED.search(block.text) and ":" not in block.text)


def _is_profile(url: str) -> bool:
    """Whether an address is where a site can be followed on a platform, and no post there."""
    return _site(url) in _PLATFORMS and bool(_PROFILE.fullmatch(_path(url)))


def _path(url: str) -> str:
    try:
        return urlsplit(url.strip()).path
    except ValueError:
        return ""
