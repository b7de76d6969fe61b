"""Where articles are written to: JSON lines or Parquet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

from crawler.arguments import WrongArgument
from crawler.article import Article

_BATCH = 1000  # articles in one row group of a Parquet file
_LISTS = {"authors", "agencies", "tags", "captions"}


@contextmanager
def article_output(target: str) -> Iterator[Callable[[Article], None]]:
    """A function that writes articles to `target`: a .jsonl or .parquet file, or - for standard output."""
    if target == "-":
        yield _json_lines(sys.stdout)
    elif target.endswith((".jsonl", ".parquet")):
        opened = _parquet(target) if target.endswith(".parquet") else _json_file(target)
        with opened as write:
            yield write
    else:
        raise WrongArgument(f"{target}: articles are written to .jsonl or .parquet files, or to - (standard output)")


@contextmanager
def _json_file(target: str) -> Iterator[Callable[[Article], None]]:
    try:
        file = Path(target).open("w", encoding="utf-8", newline="\n")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise WrongArgument(f"{target} cannot be written: {error.strerror}") from error
    with file:
        yield _json_lines(file)


def _json_lines(file: IO[str]) -> Callable[[Article], None]:
    def write(article: Article) -> None:
        file.write(article.as_json() + "\n")

    return write


@contextmanager
def _parquet(target: str) -> Iterator[Callable[[Article], None]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def column(name: str) -> Any:
        if name in _LISTS:
            return pa.list_(pa.string())
        return pa.int64() if name == "offset" else pa.string()

    schema = pa.schema([(field.name, column(field.name)) for field in fields(Article)])
    waiting: list[dict[str, Any]] = []
    try:
        writer = pq.ParquetWriter(target, schema, compression="zstd")
    except OSError as error:
        raise WrongArgument(f"{target} cannot be written: {error.strerror or error}") from error

    def flush() -> None:
        writer.write_table(pa.Table.from_pylist(waiting, schema=schema))
        waiting.clear()

    def write(article: Article) -> None:
        waiting.append(article.as_dict())
        if len(waiting) >= _BATCH:
            flush()

    with writer:
        yield write
        flush()
