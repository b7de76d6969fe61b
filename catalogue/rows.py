"""Rows: what a closed crawl's folder holds, as lines of JSON for a data set: its articles and its captures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.crawl import Crawl
from archive.errors import CrawlUnreadable, DamagedRecord
from archive.folder import ARTICLES
from archive.joining import Joined, OwnJoiner
from archive.manifest import sha256_of
from archive.message import header_fields, payload_start, split_message, status_code
from archive.reading import told_by
from archive.record import Record
from archive.records import read_records
from archive.told import of_warcs, superseded_in
from catalogue.adding import articles_in
from crawler.links import clean_url

Row = dict[str, Any]
Placed = tuple[str, str, Row]  # outlet, day, and the row


def article_rows(crawl: Crawl) -> Iterator[Placed]:
    """The crawl's articles, each by its outlet and by the day that its page prints as its date.

    One whose page prints none goes by the day of its capture, UTC.
    """
    path = crawl.folder / ARTICLES
    if path.is_file() and sha256_of(path) != crawl.manifest.get("files", {}).get(ARTICLES, {}).get("sha256"):
        raise CrawlUnreadable(f"{path} is not what was written; `scrapy rebuild {crawl.folder}` writes it anew")
    for article in articles_in(crawl):
        day = str(article.get("published") or article["captured"])[:10]
        yield article["outlet"], day, article


def capture_rows(crawl: Crawl) -> Iterator[Placed]:
    """The crawl's exchanges, each by the crawl's outlet and the day of its capture, UTC, every record checked.

    Those that were fetched anew when the crawl was resumed are passed over.
    """
    name = f"{crawl.outlet}/{crawl.folder.name}"
    superseded = superseded_in(crawl.warcs()[1:])
    joiner = OwnJoiner()
    number = 0
    for record in of_warcs(crawl.warcs(), read_records):
        for joined in joiner.add(record):
            number += 1
            row = _capture(joined, name)
            if row["sequence"] != number:
                why = f"exchange {row['sequence']} stands where exchange {number} should"
                raise DamagedRecord(why, warc=row["warc"], offset=row["offset"])
            if number not in superseded:
                yield crawl.outlet, row["captured"][:10], row | {"outlet": crawl.outlet}
    joiner.end()  # raises where an exchange lacks its last record


def _capture(joined: Joined, crawl: str) -> Row:
    assert joined.note is not None  # no exchange of ours is handed out without
    note, record = joined.note, joined.answer or joined.note
    told = told_by(note)
    row = {
        "kind": joined.answer.type if joined.answer else "error",
        "url": note.url,
        "clean_url": clean_url(note.url),
        "method": told["method"],
        "purpose": told.get("purpose"),
        "via": told.get("via"),
        "truncated": told.get("truncated"),
        "error": told.get("error"),
        "error_message": told.get("errorMessage"),
        "captured": note.header("WARC-Date"),
        "ip": note.header("WARC-IP-Address") or record.header("WARC-IP-Address"),
        "crawl": crawl,
        "sequence": told["sequence"],
        "attempt": told["attempt"],
        "record_id": record.id,
        "payload_digest": record.header("WARC-Payload-Digest"),
        "warc": record.warc,
        "offset": record.offset,
        "length": record.length,
    }
    return row | (_answer(joined.answer) if joined.answer else {})


def _answer(answer: Record) -> Row:
    head = split_message(answer.block)[0]
    kind = next((value for name, value in header_fields(head) if name.lower() == "content-type"), "")
    return {
        "status": status_code(head),
        "mime": kind.partition(";")[0].strip().lower() or None,
        "size": answer.size - payload_start(answer.block) if answer.type == "response" else None,
    }
