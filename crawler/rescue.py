"""Rescue: lines of a page whose shape tells too little, as trafilatura finds them."""

from __future__ import annotations

from itertools import pairwise

import trafilatura
from lxml import etree

from crawler.bodies import prose_of
from crawler.clutter import is_clutter
from crawler.containers import story_of
from crawler.markup import Element, letters, squeeze
from crawler.paragraphs import Paragraph

_LINKED = 0.5  # of a line: more of it in links leads elsewhere


def lines(tree: Element, title: str | None) -> tuple[str, ...]:
    """The lines that may be the article's: none that the page's shape tells to be something else."""
    text = trafilatura.extract(
        etree.tostring(tree, encoding="unicode", method="html"),
        fast=True,
        favor_precision=True,
        include_comments=False,
        deduplicate=False,
    )
    found = [line for part in (text or "").split("\n") if (line := squeeze(part).removeprefix("- "))]
    own, others = _said(tree, title) if found else ({}, set())
    return tuple(own.get(said, line) for line in found if (said := letters(line)) not in others)


def _said(tree: Element, title: str | None) -> tuple[dict[str, str], set[str]]:
    """What the story's lines say, with the lines as the page has them: trafilatura drops characters of no width.

    And what is said by the title, clutter, links, what is named for something else, and outside of the story.
    """
    body = next(tree.iter("body"), tree)
    story = story_of(body, title)
    everything, page = prose_of(body)
    teasers = _teasers(page.blocks)

    def is_own(block: Paragraph) -> bool:
        if _leads_on(block) or block in teasers or is_clutter(block):
            return False
        return story is None or story in page.chains[id(block)]

    own = {letters(block.text): block.text for block in page.blocks if is_own(block)}
    said = {letters(block.text) for block in everything.blocks} - own.keys()
    return own, said | {letters(title or "")}


def _teasers(blocks: list[Paragraph]) -> set[Paragraph]:
    """The lines that stand directly under a heading that is a link."""
    pairs = ((head, line) for head, line in pairwise(blocks) if head.is_heading and _leads_on(head))
    return {line for head, line in pairs if line.element.getparent() is head.element.getparent()}


def _leads_on(block: Paragraph) -> bool:
    return block.links > _LINKED * len(block.text)
