"""Dump: all that a catalogue holds, as lines: two catalogues are equal when these are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from catalogue.index import index_of
from catalogue.schema import crawls, metadata


def dump(connection: Connection) -> Iterator[str]:
    """Every row, crawls by the names of their folders, and every word that is indexed; in order."""
    folders = dict(connection.execute(select(crawls.c.id, crawls.c.folder)).tuples().all())
    for table in metadata.sorted_tables:
        rows = connection.execute(select(table)).mappings()
        yield from sorted(f"{table.name} {json.dumps(_told(dict(row), folders), sort_keys=True)}" for row in rows)
    for word, article in index_of(connection).held(connection):
        yield f"word {[word, article]}"


def _told(row: dict[str, Any], folders: dict[int, str]) -> dict[str, Any]:
    if "folder" in row:
        del row["id"]
    if "crawl" in row:
        row["crawl"] = folders[row["crawl"]]
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
