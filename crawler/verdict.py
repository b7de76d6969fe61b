"""Verdict: whether a page holds an article at all, and how much of it the stored page shows."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from urllib.parse import urlsplit

from crawler import nearby, walls
from crawler.article import Access
from crawler.authors import is_person
from crawler.bodies import SENTENCE
from crawler.layout import Reading
from crawler.markup import Element, leads_on, select, text_of, width
from crawler.metadata import Metadata
from crawler.paragraphs import HEADINGS

_ARTICLE_KINDS = re.compile(r"(?:News)?Article$|BlogPosting$|LiveBlogPosting$|Review$|Report$")
_LIST_KINDS = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})
_LIST_BODY = re.compile(
    r"(?:^|\s)(?:home|blog|archive|category|tag|search|search-results|search-no-results|author)(?:\s|$)"
)
# Titles of error pages: a number that is all of them or said to be an error's, a missing page, a gate for robots.
_ERROR = re.compile(
    r"^\W*(?:(?:error|sorry|oops|whoops|uh-oh)\W{1,3})?"
    r"(?:(?:(?:error|erreur|fehler|errore|ошибка)\W{0,3})?(?:404|403|410|500|502|503)\s*(?:$|[-–—:|.!](?:\s|$)|error|"
    r"erreur|fehler|not found|page|seite|página|pagina|страница|forbidden|gone|internal server|bad gateway|"
    r"service unavailable)"
    r"|(?:error|erreur|fehler)\W{0,3}(?:404|403|410|500|502|503)\b"
    r"|(?:video|author|user|item|product|recipe)s? not found\W*$"
    r"|(?:(?:\w{1,12}\s){0,2}(?:page|article|file|story|post|content|url|site|document)\b.{0,20}\s)?not found\b"
    r"|page (?:introuvable|non trouvée|unavailable)|seite (?:wurde )?nicht gefunden|"
    r"p[áa]gina no encontrada|página não encontrada|pagina non trovata|страница не найдена|сторінку не знайдено|"
    r"access denied|just a moment|attention required|service unavailable|are you a robot)",
    re.IGNORECASE,
)
_SIGHED = re.compile(r"^\W*(?:forbidden\W*$|oops(?:!|\W*$)|sorry, (?:the|we))", re.IGNORECASE)
# What begins so is an error's where the page says no more than an error page does.
_DOUBTFUL = re.compile(
    r"^\W*(?:forbidden|oops|(?:\w+[!:.]\s)?(?:404|403|410)\b|\w+\W{1,3}(?:404|403|410)\W*$|.{0,20}\bnot found\b)",
    re.IGNORECASE,
)
_FEW = 300  # characters that an error page says
_HELP = 600  # and one that tells at length what to do
_STUB = 1500  # characters: what a paywall usually leaves is less
_CAPTION = 600  # characters: what stands under a video or a gallery is less
_PASSAGE = 80  # characters of a paragraph that tells something
_LINKS = 40  # links on a page without a paragraph of its own
_CARDS = 8  # headings that are links
_STORY = 3  # passages of a short article
_LINE = 50  # characters of one, as wide as Latin ones
_NUMBERED = re.compile(
    r"(?:^|&)(?:p=\d\d|(?:post|id|nid|aid|sid|newsid|news|article|article_id|story|storyid|item)=\d)", re.IGNORECASE
)
_ABOUT = re.compile(  # folders of pages on writers and subjects
    r"/(?:authors?|autor(?:en|es)?|autori|auteurs?|people|profiles?|staff|tags?|topics?|t[eé]mas?|themen|categor\w+)/",
    re.IGNORECASE,
)
_NAMES = 3  # words of a person's name as a title; in scripts without capitals headlines look like names
_SHORT = 140  # characters, as wide as Latin ones, that an undeclared page must have to be an article


def no_article(tree: Element, declared: Metadata, reading: Reading, url: str) -> str | None:
    """Why this is not a page of one article; None where it is."""
    if _is_error(tree, declared, reading):
        return "error page"
    # A page that a profile recognised is an article by that.
    article = (bool(reading.paragraphs or reading.lead) and not reading.by.startswith("generic")) or is_declared(
        declared
    )
    if not article and _is_listing(tree, declared, reading, url):
        return "listing"
    if not reading.paragraphs and not reading.lead:
        return "consent wall" if walls.asks_consent(tree, 40) else "empty"
    if reason := _other_kind(declared, reading):
        return reason
    return None if article or declared.published or reading.width >= _SHORT else "empty"


def _is_listing(tree: Element, declared: Metadata, reading: Reading, url: str) -> bool:
    """Front pages, archives and topics: named so, or many headings that are links and little prose."""
    if declared.kinds & _LIST_KINDS or _lists(tree) or (reading.size and _is_front(url)):
        return True
    if not reading.paragraphs and len(select(tree, "a[href]")) >= _LINKS:
        return True
    return reading.width < _STUB and _cards(tree) >= _CARDS and not _tells(tree, declared, reading, url)


def _is_front(url: str) -> bool:
    """Whether an address is a site's first; some sites number their articles there: "/?p=123"."""
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not _NUMBERED.search(parts.query)


