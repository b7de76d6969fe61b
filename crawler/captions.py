"""Captions: what stands under an article's pictures, apart from who took them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from crawler.bylines import unique
from crawler.markup import Element, squeeze
from crawler.paragraphs import paragraphs

_CREDIT = re.compile(r"(?:^|\s)(?:credits?|lp)(?:\s|$)|-credit|Credit|opyright")
_MOST = 300  # captions: more than any article has
_CODE = frozenset({"script", "style", "noscript", "button"})
# A credit without an element of its own, before or after the words or alone: "© Name, Agency | Words".
_CREDIT_FIRST = re.compile(r"^(?:©|\(c\)|(?:photo|foto|image|bild)s?\s?:)[^|]{2,80}\|\s*", re.IGNORECASE)
_CREDIT_LAST = re.compile(r"(?:\s*\|\s*(?:license photo|©.{0,80})|\s*©[^.!?]{2,80})\s*$", re.IGNORECASE)
_CREDIT_ALONE = re.compile(
    r"(?:(?:image|bild|photos?|foto|fotos|imagen|crédits?(?: photo)?|credits?|quelle|symbolbild|©|\(c\)|copyright)"
    r"[\s:©/|].{0,80}|license photo|[^ ]{2,12}\s?/\s?[^ ]{2,12})",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:^|[\s_-])(?:caption(?:-?text)?|wp-caption-text|cutline|bildunterschrift|legende)(?:$|[\s_-])")


def caption(element: Element) -> str:
    """A caption's words without its credit; nothing where there is only a credit."""
    parts = paragraphs(element, {one for one in element.iterdescendants("*") if _is_credit(one)}, _CODE)
    text = parts[0].text if parts else ""
    words = _CREDIT_LAST.sub("", _CREDIT_FIRST.sub("", text)).strip(" |")
    return "" if _CREDIT_ALONE.fullmatch(words) else words


def _is_credit(element: Element) -> bool:
    return element.tag in {"small", "cite"} or bool(_CREDIT.search(element.get("class") or ""))


def captions(elements: Iterable[Element]) -> tuple[str, ...]:
    """Each caption once, and none that only adds its credit to another."""
    found = unique(map(caption, islice(elements, _MOST)))
    return tuple(one for one in found if not any(one != other and one.startswith(other) for other in found))


def under(roots: Iterable[Element]) -> tuple[str, ...]:
    """The captions of the pictures under these elements."""
    return captions(
        element for root in roots for element in root.iter("figcaption", "p", "div", "span") if _is_caption(element)
    )


def _is_caption(element: Element) -> bool:
    """A figure's caption, or an element named for one that holds no other."""
    if element.tag == "figcaption":
        return True
    name = element.get("class")
    return (
        bool(name and "aption" in name and _NAMED.search(name))
        and next(element.iter("figcaption", "figure"), None) is None
    )


def alternatives(roots: Iterable[Element]) -> tuple[str, ...]:
    """The texts that stand for the pictures under these elements."""
    images = (image for root in roots for image in root.iter("img"))
    return unique(alt for image in islice(images, _MOST) if len(alt := squeeze(image.get("alt"))) >= 15)
