"""Other extractors on pages handed in as JSON lines: run with the Python of .venv-rivals, as benchmarks/score.py does.

Each line in holds {"url", "html"}, each line out what one extractor made of it, with its CPU seconds; first all
pages by the first extractor, then all by the next. This file imports nothing of ours: its environment is another.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Page = dict[str, str]
Found = dict[str, Any]


def main() -> None:
    pages: list[Page] = [json.loads(line) for line in sys.stdin]
    for name, extractor in EXTRACTORS.items():
        for page in pages[:20]:
            _attempt(extractor, page)  # what is compiled once in a process is no page's cost
        for number, page in enumerate(pages):
            started = time.process_time()
            found = _attempt(extractor, page)
            seconds = time.process_time() - started
            print(json.dumps({"by": name, "page": number, "seconds": seconds, **found}), flush=True)


def _attempt(extractor: Callable[[Page], Found], page: Page) -> Found:
    """What the extractor finds; one that raises on a page finds nothing there, as its users would see."""
    try:
        return extractor(page)
    except Exception as error:  # noqa: BLE001 - it is the rivals' own business what they raise
        print(f"{page['url']}: {error!r}", file=sys.stderr)
        return {}


def _found(title: object, text: object, date: object = None, authors: object = ()) -> Found:
    names = authors if isinstance(authors, (list, tuple)) else str(authors or "").split(";")
    paragraphs = [" ".join(line.split()).removeprefix("- ") for line in str(text or "").splitlines()]
    return {
        "title": str(title or ""),
        "published": str(date or "").replace(" ", "T"),
        "authors": [str(name).strip() for name in names if str(name).strip()],
        "paragraphs": [line for line in paragraphs if line],
    }


def _trafilatura(**mode: bool) -> Callable[[Page], Found]:
    def extract(page: Page) -> Found:
        import trafilatura

        document = trafilatura.bare_extraction(page["html"], url=page["url"], with_metadata=True, **mode)
        return _found(document.title, document.text, document.date, document.author) if document else {}

    return extract


def _readability(page: Page) -> Found:
    from lxml import html
    from readability import Document  # type: ignore[import-not-found]

    document = Document(page["html"])
    body = html.fromstring(document.summary(html_partial=True))
    for element in body.iter("p", "div", "li", "h1", "h2", "h3", "h4", "blockquote", "tr"):
        element.tail = f"\n{element.tail or ''}"
    return _found(document.short_title(), "".join(map(str, body.itertext())))


def _newspaper(page: Page) -> Found:
    import newspaper  # type: ignore[import-not-found]

    article = newspaper.Article(page["url"], fetch_images=False)
    article.download(input_html=page["html"])
    article.parse()
    date = article.publish_date
    return _found(article.title, article.text, date.isoformat() if date else None, article.authors)


def _resiliparse(page: Page) -> Found:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(page["html"])
    return _found(tree.title, extract_plain_text(tree, main_content=True, alt_texts=False, list_bullets=False))


def _newsplease(page: Page) -> Found:
    from newsplease import NewsPlease  # type: ignore[import-not-found]

    article = NewsPlease.from_html(page["html"], url=page["url"], fetch_images=False)
    date = article.date_publish
    return _found(article.title, article.maintext, date.isoformat() if date else None, article.authors)


EXTRACTORS: dict[str, Callable[[Page], Found]] = {
    "trafilatura": _trafilatura(favor_precision=True, include_comments=False),
    "traf-default": _trafilatura(),
    "traf-recall": _trafilatura(favor_recall=True, include_comments=False),
    "traf-fast": _trafilatura(fast=True, include_comments=False),
    "readability": _readability,
    "newspaper4k": _newspaper,
    "resiliparse": _resiliparse,
    "news-please": _newsplease,
}

if __name__ == "__main__":
    main()
