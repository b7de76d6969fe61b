"""The generic way: an article on a page of a site that nothing is known about.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from crawler import bylines
from crawler.clutter import is_clutter, tidy
from crawler.layout import Reading, pictures
from crawler.markup import Element, letters, text_of
from crawler.metadata import Metadata, headline
from crawler.paragraphs import HEADINGS, SKIPPED, Paragraph, paragraphs

NAME = "generic/1"
_JUNK = 3.0  # how many characters of prose one character of anything else outweighs
_MOST = 800  # blocks beyond which no quotations are looked for: every one is compared with all others

_ELSEWHERE = SKIPPED | {"nav", "footer"}
_ASIDE = frozenset({"aside", "form", "dialog"})
_SENTENCE = re.compile(r"[.!?…。！？؟।:;»”\"'’)\]]\s*$|[。、，।]|[.!?]\s")

# Class names and ids of what stands on article pages and is not the article, whatever the site.
_APART = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?|menu|breadcrumbs?|footer|sidebar|side-?bar|rail|masthead|toolbar|skip|pager|pagination|"
    r"comments?|disqus|discussion|responses?|replies|"
    r"share|sharing|sharebar|social|addthis|sharedaddy|jp-relatedposts|follow|"
    r"related|relateds|recommend(?:ed|ation|ations)?|recirc|more-?(?:on|from|stories|news|articles)|read-?(?:more|"
    r"next|also)|also-?read|readmore|trending|popular|most-?(?:read|viewed|popular)|latest|up-?next|"
    r"next-?(?:article|post)|outbrain|taboola|plista|teads|zergnet|"
    r"newsletter|subscribe|subscription|signup|sign-up|login|register|paywall-?(?:overlay|message|prompt)|piano|"
    r"offer|promo|promos|promotion|cta|call-to-action|"
    r"advert(?:isement|ising|isment)?s?|ads?|adslot|ad-?(?:slot|unit|container|wrapper|box|block|label|tag)|"
    r"adsbygoogle|sponsor(?:ed)?|dfp|gpt|banner|"
    r"cookie|cookies|consent|gdpr|cmp|privacy|popup|modal|overlay|lightbox|tooltip|toast|"
    r"caption|credits?|copyright|legend|img-?(?:caption|credit)|photo-?(?:caption|credit)|wp-caption|"
    r"media-?(?:caption|credit)|"
    r"author-?(?:bio|box|card|info|info-box|description|about|details)|about-?(?:the-)?author|bio|byline|"
    r"post-?meta|entry-?meta|article-?meta|meta-?(?:data|info)?|dateline-?time|timestamp|"
    r"tags?|tag-?(?:list|cloud|links)|topics?|keywords|categories|"
    r"gallery|slideshow|carousel|slider|swiper|video-?(?:player|wrap(?:per)?|caption)|player|audio-?player|"
    r"podcast|playlist|"
    r"twitter-tweet|tweet|instagram-media|fb-post|tiktok-embed|embed|social-?embed|"
    r"widget|poll|quiz|survey|rating|print-?only|printfriendly|screen-reader(?:-text)?|sr-only|visually-?hidden|"
    r"hidden|d-none|invisible|"
    r"info-?box(?:es)?|fact-?box|fakten-?box|additional-?info|jwplayer|featured-video|video-?(?:fallback|"
    r"container|embed)|snackbar|author-?content|(?:article|post|entry)-?authors?|reg-?wall|"
    r"disclaimer|correction-?policy|noprint|no-print|teaser-?(?:list|box|group|container)|teasers|toc|"
    r"table-of-contents|live-?blog-?nav|infobox-?promo|affiliate|shopping|deals|product-?card"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|leadin|lead-?(?:text|paragraph|in)|standfirst|intro(?:duction)?|dek|deck|"
    r"sub-?(?:title|headline|head|heading)|chapo|chapeau|teaser(?:-?text)?|summary|excerpt|abstract|description|"
    r"vorspann|anreißer|anleser|sommario|occhiello|entradilla|bajada|ingress|manchet|underrubrik|kicker-?text|"
    r"article-?(?:lead|intro|summary|teaser|description|subtitle)|perex|strapline)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Page:
    """The page's blocks of text, the elements above each, and how much prose each element holds."""

    blocks: list[Paragraph]
    chains: dict[int, list[Element]]  # by the block's identity
    prose: dict[Element, float] = field(default_factory=dict)


