"""What a profile can say: where the parts of an outlet's pages stand, and since when."""

from __future__ import annotations

from dataclasses import dataclass

PROSE = ("p", "h2", "h3", "h4", "li", "blockquote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One layout of an outlet's pages: how it is recognised, and where its parts stand.

    All places are CSS selectors. Of several the first that finds anything counts, except in `drop` and
    `captions`, where all do. A new era is a new profile; a mended one gets a higher `version`.
    """

    name: str  # outlet or family, and the year since when: "dw-2023"
    version: int
    marks: tuple[str, ...]  # each must find something, else the page has another layout
    title: tuple[str, ...]
    lead: tuple[str, ...] = ()
    body: tuple[str, ...]  # the elements that hold the paragraphs
    prose: tuple[str, ...] = PROSE  # the tags in it that are paragraphs
    drop: tuple[str, ...] = ()  # elements in it that are not the article
    clutter: tuple[str, ...] = ()  # lines in it that are not, as regular expressions that match from the start
    authors: tuple[str, ...] = ()
    authors_declared: bool = True  # where no byline is printed, JSON-LD and meta tags may name the authors
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    dateline: tuple[str, ...] = ()  # where it stands apart from the first paragraph
    captions: tuple[str, ...] = ("figcaption",)
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    no_article: tuple[str, ...] = ()  # any of these: the page holds no article, whatever else it has
    no_article_urls: tuple[str, ...] = ()  # regular expressions of URLs that never hold one

    @property
    def label(self) -> str:
        """The profile and its version as articles name it."""
        return f"{self.name}/{self.version}"
