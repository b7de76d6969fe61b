"""Records put together into exchanges: request, response and what is told about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from archive.errors import DamagedRecord, TornRecord
from archive.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The records of one exchange; `answer` is its response or revisit record."""

    request: Record | None = None
    answer: Record | None = None
    note: Record | None = None  # our own metadata record
    foreign: bool = False


class Joiner(Protocol):
    """Takes the records of a file in their order, and hands out exchanges as they become whole."""

    def add(self, record: Record) -> Iterator[Joined]:
        """Take one more record."""

    def end(self) -> Iterator[Joined]:
        """No more records come."""


class OwnJoiner:
    """Joins the records of our own files: an exchange is whole with its metadata record, and counts only then."""

    def __init__(self) -> None:
        self._request: Record | None = None
        self._answer: Record | None = None

    def add(self, record: Record) -> Iterator[Joined]:
        """Take one more record."""
        if record.type == "request":
            self._refuse_if_pending(record)
            self._request = record
        elif record.type in ("response", "revisit"):
            if self._answer:
                self._refuse_if_pending(record)
            self._answer = record
        elif is_exchange_note(record):
            yield Joined(request=self._request, answer=self._answer, note=record)
            self._request = self._answer = None

    def end(self) -> Iterator[Joined]:
        """No more records come: TornRecord where an exchange still lacks its last one."""
        if pending := self._request or self._answer:
            why = "the file ends before the metadata record that makes its exchange whole"
            raise TornRecord(why, warc=pending.warc, offset=pending.offset, record_id=pending.id)
        return iter(())

    def _refuse_if_pending(self, record: Record) -> None:
        if self._request or self._answer:
            why = "the exchange before it lacks its metadata record"
            raise DamagedRecord(why, warc=record.warc, offset=record.offset, record_id=record.id)


def is_exchange_note(record: Record) -> bool:
    """Whether this is the metadata record that ends an exchange of our own."""
    return record.type == "metadata" and "sequence" in record.fields


class ForeignJoiner:
    """Joins the records of other tools' files: a response, and its request where the two stand side by side.

    Tools write the two in either order, and either may name the other by WARC-Concurrent-To.
    """

    def __init__(self) -> None:
        self._request: Record | None = None
        self._answer: Record | None = None

    def add(self, record: Record) -> Iterator[Joined]:
        """Take one more record."""
        if not record.url.lower().startswith(("http:", "https:")):
            return
        if record.type == "request":
            self._request = record
        elif record.type in ("response", "revisit"):
            yield from self.end()
            self._answer = record
        if self._request and self._answer and _concurrent(self._request, self._answer):
            yield Joined(request=self._request, answer=self._answer, foreign=True)
            self._request = self._answer = None

    def end(self) -> Iterator[Joined]:
        """No more records come: a response that has found no request stands alone."""
        if self._answer:
            yield Joined(answer=self._answer, foreign=True)
            self._answer = None


def _concurrent(one: Record, other: Record) -> bool:
    return one.id in other.all("WARC-Concurrent-To") or other.id in one.all("WARC-Concurrent-To")
