"""Credits: which line amid an article is the caption of a picture, by the credit that ends it."""

from __future__ import annotations

import re
from itertools import islice

from crawler import bylines
from crawler.frames import BADGE, holds_at_most, shows
from crawler.markup import Element, text_of, width
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
# The same in other languages: a label for pictures begins the line, or follows the words of the caption.
_LABEL = (
    r"(?:(?:фото|фотографія|иллюстрация|ілюстрація|снимка|φωτ(?:ο|ογραφ[ίι]α)?\.?|צילום|צילומים|תצלום|תמונה|تصوير|"
    r"الصورة|عکس|تصویر|फोटो|फ़ोटो|तस्वीर|छायाचित्र|ছবি|புகைப்படம்|ภาพ|ảnh|fotoğraf|fotó|fotografie|fotografia|foto)"
    r"(?: साभार| सौजन्य)?\s?[:：=|]"
    r"|(?:写真|撮影|사진|[圖图]片?|照片|攝影|摄影)(?:提供|来源|來源| ?제공)?\s?[:：=＝/／|｜])"
)
_LABELLED = re.compile(
    rf"(?:^[^\w\[]{{0,3}}|[.。!！?？)）|｜/／(（［〔<〈＜–—-]\s?){_LABEL}\s?[^.!?。！？]{{1,80}}$"
    r"|(?:(?<!拍)[摄攝]|供[图圖]|資料照片?|资料[图照]片?|擷取|截[图圖])\s?[)）\]］〕]?$"
    r"|＝[^。]{1,40}(?:で|撮影|提供|写す)$"
    r"|[（(][^（）()]{0,30}(?:撮影|提供|제공)[)）]$"
    r"|[.”\"]\s(?-i:(?:[A-Z]{3,}\s){1,3}PHOTO)$|(?-i:\bPHOTO)\s?\|[^.!?]{2,60}$"
    r"|[.”\"]\s[—–-]\s?Photos? (?:by|courtesy) [^.!?]{2,40}$",
    re.IGNORECASE,
)
_ELSE = re.compile(r"(?:截[图圖]|擷取|拍摄)$|で?提供[)）]$")  # amid a text these are of other things
_LONGEST = 300  # as wide as so many letters: a paragraph that ends with a credit is one
# Who made it, in brackets alone: elsewhere these may be anything.
_MAKER = re.compile(
    r"[(（](?:[A-Z]{2,}(?: FOTO| PHOTO)?/[^()]{2,50}|رويترز|أ ?ف ?ب|الفرنسية|الأناضول|أسوشيتد برس|غيتي|"
    r"ロイター|共同|AP通信)[)）]$"
)
_STOPS = ".!?…。"
# One of these stands in whatever credit ends in a full stop: most lines hold none, and are done sooner.
_CREDITED = ("(", ":", "©", "Getty Images", "Shutterstock", "picture")
_TAIL = 120  # characters at the end of a line in which a credit stands


def is_caption(block: Paragraph) -> bool:
    """A line that ends in the credit of a picture; agencies alone in brackets sign a story, but below a picture."""
    text = block.text
    if len(text) >= 400 or block.element.tag in HEADINGS:
        return False
    if text[-1] in _STOPS:
        if not any(map(text.count, _CREDITED)):
            return False
    elif _is_labelled(block) or (_MAKER.search(text) and _is_below_picture(block.element)):
        return True
    match = _CAPTION_END.search(text)
    if match is None or (match["who"] and bylines.ends(text) and not bylines.only_names(match["who"])):
        return False
    return not bylines.in_brackets(text)[1] or _is_below_picture(block.element)


def _is_below_picture(element: Element) -> bool:
    """Whether a picture with hardly a word stands in an element or in what holds it alone, or directly before it."""
    size = len(text_of(element)) + BADGE
    around = islice(element.iterancestors("div", "section", "span"), 2)
    if shows(element) or any(shows(one) and holds_at_most(one, size) and _is_amid(one) for one in around):
        return True
    before = element.getprevious()
    return before is not None and shows(before) and holds_at_most(before, BADGE)


def _is_amid(element: Element) -> bool:
    """Whether paragraphs stand beside an element: else it may be all of a story, in a single one."""
    beside = (element.getprevious(), element.getnext())
    return any(one is not None and (one.tag == "p" or next(one.iter("p"), None) is not None) for one in beside)


def _is_labelled(block: Paragraph) -> bool:
    """Whether a line ends in a credit with a label; what items and some words end in is one only below a picture."""
    text = block.text
    if width(text) > _LONGEST or not _LABELLED.search(text[-_TAIL:]):
        return False
    return (block.tag != "li" and not _ELSE.search(text)) or _is_below_picture(block.element)
