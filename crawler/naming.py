"""Naming: what the classes and ids of elements say of what they hold, on any site."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.markup import Element

# Class names and ids of what stands on article pages and is not the article, whatever the site.
_APART = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?|menu|breadcrumbs?|footer|sidebar|side-?bar|rail|masthead|toolbar|skip|pager|pagination|"
    r"comments?|disqus|discussion|responses|replies|"
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
    r"video-?(?:player|wrap(?:per)?|caption)|player|audio(?:-?player)?|"
    r"podcast(?!-transcript)|playlist|"
    r"twitter-tweet|tweet|instagram-media|fb-post|tiktok-embed|embed|social-?embed|"
    r"widget|poll|quiz|survey|rating|print-?only|printfriendly|screen-reader(?:-text)?|sr-only|visually-?hidden|"
    r"d-none|invisible|"
    r"info-?box(?:es)?|fact-?box|fakten-?box|additional-?info|jwplayer|featured-video|video-?(?:fallback|"
    r"container|embed)|snackbar|author-?content|(?:article|post|entry|c)-?authors?|reg-?wall|"
    r"disclaimer|correction-?policy|noprint|no-print|teaser-?(?:list|box|group|container)|teasers|toc|"
    r"table-of-contents|live-?blog-?nav|infobox-?promo|affiliate|shopping|deals|product-?card"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"caption|(?:^|[\s_-])(?:gallery|slideshow|carousel|slider|swiper|pic(?:ture)?-?box|"
    r"(?:image|photo|picture|img)-?(?:box|credits?|description|info|text|wrapper)|"
    r"bild(?:unterschrift|text|nachweis|box)|cutline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|"
    r"(?:tool-?tip|pop-?over|roll-?over|hover-?card)[\w-]*?(?:block|body|box|bubble|card|content|inner|text))(?:$|[\s_-])",
    re.IGNORECASE,
)
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|leadin|lead-?(?:text|paragraph|in)|standfirst|intro(?:duction)?|dek|deck|"
    r"sub-?(?:title|headline|head|heading)|chapo|chapeau|teaser(?:-?text)?|summary|excerpt|abstract|description|"
    r"vorspann|einleitung|anreißer|anleser|sommario|occhiello|entradilla|bajada|ingress|manchet|underrubrik|kicker-?text|"
    r"sub-?t[ií]tul[oe]|sous-?titre|sotto-?titolo|unter-?titel|onder-?titel|sapo|copete|sumario|linha-?fina|resumo|"
    r"подзаголовок|article-?(?:lead|intro|summary|teaser|description|subtitle)|perex|strapline|preface)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SUBHEAD = re.compile(
    r"(?:^|[\s_-])(?:(?:sub|cross)-?head(?:ing|line)?|zwischen-?(?:titel|überschrift|ueberschrift)|inter-?titre|"
    r"ladillo|tussen-?kop|mellan-?rubrik|mellom-?tittel|mellem-?rubrik|inter-?t[íi]tulo)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:^|[\s_-])(?:article|entry|post|story|news|blog-?post|single)[_-]{0,2}(?:body|content|text|copy|"
    r"main-?text|full-?text)(?:$|[\s_-])"
    r"|(?:^|\s)(?:body-(?:content|text|copy)|content-?(?:body|text)|rich-?text|prose|copytext|articlebody|"
    r"main-?text|mw-parser-output)(?:$|\s)",
    re.IGNORECASE,
)
_TEXT = re.compile(r"(?:^|[\s_-])(?:text|txt|p|par|para|paragraph|copy)(?:$|[\s_-])", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CAMEL_OF_LINES = re.compile(r"(?<=[a-z])(?=[A-Z])(?!(?<=\bed)Tag\b)")  # "edTag"
# Hidden from all, or on screens of one width: what is meant for readers there stands once more for the others.
_HIDDEN = re.compile(
    r"(?:^|\s)(?:[\w-]*-)?hidden(?:--?(?:xs|sm|md|lg|print|mobile|tablet|desktop|accessible|content|text|box))?(?:$|\s)",
    re.IGNORECASE,
)
# What stands beside or in a block, or does not: that is not the block.
_BESIDE = r"(?:has|without)-.+|no-(?!print).+|with-(?:\w+-)?(?:side-?bar|rail|aside|ads?|menu|nav)"
# Names that tell nothing of what a block holds: how it looks or behaves, of what type a post or field is and which tool
# built it; WordPress, Drupal and builders of pages set them on any block.
_UNTELLING = re.compile(
    rf"{_BESIDE}|is-(?:style|type|provider|layout|content|position)-.+|is-(?:vertical|horizontal|nowrap|sticky|single|"
    r"active)|type-(?:post|page|article|attachment)|(?:status|format)-.+|(?:\w+-)?(?:overflow|backface)-.+|[\w-]+:.+|"
    r"(?:[\w-]+?-)?label-(?:hidden|above|inline|visually_hidden)|"
    r"(?:node|field|media|taxonomy-term)--type-.+|[\w-]+--view-mode-.+|"
    r"elementor-widget(?:-(?:text-editor|theme-post-content|heading|container|wrap|html|blockquote|toggle|accordion|"
    r"tabs|icon-list))?|so-panel|widget_sow-editor|siteorigin-widget-.+|widget_text|"
    r"cmp-(?:text|title|container|contentfragment)(?:__.+)?",
    re.IGNORECASE,
)
_FILED = re.compile(r"(?:category|tag)-.+", re.IGNORECASE)  # what a post is about: WordPress sets it beside these two
_POST = frozenset({"post", "hentry"})
_MODIFIED = re.compile(rf"--(?:{_BESIDE})$", re.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def is_apart(names: str, line: bool) -> bool:
    """Whether a class and id say that an element is not the article; a page repeats most of them many times.

    A `line`, a heading or paragraph, is named "edTag" for the tag of an editor.
    """
    spread = (_CAMEL_OF_LINES if line else _CAMEL).sub("-", names)
    telling = _telling(spread)
    if _HIDDEN.search(telling) or _PICTURE.search(telling):
        return True
    return bool(_APART.search(telling)) and not _STANDFIRST.search(telling)


def _telling(names: str) -> str:
    """Of an element's names those that tell what it holds."""
    words = names.split()
    told = [_MODIFIED.sub("", word) for word in words if not _UNTELLING.fullmatch(word)]
    if not _POST.isdisjoint(words):
        told = [word for word in told if not _FILED.fullmatch(word)]
    if len(told) < len(words):  # builders set a plain word with their own
        told = [word for word in told if word not in _BUILT or not any(_BUILT[word].match(one) for one in words)]
    return " ".join(told)


