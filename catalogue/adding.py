"""Adding: what one crawl found is put into the catalogue, or taken out of it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from archive.crawl import Crawl
from archive.errors import CrawlUnreadable
from archive.folder import ARTICLES
from archive.lines import read_json_lines
from archive.manifest import MANIFEST
from archive.record import read_date
from catalogue.database import insert_new
from catalogue.derive import BATCH, derive_articles, derive_pages, in_batches, pages_of
from catalogue.keys import article_key, micros, name_key, page_key
from catalogue.looks import Answer, Look, Looks, headers_of
from catalogue.schema import captures, contents, crawls, looks, names, pages, validated
from catalogue.words import Content
from crawler.links import clean_url
from crawler.visits import ran_to_its_end

_TEXTS = ("url", "canonical_url", "outlet", "text", "captured", "record_id", "warc")


def digest_of(folder: Path) -> str:
    """What changes when anything in a closed crawl's folder does: its manifest has the digests of all its files."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def add(connection: Connection, name: str, crawl: Crawl, found: Looks) -> None:
    """Put a crawl into the catalogue under this name, in place of what was known of it."""
    row = _row(name, crawl, found)
    crawl_id = connection.scalar(select(crawls.c.id).where(crawls.c.folder == name))
    if crawl_id is None:
        before = _Before()
        crawl_id = connection.scalar(insert(crawls).values(row).returning(crawls.c.id))
        assert crawl_id is not None
    else:
        before = _remove(connection, crawl_id)
        connection.execute(update(crawls).where(crawls.c.id == crawl_id).values(row))
    touched_pages = before.pages | _add_looks(connection, crawl_id, crawl, found)
    touched_articles = before.articles | _add_articles(connection, crawl_id, crawl, found)
    derive_articles(connection, touched_articles)
    derive_pages(connection, touched_pages | pages_of(connection, touched_articles))
    _drop_unheld(connection, before)


@dataclass(frozen=True, slots=True)
class _Before:
    """What a crawl that is added again spoke of: keys, of which all is to be derived anew."""

    pages: set[int] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)
    contents: set[int] = field(default_factory=set)


def _remove(connection: Connection, crawl_id: int) -> _Before:
    """Take the facts of a crawl out; its row stays, to be filled in anew."""

    def spoken_of(table: Table, column: str) -> set[int]:
        return set(connection.scalars(select(table.c[column]).where(table.c.crawl == crawl_id)))

    before = _Before(spoken_of(looks, "page"), spoken_of(captures, "article"), spoken_of(captures, "content"))
    for batch in in_batches(before.articles):  # their names are derived anew too
        connection.execute(delete(names).where(names.c.article.in_(batch)))
    for table in (looks, validated, captures):
        connection.execute(delete(table).where(table.c.crawl == crawl_id))
    return before


def _drop_unheld(connection: Connection, before: _Before) -> None:
    """Forget what articles said in captures that are gone. A content belongs to one article."""
    held: set[int] = set()
    for batch in in_batches(before.articles):
        held.update(connection.scalars(select(captures.c.content).where(captures.c.article.in_(batch))))
    for batch in in_batches(before.contents - held):
        connection.execute(delete(contents).where(contents.c.id.in_(batch)))


def in_order(arguments: Mapping[str, Any]) -> str:
    """A crawl's arguments as they are kept: equal ones are equal texts."""
    return json.dumps(dict(arguments), sort_keys=True)


def _row(name: str, crawl: Crawl, found: Looks) -> dict[str, Any]:
    manifest = crawl.manifest
    try:
        return {
            "folder": name,
            "digest": digest_of(crawl.folder),
            "outlet": crawl.outlet,
            "started": micros(read_date(manifest["started"])),
            "ended": micros(read_date(manifest["ended"])),
            "status": manifest["status"],
            "failed": _failed(manifest),
            "arguments": in_order(manifest["arguments"]),
            "pages": len(found.pages),
            "articles": sum(1 for _ in crawl.articles()),
        }
    except (KeyError, TypeError, ValueError) as error:
        again = f"`scrapy rebuild {crawl.folder}` writes it anew"
        raise CrawlUnreadable(
            f"{crawl.folder / MANIFEST} lacks what every manifest tells ({error}); {again}"
        ) from error


def _failed(manifest: Mapping[str, Any]) -> bool:
    """Whether a crawl was broken off, by other than its budget, or got no answer at all."""
    answers = manifest["statistics"].get("downloader/response_count")
    return not (ran_to_its_end(manifest["status"]) and answers)