def read(tree: Element, declared: Metadata) -> Reading:
    """The article by the shape of the page alone."""
    body = next(tree.iter("body"), tree)
    everything = _weigh(paragraphs(body, (), _ELSEWHERE))
    page = _without(everything, _apart(everything, body))
    containers = _containers(page, body)
    title = _title(tree, declared)
    inside = [block for block in page.blocks if not containers.isdisjoint(page.chains[id(block)])]
    blocks = _own(inside, declared)
    captions, alts = pictures(containers)
    prose = tidy(blocks, title=title, captions=(*captions, *alts))
    return Reading(
        by=NAME,
        title=title,
        lead=_standfirst(page, blocks, declared),
        paragraphs=prose.paragraphs,
        agencies=prose.agencies,
        byline=_byline(everything, blocks),
        captions=captions,
    )


def _title(tree: Element, declared: Metadata) -> str | None:
    h1 = next((text_of(element) for element in tree.iter("h1")), None)
    candidates = (declared.headline, declared.og_title, declared.page_title)
    return headline(candidates, h1, (declared.site_name,))


def _byline(page: _Page, blocks: list[Paragraph]) -> tuple[str, ...]:
    """The names of a line "By ..." shortly before the body."""
    if not blocks:
        return ()
    first = page.blocks.index(blocks[0])
    lines = [block.text for block in page.blocks[max(0, first - 15) : first + 5]]
    return next((names for line in lines if len(line) <= 120 and (names := bylines.signed(line))), ())


def _weigh(blocks: list[Paragraph]) -> _Page:
    page = _Page(blocks, {id(block): [block.element, *block.element.iterancestors()] for block in blocks})
    for block in blocks:
        if weight := _weight(block):
            for element in page.chains[id(block)]:
                page.prose[element] = page.prose.get(element, 0.0) + weight
    return page


def _weight(block: Paragraph) -> float:
    """How much running text a block is: characters, less its links, less where no sentence ends."""
    size = len(block.text)
    if size < 25 or block.element.tag in HEADINGS or block.links > 0.5 * size:
        return 0.0
    by_tag = {"p": 1.0, "blockquote": 1.0, "li": 0.5, "tr": 0.5}.get(str(block.element.tag), 0.7)
    return (size - block.links) * by_tag * (1.0 if _SENTENCE.search(block.text) else 0.25)


def _apart(page: _Page, body: Element) -> set[Element]:
    """Elements whose names say that they are not the article, unless they hold much of the page's prose."""
    most = 0.4 * page.prose.get(body, 0.0)
    elements = dict.fromkeys(element for chain in page.chains.values() for element in chain)
    return {element for element in elements if page.prose.get(element, 0.0) <= most and _is_apart(element)}


def _is_apart(element: Element) -> bool:
    tag, attributes = element.tag, element.attrib
    if tag in _ASIDE:
        return True
    if not attributes or tag in {"html", "body", "main", "article"}:
        return False
    names = " ".join([attributes.get("class") or "", attributes.get("id") or "", attributes.get("role") or ""])
    if names != "  " and _names_apart(names):
        return True
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return "style" in attributes and bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))


@lru_cache(maxsize=8192)
def _names_apart(names: str) -> bool:
    spread = _CAMEL.sub("-", names)
    return bool(_APART.search(spread)) and not _STANDFIRST.search(spread)


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _without(page: _Page, apart: set[Element]) -> _Page:
    return _weigh([block for block in page.blocks if apart.isdisjoint(page.chains[id(block)])])


def _containers(page: _Page, body: Element) -> set[Element]:
    """The elements that are called the article's body, where they hold most of the page's prose.

    Else the one that holds the most prose with the least of anything else; of equals the innermost.
    """
    named = [element for element in page.prose if element.tag not in _TOO_SMALL and _is_body(element)]
    fullest = max(named, key=lambda element: (page.prose[element], _depth(element)), default=None)
    if fullest is None:
        return {_densest(page, body)}
    # Bodies cut in pieces by advertisements have several elements of one name in one article.
    name, around = fullest.get("class"), _article(fullest)
    pieces = {element for element in named if element.get("class") == name and _article(element) is around}
    if sum(page.prose[piece] for piece in pieces) >= 0.5 * page.prose.get(body, 0.0):
        return pieces
    return {_densest(page, body)}


