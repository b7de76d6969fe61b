"""Making: the tables of a new catalogue, and whether those of an old one can be used."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from catalogue.errors import REBUILD, CatalogueUnreadable
from catalogue.index import index_of
from catalogue.schema import FORMAT, about, metadata
from catalogue.signature import ALGORITHM

_MADE = {"format": FORMAT, "signature": ALGORITHM}


def make(connection: Connection) -> None:
    """Make the tables where there are none."""
    metadata.create_all(connection, checkfirst=False)
    index_of(connection).create(connection)
    connection.execute(insert(about), [{"name": name, "value": value} for name, value in _MADE.items()])


def check(connection: Connection, name: str) -> None:
    """CatalogueUnreadable where the tables are of another version; `name` is what the catalogue is called."""
    found = dict(connection.execute(select(about.c.name, about.c.value)).tuples().all())
    if found != _MADE:
        told = ", ".join(f"{name} {value!r}" for name, value in sorted(found.items()))
        raise CatalogueUnreadable(f"{name} is of another version ({told}); {REBUILD}")