def _add_looks(connection: Connection, crawl_id: int, crawl: Crawl, found: Looks) -> set[int]:
    touched = set()
    complete = _followed_all(crawl)
    batch: list[tuple[int, Look]] = []

    def flush() -> None:
        _insert_looks(connection, crawl_id, crawl.outlet, batch)
        batch.clear()

    for look in (*found.pages.values(), *found.listings.values()):
        page = page_key(crawl.outlet, look.url, listing=look.listing)
        touched.add(page)
        batch.append((page, look))
        if len(batch) == BATCH:
            flush()
        is_leaf = look.listing and look.url not in found.indexes
        if is_leaf and complete and look.status == 200 and look.answer:
            row = {"page": page, "crawl": crawl_id, "at": micros(look.at), **_validators(crawl, look.answer)}
            connection.execute(insert(validated).values(row))
    flush()
    return touched


def _followed_all(crawl: Crawl) -> bool:
    """Whether a crawl followed all that its listings named; else what it left out would hide behind a 304."""
    bounded = {"limit", "since", "urls"} & set(crawl.manifest["arguments"])
    return crawl.status == "finished" and not bounded


def _insert_looks(connection: Connection, crawl_id: int, outlet: str, batch: list[tuple[int, Look]]) -> None:
    if not batch:
        return
    named = [
        {
            "id": page,
            "outlet": outlet,
            "listing": look.listing,
            "url": look.url,
            **dict.fromkeys(("since", "last", "span"), 0),
            "elsewhere": False,
        }
        for page, look in batch
    ]
    insert_new(connection, pages, named)
    seen = [{"page": page, "crawl": crawl_id, "at": micros(look.at), "status": look.status} for page, look in batch]
    connection.execute(insert(looks), seen)


def _validators(crawl: Crawl, answer: Answer) -> dict[str, Any]:
    record, headers = headers_of(crawl, answer)
    told = {name.lower(): value for name, value in reversed(headers)}
    return {
        "etag": told.get("etag"),
        "last_modified": told.get("last-modified"),
        "record_id": record.id,
        "url": record.url,
        "date": record.header("WARC-Date"),
        "payload_digest": record.header("WARC-Payload-Digest"),
    }


def _add_articles(connection: Connection, crawl_id: int, crawl: Crawl, found: Looks) -> set[int]:
    touched = set()
    batch: list[tuple[Content, dict[str, Any]]] = []

    def flush() -> None:
        if batch:
            kept = [{name: getattr(one, name) for name in Content.__slots__} for one, _ in batch]
            insert_new(connection, contents, kept)
            connection.execute(insert(captures), [row for _, row in batch])
            batch.clear()

    for article in articles_in(crawl):
        content = Content.of(article)
        try:
            row = _capture(crawl.outlet, article, crawl_id, content.id, found)
        except ValueError as error:
            raise CrawlUnreadable(f"{crawl.folder / ARTICLES}: {error} in `captured`") from error
        touched.add(row["article"])
        batch.append((content, row))
        if len(batch) == BATCH:
            flush()
    flush()
    return touched


def _capture(outlet: str, article: Mapping[str, Any], crawl_id: int, content: int, found: Looks) -> dict[str, Any]:
    place = (article["warc"], article["offset"])
    return {
        "article": article_key(article["outlet"], clean_url(article["canonical_url"], found.tracking)),
        "at": micros(read_date(article["captured"])),
        "record_id": article["record_id"],
        "crawl": crawl_id,
        "content": content,
        "page": page_key(outlet, found.asked.get(place, article["url"])),
        "name": name_key(article["url"]),
        "payload_digest": article["payload_digest"],
        "warc": article["warc"],
        "offset": article["offset"],
    }


def articles_in(crawl: Crawl) -> Iterator[dict[str, Any]]:
    """The lines of `articles.jsonl`; CrawlUnreadable where one is no article, or the last ones are gone."""
    path = crawl.folder / ARTICLES
    again = f"`scrapy rebuild {crawl.folder}` writes it anew"
    size = crawl.manifest.get("files", {}).get(ARTICLES, {}).get("size")
    if not path.is_file() or path.stat().st_size != size:
        raise CrawlUnreadable(f"{path} is missing, or not of the size that the manifest tells; {again}")
    for number, line in enumerate(read_json_lines(path), 1):
        if not _is_article(line):
            raise CrawlUnreadable(f"{path}, line {number}, is no article; {again}")
        yield line


def _is_article(line: Any) -> bool:
    if not isinstance(line, dict) or not all(isinstance(line.get(name), str) for name in _TEXTS):
        return False
    lists = all(isinstance(line.get(name), list) for name in ("authors", "agencies"))
    return lists and isinstance(line.get("offset"), int) and {"title", "lead", "payload_digest"} <= line.keys()
