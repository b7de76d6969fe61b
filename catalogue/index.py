"""Index: the words of each article's newest version, found by a query of SQLite's FTS5, whatever the database.

Words are whole and unstemmed; case and accents do not count. The index holds no text: that is kept
compressed with the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from sqlalchemy import Connection, TextualSelect, text

from catalogue import fts5, tsvector
from catalogue.schema import articles
from catalogue.words import storable

_BETWEEN = " \ue000 "  # a word that nobody uses: names that stand beside one another are not one
_SYNTAX = re.compile(r'["():*^+{}]|\b(?:AND|OR|NOT|NEAR)\b')


class Index(Protocol):
    """How a database finds articles by their words; `values` are those of `values_of`."""

    exact: bool  # else what it finds is narrowed by `fts5.matching`

    def create(self, connection: Connection) -> None:
        """Make an empty one."""

    def add(self, connection: Connection, article: int, values: Mapping[str, str]) -> None:
        """Let an article be found by its words."""

    def remove(self, connection: Connection, article: int, values: Mapping[str, str]) -> None:
        """Let an article no longer be found by these words, by which it was."""

    def found(self, query: str) -> TextualSelect:
        """The keys of the articles that a query may find."""

    def held(self, connection: Connection) -> Iterator[tuple[str, int]]:
        """All its words, each with the key of an article."""


class _Fts5:
    exact = True

    def create(self, connection: Connection) -> None:
        connection.exec_driver_sql(fts5.CREATE)

    def add(self, connection: Connection, article: int, values: Mapping[str, str]) -> None:
        connection.execute(text(fts5.ADD), {"id": article, **values})

    def remove(self, connection: Connection, article: int, values: Mapping[str, str]) -> None:
        connection.execute(text(fts5.REMOVE), {"id": article, **values})

    def found(self, query: str) -> TextualSelect:
        return text(fts5.MATCHING).bindparams(query=query).columns(articles.c.id)

    def held(self, connection: Connection) -> Iterator[tuple[str, int]]:
        connection.exec_driver_sql(fts5.VOCABULARY)
        yield from connection.exec_driver_sql(f"{fts5.WORDS} ORDER BY 1, 2").tuples()
        connection.exec_driver_sql("DROP TABLE temp.vocabulary")


class _Tsvector:
    exact = False

    def create(self, connection: Connection) -> None:
        for statement in tsvector.CREATE:
            connection.exec_driver_sql(statement)

    def add(self, connection: Connection, article: int, values: Mapping[str, str]) -> None:
        words = tsvector.lexemes(fts5.words_of(values))
        connection.execute(text(tsvector.ADD), {"id": article, "words": words})

    def remove(self, connection: Connection, article: int, values: Mapping[str, str]) -> None:  # noqa: ARG002
        connection.execute(text(tsvector.REMOVE), {"id": article})

    def found(self, query: str) -> TextualSelect:
        return text(tsvector.MATCHING).bindparams(query=tsvector.wider(query)).columns(articles.c.id)

    def held(self, connection: Connection) -> Iterator[tuple[str, int]]:
        yield from sorted(connection.exec_driver_sql(tsvector.WORDS).tuples())


_INDEXES: dict[str, Index] = {"sqlite": _Fts5(), "postgresql": _Tsvector()}


def index_of(connection: Connection) -> Index:
    """The index of the database that is connected to."""
    return _INDEXES[connection.dialect.name]


def values_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What is indexed of an article."""
    names = {name: _BETWEEN.join(content[name]) for name in ("authors", "agencies")}
    told = {"title": content["title"] or "", "text": content["text"], **names}
    return {name: storable(value) for name, value in told.items()}


def query_of(words: str | None = None, *, author: str | None = None, agency: str | None = None) -> str | None:
    """The FTS5 query for these wishes, all of them; None where there are none.

    `words` that hold none of FTS5's syntax are plain words, each of which must be there.
    """
    parts = []
    if words is not None:
        parts.append(f"{{title text}} : ({words if _SYNTAX.search(words) else _all_of(words)})")
    parts += [f"{column} : {_quoted(name)}" for column, name in (("authors", author), ("agencies", agency)) if name]
    return storable(" AND ".join(parts)) or None


def _all_of(words: str) -> str:
    return " AND ".join(_quoted(word) for word in words.split()) or '""'


def _quoted(words: str) -> str:
    """Words as one phrase of a query."""
    return '"' + words.replace('"', '""') + '"'
