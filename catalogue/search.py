"""Search: the articles that somebody wants, the newest version of each, one at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from archive.record import write_date
from catalogue import fts5
from catalogue.catalogue import Catalogue
from catalogue.index import index_of, query_of, values_of
from catalogue.keys import DAY, midnight, moment_of
from catalogue.schema import articles, captures, contents
from catalogue.words import read_content
from crawler.article import Article

BATCH = 500  # articles that are read at a time

_URL = func.coalesce(articles.c.url, articles.c.canonical_url)
_ORDERS = {
    "published": (articles.c.dated, _URL),
    "captured": (articles.c.last, _URL),
    "url": (_URL,),
}
ORDERS = tuple(_ORDERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles: all of these must hold. Days are as the page prints its date, else when it was captured first."""

    outlet: str | None = None
    since: date | None = None
    until: date | None = None
    words: str | None = None
    author: str | None = None
    agency: str | None = None
    language: str | None = None  # BCP 47; "de" is also "de-AT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An article as the catalogue holds it."""

    key: int
    dated: int
    signature: bytes
    article: Article


def search(catalogue: Catalogue, wanted: Wanted, order: str = "published") -> Generator[Held, None, None]:
    """The newest version of each article that is wanted; WrongQuery where its words make no query."""
    query = query_of(wanted.words, author=wanted.author, agency=wanted.agency)
    if query is not None:
        fts5.check(query)
    return _found(catalogue, wanted, query, order)


def _found(catalogue: Catalogue, wanted: Wanted, query: str | None, order: str) -> Generator[Held, None, None]:
    chosen = select(articles).where(*_conditions(wanted)).order_by(*_ORDERS[order], articles.c.outlet, articles.c.id)
    with catalogue.reading() as connection:
        index = index_of(connection)
        if query is not None:
            chosen = chosen.where(articles.c.id.in_(index.found(query)))
        for batch in connection.execute(chosen.execution_options(yield_per=BATCH)).partitions():
            held = _read(connection, batch)
            yield from held if query is None or index.exact else _matching(query, list(held))


def _matching(query: str, held: list[Held]) -> Iterator[Held]:
    """Those that a query finds."""
    found = fts5.matching(query, {one.key: values_of(one.article.as_dict()) for one in held})
    yield from (one for one in held if one.key in found)


def held_by_keys(catalogue: Catalogue, keys: list[int]) -> list[Held]:
    """These articles, in the order of the keys."""
    with catalogue.reading() as connection:
        rows = _by_key(connection, select(articles).where(articles.c.id.in_(keys)))
        return list(_read(connection, [rows[key] for key in keys]))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.outlet is not None:
        yield articles.c.outlet == wanted.outlet
    if wanted.language is not None:
        language = func.lower(articles.c.language)
        yield (language == wanted.language.lower()) | language.startswith(
            f"{wanted.language.lower()}-", autoescape=True
        )
    # The index knows moments: a printed day may begin up to a day before or after that day does in UTC.
    if wanted.since is not None:
        yield articles.c.day >= wanted.since.isoformat()
        yield articles.c.dated >= midnight(wanted.since) - DAY
    if wanted.until is not None:
        yield articles.c.day <= wanted.until.isoformat()
        yield articles.c.dated <= midnight(wanted.until) + 2 * DAY


def _read(connection: Connection, rows: Any) -> Iterator[Held]:
    """The articles of these rows, in their order."""
    kept = _by_key(connection, select(contents).where(contents.c.id.in_([row.content for row in rows])))
    marks = select(captures).where(
        captures.c.article.in_([row.id for row in rows]), captures.c.at.in_([row.last for row in rows])
    )
    places = {(mark.article, mark.at, mark.record_id): mark for mark in connection.execute(marks)}
    for row in rows:
        content, mark = kept[row.content], places[row.id, row.last, row.record_id]
        article = article_of(content.body, mark)
        yield Held(key=row.id, dated=row.dated, signature=content.signature, article=article)


def _by_key(connection: Connection, chosen: Select[Any]) -> dict[int, Row[Any]]:
    return {row.id: row for row in connection.execute(chosen)}


def article_of(body: bytes, mark: Any) -> Article:
    """An article from its content and the pressmark of a capture of it."""
    known = read_content(body)
    known |= {name: getattr(mark, name) for name in ("record_id", "payload_digest", "warc", "offset")}
    known["captured"] = write_date(moment_of(mark.at))
    values = {field.name: known.get(field.name) for field in fields(Article)}
    return Article(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})  # type: ignore[arg-type]
