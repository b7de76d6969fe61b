"""Index: the words of each article's newest version, found by SQLite's FTS5.

Words are whole and unstemmed; case and accents do not count. The index holds no text: that is kept
compressed with the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from catalogue.words import storable

CREATE = (
    "CREATE VIRTUAL TABLE words USING fts5(title, text, authors, agencies,"
    " content='', tokenize='unicode61 remove_diacritics 2')"
)
# What is bound to :query of a search: the rows whose words match.
MATCHING = "SELECT rowid FROM words WHERE words MATCH :query"

_ADD = text("INSERT INTO words(rowid, title, text, authors, agencies) VALUES (:id, :title, :text, :authors, :agencies)")
_REMOVE = text(
    "INSERT INTO words(words, rowid, title, text, authors, agencies)"
    " VALUES ('delete', :id, :title, :text, :authors, :agencies)"
)
_BETWEEN = " \ue000 "  # a word that nobody uses: names that stand beside one another are not one
_SYNTAX = re.compile(r'["():*^+{}]|\b(?:AND|OR|NOT|NEAR)\b')


def add(connection: Connection, article: int, content: Mapping[str, Any]) -> None:
    """Let an article be found by its words."""
    connection.execute(_ADD, _values(article, content))


def remove(connection: Connection, article: int, content: Mapping[str, Any]) -> None:
    """Let an article no longer be found by these words, by which it was."""
    connection.execute(_REMOVE, _values(article, content))


def _values(article: int, content: Mapping[str, Any]) -> dict[str, Any]:
    names = {name: _BETWEEN.join(content[name]) for name in ("authors", "agencies")}
    told = {"title": content["title"] or "", "text": content["text"], **names}
    return {"id": article, **{name: storable(value) for name, value in told.items()}}


def query(words: str | None = None, *, author: str | None = None, agency: str | None = None) -> str | None:
    """The FTS5 query for these wishes, all of them; None where there are none.

    `words` that hold none of FTS5's syntax are plain words, each of which must be there.
    """
    parts = []
    if words is not None:
        parts.append(f"{{title text}} : ({words if _SYNTAX.search(words) else _all_of(words)})")
    parts += [f"{column} : {_quoted(name)}" for column, name in (("authors", author), ("agencies", agency)) if name]
    return " AND ".join(parts) or None


def _all_of(words: str) -> str:
    return " AND ".join(_quoted(word) for word in words.split()) or '""'


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'
