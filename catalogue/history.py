"""History: the versions of an article, and what an outlet changed after it had published."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, func, select

from catalogue.catalogue import Catalogue
from catalogue.changes import Change, changes
from catalogue.corrections import corrections
from catalogue.keys import DAY, midnight, moment_of, name_key
from catalogue.schema import articles, captures, contents, crawls, names
from catalogue.search import article_of
from crawler.article import Article
from crawler.links import clean_url

Kind = Literal["headline", "correction", "silent"]
KINDS: tuple[Kind, ...] = ("headline", "correction", "silent")

BATCH = 100  # edits that are read at a time

_TOLD = ("captured", "record_id", "payload_digest", "warc", "offset", "url", "title", "published", "modified")
_ORDER = (captures.c.at, captures.c.record_id, crawls.c.folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An article as it read for a while: as it was first captured so, with that capture's pressmark.

    `until` is when it was last captured so, `captures` how often; `folder` is the crawl's, below the
    archive's `crawls`. `changes` are those since the version before.
    """

    number: int
    article: Article
    folder: str
    until: datetime
    captures: int
    changes: tuple[Change, ...]

    def as_dict(self) -> dict[str, Any]:
        """The version as plain JSON values."""
        told = {name: getattr(self.article, name) for name in _TOLD}
        held = {"folder": self.folder, "until": self.until.isoformat(), "captures": self.captures}
        return {"version": self.number, **told, **held, "changes": [change.as_dict() for change in self.changes]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of an article's words, as it read from then on, and of which kinds the change is.

    `headline`: the title changed. `correction`: `notes` say so. `silent`: no note does, and the page's own
    date of modification did not change or is not told.
    """

    article: Article
    folder: str
    changes: tuple[Change, ...]
    kinds: tuple[Kind, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The edit as plain JSON values."""
        told = {name: getattr(self.article, name) for name in ("outlet", "canonical_url", *_TOLD)}
        kinds = {"kinds": list(self.kinds), "notes": list(self.notes)}
        return {**told, "folder": self.folder, **kinds, "changes": [change.as_dict() for change in self.changes]}


def articles_named(catalogue: Catalogue, url: str, tracking: Collection[str] = ()) -> list[int]:
    """The keys of the articles that a URL names: as asked for, as it came after redirects, or as its own.

    `tracking` are parameters that need not be told, of whatever outlet the URL is.
    """
    keys = {name_key(one) for one in (url, clean_url(url), clean_url(url, tracking))}
    chosen = (
        select(articles.c.id)
        .where(articles.c.id.in_(select(names.c.article).where(names.c.url.in_(keys))))
        .order_by(articles.c.outlet, articles.c.canonical_url, articles.c.id)
    )
    with catalogue.reading() as connection:
        return list(connection.scalars(chosen))


def versions(catalogue: Catalogue, article: int) -> Generator[Version, None, None]:
    """The versions of an article, the oldest first: runs of captures with the same words."""
    with catalogue.reading() as connection:
        rows = connection.execute(_captures().where(captures.c.article == article).order_by(*_ORDER)).all()
        before: Article | None = None
        for number, (_, run) in enumerate(groupby(rows, key=attrgetter("words")), 1):
            first, *others = run
            read = _article(connection, first.content, first)
            changed = () if before is None else tuple(changes(before.as_dict(), read.as_dict()))
            until = moment_of(others[-1].at if others else first.at)
            yield Version(
                number=number,
                article=read,
                folder=first.folder,
                until=until,
                captures=1 + len(others),
                changes=changed,
            )
            before = read


def edits(
    catalogue: Catalogue, outlet: str, since: date | None = None, until: date | None = None
) -> Generator[Edit, None, None]:
    """The edits of an outlet's articles that were first captured in these days (UTC), in that order."""
    steps = (
        _captures(_before(contents.c.words), _before(captures.c.content))
        .join(articles, articles.c.id == captures.c.article)
        .where(articles.c.outlet == outlet, articles.c.versions > 1)
        .subquery()
    )
    chosen = select(steps).where(steps.c.words != steps.c.words_before).order_by(steps.c.at, steps.c.article)
    if since is not None:
        chosen = chosen.where(steps.c.at >= midnight(since))
    if until is not None:
        chosen = chosen.where(steps.c.at < midnight(until) + DAY)
    with catalogue.reading() as connection:
        for step in connection.execute(chosen.execution_options(yield_per=BATCH)):
            yield _edit(
                _article(connection, step.content_before, step), _article(connection, step.content, step), step.folder
            )


def _edit(before: Article, after: Article, folder: str) -> Edit:
    changed = tuple(changes(before.as_dict(), after.as_dict()))
    notes = tuple(corrections(before.as_dict(), after.as_dict()))
    kinds: list[Kind] = ["headline"] if any(change.part == "title" for change in changed) else []
    if notes:
        kinds.append("correction")
    elif after.modified is None or after.modified == before.modified:
        kinds.append("silent")
    return Edit(article=after, folder=folder, changes=changed, kinds=tuple(kinds), notes=notes)


def _captures(*more: Any) -> Select[Any]:
    """All captures, each with the words that it holds and its crawl's folder."""
    return (
        select(captures, crawls.c.folder, contents.c.words, *more)
        .join(contents, contents.c.id == captures.c.content)
        .join(crawls, crawls.c.id == captures.c.crawl)
    )


def _before(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the capture before it has in this column."""
    held = func.lag(column).over(partition_by=captures.c.article, order_by=_ORDER)
    return held.label(f"{column.key}_before")


def _article(connection: Connection, content: int, mark: Any) -> Article:
    body = connection.scalar(select(contents.c.body).where(contents.c.id == content))
    assert body is not None
    return article_of(body, mark)
