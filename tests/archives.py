"""Archives for tests of the catalogue: crawl folders of an invented outlet, visit after visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from archive.capture import Capture
from archive.crawl import Crawl
from catalogue.catalogue import Catalogue
from crawler.article import Article
from tests.samples import NOON, page

FEED = "https://news.test/feed"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def response(status: int, *headers: str, body: bytes = b"<p>Gulls") -> bytes:
    lines = [f"HTTP/1.1 {status} x", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def asked(url: str, status: int | None = 200, *headers: str, **more: Any) -> Capture:
    """An article page that was asked for; without a status, in vain."""
    given = {"purpose": "article", "via": FEED, **more}
    if status is None:
        return page(url=url, **{"response": b"", "error": "scrapy.exceptions.DownloadTimeoutError", **given})
    return page(url=url, **{"response": response(status, *headers), **given})


def listed(url: str = FEED, status: int = 200, *headers: str, **more: Any) -> Capture:
    """A listing that was asked for."""
    return asked(url, status, *headers, **{"purpose": "listing", "via": "outlet", **more})


def told(words: str, **more: Any) -> dict[str, Any]:
    """What an article says."""
    return {"title": words.split(".", maxsplit=1)[0], "lead": None, "text": words, "language": "en", **more}


def visit(
    root: Path,
    started: datetime = NOON,
    exchanges: Sequence[Capture] = (),
    articles: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    outlet: str = "gazette",
    arguments: Mapping[str, Any] | None = None,
    status: str = "finished",
    tracking: Sequence[str] = (),
) -> Path:
    """One crawl: what it asked for, a second apart, and the articles at these URLs."""
    description = {"arguments": dict(arguments or {}), "tracking": list(tracking)}
    crawl = Crawl.create(root, outlet=outlet, started=started, description=description, max_size=1 << 30)
    write(crawl, started, exchanges, articles)
    crawl.close(status, {}, started + timedelta(minutes=5))
    return crawl.folder


def write(
    crawl: Crawl,
    started: datetime,
    exchanges: Sequence[Capture],
    articles: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Write exchanges into a crawl, and the articles that stand at these URLs."""
    for number, exchange in enumerate(exchanges):
        moment = started + timedelta(seconds=number)
        written = crawl.write(Capture(**{**_fields(exchange), "started": moment}))
        if article := (articles or {}).get(exchange.url):
            crawl.add_article(_line(crawl.outlet, written, article))


def visited(root: Path, words: Mapping[str, Mapping[str, Any]], started: datetime = NOON, **more: Any) -> Path:
    """One crawl that found these articles."""
    return visit(root, started, [listed(), *(asked(url) for url in words)], words, **more)


def _fields(exchange: Capture) -> dict[str, Any]:
    return exchange.__getstate__()


def _line(outlet: str, capture: Capture, article: Mapping[str, Any]) -> dict[str, Any]:
    mark = {name: getattr(capture, name) for name in ("record_id", "payload_digest", "warc", "offset")}
    date = capture.started.isoformat().replace("+00:00", "Z")
    known = {"url": capture.url, "canonical_url": capture.url, "outlet": outlet, "extractor": "lab/1", "captured": date}
    return Article(**{**known, **article, **mark}).as_dict()


def lose_catalogue(root: Path, url: str | None) -> None:
    """Delete an archive's catalogue; its crawl folders stay."""
    if url is None:
        for path in root.glob("catalogue.*"):
            path.unlink()
        return
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA pressmark CASCADE")


def content_of(root: Path, url: str | None) -> list[str]:
    """All that an archive's catalogue holds."""
    with Catalogue.open(root, url) as catalogue:
        return list(catalogue.dump())
