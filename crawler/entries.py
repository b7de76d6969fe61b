"""Entries: what the XML of a feed or a sitemap lists, read as a stream and without ever building a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import Any, Final

from lxml import etree

from crawler.links import Link, absolute_url

MAX_ENTRIES: Final = 50_000  # of one listing, each URL counted once: what the sitemap protocol allows
MAX_PIECES: Final = 3_000_000  # elements and pieces of text of one listing: a few seconds of work
_CHUNK = 65_536  # characters given to the parser at a time

# Which elements are entries, by the document's root.
_ENTRIES = {
    "rss": {"item"},
    "rdf": {"item"},
    "feed": {"entry"},
    "urlset": {"url", "sitemap"},
    "sitemapindex": {"url", "sitemap"},
}
# What is read of an entry: its children by their local names in lower case, and one grandchild.
_TEXTS = frozenset(
    {"loc", "link", "guid", "origlink", "pubdate", "published", "issued", "date", "news/publication_date"}
)
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_END_OF_DOCTYPE = re.compile(r"\]\s*>")
_CDATA_OR_REFERENCE = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|&(#\d{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z]\w{0,31};)?", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What could be read of a listing, and what was the matter with it."""

    links: tuple[Link, ...]
    complaints: tuple[str, ...]
    news: bool  # it has the publication dates of a news sitemap


class _Enough(Exception):
    """The listing holds more than is read of one."""


def root_name(text: str) -> str | None:
    """The local name of an XML document's root in lower case, or None where there is none."""
    found: list[str] = []

    class Root:
        def start(self, tag: str, _attributes: dict[str, str]) -> None:
            found.append(_local(tag))
            raise _Enough

        def close(self) -> None: ...

    try:
        parser = _parser(Root(), recover=True)
        parser.feed(_without_entities(text[:_CHUNK]).encode("utf-8", "replace"))
        parser.close()
    except (_Enough, etree.XMLSyntaxError):
        pass
    return found[0] if found else None


def read_entries(text: str, url: str) -> Entries:
    """The entries of a feed, sitemap or sitemap index; of malformed XML, those that stand before the damage and after.

    No entity of the document's own is expanded, nothing outside is loaded, and an entry that was torn off
    is left out, for its address would be another one's.
    """
    text = _without_entities(text)
    reader = _Reader(url)
    try:
        _feed(reader, text, recover=False)
    except etree.XMLSyntaxError as error:
        reader = _Reader(url)
        text = _CDATA_OR_REFERENCE.sub(_numeric, text, count=MAX_PIECES)
        _feed(reader, text, recover=True)
        reader.complaints.append(f"malformed XML ({_told(error)}); {len(reader.links)} entries could be read")
    return Entries(links=tuple(reader.links), complaints=tuple(reader.complaints), news=reader.news)


def _parser(target: Any, *, recover: bool) -> etree.XMLParser:
    # libxml2's own limits on depth, text and amplification stay on (huge_tree).
    return etree.XMLParser(
        target=target, encoding="utf-8", recover=recover, resolve_entities=False, load_dtd=False, no_network=True,
        huge_tree=False,
    )  # fmt: skip


def _feed(reader: _Reader, text: str, *, recover: bool) -> None:
    parser = _parser(reader, recover=recover)
    try:
        for start in range(0, len(text), _CHUNK):
            parser.feed(text[start : start + _CHUNK].encode("utf-8", "replace"))
        parser.close()
    except _Enough as reached:
        reader.complaints.append(f"more than {reached}; the rest is not read")
    except etree.XMLSyntaxError:
        if not recover:
            raise


def _without_entities(text: str) -> str:
    """The document without its type declaration, where that declares entities.

    The parser would expand them in places, within its limits; a reference to what is not declared is dropped.
    """
    start = text.find("<!DOCTYPE") if "<!ENTITY" in text else -1
    end = _END_OF_DOCTYPE.search(text, start) if start >= 0 else None
    if end is None:
        return text
    return (text[:start] + text[end.end() :]).replace("<!DOCTYPE", " ")


