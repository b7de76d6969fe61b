"""SQLite: a catalogue in a file; how that is opened, locked and replaced, and what its errors mean."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError

from catalogue.errors import (
    REBUILD,
    CatalogueBusy,
    CatalogueError,
    CatalogueMissing,
    CatalogueUnreadable,
    CatalogueUnwritable,
)
from catalogue.making import check, make

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH}
_WAITS = 0.05  # seconds between two looks at a lock


class Sqlite:
    """A catalogue in a file; see `catalogue.database.Database`."""

    def __init__(self, path: Path, *, patience: float, place: Path | None = None) -> None:
        """`place` is where the file will be put, if not where it is: while this is open, nobody replaces that."""
        self._path = path
        self._place = place or path
        self._patience = patience
        self._engine = _engine_of(path, patience=patience)
        self._using = ExitStack()

    @property
    def name(self) -> str:
        return str(self._path)

    def open(self, *, create: bool) -> None:
        if not self._path.exists():
            if not create:
                raise CatalogueMissing(f"there is no {self._path}; `scrapy catalogue rebuild` makes one")
            _make_room(self._path.parent)
        self._using.enter_context(_in_use(self._place))
        with self.reading() as connection:
            empty = _is_empty(connection)
        if empty:
            with self.writing() as connection:
                if _is_empty(connection):  # nobody was faster
                    make(connection)
        with self.reading() as connection:
            check(connection, self.name)

    def close(self) -> None:
        self._engine.dispose()
        self._using.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with _told_of(self._path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        engine = self._engine.execution_options(writes=True)
        with _told_of(self._path), engine.begin() as connection:
            yield connection

    def size(self) -> int:
        return self._path.stat().st_size

    @contextmanager
    def renewed(self) -> Iterator[Sqlite]:
        _make_room(self._path.parent)
        path = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        new = Sqlite(path, patience=self._patience, place=self._path)
        try:
            new.open(create=True)
            yield new
            new.close()
            _replace_by(self._path, path, patience=self._patience)
        finally:
            new.close()
            for leftover in (path, *_beside(path)):
                leftover.unlink(missing_ok=True)


def _is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogueUnwritable(f"{folder} cannot be made: {error.strerror}; mend it, or set ARCHIVE_DIR") from error


def _engine_of(path: Path, *, patience: float) -> Engine:
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
def _told_of(path: Path) -> Iterator[None]:
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
def _in_use(path: Path) -> Iterator[None]:
    """Say that the file at this path is in use, so that nobody replaces it meanwhile."""
    lock = _lock_file(path)
    try:
        if lock:
            _take(lock, fcntl.LOCK_SH, path, patience=10.0)
        yield
    finally:
        if lock:
            lock.close()


def _replace_by(path: Path, new: Path, *, patience: float) -> None:
    """Put a new, closed database in the place of the one at `path`, once nobody uses that; else CatalogueBusy."""
    lock = _lock_file(path)
    try:
        if lock:
            _take(lock, fcntl.LOCK_EX, path, patience=patience)
        for leftover in _beside(path):  # a journal of the old file would be taken for one of the new
            leftover.unlink(missing_ok=True)
        new.replace(path)
    finally:
        if lock:
            lock.close()


def _beside(path: Path) -> list[Path]:
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
