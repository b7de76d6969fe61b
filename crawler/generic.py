"""The generic way: an article on a page of a site that nothing is known about.

Every rule serves a class of pages, named where it stands; none was made for a single site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.capture import Capture
from crawler.article import NoArticle
from crawler.clutter import tidy
from crawler.layout import Reading
from crawler.markup import Element, select, text_of
from crawler.metadata import Metadata, tidy_title
from crawler.paragraphs import HEADINGS, SKIPPED, Paragraph, paragraphs

NAME = "generic/1"

_ELSEWHERE = SKIPPED | {"nav", "footer", "aside", "form", "dialog"}
_SENTENCE = re.compile(r"[.!?…。！？؟।:;»”\"'’)\]]\s*$|[。、，।]|[.!?]\s")

# Class names and ids of what stands on article pages and is not the article, whatever the site.
_APART = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?|menu|breadcrumbs?|footer|sidebar|side-?bar|rail|masthead|toolbar|skip|pager|pagination|"
    r"comments?|disqus|discussion|responses?|replies|"
    r"share|sharing|sharebar|social|addthis|sharedaddy|jp-relatedposts|follow|"
    r"related|relateds|recommend(?:ed|ation|ations)?|recirc|more-?(?:on|from|stories|news|articles)|read-?(?:more|next|also)|also-?read|readmore|trending|popular|most-?(?:read|viewed|popular)|latest|up-?next|next-?(?:article|post)|outbrain|taboola|plista|teads|zergnet|"
    r"newsletter|subscribe|subscription|signup|sign-up|login|register|paywall-?(?:overlay|message|prompt)|piano|offer|promo|promos|promotion|cta|call-to-action|"
    r"advert(?:isement|ising|isment)?s?|ads?|adslot|ad-?(?:slot|unit|container|wrapper|box|block|label|tag)|adsbygoogle|sponsor(?:ed)?|dfp|gpt|banner|"
    r"cookie|cookies|consent|gdpr|cmp|privacy|popup|modal|overlay|lightbox|tooltip|toast|"
    r"caption|credits?|copyright|legend|img-?(?:caption|credit)|photo-?(?:caption|credit)|wp-caption|media-?(?:caption|credit)|"
    r"author-?(?:bio|box|card|info|info-box|description|about|details)|about-?(?:the-)?author|bio|byline|post-?meta|entry-?meta|article-?meta|meta-?(?:data|info)?|dateline-?time|timestamp|"
    r"tags?|tag-?(?:list|cloud|links)|topics?|keywords|categories|"
    r"gallery|slideshow|carousel|slider|swiper|video-?(?:player|wrap(?:per)?|caption)|player|audio-?player|podcast|playlist|"
    r"twitter-tweet|tweet|instagram-media|fb-post|tiktok-embed|embed|social-?embed|"
    r"widget|poll|quiz|survey|rating|print-?only|printfriendly|screen-reader(?:-text)?|sr-only|visually-?hidden|hidden|d-none|invisible|"
    r"disclaimer|correction-?policy|noprint|no-print|teaser-?(?:list|box|group|container)|teasers|toc|table-of-contents|live-?blog-?nav|infobox-?promo|affiliate|shopping|deals|product-?card"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|leadin|lead-?(?:text|paragraph|in)|standfirst|intro(?:duction)?|dek|deck|sub-?(?:title|headline|head|heading)|chapo|chapeau|teaser(?:-?text)?|summary|excerpt|abstract|description|"
    r"vorspann|anreißer|anleser|sommario|occhiello|entradilla|bajada|ingress|manchet|underrubrik|kicker-?text|article-?(?:lead|intro|summary|teaser|description|subtitle)|perex|strapline)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Page:
    """The page's blocks of text, and for every element above them how much prose it holds."""

    blocks: list[Paragraph]
    chains: list[list[Element]]
    prose: dict[Element, float] = field(default_factory=dict)


def read(tree: Element, declared: Metadata, capture: Capture) -> Reading | NoArticle:
    """The article by the shape of the page alone."""
    body = next(tree.iter("body"), tree)
    page = _weigh(paragraphs(body, (), _ELSEWHERE), body)
    page = _without(page, _apart(page, body), body)
    container = _container(page, body)
    title = _title(tree, declared)
    kept = [block for block, chain in zip(page.blocks, page.chains, strict=True) if container in chain]
    prose = tidy(_trimmed(kept), title=title, captions=())
    if not prose.paragraphs:
        return NoArticle(reason="empty")
    return Reading(by=NAME, title=title, paragraphs=prose.paragraphs, agencies=prose.agencies)


def _title(tree: Element, declared: Metadata) -> str | None:
    h1 = next((text_of(element) for element in select(tree, "h1")), None)
    return tidy_title((declared.headline, declared.og_title, h1, declared.page_title), (declared.site_name,))


def _weigh(blocks: list[Paragraph], body: Element) -> _Page:
    chains = []
    prose: dict[Element, float] = {}
    for block in blocks:
        chain = [block.element, *block.element.iterancestors()] if block.element is not body else [body]
        chains.append(chain)
        if weight := _weight(block):
            for element in chain:
                prose[element] = prose.get(element, 0.0) + weight
    return _Page(blocks, chains, prose)


def _weight(block: Paragraph) -> float:
    """How much running text a block is: characters, less its links, less where no sentence ends."""
    size = len(block.text)
    if size < 25 or block.element.tag in HEADINGS or block.links > 0.5 * size:
        return 0.0
    by_tag = {"p": 1.0, "blockquote": 1.0, "li": 0.5, "td": 0.4, "th": 0.1}.get(str(block.element.tag), 0.7)
    return (size - block.links) * by_tag * (1.0 if _SENTENCE.search(block.text) else 0.25)


def _apart(page: _Page, body: Element) -> set[Element]:
    """Elements whose names say that they are not the article, unless they hold much of the page's prose."""
    most = 0.4 * page.prose.get(body, 0.0)
    seen: dict[Element, bool] = {}
    for chain in page.chains:
        for element in chain:
            if element not in seen:
                seen[element] = _is_apart(element) and page.prose.get(element, 0.0) <= most
    return {element for element, apart in seen.items() if apart}


def _is_apart(element: Element) -> bool:
    if element.tag in {"html", "body", "main", "article"}:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    if _APART.search(names) and not _STANDFIRST.search(names):
        return True
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


def _without(page: _Page, apart: set[Element], body: Element) -> _Page:
    return _weigh(
        [block for block, chain in zip(page.blocks, page.chains, strict=True) if not apart.intersection(chain)], body
    )


def _container(page: _Page, body: Element) -> Element:
    """The deepest element that still holds most of the page's prose."""
    current = body
    while True:
        children = [child for child in current if page.prose.get(child, 0.0) >= 0.7 * page.prose.get(current, 0.0) > 0]
        if not children or children[0].tag in {"p", "li", "blockquote"}:
            return current
        current = children[0]


def _trimmed(blocks: list[Paragraph]) -> list[Paragraph]:
    """Without what stands before the first and after the last piece of prose, and loose scraps between."""
    kept = [
        block
        for block in blocks
        if _weight(block) or block.element.tag in HEADINGS or block.element.tag in {"p", "li", "blockquote"}
    ]
    while kept and kept[-1].element.tag in HEADINGS:
        kept.pop()
    return kept