def _numeric(found: re.Match[str]) -> str:
    """A reference by number, for once libxml2 has met a fault it drops all references by name, `&amp;` too.

    A bare "&", the commonest fault, is taken as it was meant, and so are HTML's names.
    """
    reference = found[1] or ""
    if found[0].startswith("<") or reference.startswith("#"):
        return found[0]
    characters = html5.get(reference)
    return "".join(f"&#{ord(one)};" for one in characters) if characters else f"&#38;{reference}"


def _told(error: etree.XMLSyntaxError) -> str:
    return re.sub(r" \(<string>, line \d+\)$", "", str(error))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


class _Reader:
    """A parser's target that keeps one entry at a time."""

    def __init__(self, url: str) -> None:
        self.links: list[Link] = []
        self.complaints: list[str] = []
        self.news = False
        self._listed: set[str] = set()
        self._pieces = 0
        self._unusable = 0
        self._bases = [url]  # one for each open element
        self._names: set[str] = set()  # of the elements that are entries here
        self._path: list[str] = []  # of the open elements within the entry, the entry first
        self._texts: dict[str, str] = {}
        self._links: list[tuple[str, str]] = []  # what rel, where to
        self._characters: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count_piece()
        name = _local(tag)
        if len(self._bases) == 1:
            self._names = _ENTRIES.get(name, set())
        base = attributes.get(_BASE)
        self._bases.append((absolute_url(base, self._bases[-1]) or self._bases[-1]) if base else self._bases[-1])
        self._characters = []
        if name in self._names:
            self._begin(name, attributes)
        elif self._path:
            self._path.append(name)
            self._note_attributes(name, attributes)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if self._path:  # tags were not closed: entries never stand in one another
            self._finish(self._path[0], self._bases[-1])
        self._path = [name]
        self._texts = {"about": attributes.get(_ABOUT, "")}
        self._links = []

    def _note_attributes(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) == 2 and name == "link" and "href" in attributes:
            self._links.append((attributes.get("rel", "alternate"), attributes["href"]))
        if name == "guid" and attributes.get("isPermaLink", "true").lower() == "false":
            self._texts["guid"] = ""  # an identifier, not an address

    def _count_piece(self) -> None:
        self._pieces += 1
        if self._pieces > MAX_PIECES:
            raise _Enough(f"{MAX_PIECES:,} elements and pieces of text")

    def data(self, text: str) -> None:
        self._count_piece()
        if self._path:
            self._characters.append(text)

    def end(self, _tag: str) -> None:
        base = self._bases.pop()
        if len(self._path) == 1:
            self._finish(self._path[0], base)
        elif self._path:
            key = "/".join(self._path[1:])
            if key in _TEXTS and (text := "".join(self._characters).strip()):
                self._texts.setdefault(key, text)
        self._path = self._path[:-1]
        self._characters = []

    def close(self) -> None:
        if self._unusable:
            self.complaints.append(f"{self._unusable} entries without a usable URL left out")

    def _finish(self, name: str, base: str) -> None:
        url = next((url for href in self._addresses() if (url := absolute_url(href, base))), None)
        if url in self._listed:
            return
        if len(self.links) + self._unusable == MAX_ENTRIES:
            raise _Enough(f"{MAX_ENTRIES:,} entries")
        if url is None:
            self._unusable += 1
            return
        self._listed.add(url)
        self.news = self.news or "news/publication_date" in self._texts
        self.links.append(Link(url=url, published=self._published(), listing=name == "sitemap"))

    def _addresses(self) -> Iterator[str]:
        """The entry's addresses, the best first."""
        texts = self._texts
        yield from (texts[key] for key in ("origlink", "loc", "link") if texts.get(key))
        yield from (href for rel, href in self._links if rel == "alternate")
        yield from (texts[key] for key in ("guid", "about") if texts.get(key, "").startswith(("http://", "https://")))

    def _published(self) -> date | None:
        keys = ("news/publication_date", "pubdate", "published", "issued", "date")
        return next((when for key in keys if (when := read_date(self._texts.get(key, "")))), None)


def read_date(text: str) -> date | None:
    """A feed's date: RFC 822 or ISO 8601, with a time where it has one; None for anything else."""
    text = text.strip()
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        pass
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
