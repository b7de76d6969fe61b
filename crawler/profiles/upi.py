"""United Press International: the layout since 2018 and the one before."""

from __future__ import annotations

from crawler.profile import Profile

_DROP = (
    "figure",
    "aside",
    ".ad_slot",
    ".ad-tag",
    ".ad",
    ".related-article",
    ".rec_stories_sp",
    ".rec_stories",
    ".slide-caption",
    ".caption",
    ".author-social",
    ".read-more-about",
    ".tw_if",
    ".st_follow",
    ".meta",
)
_CLUTTER = (
    r"Advertisement\b",
    r"Follow us on\b",
    r"Related UPI Stories",
    r"Latest Headlines",
    r"RELATED\b",
    r"License Photo",
    r"Copyright \d{4}",
)
UPI_2018 = Profile(
    name="upi-2018",
    version=1,
    marks=("h1.headline", "article[itemprop=articleBody]"),
    title=("h1.headline", "h1"),
    lead=(".st_desc", ".deck", ".news-subhead", ".sub-headline"),
    body=("article[itemprop=articleBody]",),
    drop=_DROP,
    clutter=_CLUTTER,
    authors=(".author > div", ".author a", ".author"),
    published=("meta[itemprop=datePublished]", ".article-date"),
    modified=('.article-date:contains("Updated")',),
    captions=(".slide-caption", "figcaption", ".upi-slider .caption"),
    section=(".breadcrumb li:last-child",),
    tags=(".read-more-about li a",),
)
UPI_2012 = Profile(
    name="upi-2012",
    version=1,
    marks=("h1.st_headline, h1[itemprop=headline]", "div#article, article[itemprop=articleBody], .st_text_c"),
    title=("h1.st_headline", "h1[itemprop=headline]", "h1"),
    lead=("div.st_desc", ".st_desc"),
    body=("article > div#article", "div#article", "article[itemprop=articleBody]", ".st_text_c"),
    drop=_DROP,
    clutter=_CLUTTER,
    authors=("div.meta.grey > a", "meta[name=author]", "div.meta.grey", ".author"),
    published=("meta[itemprop=datePublished], meta[name=datePublished]", "div.meta.grey"),
    captions=("#c_story .caption", "figcaption"),
)
UPI = (UPI_2018, UPI_2012)
