"""Credits: which line amid an article is the caption of a picture, by the credit that ends it."""

from __future__ import annotations

import re
from itertools import islice

from crawler import bylines
from crawler.markup import Element, text_of
from crawler.paragraphs import HEADINGS, Paragraph

_PICTURES = r"(?:Getty Images|picture[ -]alliance|Shutterstock)"
_CAPTION_END = re.compile(
    r"(?:©|\b(?:Foto|Photo|Bild|Image|Credit|Fotos)s?\s?:)[^.!?]{0,80}[.)]?$"
    # Agencies for pictures: behind a stroke or "via", or at the end of a line that ends no sentence.
    rf"|(?:^|[/|,(©:]\s?|\bvia\s|\b[Ii]mages by\s){_PICTURES}[^.!?]{{0,80}}[.)]?$"
    rf"|{_PICTURES}(?:[\s/|,]+(?:[A-Z]\S*|and|und|via)){{0,8}}\)?$"
    r"|\((?P<who>[^()]{0,60}\b(?:AFP|AP|Reuters|REUTERS|Getty|dpa)\b[^()]{0,60})\)\.?$"
    r"|\([^()]{0,60}\b(?:Foto|Photo|Bild|Image|Quelle|Credit)\b[^()]{0,60}\)$"
    r"|\([^()]{0,60}\b(?:Foto|Photo|Bild|Image|Credit)s?(?:\s?[:/]|\sby\s)[^()]{0,60}\)\.?$"
    r"|[.!?](?:REUTERS|Reuters|AFP|AP|EPA|EFE|ANSA|dpa|Getty(?: Images)?)$"  # with nothing between: another element
    rf"|(?:^|[.!?]\s)(?:[A-Z][\w.’'-]*\s){{2,4}}for {_PICTURES}\.$"
    r"|\((?:[Pp]hoto|[Ii]mage|[Pp]icture|credit|courtesy)(?: credit|s)?(?: [Cc]ourtesy)?"
    r"(?: ?:| by | of )[^()]{2,60}\)\.?$"
)
# One of these stands in whatever credit ends in a full stop: most lines hold none, and are done sooner.
_CREDITED = ("(", ":", "©", "Getty Images", "Shutterstock", "picture")
_PICTURE = frozenset({"img", "amp-img", "picture", "figure"})
_BADGE = 9  # characters beside a picture: "1/3"


def is_caption(block: Paragraph) -> bool:
    """A line that ends in the credit of a picture; agencies alone in brackets sign a story, but below a picture."""
    text = block.text
    if (
        len(text) >= 400
        or block.element.tag in HEADINGS
        or (text[-1] in ".!?…" and not any(map(text.count, _CREDITED)))
    ):
        return False
    match = _CAPTION_END.search(text)
    if match is None or (match["who"] and bylines.ends(text) and not bylines.only_names(match["who"])):
        return False
    return not bylines.in_brackets(text)[1] or _is_below_picture(block.element)


def _is_below_picture(element: Element) -> bool:
    """Whether a picture with hardly a word stands in an element or in what holds it alone, or directly before it."""
    size = len(text_of(element)) + _BADGE
    around = islice(element.iterancestors("div", "section", "span"), 2)
    if _shows(element) or any(_shows(one) and _holds_at_most(one, size) and _is_amid(one) for one in around):
        return True
    before = element.getprevious()
    return before is not None and _shows(before) and _holds_at_most(before, _BADGE)


def _is_amid(element: Element) -> bool:
    """Whether paragraphs stand beside an element: else it may be all of a story, in a single one."""
    beside = (element.getprevious(), element.getnext())
    return any(one is not None and (one.tag == "p" or next(one.iter("p"), None) is not None) for one in beside)


def _shows(element: Element) -> bool:
    return element.tag in _PICTURE or next(element.iter("img", "amp-img"), None) is not None


def _holds_at_most(element: Element, size: int) -> bool:
    for text in element.itertext():
        size -= len(text.strip())
        if size < 0:
            return False
    return True
