"""Frames: which line amid an article is all that stands with a picture, and so is its caption, told by its place."""

from __future__ import annotations

import re
from itertools import islice

from crawler.markup import Element, text_of, width
from crawler.naming import is_text
from crawler.paragraphs import HEADINGS, Paragraph

BADGE = 9  # characters beside a picture: "1/3"
_LONGEST = 200  # as wide as so many letters: more is a paragraph
_NEAR = 20  # paragraphs before a line, and after it
_MOST = 24  # elements in a frame
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:photos?|images?|img|pics?|pictures?|foto|imagen|bild|thumb)(?:$|[\s_-])", re.IGNORECASE
)
_CENTRED = re.compile(r"\bcent(?:er|re)", re.IGNORECASE)
_QUOTES = ('"', "“", "„", "«", "「", "‘")


def shows(element: Element) -> bool:
    """Whether an element is or holds a picture."""
    if element.tag in {"picture", "figure"}:
        return True
    return any(not _is_small_sign(one) for one in element.iter("img", "amp-img"))


_SIGN = re.compile(r"emoji|icon|smiley|drop-?cap|avatar|wp-smiley|pixel|tracking", re.IGNORECASE)


def _is_small_sign(image: Element) -> bool:
    sizes = (image.get(name) or "" for name in ("width", "height"))
    return bool(_SIGN.search(_names(image))) or any(size.isdigit() and int(size) <= 50 for size in sizes)


def holds_at_most(element: Element, size: int) -> bool:
    """Whether the text in an element is no longer than so many characters."""
    for text in element.itertext():
        size -= len(text.strip())
        if size < 0:
            return False
    return True


def is_framed(block: Paragraph) -> bool:
    """Whether a line stands with a picture alone, while the paragraphs beside it stand in no such thing.

    In a table or in what is named for pictures; in italics, in the picture's own paragraph or below one of a picture
    alone; below a picture, and both centred. Questions and speech in italics are an interview's.
    """
    text, element = block.text, block.element
    if block.is_heading or width(text) > _LONGEST or text.endswith(("?", "？")):
        return False
    around = islice(element.iterancestors("div", "span", "table"), 2)
    if any(_is_frame(one, len(text)) for one in around) and not (element.tag == "tr" and shows(element)):
        return True
    if element.tag not in {"p", "div"} or text.startswith(_QUOTES) or not _is_small(element):
        return False
    return _is_set_apart(element) and (shows(element) or (_is_line(block) and _is_below_one(element)))


def _is_line(block: Paragraph) -> bool:
    """Whether it is one line, and no sentence or verses: those are the story's, in italics, too."""
    return not block.text.endswith((".", "。", "!", "！")) and next(block.element.iter("br"), None) is None


def _is_below_one(element: Element) -> bool:
    return _is_amid(element) and _follows_picture(element) and not _is_usual(element)


def _is_frame(element: Element, size: int) -> bool:
    """Whether it holds a picture and no more than one line, and a paragraph stands beside it."""
    named = element.tag == "table" or (_NAMED.search(_names(element)) and not is_text(_names(element)))
    if not named or not _is_small(element):
        return False
    if not holds_at_most(element, size + BADGE) or not shows(element):
        return False
    beside = [one for one in (element.getprevious(), element.getnext()) if one is not None]
    if beside and beside[0].tag in HEADINGS and beside[0] is element.getprevious():
        return False  # a list of things, each with a picture under its heading
    return any(one.tag == "p" for one in beside) and not any(_is_like(one, element) for one in beside)


def _is_like(one: Element, other: Element) -> bool:
    """Whether two elements show pictures under the same name, as the parts of a list of them do."""
    return one.tag == other.tag and _names(one) == _names(other) and shows(one)


def _is_small(element: Element) -> bool:
    """Whether it holds few elements: counted no further than that, for a page may hold many."""
    return next(islice(element.iterdescendants(), _MOST, None), None) is None


def _names(element: Element) -> str:
    return element.get("class") or ""


def _is_set_apart(element: Element) -> bool:
    """Whether all of its words are in italics, or centred."""
    slanted = sum(len(text_of(one)) for one in element.iterchildren("em", "i"))
    return 0 < len(text_of(element)) <= slanted or _is_centred(element)


def _follows_picture(element: Element) -> bool:
    before, after = element.getprevious(), element.getnext()
    if before is None or after is None or not _is_small(before) or not holds_at_most(before, 0) or not shows(before):
        return False
    return not _is_set_apart(after) and (_is_centred(before) or not _is_centred(element))


def _is_amid(element: Element) -> bool:
    return any(width(text_of(one)) >= 50 for one in islice(element.itersiblings("p", preceding=True), _NEAR))


def _is_usual(element: Element) -> bool:
    """Whether other lines are set apart as it is, and below no picture: questions, verses, letters."""
    beside = (*islice(element.itersiblings("p"), _NEAR), *islice(element.itersiblings("p", preceding=True), _NEAR))
    return any(_is_set_apart(one) and not shows(one) and not _follows_picture(one) for one in beside)


def _is_centred(element: Element) -> bool:
    return any(_CENTRED.search(element.get(name) or "") for name in ("style", "align", "class"))
