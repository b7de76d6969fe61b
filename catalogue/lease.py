"""Lease: what one process alone does, among many machines; it ends when the process does, however that ends.

It is a lock of PostgreSQL's that belongs to a connection. A machine that loses its power or its network says
nothing: then the server lets go after a minute without a sign of it (`_SERVER`). The machine itself, if it is still
there, knows after a quarter of one (`KEEPALIVE`). No clock is compared.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from catalogue.complaints import name_of, told_of
from catalogue.database import read_url
from catalogue.errors import CatalogueBusy
from catalogue.keys import key

# Of a connection: 5 seconds of silence and two questions 5 seconds apart without an answer are its end.
KEEPALIVE = {
    "connect_timeout": 10,  # seconds, as all but the last
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,  # ms
}
# The same at the server, later: what holds a lease knows before another can have it. A lease is silent for long.
_SERVER = {
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # ms; where it was cut off before it had acknowledged the server's last answer
    "idle_session_timeout": 0,
}
_WAITS = 0.1  # seconds between two tries
_HELD = text(
    "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 1"
    " AND (classid::bigint << 32 | objid::bigint) = ANY (CAST(:keys AS bigint[])))"
)


def leases_of(url: str | None) -> Leases | None:
    """What gives leases, where CATALOGUE_URL names a database that does."""
    parsed = read_url(url)
    return Leases(parsed) if parsed is not None and parsed.get_backend_name() == "postgresql" else None


class Leases:
    """The leases that a catalogue's database gives."""

    def __init__(self, url: URL) -> None:
        connecting = {**KEEPALIVE, **url.query}
        self.name = name_of(url)
        self._asking = create_engine(url, pool_size=1, pool_pre_ping=True, connect_args=connecting)
        self._holding = create_engine(
            url,
            poolclass=NullPool,
            pool_reset_on_return=None,  # it may have ended long ago
            isolation_level="AUTOCOMMIT",
            connect_args=connecting,
        )

    @contextmanager
    def take(self, names: Sequence[str], *, patience: float = 0.0) -> Iterator[int]:
        """Hold these leases; CatalogueBusy where another holds one. Given is the descriptor of their connection.

        A process that inherits the descriptor holds them too, until it ends.
        """
        with told_of(self.name), self._holding.connect() as connection:
            for name, value in _SERVER.items():
                connection.exec_driver_sql(f"SET {name} TO {value}")
            until = time.monotonic() + patience
            for name in names:
                while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key("lease", name)}):
                    if time.monotonic() >= until:
                        raise CatalogueBusy(f"{self.name}: another process holds the lease of {name}")
                    time.sleep(_WAITS)
            driver: Any = connection.connection.driver_connection
            yield driver.fileno()
            with suppress(DBAPIError):  # the server lets go at the connection's end, but a moment after it
                connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")

    def is_held(self, names: Sequence[str]) -> bool:
        """Whether anybody holds one of these leases."""
        keys = [key("lease", name) for name in names]
        with told_of(self.name), self._asking.connect() as connection:
            return bool(connection.scalar(_HELD, {"keys": keys}))
