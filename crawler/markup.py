"""Markup: a page's bytes in, a tree of elements out, whatever their encoding and however broken they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import cast

from charset_normalizer import from_bytes
from cssselect import HTMLTranslator
from lxml import etree
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

Element = etree._Element

# XML 1.0 knows no control characters but tab, line feed and carriage return; libxml2 cuts the page at a null byte.
_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_TAGS = re.compile(rb"<[^>]*>")
_LARGE = 4_000_000  # bytes of a page: what is more, code apart, is no article
_SECTIONS = {"article", "aside", "figure", "footer", "header", "main", "nav", "section"}
_SAMPLE = 200_000  # bytes: enough to tell an encoding


def parse(page: bytes, content_type: str | None = None) -> Element | None:
    """The page's tree without comments, or None where there is no markup at all."""
    utf8 = _utf8(page, content_type).translate(None, _CONTROLS)
    if b"<" not in utf8:
        return None
    if len(utf8) > _LARGE:
        utf8 = _without_code(utf8)[:_LARGE]
    # Bytes, for lxml refuses strings that carry an XML declaration; a fresh parser, for they hold state.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = etree.fromstring(utf8, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return None if tree is None else _out_of_the_head(tree)


def _out_of_the_head(tree: Element) -> Element:
    """The tree with its content in its body: libxml2, which knows no HTML5, takes an <article> for part of the head.

    Authors may leave out the tags of head and body, and the first section of the page then begins the body.
    """
    head = tree.find("head")
    first = next((child for child in head if child.tag in _SECTIONS), None) if head is not None else None
    if head is not None and first is not None:
        body = tree.find("body")
        body = etree.SubElement(tree, "body") if body is None else body
        body[:0] = [first, *first.itersiblings()]
    return tree


def _without_code(utf8: bytes) -> bytes:
    """A large page without its scripts, which often are most of it; JSON-LD, which tells of the article, stays."""
    kept: list[bytes] = []
    place = 0
    while (start := utf8.find(b"<script", place)) >= 0 and (end := utf8.find(b"</script", start)) >= 0:
        is_code = b"ld+json" not in utf8[start : start + 200]
        kept.append(utf8[place : start if is_code else end])
        place = end
    return b"".join((*kept, utf8[place:]))


def _utf8(page: bytes, content_type: str | None) -> bytes:
    """The page in UTF-8: as it is where it is that already, which spares most pages two conversions."""
    if page.startswith(b"\xef\xbb\xbf"):
        page = page[3:]
    if not page.startswith((b"\xff\xfe", b"\xfe\xff")) and (not page.isascii() or b"\x1b" not in page):
        try:
            page.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return page
    return decode(page, content_type).encode("utf-8", "replace")


def decode(page: bytes, content_type: str | None = None) -> str:
    """The page as text: by byte order mark, then HTTP, then the page's own declaration, then detection.

    Text that is valid UTF-8 beyond ASCII is UTF-8 whatever is declared: other encodings hardly ever make
    valid sequences. A declaration that most of the page contradicts is not believed.
    """
    marked, mark = read_bom(page)
    if marked:
        return to_unicode(page[len(mark or b"") :], marked)
    if (text := _strict(page, "utf-8")) is not None and not page.isascii():
        return text
    declared = (http_content_type_encoding(content_type), html_body_declared_encoding(page[:4096]))
    for encoding in declared:
        if encoding and (text := _strict(page, encoding)) is not None:
            return text
    return _least_damaged(page, [encoding for encoding in declared if encoding])


def _strict(page: bytes, encoding: str) -> str | None:
    try:
        return page.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _least_damaged(page: bytes, declared: list[str]) -> str:
    """What is declared, a few torn characters or not; else what the bytes look like."""
    for encoding in [*declared, "utf-8"]:
        text = to_unicode(page, encoding)
        beyond_ascii = sum(character > "\x7f" for character in text[:_SAMPLE])
        if text[:_SAMPLE].count("\ufffd") * 2 <= beyond_ascii:
            return text
    return to_unicode(page, _detected(page))


def _detected(page: bytes) -> str:
    """Western European, as browsers assume, where few bytes are beyond ASCII; else what their frequencies say."""
    words = _TAGS.sub(b" ", page[:_SAMPLE])
    if sum(byte > 127 for byte in words) * 8 < len(b"".join(words.split())):
        return "cp1252"
    guess = from_bytes(words, steps=5, chunk_size=1024).best()
    return guess.encoding if guess else "cp1252"


