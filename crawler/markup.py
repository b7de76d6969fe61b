"""Markup: a page's bytes in, a tree of elements out, whatever their encoding and however broken they are."""

from __future__ import annotations

import re
from functools import lru_cache

from charset_normalizer import from_bytes
from cssselect import HTMLTranslator
from lxml import etree
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

Element = etree._Element

# XML 1.0 knows no control characters but tab, line feed and carriage return; libxml2 cuts the page at a null byte.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_SAMPLE = 200_000  # bytes: enough to tell an encoding


def parse(page: bytes, content_type: str | None = None) -> Element | None:
    """The page's tree without comments, or None where there is no markup at all."""
    text = _CONTROLS.sub("", decode(page, content_type))
    if "<" not in text:
        return None
    # Bytes, for lxml refuses strings that carry an XML declaration; a fresh parser, for they hold state.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


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
        if text[:_SAMPLE].count("\ufffd") * 10 <= beyond_ascii:
            return text
    guess = from_bytes(page[:_SAMPLE], steps=5, chunk_size=1024).best()
    return to_unicode(page, guess.encoding if guess else "cp1252")


def squeeze(text: str | None) -> str:
    """Every run of white space as one space, none at the ends; characters of no width are gone."""
    return " ".join(_INVISIBLE.sub("", text).split()) if text else ""


_HIDDEN = frozenset({"script", "style", "noscript", "template"})


_EDGES = frozenset({"br", "div", "p", "li", "ul", "td", "tr", "h1", "h2", "h3", "section"})  # words do not run across


def text_of(element: Element) -> str:
    """All of an element's text on one line, scripts and styles apart."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if node.tag not in _HIDDEN:
                pieces.append(f" {node.text or ''}" if node.tag in _EDGES else node.text or "")
        elif node is not element:
            pieces.append(f" {node.tail or ''}" if node.tag in _EDGES else node.tail or "")
    return squeeze("".join(pieces))


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector))


def select(tree: Element, *selectors: str) -> list[Element]:
    """The elements that the first matching selector finds, in the page's order."""
    for selector in selectors:
        if found := _compiled(selector)(tree):
            return list(found)
    return []


def select_all(tree: Element, *selectors: str) -> list[Element]:
    """The elements that any of these selectors find."""
    return list(_compiled(", ".join(selectors))(tree)) if selectors else []
