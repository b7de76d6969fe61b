"""Complaints: what PostgreSQL complains about, in one line that says what helps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from catalogue.errors import (
    REBUILD,
    CatalogueBusy,
    CatalogueError,
    CatalogueUnreachable,
    CatalogueUnreadable,
    CatalogueUnwritable,
)

# By the beginnings of SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html
_MEANT: tuple[tuple[tuple[str, ...], type[CatalogueError], str], ...] = (
    (("55P03", "40"), CatalogueBusy, "{name} is in use by another process ({why}); try again when that has ended"),
    (("42501",), CatalogueUnwritable, "{name} does not let this user in ({why}); grant it that"),
    (("25006",), CatalogueUnwritable, "{name} may only be read ({why}); name the primary server in CATALOGUE_URL"),
    (("53100",), CatalogueUnwritable, "{name} cannot be written to ({why}); make room at the server"),
    (("08", "57P", "53"), CatalogueUnreachable, "{name} is out of reach ({why}); look after the server"),
    (
        ("42P01", "42P07", "42703", "3F", "XX"),
        CatalogueUnreadable,
        "{name} is damaged or no catalogue ({why}); " + REBUILD,
    ),
)


def name_of(url: URL) -> str:
    """What a database is called when something is told about it: its URL, with nothing secret."""
    shown = URL.create("postgresql", url.username, host=url.host, port=url.port, database=url.database)
    return shown.render_as_string()


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Turn what PostgreSQL complains about into a CatalogueError; `name` is what the catalogue is called."""
    try:
        yield
    except DBAPIError as error:
        raise _meant(name, error) from error


def _meant(name: str, error: DBAPIError) -> CatalogueError:
    state = getattr(error.orig, "sqlstate", None)
    why = " ".join(line.strip() for line in str(error.orig).splitlines()[:2])
    if state is None:  # it was not the server that said so
        return CatalogueUnreachable(f"{name} cannot be reached ({why}); start its server, or mend CATALOGUE_URL")
    for beginnings, kind, line in _MEANT:
        if state.startswith(beginnings):
            return kind(line.format(name=name, why=why))
    return CatalogueUnwritable(f"{name} cannot be used ({why})")
