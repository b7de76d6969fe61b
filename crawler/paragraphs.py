"""Paragraphs: the blocks of text under an element, in reading order, each whole and on one line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crawler.markup import Element, squeeze, width

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PROSE = frozenset({"p", "li", "blockquote", "dd", "dt", "pre", "tr"}) | HEADINGS

_BLOCKS = PROSE | frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dl",
        "details",
        "div",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "legend",
        "main",
        "menu",
        "nav",
        "ol",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)

_UNFOLDED = HEADINGS | {"summary"}
_INLINE = frozenset({"a", "br", "td", "th", "b", "strong"})  # the elements within a line that matter

# Never the words of an article: code, widgets, and pictures with their captions, which are read apart.
SKIPPED = frozenset(
    [
        "applet",
        "area",
        "audio",
        "base",
        "button",
        "canvas",
        "datalist",
        "embed",
        "figcaption",
        "figure",
        "frame",
        "head",
        "iframe",
        "img",
        "input",
        "link",
        "map",
        "math",
        "meta",
        "meter",
        "nav",
        "noscript",
        "object",
        "optgroup",
        "option",
        "picture",
        "progress",
        "script",
        "select",
        "source",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "track",
        "video",
    ]
)


@dataclass(slots=True, eq=False)
class Paragraph:
    """A block of text: its words on one line, the element that holds it, and how much of it are links or bold."""

    text: str
    element: Element
    links: int = 0  # characters that stand in links
    strong: int = 0  # characters that stand in <b> or <strong>
    weight: float | None = None  # see crawler.bodies.weight_of; this and the next are worked out once
    clutter: bool | None = None  # see crawler.clutter.is_clutter

    @property
    def tag(self) -> str:
        """The name of the element that holds the paragraph."""
        return str(self.element.tag)

    @property
    def is_heading(self) -> bool:
        """Whether it is marked up as a heading."""
        return self.element.tag in HEADINGS


def paragraphs(root: Element, dropped: Container[Element] = (), skipped: Container[str] = SKIPPED) -> list[Paragraph]:
    """The paragraphs under `root`, leaving out the `dropped` elements and the `skipped` tags."""
    writer = _Writer(root)
    walk = etree.iterwalk(root, events=("start", "end"))
    passed = None
    for event, element in walk:
        if event == "start":
            tag = element.tag
            if element in dropped or (tag in skipped and not (_is_frame(element) or _is_heading(element))):
                writer.pass_over(tag)
                walk.skip_subtree()
                passed = element
                continue
            writer.enter(element, tag)
            text = element.text
        else:
            if element is not passed:  # whose end comes next
                writer.leave(element)
            text = element.tail if element is not root else None
        if text:
            writer.add(text)
    writer.close()
    return writer.done


def _is_frame(element: Element) -> bool:
    """Whether a figure is no picture, but the frame around a table, or around a quotation and who is quoted.

    A quotation alone in a figure is pulled out of the text.
    """
    if element.tag != "figure":
        return False
    if next(element.iter("table", "pre"), None) is not None:
        return True
    children = [child.tag for child in islice(element, 3)]
    return children == ["blockquote", "figcaption"] and not _PULLED.search(element.get("class") or "")


_PULLED = re.compile("pull", re.IGNORECASE)


def _is_heading(element: Element) -> bool:
    """Whether a button is all of a heading or summary: what unfolds the answer to a question."""
    parent = element.getparent()
    if element.tag != "button" or parent is None or parent.tag not in _UNFOLDED:
        return False
    alone = element.getprevious() is None and element.getnext() is None
    return alone and not f"{parent.text or ''}{element.tail or ''}".strip()


def _columns(root: Element) -> set[Element]:
    """The cells that hold a text of several paragraphs: columns of a page that is laid out as a table."""
    breaks = (one for one in root.iter("br") if not (one.tail or "").strip() and _is_break(one.getnext()))
    ends = Counter(cell for one in breaks for cell in islice(one.iterancestors("td"), 1))
    return {cell for cell, count in ends.items() if count > 1}


def _is_break(element: Element | None) -> bool:
    return element is not None and element.tag == "br"


_INDENT = re.compile(r"\s*\xa0\s*\xa0")
_LONG = 60  # characters of a line, as wide as Latin ones: those of verses and addresses are shorter


class _Writer:
    """Gathers runs of text and closes a paragraph at every edge of a block."""

    def __init__(self, root: Element) -> None:
        self.done: list[Paragraph] = []
        self._blocks = [root]
        self._pieces: list[str] = []
        self._links = self._strong = 0
        self._link_depth = self._strong_depth = 0
        self._breaks = 0
        self._line = self._ended = 0  # the pieces with which the line in hand and the one before begin
        self._inlined: set[Element] = set()
        self._columns = _columns(root)

    def enter(self, element: Element, tag: str) -> None:
        if tag in _BLOCKS:
            if self._blocks[-1].tag in HEADINGS:
                self._inlined.add(element)  # `<h3><div>Subhead</div></h3>` is one heading
                self._part()
                return
            self.close()
            self._blocks.append(element)
        elif tag not in _INLINE:
            return
        elif tag == "a":
            self._link_depth += 1
        elif tag == "br":
            self._break()
        elif element in self._columns:
            self.close()
            self._blocks.append(element)
        elif tag in {"td", "th"}:
            self._part()  # a row is one paragraph, its cells are words of it
        else:
            self._strong_depth += 1

    def pass_over(self, tag: str) -> None:
        if tag in _BLOCKS and tag != "figure":  # a picture may stand within a line
            self.close()

    def leave(self, element: Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            if element in self._inlined:
                return
            self.close()
            if len(self._blocks) > 1:
                self._blocks.pop()
        elif element in self._columns:
            self.close()
            self._blocks.pop()
        elif tag == "a":
            self._link_depth -= 1
        elif tag in {"b", "strong"}:
            self._strong_depth -= 1

    def add(self, text: str) -> None:
        if self._breaks and self._blocks[-1].tag not in HEADINGS and self._is_indented(text):
            self.close()
        if size := len(text.strip()):
            self._breaks = 0
            self._links += size if self._link_depth else 0
            self._strong += size if self._strong_depth else 0
        elif not self._pieces:
            return  # the white space between two blocks
        self._pieces.append(text)

    def _break(self) -> None:
        """One line break is a space; two in a row end the paragraph, and so does one before an indented line."""
        self._breaks += 1
        if self._breaks > 1:
            self.close()
        else:
            self._part()
            self._ended, self._line = self._line, len(self._pieces)

    def _is_indented(self, text: str) -> bool:
        """Whether a line begins with an indent, as paragraphs in Chinese do; in other scripts not where verses may."""
        if text.lstrip(" \t\r\n").startswith("\u3000"):
            return True
        if not _INDENT.match(text):
            return False
        before = "".join(self._pieces[self._ended : self._line]).rstrip()
        return width(before) >= _LONG

    def _part(self) -> None:
        """Words do not run across this place."""
        self._pieces.append(" ")

    def close(self) -> None:
        if self._pieces:
            if text := squeeze("".join(self._pieces)):
                self.done.append(Paragraph(text, self._blocks[-1], self._links, self._strong))
            self._pieces = []
        self._links = self._strong = self._breaks = self._line = self._ended = 0
