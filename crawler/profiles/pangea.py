"""Pangea: the system of RFE/RL, VOA, RFA and some forty sister sites, in any script and language."""

from __future__ import annotations

from crawler.profile import Profile

# Notices that the sites print under, or in the middle of, every article.
_NOTICES = (
    r"RFE/RL has been declared an [\"“]undesirable organization",
    r"If you are in Russia or the Russia-controlled parts",
    r"RFE/RL journalists report the news in",
    r"To find out more, click here",
    r"Radio Free Europe/Radio Liberty (?:journalists|is )",
)
PANGEA_2014 = Profile(
    name="pangea-2014",
    version=1,
    marks=("h1.pg-title, h1.title, .pg-title", "div.wsw, .wsw"),
    title=("h1.pg-title", "h1.title", ".hdr-container h1", "h1", ".pg-title"),
    lead=("div.intro", "p.intro"),
    body=("#article-content > div.wsw", "#article-content .wsw", ".body-container .wsw", ".wsw"),
    drop=(
        "figure",
        "aside",
        "nav",
        "form",
        ".wsw .wsw",
        ".wsw__embed",
        ".wsw__also-read",
        ".also-read",
        ".media-block-wrap",
        ".media-block",
        ".media-pholder",
        ".media-image",
        ".c-mmp",
        ".quiz",
        ".infgraphicsAttach",
        ".clear",
        ".load-more",
        ".c-author",
        ".author-card",
        ".author",
        ".authors",
        ".links",
        ".share",
        ".share--box",
        ".comments",
        ".comments-parent",
        "p.buttons",
        ".buttons",
        ".notice",
        ".region",
        ".dateline",
        ".category",
        ".ta-c.label",
        ".external-content-placeholder",
        ".sticky-share-container",
    ),
    clutter=_NOTICES,
    authors=(
        ".publishing-details .links__item a, .publishing-details .links__item-link",
        ".links__item a",
        ".publishing-details .links__item",
    ),
    authors_declared=False,  # JSON-LD names the service for a person
    published=(
        "div.published time[datetime]",
        ".published time[datetime]",
        ".published time",
        ".published .date",
        "time[datetime]",
    ),
    dateline=(".wsw > .dateline", ".dateline"),
    captions=("figcaption .caption", "figcaption"),
    section=("div.category a", "div.category"),
    # The page of a broadcast has a player and no words.
    no_article=("div.nav-tabs--prog-hdr",),
    no_article_urls=(r"/z/\d+", r"/p/\d+\.html", r"/author/"),
)
PANGEA = (PANGEA_2014,)