_BUILT = {"widget": re.compile("so-panel|widget_sow-editor"), "cmp": re.compile("cmp-")}


@lru_cache(maxsize=8192)
def is_unseen(names: str) -> bool:
    """Whether a class says that words are for screen readers, or stand in a pop-up."""
    return bool(_UNSEEN.search(names))


@lru_cache(maxsize=8192)
def is_text(names: str) -> bool:
    """Whether a class says that an element is text, whatever else it says."""
    return bool(_TEXT.search(_CAMEL.sub("-", names)))


def is_body(element: Element) -> bool:
    """Whether an element is called an article's body."""
    if "articleBody" in (element.get("itemprop") or ""):
        return True
    return bool(_BODY.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def body_words(element: Element) -> frozenset[str]:
    """Of an element's classes those that call it an article's body."""
    return frozenset(word for word in (element.get("class") or "").split() if _BODY.search(word))


def is_standfirst(element: Element) -> bool:
    """Whether an element is called a standfirst."""
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"
    return bool(_STANDFIRST.search(_CAMEL.sub("-", names)))


def is_subhead(element: Element) -> bool:
    """Whether an element is called a subhead, as in bodies that are not made of headings."""
    return bool(_SUBHEAD.search(_CAMEL.sub("-", element.get("class") or "")))
