"""SQLite's own: how its file is opened, locked and replaced, and what its errors mean."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from catalogue.errors import CatalogueBusy, CatalogueError, CatalogueUnreadable, CatalogueUnwritable

__all__ = ["engine_of", "in_use", "insert", "replace_by", "told_of"]

FILE = "catalogue.sqlite"
REBUILD = "`scrapy catalogue rebuild` writes it anew"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH}
_WAITS = 0.05  # seconds between two looks at a lock


def engine_of(path: Path, *, patience: float) -> Engine:
    """The database in a file, made where there is none; `patience` are the seconds to wait for others who write.

    Where nothing can be written beside the file, it is read as it is: then nobody changes it.
    """
    frozen = "?immutable=1" if path.exists() and not os.access(path.parent, os.W_OK) else ""
    name = f"{path.absolute().as_uri()}{frozen}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(name, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    with suppress(sqlite3.OperationalError):  # where nothing can be written
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes, the crawl folders still have
    connection.execute("PRAGMA cache_size = -65536")  # KiB
    connection.execute("PRAGMA temp_store = FILE")  # what is sorted may be larger than memory


def _begin(connection: Connection) -> None:
    # Who means to write says so at once: a reader that becomes a writer later could not wait for its turn.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Turn what SQLite complains about into a CatalogueError: one line, and what helps."""
    try:
        yield
    except DBAPIError as error:
        raise _meant(path, error.orig) from error
    except sqlite3.Error as error:
        raise _meant(path, error) from error


def _meant(path: Path, error: BaseException | None) -> CatalogueError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _BUSY:
        return CatalogueBusy(f"{path} is being written by another process; try again when that has ended")
    if code in _DAMAGED:
        return CatalogueUnreadable(f"{path} is damaged or no catalogue ({error}); {REBUILD}")
    return CatalogueUnwritable(f"{path} cannot be written to: {error}; make room, or mend its folder or disk")


@contextmanager
def in_use(path: Path) -> Iterator[None]:
    """Say that the file at this path is in use, so that nobody replaces it meanwhile."""
    lock = _lock_file(path)
    try:
        if lock:
            _take(lock, fcntl.LOCK_SH, path, patience=10.0)
        yield
    finally:
        if lock:
            lock.close()


def replace_by(path: Path, new: Path, *, patience: float) -> None:
    """Put a new, closed database in the place of the one at `path`, once nobody uses that; else CatalogueBusy."""
    lock = _lock_file(path)
    try:
        if lock:
            _take(lock, fcntl.LOCK_EX, path, patience=patience)
        for leftover in beside(path):  # a journal of the old file would be taken for one of the new
            leftover.unlink(missing_ok=True)
        new.replace(path)
    finally:
        if lock:
            lock.close()


def beside(path: Path) -> list[Path]:
    """The files that SQLite keeps beside a database."""
    return [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]


def _lock_file(path: Path) -> IO[bytes] | None:
    """The file whose lock stands for the database; None where nothing can be written, and so nothing replaced."""
    try:
        return path.with_name(path.name + ".lock").open("ab")
    except OSError:
        return None


def _take(lock: IO[bytes], how: int, path: Path, *, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise CatalogueBusy(f"{path} is in use by another process; try again when that has ended") from None
            time.sleep(_WAITS)
        else:
            return
