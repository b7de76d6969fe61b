"""Article: what is read from one archived page; NoArticle: why nothing was."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Literal

Access = Literal["full", "paywall", "consent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A clean article with its metadata and its pressmark: the exact record it was read from.

    Absent is None or (), never a missing key. Dates are ISO 8601, as precise as the page tells: a date,
    or a date and time with its offset.
    """

    url: str  # as fetched, after redirects
    canonical_url: str
    outlet: str
    title: str | None
    lead: str | None  # the standfirst, where the page has one apart from the body
    text: str  # paragraphs and subheads, the lead first, joined by one blank line
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    dateline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None  # BCP 47
    image: str | None = None
    captions: tuple[str, ...] = ()
    access: Access = "full"
    captured: str  # WARC-Date
    record_id: str | None
    payload_digest: str | None
    warc: str | None
    offset: int | None
    extractor: str  # profile and its version, trafilatura's version

    def as_dict(self) -> dict[str, Any]:
        """The article as plain JSON values, in the order of the fields above."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def as_json(self) -> str:
        """The article as one line of JSON, UTF-8 unescaped, without a newline."""
        return json.dumps(self.as_dict(), ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArticle:
    """A page that holds no article, and why (one or two words that count well: "listing", "empty", "error page")."""

    reason: str
