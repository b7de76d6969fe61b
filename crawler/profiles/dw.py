"""Deutsche Welle: the layout since June 2023 and the one before, in all languages."""

from __future__ import annotations

from crawler.profile import Profile

# Videos, broadcasts, galleries, sections and topics have their letter before the number.
_ELSEWHERE = (r"/(?:av|video|audio|g|s|t|live|program|channel)-\d+",)
DW_2023 = Profile(
    name="dw-2023",
    version=1,
    # Class names are hashed anew with every release: only the document's shape and a few names stay.
    marks=("header h1", "[data-tracking-name=rich-text], .rich-text"),
    title=("header h1",),
    lead=("header > p", "header p.teaser-text", ".teaser-text"),
    body=("[data-tracking-name=rich-text]", ".rich-text"),
    drop=(
        "header",
        "footer",
        "figure",
        "aside",
        "[data-tracking-name=sharing-icons-inline]",
        ".embed",
        ".vjs-wrapper",
        ".advertisement",
        ".gpt-slot",
        ".author",
        ".feedback",
    ),
    clutter=(
        r"(?:Edited|Editiert|Redaktion|Redigiert|Adaptation|Editado) (?:by|von|par|por)\b",
        r"DW's .{0,200}(?:newsletter|editors send)",
    ),
    authors=(
        "header a.author-link",
        "header .author > span, header .author-details > span, header .author-details > a",
        "header .author",
    ),
    published=("header time[datetime]", "header time", "header .publication"),
    captions=("figcaption",),
    no_article_urls=_ELSEWHERE,
)
DW_2011 = Profile(
    name="dw-2011",
    version=1,
    marks=("h1", "div.longText, p.intro"),
    title=(".col3 > h1", ".col3 h1", "h1"),
    lead=("p.intro", ".intro"),
    body=("div.longText",),
    drop=(
        "div.longText div.longText",
        ".picBox",
        ".gallery",
        ".slides",
        ".imgTeaserL",
        ".standaloneWrap",
        ".linkList",
        ".smallList",
        ".adWrapper",
        ".squareAd",
        "figure",
        "iframe",
        "table.ad",
    ),
    clutter=(r"Every evening at \d{4} UTC", r"DW's .{0,200}(?:newsletter|editors send)"),
    authors=(
        'ul.smallList li:has(> strong:contains("Aut"))',
        'ul.smallList li:has(> strong:contains("Автор"))',
        'ul.smallList li:has(> strong:contains("Yazar"))',
    ),
    authors_declared=False,  # the meta tag always says Deutsche Welle
    published=(
        'ul.smallList li:has(> strong:contains("Dat"))',
        "ul.smallList li:first-child",
        ".col3 > .date",
        ".date",
        "time",
    ),
    captions=(".col3 > .picBox > p", ".longText > .picBox > p", ".group > .picBox > p", "figcaption"),
    tags=(
        'ul.smallList li:has(> strong:contains("words")) a',
        'ul.smallList li:has(> strong:contains("Schlagw")) a',
        'ul.smallList li:has(> strong:contains("Mots")) a',
    ),
    no_article_urls=_ELSEWHERE,
)
DW = (DW_2023, DW_2011)