def _article(element: Element) -> Element | None:
    return next(element.iterancestors("article", "main", "body"), None)


def _densest(page: _Page, body: Element) -> Element:
    """The element that holds the most prose with the least of anything else; of equals the innermost."""
    value: dict[Element, float] = {}
    for block in page.blocks:
        gain = _gain(block)
        for element in page.chains[id(block)]:
            value[element] = value.get(element, 0.0) + gain
    candidates = [element for element in value if element.tag not in _TOO_SMALL]
    best = max((value[element] for element in candidates), default=0.0)
    close = [element for element in candidates if value[element] >= best - 0.5]
    return max(close, key=_depth, default=body)


_TOO_SMALL = HEADINGS | {"p", "li", "blockquote", "html"}


_BODY = re.compile(
    r"(?:^|[\s_-])(?:article|entry|post|story|news|blog-?post|single)[_-]{0,2}(?:body|content|text|copy|"
    r"main-?text|full-?text)(?:$|[\s_-])"
    r"|(?:^|\s)(?:body-?(?:content|text|copy)|content-?(?:body|text)|rich-?text|prose|copytext|articlebody|"
    r"main-?text|mw-parser-output)(?:$|\s)",
    re.IGNORECASE,
)


def _is_body(element: Element) -> bool:
    if "articleBody" in (element.get("itemprop") or ""):
        return True
    return bool(_BODY.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _depth(element: Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _gain(block: Paragraph) -> float:
    """What a block speaks for, or against, an element that holds it."""
    if block.element.tag in HEADINGS and not block.links:
        return 0.0
    weight = _weight(block)
    if weight and (len(block.text) >= 80 or _SENTENCE.search(block.text)):
        return weight
    if block.links <= 0.3 * len(block.text) and block.element.tag in _PLAIN:
        return -0.2 * len(block.text)
    return -_JUNK * len(block.text)


_PLAIN = frozenset({"p", "li", "tr", "dd", "dt", "blockquote", "pre"})


def _own(inside: list[Paragraph], declared: Metadata) -> list[Paragraph]:
    """Of the blocks in the container, those that are the article's own."""
    styles = _styles(inside)
    linked = _link_lists(inside)
    authors = (*declared.people, *declared.bodies, *declared.meta_authors)
    everything = [letters(block.text) for block in inside]
    kept = [
        block
        for block, said in zip(inside, everything, strict=True)
        if _reads_as_own(block, styles)
        and block.element not in linked
        and not _is_byline(block, authors)
        and not _is_caption(block)
        and ((block.element.tag, block.element.get("class")) in styles or not _is_pull_quote(block, said, everything))
    ]
    return _between(_labelled(kept, inside, linked))


def _styles(blocks: Iterable[Paragraph]) -> set[tuple[object, str | None]]:
    """The ways (tag and class) in which a fifth or more of the prose is set."""
    weights: dict[tuple[object, str | None], float] = {}
    for block in blocks:
        style = (block.element.tag, block.element.get("class"))
        weights[style] = weights.get(style, 0.0) + _weight(block)
    enough = 0.2 * sum(weights.values())
    return {style for style, weight in weights.items() if weight >= enough > 0}


def _reads_as_own(block: Paragraph, styles: set[tuple[object, str | None]]) -> bool:
    """Paragraphs, headings, lists and quotations; other blocks where they are set like the rest, or long."""
    tag = block.element.tag
    if tag in HEADINGS:
        return next(block.element.iterancestors("a"), None) is None  # else it heads a card that leads elsewhere
    if tag in {"p", "li", "blockquote", "dd", "dt", "pre", "tr"} or (tag, block.element.get("class")) in styles:
        return True
    return len(block.text) >= 150 and _weight(block) > 100


def _link_lists(blocks: Iterable[Paragraph]) -> set[Element]:
    """The items of lists whose every item is mostly link: related stories, tags, tables of contents."""
    lists: dict[Element, list[Paragraph]] = {}
    for block in blocks:
        if block.element.tag == "li" and (parent := block.element.getparent()) is not None:
            lists.setdefault(parent, []).append(block)
    return {block.element for items in lists.values() if _is_link_list(items) for block in items}


def _is_link_list(items: list[Paragraph]) -> bool:
    linked = sum(bool(block.links) for block in items) >= 0.8 * len(items)
    return linked and sum(block.links for block in items) >= 0.4 * sum(len(block.text) for block in items)


_DATE_LINE = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def _is_byline(block: Paragraph, authors: Sequence[str]) -> bool:
    """A short line of nothing but the authors' names, a date or a time."""
    text = block.text
    if len(text) > 120 or block.element.tag in HEADINGS:
        return False
    rest = text
    for author in authors:
        rest = rest.replace(author, " ")
    dated = bool(_DATE_LINE.search(rest))
    if rest == text and not dated:
        return False
    letters = sum(character.isalpha() for character in rest)
    if rest != text and letters <= 20:
        return True
    return dated and letters <= 24 and not text.endswith((".", "!", "?", "。"))


_CAPTION_END = re.compile(
    r"(?:©|\b(?:Foto|Photo|Bild|Image|Credit|Fotos)s?\s?:|Getty Images|picture[ -]alliance|"
    r"Shutterstock)[^.!?]{0,80}[.)]?$"
    r"|\([^()]{0,60}\b(?:Foto|Photo|Bild|Image|Quelle|Credit|AFP|AP|Reuters|REUTERS|Getty|dpa)\b[^()]{0,60}\)\.?$"
)


def _is_caption(block: Paragraph) -> bool:
    """A line that ends in the credit of a picture."""
    return len(block.text) < 400 and block.element.tag not in HEADINGS and bool(_CAPTION_END.search(block.text))


def _is_pull_quote(block: Paragraph, said: str, everything: Sequence[str]) -> bool:
    """A passage, set apart, that stands in a longer paragraph as well."""
    if block.element.tag in HEADINGS or len(everything) > _MOST:
        return False
    return 25 <= len(said) <= 300 and any(said in other and len(other) > len(said) for other in everything)


def _labelled(kept: list[Paragraph], inside: list[Paragraph], linked: set[Element]) -> list[Paragraph]:
    """Without labels of what is gone: a short line directly before a list of links."""
    labels = {
        id(one)
        for one, two in pairwise(inside)
        if two.element in linked and one.element not in linked and len(one.text) < 60 and not _SENTENCE.search(one.text)
    }
    return [block for block in kept if id(block) not in labels]


def _between(blocks: list[Paragraph]) -> list[Paragraph]:
    """From the first piece of prose to the last: what stands around them are titles, kickers and labels."""
    prose = [index for index, block in enumerate(blocks) if _is_passage(block) and not is_clutter(block)]
    if not prose:
        return []
    last = max(prose)
    while (
        last + 1 < len(blocks)
        and blocks[last + 1].text.endswith(_ENDS)
        and blocks[last + 1].element.tag not in HEADINGS
    ):
        last += 1
    return blocks[min(prose) : last + 1]


_ENDS = (".", "!", "?", "…", "。", '."', ".”", ".»", "।", "؟")


def _is_passage(block: Paragraph) -> bool:
    return bool(_weight(block)) or (block.element.tag == "p" and len(block.text) >= 100 and block.text[-1] in '.!?…"”»')


def _standfirst(page: _Page, blocks: list[Paragraph], declared: Metadata) -> str | None:
    """A standfirst outside the body: before it, and either the page's own description or named so."""
    if not blocks:
        return None
    before = [block for block in page.blocks[: page.blocks.index(blocks[0])] if _may_lead(block)]
    described = letters(declared.description or "")[:80]
    if described and (match := next((block for block in before if letters(block.text).startswith(described)), None)):
        return match.text
    named = (block for block in before if any(map(_is_standfirst, page.chains[id(block)][:3])))
    return next((block.text for block in named), None)


def _may_lead(block: Paragraph) -> bool:
    return len(block.text) >= 40 and block.links <= 0.3 * len(block.text) and block.element.tag != "h1"


def _is_standfirst(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"
    return bool(_STANDFIRST.search(_CAMEL.sub("-", names)))
