"""Catalogue: what is known across crawls: pages and looks at them, articles and their versions.

The crawl folders are the truth: the catalogue is a function of the set of them, and can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, case, select

from archive.crawl import Crawl
from archive.errors import ArchiveError, CrawlNotFound
from archive.places import is_remote
from catalogue.adding import add, digest_of, in_order
from catalogue.database import PATIENCE, Database, database_of
from catalogue.derive import in_batches
from catalogue.due import Seen
from catalogue.dump import dump
from catalogue.errors import CatalogueBusy, CatalogueError, CatalogueMissing, CatalogueUnwritable
from catalogue.keys import micros, moment_of, page_key
from catalogue.looks import Looks
from catalogue.schema import crawls, looks, pages, validated
from catalogue.visits import Validators, Visit, seen_of, visit_of
from crawler.links import clean_url

SORTED = 50_000  # keys that are looked up in their order, neighbours together


class Catalogue:
    """The catalogue of one archive, open for as long as it is needed."""

    def __init__(self, root: Path, database: Database) -> None:
        """`root` is ARCHIVE_DIR, `database` an open one; see `open`."""
        self.root = root
        self.database = database

    @classmethod
    def open(cls, root: Path, url: str | None = None, *, create: bool = True, patience: float = PATIENCE) -> Self:
        """The catalogue of the archive at `root`; CatalogueError where there is none that can be used.

        `url` is CATALOGUE_URL.
        """
        database = database_of(root, url, patience=patience)
        try:
            database.open(create=create)
        except BaseException:
            database.close()
            raise
        return cls(root, database)

    @classmethod
    def caught_up(cls, root: Path, url: str | None, complain: Callable[[str], object]) -> Self:
        """The catalogue with all crawls that are closed by now, for who reads it.

        What could not be added is complained of, in one line each. CatalogueMissing where there is neither a
        catalogue nor a crawl.
        """
        try:
            catalogue = cls.open(root, url, create=False)
        except CatalogueMissing:
            if not crawl_folders(root):
                raise
            catalogue = cls.open(root, url)
        try:
            complaints = catalogue.catch_up()
        except (CatalogueBusy, CatalogueUnwritable) as error:  # what it holds can be read all the same
            complaints = [str(error)]
        except BaseException:
            catalogue.close()
            raise
        for complaint in complaints:
            complain(complaint)
        return catalogue

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What crawls found is added

    def add(self, folder: Path) -> bool:
        """Add a crawl's folder, in one transaction; again, and nothing changes.

        False where it has not been closed yet: it is added when it is. ArchiveError where the folder is damaged.
        """
        name = self._name(folder)
        with self.reading() as connection:
            held = connection.scalar(select(crawls.c.digest).where(crawls.c.folder == name))
        if _is_as(folder, held):
            return True
        crawl = Crawl.open(folder)
        if crawl.status in ("running", "killed"):
            return False
        crawl.check_whole()
        found = Looks.of(crawl)
        with self.database.writing() as connection:
            add(connection, name, crawl, found)
        return True

    def catch_up(self, outlet: str | None = None) -> list[str]:
        """Add every closed crawl that is missing; what is wrong with those that cannot be added, a line each.

        Of one outlet's, where it is named: every folder costs a look, and a crawl asks of its own outlet alone.
        """
        complaints = []
        known = select(crawls.c.folder, crawls.c.digest)
        with self.reading() as connection:
            named = known if outlet is None else known.where(crawls.c.outlet == outlet)
            held = dict(connection.execute(named).tuples().all())
        for folder in crawl_folders(self.root, outlet):
            if _is_as(folder, held.get(f"{folder.parent.name}/{folder.name}")):
                continue
            try:
                self.add(folder)
            except CrawlNotFound:
                continue  # a folder that is just being made, or none of ours
            except CatalogueError:
                raise  # what is wrong is not the folder
            except ArchiveError as error:
                complaints.append(str(error))
        return complaints

    # What a crawl asks

    def known(self, outlet: str, urls: Sequence[str], *, listings: bool = False) -> dict[str, Seen]:
        """What is known of those among these cleaned URLs that crawls of the outlet have asked for."""
        known = {}
        with self.reading() as connection:
            for start in range(0, len(urls), SORTED):
                keys = {page_key(outlet, url, listing=listings): url for url in urls[start : start + SORTED]}
                for batch in in_batches(keys):
                    for row in connection.execute(select(pages).where(pages.c.id.in_(batch))):
                        if row.url == keys[row.id]:
                            known[row.url] = seen_of(row)
        return known

    def owed(self, outlet: str, now: datetime, marks: Sequence[timedelta], limit: int) -> list[str]:
        """Pages of the outlet that are `due`, what is due the longest first."""
        if not marks:
            return []
        ends = sorted(mark // timedelta(microseconds=1) for mark in marks)
        failing = pages.c.status.is_(None) | (pages.c.status == 429) | (pages.c.status >= 500)
        wait = case((failing & (pages.c.span == 0), 0), *((pages.c.span < end, end) for end in ends))
        when = pages.c.since + wait
        first = (
            select(pages.c.id, when.label("due"))
            .where(pages.c.outlet == outlet, pages.c.listing.is_(False), pages.c.elsewhere.is_(False))
            .where(pages.c.span < ends[-1])
            .where(when <= micros(now), pages.c.since + pages.c.span < micros(now))
            .order_by(when, pages.c.id)
            .limit(limit)
            .subquery()
        )
        found = select(pages.c.url).join(first, first.c.id == pages.c.id).order_by(first.c.due, first.c.id)
        with self.reading() as connection:
            return list(connection.scalars(found))

    def tries(self, outlet: str, url: str, count: int) -> list[tuple[datetime, bool]]:
        """When the newest crawls asked for a listing, and whether they got it; the oldest of them first."""
        newest = (
            select(looks.c.at, looks.c.status)
            .where(looks.c.page == page_key(outlet, clean_url(url), listing=True))
            .order_by(looks.c.at.desc())
            .limit(count)
        )
        with self.reading() as connection:
            return [(moment_of(row.at), row.status in (200, 304)) for row in connection.execute(newest)][::-1]

    def validators(self, outlet: str, url: str) -> Validators | None:
        """What a listing said of itself when a crawl last read it whole and followed all it named."""
        newest = (
            select(validated)
            .where(validated.c.page == page_key(outlet, clean_url(url), listing=True))
            .order_by(validated.c.at.desc())
            .limit(1)
        )
        with self.reading() as connection:
            row = connection.execute(newest).first()
        if row is None or not (row.etag or row.last_modified):
            return None
        stands_at = (row.record_id, row.url, row.date, row.payload_digest)
        return Validators(etag=row.etag, last_modified=row.last_modified, stands_at=stands_at)

    def visits(self, outlet: str, count: int, *, arguments: Mapping[str, Any] | None = None) -> list[Visit]:
        """The newest crawls of an outlet, the newest first; of those with these arguments, where they are given."""
        newest = (
            select(crawls).where(crawls.c.outlet == outlet).order_by(crawls.c.started.desc(), crawls.c.folder.desc())
        )
        if arguments is not None:
            newest = newest.where(crawls.c.arguments == in_order(arguments))
        with self.reading() as connection:
            return [visit_of(self.root, row) for row in connection.execute(newest.limit(count))]

    # What it holds

    def dump(self) -> Iterator[str]:
        """All that it holds, as lines in an order of their own; it is all in memory meanwhile."""
        with self.reading() as connection:
            yield from dump(connection)

    # How the database is reached

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to read from; what the database complains about meanwhile is a CatalogueError."""
        return self.database.reading()

    def _name(self, folder: Path) -> str:
        """What a crawl's folder is called in this archive; CrawlNotFound where it stands elsewhere."""
        parts = folder.resolve().parts
        if (self.root / "crawls").resolve().parts != parts[:-2]:
            raise CrawlNotFound(f"{folder} is no crawl folder of the archive {self.root}")
        return "/".join(parts[-2:])


def _is_as(folder: Path, digest: str | None) -> bool:
    """Whether a folder is as it was added: its manifest changes when the crawl is gone on with.

    Not where it lies behind a URL: there it is not asked for again.
    """
    if is_remote(folder):
        return digest is not None
    try:
        return digest is not None and digest_of(folder) == digest
    except OSError:
        return False  # what is wrong is told by whoever opens it


def crawl_folders(root: Path, outlet: str | None = None) -> list[Path]:
    """The crawl folders of an archive, or those of one outlet, by outlet and time."""
    crawls_of = root / "crawls"
    outlets = sorted(crawls_of.iterdir()) if crawls_of.is_dir() else []
    chosen = outlets if outlet is None else [crawls_of / outlet]
    return [folder for path in chosen if path.is_dir() for folder in sorted(path.iterdir()) if folder.is_dir()]


def rebuild(root: Path, url: str | None = None, *, patience: float = PATIENCE) -> list[str]:
    """Write the catalogue anew from the crawl folders, beside the old one, and put it in its place.

    What is wrong with folders that cannot be added is handed back, a line each; the others are in it.
    """
    with database_of(root, url, patience=patience).renewed() as new:
        return Catalogue(root, new).catch_up()
