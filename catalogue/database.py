"""Database: the seam between the catalogue and what keeps it, SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Table, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError

from archive.places import spool_of
from crawler.arguments import WrongArgument

FILE = "catalogue.sqlite"
PATIENCE = 60.0  # seconds that others who write are waited for

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Database(Protocol):
    """What keeps a catalogue. Whatever it complains about is raised as a CatalogueError."""

    @property
    def name(self) -> str:
        """What it is called when something is told about it; it holds no password."""

    def open(self, *, create: bool) -> None:
        """Make its tables where there are none (else CatalogueMissing), and check that they can be used."""

    def close(self) -> None:
        """Let go of it."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to read from: until it is given back, it sees the database as it is now."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection to write to, one at a time: all or nothing of what is written."""

    def size(self) -> int:
        """The bytes that it takes."""

    def renewed(self) -> AbstractContextManager[Database]:
        """A new, open one beside it, which takes its place when the block ends well. It need not be open itself."""


def database_of(root: Path, url: str | None, *, patience: float = PATIENCE) -> Database:
    """The database that `url` (CATALOGUE_URL) names, or SQLite's file in ARCHIVE_DIR; WrongArgument where it is no URL.

    `patience` are the seconds to wait for others who write.
    """
    parsed = read_url(url)
    if parsed is not None and parsed.get_backend_name() == "postgresql":
        from catalogue.postgres import Postgres

        return Postgres(parsed, patience=patience)
    from catalogue.sqlite import Sqlite

    return Sqlite(Path(parsed.database or "") if parsed is not None else spool_of(root) / FILE, patience=patience)


def read_url(url: str | None) -> URL | None:
    """CATALOGUE_URL as it is meant, or None where there is none; what makes no sense may be secret, and is not told."""
    if not url:
        return None
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise _nonsense() from None
    kind = parsed.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres") and parsed.database:
        return parsed.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed
    raise _nonsense()


def _nonsense() -> WrongArgument:
    return WrongArgument("CATALOGUE_URL is no URL of a database: postgresql://user@host/database, or sqlite:///FILE")


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows whose keys are not there yet."""
    connection.execute(_INSERT[connection.dialect.name](table).on_conflict_do_nothing(), list(rows))
