"""Derive: what follows from the facts, made anew for the pages and articles that new facts speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, delete, insert, select, update

from catalogue.database import insert_new
from catalogue.due import fails
from catalogue.index import index_of, values_of
from catalogue.keys import DAY, name_key
from catalogue.schema import articles, captures, contents, crawls, looks, names, pages
from catalogue.words import dated, read_content, storable

BATCH = 500  # keys in one statement


def in_batches(keys: Iterable[int]) -> Iterator[list[int]]:
    """Keys in order, so many at a time as one statement takes."""
    waiting = sorted(keys)
    for start in range(0, len(waiting), BATCH):
        yield waiting[start : start + BATCH]


def derive_pages(connection: Connection, touched: Iterable[int]) -> None:
    """Make what is known of these pages anew from all looks at them; a page that nobody looked at is gone.

    What is known of their articles must have been made before.
    """
    facts = select(looks.c.page, looks.c.at, looks.c.status).join(crawls, crawls.c.id == looks.c.crawl)
    for batch in in_batches(touched):
        rows: Sequence[Any] = connection.execute(
            facts.where(looks.c.page.in_(batch)).order_by(looks.c.page, looks.c.at, crawls.c.folder)
        ).all()
        readings = _readings(connection, batch)
        values = [
            _page(page, list(group), readings.get(page, _NO_READING))
            for page, group in groupby(rows, key=itemgetter(0))
        ]
        if values:
            change = update(pages).where(pages.c.id == bindparam("page"))
            connection.execute(change, values)
        _delete_missing(connection, pages, batch, {value["page"] for value in values})


def derive_articles(connection: Connection, touched: Iterable[int]) -> None:
    """Make what is known of these articles anew from all captures of them; one without any is gone."""
    facts = (
        select(captures, contents.c.words, pages.c.url.label("asked"))
        .join(contents, contents.c.id == captures.c.content)
        .join(crawls, crawls.c.id == captures.c.crawl)
        .join(pages, pages.c.id == captures.c.page, isouter=True)
    )
    new: Counter[int] = Counter()
    for batch in in_batches(touched):
        before = {row.id: row for row in connection.execute(select(articles).where(articles.c.id.in_(batch)))}
        new.subtract(row.crawl for row in before.values())
        rows = connection.execute(
            facts.where(captures.c.article.in_(batch)).order_by(
                captures.c.article, captures.c.at, captures.c.record_id, crawls.c.folder
            )
        )
        values = []
        for article, group in groupby(rows, key=itemgetter(0)):
            captured = list(group)
            value = _article(connection, article, captured, before.pop(article, None))
            values.append(value)
            _name(connection, value, captured)
        new.update(value["crawl"] for value in values)
        _forget(connection, before.values())
        if values:
            connection.execute(delete(articles).where(articles.c.id.in_([value["id"] for value in values])))
            connection.execute(insert(articles), values)
    _count_new(connection, new)


def pages_of(connection: Connection, touched: Iterable[int]) -> set[int]:
    """The pages that these articles were read from."""
    found: set[int] = set()
    for batch in in_batches(touched):
        found.update(connection.scalars(select(captures.c.page).where(captures.c.article.in_(batch)).distinct()))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What the article that a page gave last tells of the page: see `catalogue.due.Seen`."""

    published: int | None
    elsewhere: bool


_NO_READING = _Reading(published=None, elsewhere=False)


def _readings(connection: Connection, batch: Sequence[int]) -> dict[int, _Reading]:
    """The readings of those among these pages that gave an article."""
    urls = connection.scalars(select(pages.c.url).where(pages.c.id.in_(batch), pages.c.listing.is_(False)))
    named = select(names.c.article).where(names.c.url.in_([name_key(url) for url in urls]))
    found = connection.execute(
        select(
            captures.c.page, crawls.c.outlet, captures.c.article, contents.c.words, articles.c.dated, articles.c.first
        )
        .join(contents, contents.c.id == captures.c.content)
        .join(crawls, crawls.c.id == captures.c.crawl)
        .join(articles, articles.c.id == captures.c.article)
        .where(captures.c.article.in_(named))
        .order_by(captures.c.at, captures.c.record_id, crawls.c.folder)
    ).all()
    newest = {row.page: row for row in found}
    last_at = {(row.outlet, row.article, row.words): row.page for row in found}
    return {
        page: _Reading(
            published=_published(row),
            elsewhere=last_at[row.outlet, row.article, row.words] != page,
        )
        for page, row in newest.items()
    }


