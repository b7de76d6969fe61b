"""The generic way: an article on a page of a site that nothing is known about.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, takewhile

from crawler import bylines, captions, elsewhere, printed, titles
from crawler.appendices import cards, may_tell_lives, without_appendices, without_lives
from crawler.authors import is_person, signed, signed_with
from crawler.bodies import Page, prose_of, weight_of
from crawler.clutter import tidy
from crawler.containers import containers, stands_in, story_of
from crawler.credits import is_caption
from crawler.edges import between, without_points
from crawler.frames import is_framed
from crawler.layout import Reading
from crawler.leads import standfirst
from crawler.markup import Element, letters, text_of
from crawler.metadata import Metadata
from crawler.naming import is_subhead
from crawler.notices import is_of_the_house
from crawler.others import without_others
from crawler.paragraphs import HEADINGS, Paragraph
from crawler.quotes import pull_quotes
from crawler.signatures import day_edges, is_byline, spoken
from crawler.witness import confirmed

NAME = "generic/4"
_TOLD = 80  # characters beside its link with which an item tells something itself
# A cell is a column of text, and a footer that of a quotation: others are no blocks, and not read.
_OWN = frozenset({"p", "li", "blockquote", "dd", "dt", "pre", "tr", "td", "summary", "footer"})
_HEADLINE, _KICKER = 20, 40  # letters of a headline that no subhead ends in by chance; and of what stands before it
_SUBHEAD = 120  # characters
_REPEATED = 40  # characters of a line that no story says three times
_QUOTES = ("“", '"', "„", "«", "»", "‘", "「", "–", "—")  # what opens speech
_HEADS = 4  # rows of a table's head

Style = tuple[object, str | None, bool]


def read(tree: Element, declared: Metadata) -> Reading:
    """The article by the shape of the page alone."""
    body = next(tree.iter("body"), tree)
    everything, page = prose_of(body)
    title = titles.title(tree, declared)
    held, named = containers(page, body, title)
    inside = [block for block in page.blocks if not held.isdisjoint(page.chains[id(block)])]
    home = elsewhere.home(declared)
    carded = cards(inside, held, home, named and declared.published is not None)
    inside = [block for block in inside if not carded or carded.isdisjoint(page.chains[id(block)])]
    inside = without_points(confirmed(inside, page.blocks, declared.body))
    blocks = _without_head(_own(inside, declared, named, home), title, declared)
    story = {next(one.iterancestors("article"), one) for one in held}
    shown = captions.under(story)
    byline = _byline(everything, blocks)
    if may_tell_lives(blocks):
        blocks = without_lives(blocks, byline or _printed(tree, declared))
    prose = tidy(blocks, title=title, captions=(*shown, *captions.alternatives(story)))
    return Reading(
        by=NAME,
        sure=named or stands_in(held, story_of(body, title), page),
        title=title,
        lead=standfirst(page, blocks, declared),
        paragraphs=prose.paragraphs,
        agencies=bylines.unique((*prose.agencies, *_signed_off(inside))),
        byline=byline or _signature(everything, blocks),
        captions=shown,
    )


def _signed_off(inside: list[Paragraph]) -> tuple[str, ...]:
    """The agencies of the sign-offs that end a body, and are cut off with what follows the last sentence."""
    return bylines.unique(name for block in inside[-6:] for name in bylines.sign_off(block.text) or ())


def _printed(tree: Element, declared: Metadata) -> tuple[str, ...]:
    """The authors by elements that are named for them, where nothing else names any."""
    return () if declared.people or declared.meta_authors else printed.people(printed.bylines(tree))


def _byline(page: Page, blocks: list[Paragraph]) -> tuple[str, ...]:
    """The names of a line "By ..." shortly before the body."""
    if not blocks:
        return ()
    first = page.blocks.index(blocks[0])
    lines = [block.text for block in page.blocks[max(0, first - 15) : first + 5]]
    return next((names for line in lines if len(line) <= 120 and (names := signed(line))), ())


def _signature(page: Page, blocks: list[Paragraph]) -> tuple[str, ...]:
    """The name of a person or desk that stands alone, in italics or bold, directly after the body."""
    if not blocks:
        return ()
    end = page.blocks.index(blocks[-1]) + 1
    return next((signed_with(block.text) for block in page.blocks[end : end + 1] if _is_set_apart(block)), ())


def _is_set_apart(block: Paragraph) -> bool:
    if is_of_the_house(block.text):
        return False
    within = block.element[0] if len(block.element) == 1 else None
    return within is not None and within.tag in {"em", "i", "b", "strong"} and text_of(within) == block.text


def _without_head(blocks: list[Paragraph], title: str | None, declared: Metadata) -> list[Paragraph]:
    """Without the headings before a text that are its headline with a kicker, or only the one author's name."""
    authors = {*declared.people, *declared.meta_authors}
    named = [block for block in blocks if block.is_heading and block.text in authors]
    persons = sum(block.is_heading and is_person(block.text) for block in blocks)
    gone = named if len(named) == 1 >= persons else []  # of several each heads what somebody wrote
    heads = takewhile(lambda block: block.is_heading and (block in gone or _ends_in(block.text, title)), blocks)
    return blocks[sum(1 for _ in heads) :]


