"""Articles and captures as Parquet: their columns, and how rows are written in bounded memory.

docs/parquet.md describes the columns. A change of name, type or meaning takes a new version of the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from archive.record import read_date
from crawler.article import Article
from crawler.output import writable

VERSION = b"pressmark.schema"  # the key of a file's metadata that tells its schema and version

_GROUP_ROWS = 10_000  # rows of a row group, at most
_GROUP_SIZE = 1 << 24  # characters of text, at which a row group is written before that
_TIME = pa.timestamp("us", tz="UTC")
_LIST = pa.list_(pa.string())
_DATES = ("published", "modified")  # as precise as the page: they take three columns each

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of one kind of row, and the version of them."""

    name: str
    version: int
    types: Mapping[str, pa.DataType]
    repeated: Collection[str]  # columns whose values repeat themselves: they are encoded by a dictionary

    def schema(self, without: Collection[str] = ()) -> pa.Schema:
        """The columns as a file has them, but those that its path tells."""
        types = [(name, kind) for name, kind in self.types.items() if name not in without]
        return pa.schema(types, metadata={VERSION: f"{self.name} {self.version}"})


def _of_articles() -> dict[str, pa.DataType]:
    types: dict[str, pa.DataType] = {}
    known = {"authors": _LIST, "agencies": _LIST, "tags": _LIST, "captions": _LIST, "captured": _TIME}
    known |= {"offset": pa.int64()}
    for name in (field.name for field in fields(Article)):
        if name in _DATES:
            types |= {name: _TIME, f"{name}_day": pa.date32(), f"{name}_text": pa.string()}
        else:
            types[name] = known.get(name, pa.string())
    return types


ARTICLES = Columns(
    name="articles",
    version=1,
    types=_of_articles(),
    repeated=("outlet", "agencies.list.element", "section", "language", "access", "warc", "extractor"),
)
CAPTURES = Columns(
    name="captures",
    version=1,
    types={
        "kind": pa.string(),
        "url": pa.string(),
        "clean_url": pa.string(),
        "outlet": pa.string(),
        "method": pa.string(),
        "purpose": pa.string(),
        "via": pa.string(),
        "status": pa.int32(),
        "mime": pa.string(),
        "size": pa.int64(),
        "truncated": pa.string(),
        "error": pa.string(),
        "error_message": pa.string(),
        "captured": _TIME,
        "ip": pa.string(),
        "crawl": pa.string(),
        "sequence": pa.int64(),
        "attempt": pa.int32(),
        "record_id": pa.string(),
        "payload_digest": pa.string(),
        "warc": pa.string(),
        "offset": pa.int64(),
        "length": pa.int64(),
    },
    repeated=(
        *("kind", "outlet", "method", "purpose", "via", "status", "mime"),
        *("truncated", "error", "ip", "crawl", "warc"),
    ),
)


@contextmanager
def parquet_rows(file: IO[bytes], columns: Columns, without: Collection[str] = ()) -> Iterator[Callable[[Row], None]]:
    """A function that writes rows, as JSON has them, to this file; the last are there when the context is left."""
    schema = columns.schema(without)
    repeated = [name for name in columns.repeated if name not in without]
    waiting: list[dict[str, Any]] = []
    size = 0

    def flush() -> None:
        nonlocal size
        writer.write_table(pa.Table.from_pylist(waiting, schema=schema))
        waiting.clear()
        size = 0

    def write(row: Row) -> None:
        nonlocal size
        waiting.append(_typed(row))
        size += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(waiting) == _GROUP_ROWS or size >= _GROUP_SIZE:
            flush()

    with pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=repeated) as writer:
        yield write
        if waiting:
            flush()


def _typed(row: Row) -> dict[str, Any]:
    """The values as their columns have them; ValueError for a date that is none."""
    typed = writable(row)
    typed["captured"] = read_date(row["captured"])
    for name in _DATES:
        if told := row.get(name):
            typed |= {name: _moment(told), f"{name}_day": date.fromisoformat(told[:10]), f"{name}_text": told}
    return typed


def _moment(told: str) -> datetime | None:
    """The moment that a date tells, if it tells one: a day alone, or a time without its offset, does not."""
    moment = datetime.fromisoformat(told)
    return moment if moment.tzinfo else None
