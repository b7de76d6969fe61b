"""Holdings: what is in the catalogue, and which crawl folders are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from archive.crawl import Crawl
from archive.errors import ArchiveError, CrawlNotFound
from catalogue.adding import digest_of
from catalogue.catalogue import Catalogue, crawl_folders
from catalogue.keys import moment_of
from catalogue.schema import articles, captures, crawls, pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much a catalogue holds; `newest` is the end of the last crawl that is in it."""

    size: int
    crawls: int
    newest: datetime | None
    pages: int
    articles: int
    versions: int
    captures: int


def holdings(catalogue: Catalogue) -> Holdings:
    """How much the catalogue holds."""
    with catalogue.reading() as connection:
        count, newest = connection.execute(select(func.count(), func.max(crawls.c.ended)).select_from(crawls)).one()
        found, versions = connection.execute(
            select(func.count(), func.coalesce(func.sum(articles.c.versions), 0)).select_from(articles)
        ).one()
        asked = select(func.count()).select_from(pages).where(pages.c.listing.is_(False))
        return Holdings(
            size=catalogue.database.size(),
            crawls=count,
            newest=None if newest is None else moment_of(newest),
            pages=connection.scalar(asked) or 0,
            articles=found,
            versions=versions,
            captures=connection.scalar(select(func.count()).select_from(captures)) or 0,
        )


def missing(catalogue: Catalogue) -> list[tuple[Path, str]]:
    """The crawl folders that are not in the catalogue as they are now, and why."""
    with catalogue.reading() as connection:
        known = dict(connection.execute(select(crawls.c.folder, crawls.c.digest)).tuples().all())
    return list(_missing(catalogue.root, known))


def _missing(root: Path, known: dict[str, str]) -> Iterator[tuple[Path, str]]:
    for folder in crawl_folders(root):
        digest = known.pop(f"{folder.parent.name}/{folder.name}", None)
        try:
            if Crawl.open(folder).status in ("running", "killed"):
                yield folder, "not closed yet"
            elif digest is None:
                yield folder, "not added yet"
            elif digest != digest_of(folder):
                yield folder, "changed since it was added"
        except CrawlNotFound:
            continue
        except ArchiveError:
            yield folder, "damaged"
    yield from ((root / "crawls" / name, "in the catalogue, but no longer there") for name in known)
