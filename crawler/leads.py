"""Leads: the standfirst of a page of an unknown site, where it has one apart from its body."""

from __future__ import annotations

from crawler.bodies import SENTENCE, Page
from crawler.markup import Element, letters
from crawler.metadata import Metadata
from crawler.naming import is_standfirst
from crawler.paragraphs import Paragraph

_SHORTEST = 25  # characters of a standfirst


def standfirst(page: Page, blocks: list[Paragraph], declared: Metadata) -> str | None:
    """A standfirst apart from the body: before it alone, and either the page's own description or named so.

    What stands before the body and after it is a notice.
    """
    if not blocks:
        return None
    described = letters(declared.description or "")[:80]
    if len(blocks) > 2 and (_heads(page, *blocks[:2]) or _opens(blocks[0], described)):
        return blocks[0].text
    after = {block.text for block in page.blocks[page.blocks.index(blocks[-1]) + 1 :]}
    first = page.blocks.index(blocks[0])
    before = [block for block in page.blocks[:first] if _may_lead(block) and block.text not in after]
    if described and (match := next((block for block in before if letters(block.text).startswith(described)), None)):
        return match.text
    return next((block.text for block in before if _is_named(page.chains[id(block)])), None)


def _is_named(chain: list[Element]) -> bool:
    """Whether an element around a line is named for a standfirst; in fact checks a verdict has its intro, too."""
    return any(map(is_standfirst, chain[:3])) and not any("verdict" in (one.get("class") or "") for one in chain[:4])


def _opens(block: Paragraph, described: str) -> bool:
    """Whether a body opens with its standfirst: a heading that is the description, or what is named so.

    A named paragraph that ends a sentence, set with the others, is the first of them.
    """
    if not _may_lead(block) or (SENTENCE.search(block.text) and not block.is_heading):
        return False
    told = block.is_heading and bool(described) and letters(block.text).startswith(described)
    return told or is_standfirst(block.element)


def _heads(page: Page, first: Paragraph, second: Paragraph) -> bool:
    """Whether a body begins with a standfirst: named so, and not set in one element with what follows."""
    apart = first.element.getparent() is not second.element.getparent()
    return apart and _may_lead(first) and any(map(is_standfirst, page.chains[id(first)][:2]))


def _may_lead(block: Paragraph) -> bool:
    return len(block.text) >= _SHORTEST and block.links <= 0.3 * len(block.text) and block.element.tag != "h1"