def _tells(tree: Element, declared: Metadata, reading: Reading, url: str) -> bool:
    """Whether several passages of a short text stand side by side, in one element alone, without cards and below none.

    The words of a listing stand in its cards, those on a section or an author are few, and those on the site come last.
    """
    title = reading.title or ""
    if (is_person(title) and len(title.split()) <= _NAMES) or _ABOUT.search(urlsplit(url).path):
        return False
    told = {line for line in reading.paragraphs if width(line) >= _LINE and SENTENCE.search(line)}
    if len(told) < _STORY or not (declared.published or nearby.published(tree, reading.title, declared.language)):
        return False
    holders = (parent for one in tree.iter("p") if text_of(one) in told and (parent := one.getparent()) is not None)
    beside = Counter(holders)
    several = [parent for parent, count in beside.items() if count > 1]
    if len(several) != 1 or beside[several[0]] < _STORY or _cards(several[0]):
        return False
    above = list(takewhile(lambda one: one is not several[0], tree.iter("h1", "h2", "h3", several[0].tag)))
    head = next((one for one in reversed(above) if one.tag in HEADINGS), None)
    return head is None or not leads_on(head)


def _other_kind(declared: Metadata, reading: Reading) -> str | None:
    """Pages of a video, a gallery or a ticker that have next to no words."""
    if "LiveBlogPosting" in declared.kinds and len(reading.paragraphs) < 3:
        return "live ticker"
    if reading.size >= _CAPTION:
        return None
    if "VideoObject" in declared.kinds and not _written(declared):
        return "video"
    return "gallery" if declared.kinds & {"ImageGallery", "MediaGallery"} else None


def is_declared(declared: Metadata) -> bool:
    """Whether JSON-LD calls this page an article, or Open Graph does and gives its date."""
    return _written(declared) or ((declared.og_type or "").lower() == "article" and declared.published is not None)


def _written(declared: Metadata) -> bool:
    return any(_ARTICLE_KINDS.search(kind) for kind in declared.kinds)


def _is_error(tree: Element, declared: Metadata, reading: Reading) -> bool:
    """By the title of a page that says little, unless it is declared an article and has a passage of prose.

    A title that is an error's as a whole, over next to no words, tells it even then.
    """
    body = next(tree.iter("body"), tree)
    if "error404" in (body.get("class") or ""):
        return True
    title, size = reading.title or declared.page_title or "", reading.size
    if size < _HELP and _ERROR.fullmatch(title.rstrip(" .!")):
        return True
    if size >= _STUB or (is_declared(declared) and any(map(_is_passage, reading.paragraphs))):
        return False
    doubted = (size < _FEW and _DOUBTFUL.search(title)) or (size < _HELP and _SIGHED.search(title))
    return bool(_ERROR.search(title) or doubted)


def _is_passage(line: str) -> bool:
    return width(line) >= _PASSAGE and bool(SENTENCE.search(line))


def _lists(tree: Element) -> bool:
    """Sites made with WordPress name the kind of page in the body's class."""
    names = next(tree.iter("body"), tree).get("class") or ""
    return bool(_LIST_BODY.search(names)) and not re.search(r"(?:^|\s)single", names)


def _cards(tree: Element) -> int:
    """Headings that are links: the cards of which listings are made."""
    return sum(1 for heading in tree.iter("h2", "h3") if leads_on(heading))


def access(tree: Element, declared: Metadata, reading: Reading) -> Access:
    """What the stored page really shows: everything, a paywall's stub, or what stands before a consent wall."""
    if reading.size < 400 and walls.asks_consent(tree, 150):
        return "consent"
    if _is_cut(declared, reading) and (
        declared.free is False or walls.sells(tree, (reading.lead or "", *reading.paragraphs))
    ):
        return "paywall"
    return "full"


def _is_cut(declared: Metadata, reading: Reading) -> bool:
    """Whether the text ends early: short, in an ellipsis, or at less than half of the body declared."""
    if declared.body and len(declared.body) > 2 * reading.size:
        return True
    last = reading.paragraphs[-1] if reading.paragraphs else reading.lead or ""
    dense = width(last) > 1.5 * len(last)  # two or three letters a character
    return reading.size < (_STUB / 3 if dense else _STUB) or last.endswith(("…", "...", "[…]"))