def _published(article: Any) -> int | None:
    """By when an article was published, as far as its page tells; a bare date is that day's end at the latest."""
    if article.dated == article.first:
        return None
    return int(article.dated if article.dated % DAY else article.dated + DAY)


def _page(page: int, seen: Sequence[Any], reading: _Reading) -> dict[str, Any]:
    """A page's row from its looks, the oldest first, and what its article tells."""
    good = [number for number, look in enumerate(seen) if not fails(look.status)]
    since = seen[good[0] if good else 0].at
    if fails(seen[-1].status):
        since = seen[good[-1] + 1 if good else 0].at
    elif reading.published is not None:
        since = min(since, reading.published)
    return {
        "page": page,
        "since": since,
        "last": seen[-1].at,
        "span": seen[-1].at - since,
        "status": seen[-1].status,
        "elsewhere": reading.elsewhere,
    }


def _article(
    connection: Connection, article: int, captured: Sequence[Row[Any]], before: Row[Any] | None
) -> dict[str, Any]:
    """An article's row from its captures, the oldest first; the index of words is made to agree."""
    index = index_of(connection)
    first, newest = captured[0], captured[-1]
    content = _content(connection, newest.content)
    if before is None or before.content != newest.content:
        if before is not None:
            index.remove(connection, article, values_of(_content(connection, before.content)))
        index.add(connection, article, values_of(content))
    words = [row.words for row in captured]
    moment, day = dated(content, first.at)
    url, canonical_url = storable(content["url"]), storable(content["canonical_url"])
    return {
        "id": article,
        "outlet": storable(content["outlet"]),
        "canonical_url": canonical_url,
        "url": url if url != canonical_url else None,
        "crawl": first.crawl,
        "first": first.at,
        "last": newest.at,
        "record_id": newest.record_id,
        "dated": moment,
        "day": day,
        "language": storable(content["language"]) if content.get("language") else None,
        "content": newest.content,
        "versions": 1 + sum(one != other for one, other in pairwise(words)),
    }


def _name(connection: Connection, article: dict[str, Any], captured: Sequence[Row[Any]]) -> None:
    """Let the article be found by every URL that it was asked for, came under, or calls its own."""
    urls = {name_key(article["canonical_url"])} | {row.name for row in captured}
    urls |= {name_key(row.asked) for row in captured if row.asked is not None}
    named = [{"url": url, "article": article["id"]} for url in sorted(urls)]
    insert_new(connection, names, named)


def _forget(connection: Connection, gone: Iterable[Row[Any]]) -> None:
    index = index_of(connection)
    for article in gone:
        index.remove(connection, article.id, values_of(_content(connection, article.content)))
        connection.execute(delete(articles).where(articles.c.id == article.id))


def _content(connection: Connection, content: int) -> dict[str, Any]:
    body = connection.scalar(select(contents.c.body).where(contents.c.id == content))
    assert body is not None
    return read_content(body)


def _delete_missing(connection: Connection, table: Table, batch: Sequence[int], there: set[int]) -> None:
    if missing := [key for key in batch if key not in there]:
        connection.execute(delete(table).where(table.c.id.in_(missing)))


def _count_new(connection: Connection, changes: Counter[int]) -> None:
    """Change how many articles crawls were the first to capture."""
    rows = [{"crawl": crawl, "more": more} for crawl, more in changes.items() if more]
    if rows:
        change = update(crawls).where(crawls.c.id == bindparam("crawl"))
        connection.execute(change.values(new=crawls.c.new + bindparam("more")), rows)
