"""PostgreSQL: a catalogue for many machines; how its server is reached, its tables replaced, and what its errors mean.

Everything stands in a schema of its own. Its table `about` is the lock: who reads holds it in ACCESS SHARE
mode, who writes in EXCLUSIVE mode (one at a time, and readers do not wait), and who replaces the schema in
ACCESS EXCLUSIVE mode, alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, text

from catalogue.complaints import name_of, told_of
from catalogue.errors import CatalogueBusy, CatalogueMissing, CatalogueUnwritable
from catalogue.keys import key
from catalogue.lease import KEEPALIVE, Leases
from catalogue.making import check, make

SCHEMA = "pressmark"

_MAKING = key("lease", "making")
_WAITS = 0.2  # seconds between two tries to have the schema alone
_EXISTS = text("SELECT to_regclass('about') IS NOT NULL")
# Whoever waited for a lock may have in memory still that there is no such schema; what stands in tables is as it is.
_MADE = text("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = :schema AND tablename = 'about')")
_SIZE = text(
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = to_regnamespace(current_schema())"
)


class Postgres:
    """A catalogue in a database of PostgreSQL; see `catalogue.database.Database`."""

    def __init__(self, url: URL, *, patience: float, schema: str = SCHEMA) -> None:
        self._url = url
        self._patience = patience
        self._schema = schema
        self.name = name_of(url)
        self._engine = create_engine(
            url,
            pool_size=1,
            pool_pre_ping=True,  # a server that was started anew between two questions is no trouble
            connect_args={**KEEPALIVE, "prepare_threshold": None, **url.query},
        )
        event.listen(self._engine, "connect", self._prepare)

    def _prepare(self, connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path TO {self._schema}")
            cursor.execute(f"SET lock_timeout TO {round(self._patience * 1000)}")
        connection.commit()

    def open(self, *, create: bool) -> None:
        with told_of(self.name):
            with self._engine.begin() as connection:
                if not connection.scalar(_EXISTS):
                    if not create:
                        raise CatalogueMissing(f"there is none in {self.name}; `scrapy catalogue rebuild` makes one")
                    self._make(connection)
            with self.reading() as connection:
                check(connection, self.name)

    def _make(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKING})
        if connection.scalar(_MADE, {"schema": self._schema}):
            return  # somebody was faster
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise CatalogueUnwritable(f"{self.name} is encoded as {encoding}; make a database WITH ENCODING 'UTF8'")
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {self._schema}")
        make(connection)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with told_of(self.name), self._engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.exec_driver_sql("LOCK TABLE about IN ACCESS SHARE MODE")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with told_of(self.name), self._engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE about IN EXCLUSIVE MODE")
            yield connection

    def size(self) -> int:
        with self.reading() as connection:
            return connection.scalar(_SIZE) or 0

    @contextmanager
    def renewed(self) -> Iterator[Postgres]:
        new = Postgres(self._url, patience=self._patience, schema=f"{SCHEMA}_new")
        try:
            with Leases(self._url).take(["the rebuild of the catalogue"], patience=self._patience):
                with told_of(self.name), self._engine.begin() as connection:  # of one that was killed
                    connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {new._schema} CASCADE")
                new.open(create=True)
                yield new
                new.close()
                self._replace_by(new)
        finally:
            new.close()
            self.close()

    def _replace_by(self, new: Postgres) -> None:
        until = time.monotonic() + self._patience
        while True:
            try:
                with told_of(self.name), self._engine.begin() as connection:
                    self._exchange(connection, new)
            except CatalogueBusy:
                if time.monotonic() > until:
                    raise
                time.sleep(_WAITS)  # so long others may begin to read
            else:
                return

    def _exchange(self, connection: Connection, new: Postgres) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout TO 1000")  # ms: so long those wait who begin to read
        if connection.scalar(_EXISTS):
            connection.exec_driver_sql("LOCK TABLE about IN ACCESS EXCLUSIVE MODE")
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")
        connection.exec_driver_sql(f"ALTER SCHEMA {new._schema} RENAME TO {self._schema}")
