"""Where articles are written to: JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

from archive.lines import json_line
from crawler.arguments import WrongArgument
from crawler.article import Article

_LISTS = {"authors", "agencies", "tags", "captions"}
_FORMS = ("jsonl", "csv", "parquet")
_BETWEEN = " | "  # what joins a list in a cell of CSV

Write = Callable[[Article], None]


@contextmanager
def article_output(target: str, form: str | None = None) -> Iterator[Write]:
    """A function that writes articles to `target`, a file or - for standard output.

    `form` is jsonl, csv or parquet; where it is not given, the file's name tells.
    """
    if form is None:
        form = "jsonl" if target == "-" else target.rpartition(".")[2]
    if form not in _FORMS:
        named = ", ".join(f".{name}" for name in _FORMS)
        raise WrongArgument(f"{target}: articles are written to {named} files, or to - (standard output)")
    if form == "parquet":
        with _parquet(target) as write:
            yield write
    else:
        with _opened(target) as file:
            yield _json_lines(file) if form == "jsonl" else _csv(file)


@contextmanager
def line_output(target: str) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """A function that writes lines of JSON to `target`, a file or - for standard output."""
    with _opened(target) as file:

        def write(line: Mapping[str, Any]) -> None:
            file.write(json_line(line).decode())

        yield write


@contextmanager
def _opened(target: str) -> Iterator[IO[str]]:
    if target == "-":
        if sys.stdout is None:
            raise WrongArgument("standard output is closed; name a file with -o")
        yield sys.stdout
        return
    try:
        file = Path(target).open("w", encoding="utf-8", newline="")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise _unwritable(target, error) from error
    with file:
        yield file


def _json_lines(file: IO[str]) -> Write:
    def write(article: Article) -> None:
        file.write(json_line(article.as_dict()).decode())

    return write


def _csv(file: IO[str]) -> Write:
    writer = csv.DictWriter(file, [field.name for field in fields(Article)], lineterminator="\n")
    writer.writeheader()

    def write(article: Article) -> None:
        values = writable(article.as_dict()).items()
        writer.writerow({name: _BETWEEN.join(value) if name in _LISTS else value for name, value in values})

    return write


def _unwritable(target: str, error: OSError) -> WrongArgument:
    return WrongArgument(f"{target} cannot be written: {error.strerror}")


def writable(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row's values without halves of surrogate pairs, which JSON alone can write down."""

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(one) for one in value]
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value

    return {name: whole(value) for name, value in row.items()}


@contextmanager
def _parquet(target: str) -> Iterator[Write]:
    from crawler.parquet import ARTICLES, parquet_rows

    if target == "-":
        raise WrongArgument("Parquet is written to a file: name one with -o")
    try:
        file = Path(target).open("wb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise _unwritable(target, error) from error
    with file, parquet_rows(file, ARTICLES) as write:
        yield lambda article: write(article.as_dict())