def _ends_in(text: str, title: str | None) -> bool:
    """Whether a line is a headline behind a few words."""
    said, bare = letters(text), letters(title or "")
    return len(bare) >= _HEADLINE and said.endswith(bare) and len(said) - len(bare) <= _KICKER


def _own(inside: list[Paragraph], declared: Metadata, named: bool, home: frozenset[str]) -> list[Paragraph]:
    """Of the blocks in the container, those that are the article's own."""
    styles = _styles(inside)
    linked = _link_lists(inside, home)
    authors = (*declared.people, *declared.bodies, *declared.meta_authors)
    pulled = pull_quotes(inside, [block for block in inside if not block.is_heading and _style(block) not in styles])
    again = _again(inside)
    edges = day_edges(inside)
    asked = spoken(inside, authors)
    kept = [
        block
        for block in inside
        if _reads_as_own(block, styles)
        and block.element not in linked
        and block not in again
        and not _is_head_again(block)
        and (block in asked or not is_byline(block, authors, block in edges))
        and not is_caption(block)
        and not is_framed(block)
        and block not in pulled
    ]
    labels = elsewhere.labels(inside, linked, home)
    labelled = [block for block in kept if block not in labels]
    shown = elsewhere.without_pointers(without_others(labelled), home)
    return without_appendices(elsewhere.without_follow_lines(between(shown, named)), authors, declared.sites)


def _again(blocks: Iterable[Paragraph]) -> set[Paragraph]:
    """The lines that a body holds three times or more: what stands in for embedded posts, offers, pictures.

    What somebody says stays where it is said first.
    """
    alike: dict[str, list[Paragraph]] = {}
    for block in blocks:
        if block.tag in {"p", "div"} and len(block.text) >= _REPEATED:
            alike.setdefault(block.text, []).append(block)
    often = [same for same in alike.values() if len(same) > 2]
    return {block for same in often for block in same[same[0].text.startswith(_QUOTES) :]}


def _styles(blocks: Iterable[Paragraph]) -> set[Style]:
    """The ways (tag and class) in which a fifth or more of the prose is set."""
    weights: dict[Style, float] = {}
    for block in blocks:
        style = _style(block)
        weights[style] = weights.get(style, 0.0) + weight_of(block)
    enough = 0.2 * sum(weights.values())
    return {style for style, weight in weights.items() if weight >= enough > 0}


def _style(block: Paragraph) -> Style:
    """How a block is set: its tag and class, and whether it stands in a quotation, as pull quotes do."""
    element = block.element
    return element.tag, element.get("class"), next(element.iterancestors("blockquote"), None) is not None


def _reads_as_own(block: Paragraph, styles: set[Style]) -> bool:
    """Paragraphs, headings, lists and quotations; other blocks where they are set like the rest, or long."""
    tag = block.element.tag
    if tag in HEADINGS:
        return next(block.element.iterancestors("a"), None) is None  # else it heads a card that leads elsewhere
    if tag in _OWN or _style(block) in styles or _is_subhead(block):
        return True
    return len(block.text) >= 150 and weight_of(block) > 100


def _is_subhead(block: Paragraph) -> bool:
    """Whether a line is a heading by its name, though by no tag."""
    if len(block.text) > _SUBHEAD or block.links or not is_subhead(block.element):
        return False
    holder = block.element.getparent()  # boxes hold more, and no paragraph
    return holder is not None and (len(holder) == 1 or next(holder.iterchildren("p"), None) is not None)


def _link_lists(blocks: Iterable[Paragraph], home: frozenset[str]) -> set[Element]:
    """The items of lists whose every item is mostly link: related stories, tags, tables of contents.

    Lists that lead to other sites, as of a round-up's hotels or of sources, are the article's own.
    """
    lists: dict[Element, list[Paragraph]] = {}
    for block in blocks:
        if block.element.tag == "li" and (parent := block.element.getparent()) is not None:
            lists.setdefault(parent, []).append(block)
    return {block.element for items in lists.values() if _is_link_list(items, home) for block in items}


def _is_link_list(items: list[Paragraph], home: frozenset[str]) -> bool:
    linked = sum(bool(block.links) for block in items) >= 0.8 * len(items)
    links, size = sum(block.links for block in items), sum(len(block.text) for block in items)
    if not linked or links < 0.4 * size or size - links >= _TOLD * len(items):
        return False
    return not elsewhere.leads_away((link for block in items for link in block.element.iter("a")), home)


def _is_head_again(block: Paragraph) -> bool:
    """The foot of a long table, where it says once more what its head says."""
    foot = block.element.getparent()
    if block.element.tag != "tr" or foot is None or foot.tag != "tfoot":
        return False
    heads = (row for head in foot.itersiblings("thead", preceding=True) for row in head.iter("tr"))
    return any(letters(text_of(row)) == letters(block.text) for row in islice(heads, _HEADS))