def squeeze(text: str | None) -> str:
    """Every run of white space as one space, none at the ends; characters of no width are gone."""
    if not text:
        return ""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


HIDDEN = frozenset({"script", "style", "noscript", "template"})
_EDGES = frozenset({"br", "div", "p", "li", "ul", "td", "tr", "h1", "h2", "h3", "section"})  # words do not run across


def text_of(element: Element) -> str:
    """All of an element's text on one line, scripts and styles apart."""
    return squeeze("".join(_pieces(element)))


def line_of(element: Element, longest: int) -> str:
    """An element's text where it is a line of so many characters at most; else "", however long it is."""
    pieces: list[str] = []
    size = 0
    for piece in _pieces(element):
        pieces.append(piece)
        size += len(piece.strip())
        if size > longest:
            return ""
    return line if len(line := squeeze("".join(pieces))) <= longest else ""


def _pieces(element: Element) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if node.tag not in HIDDEN:
                yield f" {node.text or ''}" if node.tag in _EDGES else node.text or ""
        elif node is not element:
            yield f" {node.tail or ''}" if node.tag in _EDGES else node.tail or ""


_CLOSE = 3  # elements around a byline, and around the next name of the same


def is_close(first: Element, second: Element) -> bool:
    """Whether two elements stand in one that is closely around both."""
    near, others = ({one, *islice(one.iterancestors(), _CLOSE)} for one in (first, second))
    return not near.isdisjoint(others)


_BY_CLASS = re.compile(r"@class and contains\(concat\(' ', normalize-space\(@class\), ' '\), ' ([^' ]+) '\)")


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> etree.XPath:
    """The selector as XPath, with a cheap test of the class before the exact one."""
    path = HTMLTranslator().css_to_xpath(selector)
    return etree.XPath(_BY_CLASS.sub(lambda match: f"contains(@class, '{match[1]}') and {match[0][11:]}", path))


def select(tree: Element, *selectors: str) -> list[Element]:
    """The elements that the first matching selector finds, in the page's order."""
    for selector in selectors:
        if found := cast("list[Element]", _compiled(selector)(tree)):
            return found
    return []


def select_all(tree: Element, *selectors: str) -> list[Element]:
    """The elements that any of these selectors find."""
    return cast("list[Element]", _compiled(", ".join(selectors))(tree)) if selectors else []


_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?:\.(?P<name>[\w-]+)|#(?P<id>[\w-]+))?")


class Marked:
    """The elements under a root that a list of selectors names; simple ones are told by a look at the element."""

    def __init__(self, root: Element, selectors: Sequence[str]) -> None:
        tags, names, ids, others = _sorted(tuple(selectors))
        self._tags, self._names, self._ids = tags, names, ids
        self._others = {element for one in others for element in select(root, one)}  # a union is put in order: slow

    def __contains__(self, element: object) -> bool:
        assert isinstance(element, etree._Element)
        if element.tag in self._tags or element in self._others:
            return True
        attributes = element.attrib
        if "class" in attributes and not self._names.isdisjoint(str(attributes["class"]).split()):
            return True
        return "id" in attributes and attributes["id"] in self._ids


@lru_cache(maxsize=256)
def _sorted(selectors: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], frozenset[str], tuple[str, ...]]:
    """Selectors by kind: tags, classes, ids, and all that say more."""
    kinds: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for selector in selectors:
        match = _SIMPLE.fullmatch(selector)
        parts = [bool(match and match[name]) for name in ("tag", "name", "id")]
        kind = parts.index(True) if sum(parts) == 1 else 3
        kinds[kind].append(selector.lstrip(".#") if kind < 3 else selector)
    return frozenset(kinds[0]), frozenset(kinds[1]), frozenset(kinds[2]), tuple(kinds[3])


_NO_LETTERS = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """A text's letters and digits in lower case, to compare what is said and not how it is set."""
    return _NO_LETTERS.sub("", text.casefold())


def width(text: str) -> int:
    """The characters of a text, those of Chinese, Japanese and Korean counted twice."""
    return len(text) + (0 if text.isascii() else len(_WIDE.findall(text)))


_WIDE = re.compile("[\u2e81-\U0010ffff]")


def leads_on(heading: Element) -> bool:
    """Whether a heading holds a link or stands in one, as those of other stories do."""
    inner = (link for link in heading.iter("a") if link.get("href"))
    return next(inner, None) is not None or next(heading.iterancestors("a"), None) is not None
