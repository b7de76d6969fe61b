"""FTS5: what SQLite's full-text index takes for a word, and for a match; in memory, for other databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from catalogue.errors import WrongQuery

CREATE = (
    "CREATE VIRTUAL TABLE words USING fts5(title, text, authors, agencies,"
    " content='', tokenize='unicode61 remove_diacritics 2')"
)
ADD = "INSERT INTO words(rowid, title, text, authors, agencies) VALUES (:id, :title, :text, :authors, :agencies)"
REMOVE = (
    "INSERT INTO words(words, rowid, title, text, authors, agencies)"
    " VALUES ('delete', :id, :title, :text, :authors, :agencies)"
)
# What is bound to :query of a search: the rows whose words match.
MATCHING = "SELECT rowid FROM words WHERE words MATCH :query"
VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, instance)"
WORDS = "SELECT DISTINCT term, doc FROM temp.vocabulary"


def check(query: str) -> None:
    """WrongQuery for what is no query."""
    with _index() as index:
        try:
            index.execute(MATCHING, {"query": query}).fetchall()
        except sqlite3.OperationalError as error:
            raise WrongQuery(
                f"the words make no full-text query ({error}); put words with signs into quotes"
            ) from error


def matching(query: str, texts: Mapping[int, Mapping[str, str]]) -> set[int]:
    """The keys of those texts that a query finds; `texts` are columns by their names."""
    with _index() as index:
        index.executemany(ADD, ({"id": key, **values} for key, values in texts.items()))
        return {key for (key,) in index.execute(MATCHING, {"query": query})}


def words_of(values: Mapping[str, str]) -> list[str]:
    """The words of one text, in their order inside each column."""
    with _index() as index:
        index.execute(ADD, {"id": 1, **values})
        index.execute(VOCABULARY)
        return [word for (word,) in index.execute("SELECT term FROM temp.vocabulary ORDER BY offset")]


@contextmanager
def _index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(CREATE)
        yield connection
    finally:
        connection.close()
