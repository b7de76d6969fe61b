"""Tsvector: PostgreSQL's index of words, which narrows down what a query of FTS5 may find.

It knows which words, as FTS5 has them, an article holds, and not where: so it finds too much (of a phrase, say, every
article that has its words), never too little. FTS5 decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalogue.fts5 import words_of

CREATE = (
    "CREATE TABLE words (id bigint PRIMARY KEY, held tsvector NOT NULL)",
    "CREATE INDEX words_held ON words USING gin (held)",
)
ADD = "INSERT INTO words (id, held) VALUES (:id, array_to_tsvector(CAST(:words AS text[])))"
REMOVE = "DELETE FROM words WHERE id = :id"
MATCHING = "SELECT id FROM words WHERE held @@ CAST(:query AS tsquery)"
WORDS = "SELECT word, id FROM words CROSS JOIN LATERAL unnest(tsvector_to_array(held)) AS word"

_LONGEST = 500  # characters of a word: a lexeme has less than 2 KiB
_ROOM = 1_000_000  # bytes of an article's words: a tsvector has less than 1 MiB
_ANY = "*"  # no word: stands for all words of an article that has too many of them

_TOKEN = re.compile(r'"(?:[^"]|"")*"|[A-Za-z0-9_\x1a\x80-\U0010ffff]+|\S')


def lexemes(words: Iterable[str]) -> list[str]:
    """The words of an article as PostgreSQL takes them."""
    cut = sorted({word[:_LONGEST] for word in words})
    return cut if sum(len(word.encode()) + 8 for word in cut) < _ROOM else [_ANY]


def wider(query: str) -> str:
    """The tsquery that finds all that a (sound) query of FTS5 finds, or more; empty where that is nothing."""
    found = _Query(_TOKEN.findall(query)).either()
    return f"{found} | {_lexeme(_ANY)}" if found else ""


class _Query:
    """A query of FTS5, read by descent: https://www.sqlite.org/fts5.html#full_text_query_syntax.

    Each part is a tsquery; None for one without a word, which finds nothing and forbids nothing.
    """

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def either(self) -> str | None:
        """Parts joined by OR."""
        parts = [self._both()]
        while self._takes("OR"):
            parts.append(self._both())
        return _joined(parts, "|")

    def _both(self) -> str | None:
        parts = [self._without()]
        while self._takes("AND"):
            parts.append(self._without())
        return _joined(parts, "&")

    def _without(self) -> str | None:
        parts = [self._row()]
        while self._takes("NOT"):
            self._row()  # of what it forbids, too much might be found
        return parts[0]

    def _row(self) -> str | None:
        """Phrases beside one another: all of them."""
        parts = []
        while self._next not in ("", ")", "AND", "OR", "NOT"):
            parts.append(self._part())
        return _joined(parts, "&")

    def _part(self) -> str | None:
        self._skip_columns()
        if self._takes("("):
            found = self.either()
            self._takes(")")
            return found
        if self._next == "NEAR" and self._tokens[self._at + 1 : self._at + 2] == ["("]:
            self._at += 2
            return self._near()
        return self._phrase()

    def _skip_columns(self) -> None:
        """Pass over `name :`, `{name name} :` and `- name :`: words of other columns are too many, and no harm."""
        at = self._at + (self._next == "-")
        if self._tokens[at : at + 1] == ["{"]:
            at = self._tokens.index("}", at)
        if self._tokens[at + 1 : at + 2] == [":"]:
            self._at = at + 2

    def _near(self) -> str | None:
        parts = []
        while self._next not in ("", ")", ","):
            parts.append(self._phrase())
        while self._next and not self._takes(")"):
            self._at += 1  # , 10
        return _joined(parts, "&")

    def _phrase(self) -> str | None:
        self._takes("^")
        words = [self._word()]
        while self._takes("+"):
            words.append(self._word())
        found = [_lexeme(word) for part in words for word in part]
        if self._takes("*") and words[-1]:
            found[-1] += ":*"
        return _joined(found, "&")

    def _word(self) -> list[str]:
        token = self._next
        self._at += 1
        told = token[1:-1].replace('""', '"') if token.startswith('"') else token
        return words_of({"title": told, **dict.fromkeys(("text", "authors", "agencies"), "")})

    @property
    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _takes(self, token: str) -> bool:
        taken = self._next == token
        self._at += taken
        return taken


def _joined(parts: Iterable[str | None], sign: str) -> str | None:
    there = [part for part in parts if part is not None]
    return f"({f' {sign} '.join(there)})" if there else None


def _lexeme(word: str) -> str:
    return "'" + word[:_LONGEST].replace("\\", "\\\\").replace("'", "''") + "'"
