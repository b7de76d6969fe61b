"""Making: the tables of a new catalogue, and whether those of an old one can be used."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select

from catalogue import index
from catalogue.errors import CatalogueUnreadable
from catalogue.schema import FORMAT, about, metadata
from catalogue.signature import ALGORITHM
from catalogue.sqlite import REBUILD, insert


def prepare(engine: Engine, path: Path) -> None:
    """Make the tables where there are none; CatalogueUnreadable where they are of another version."""
    made = {"format": FORMAT, "signature": ALGORITHM}
    with engine.connect() as connection:
        empty = _is_empty(connection)
    if empty:
        with engine.execution_options(writes=True).begin() as connection:
            if _is_empty(connection):  # nobody was faster
                metadata.create_all(connection, checkfirst=False)
                connection.exec_driver_sql(index.CREATE)
                connection.execute(insert(about), [{"name": name, "value": made[name]} for name in made])
    with engine.connect() as connection:
        found = dict(connection.execute(select(about.c.name, about.c.value)).tuples().all())
    if found != made:
        told = ", ".join(f"{name} {value!r}" for name, value in sorted(found.items()))
        raise CatalogueUnreadable(f"{path} is of another version ({told}); {REBUILD}")


def _is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()
