"""Drift: what a crawl counts of its articles, so that an outlet's redesign shows as a number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from crawler.article import Article

# Characters of text: the lower bounds of the classes that lengths are counted in.
LENGTHS = (0, 250, 500, 1000, 2000, 4000, 8000, 16000)


def counts(article: Article) -> Iterator[str]:
    """The names of all counters that an article adds one to."""
    lacks = {
        "title": not article.title,
        "date": not article.published,
        "lead": not article.lead,
        "body": article.text in ("", article.lead),
    }
    yield from (f"articles/without/{part}" for part, lacking in lacks.items() if lacking)
    bound = LENGTHS[bisect_right(LENGTHS, len(article.text)) - 1]
    yield f"articles/length/from_{bound:05}"
    if article.access != "full":
        yield f"articles/access/{article.access}"
