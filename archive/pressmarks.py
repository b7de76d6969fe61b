"""Pressmarks: each article of a crawl held against the record that it was read from."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.lines import sorted_lines
from archive.record import Record

_KEYS = {"warc": str, "offset": int, "record_id": str, "payload_digest": str}


class Pressmarks:
    """Walks along a crawl's records and tells, in words, what its articles have wrong about them."""

    def __init__(self, articles: Path) -> None:
        self._path = articles
        self.unreadable: list[str] = []
        marks = sorted_lines(self._marks(), Path(tempfile.gettempdir()), json.loads)
        self._marks_left = map(json.loads, marks)
        self._next: list[Any] | None = next(self._marks_left, None)

    def pass_by(self, record: Record) -> Iterator[str]:
        """Take the next response or revisit record of the crawl."""
        place, found = (record.warc, record.offset), False
        while self._next and (self._next[0], self._next[1]) <= place:
            warc, offset, record_id, payload_digest, line = self._next
            if (warc, offset) != place:
                yield self._no_such_record(self._next)
            elif found:
                twice = f"a second article of record {record_id} at byte {offset} of {warc}"
                yield f"{self._path.name}, line {line}: {twice}"
            elif (record_id, payload_digest) != (record.id, record.header("WARC-Payload-Digest")):
                told = f"record {record_id} with payload {payload_digest}"
                yield f"{self._path.name}, line {line}: at byte {offset} of {warc} stands {record.id}, not {told}"
            found = (warc, offset) == place
            self._next = next(self._marks_left, None)

    def end(self) -> Iterator[str]:
        """No more records come."""
        while self._next:
            yield self._no_such_record(self._next)
            self._next = next(self._marks_left, None)

    def _no_such_record(self, mark: list[Any]) -> str:
        warc, offset, record_id, _, line = mark
        return f"{self._path.name}, line {line}: no whole record {record_id} begins at byte {offset} of {warc}"

    def _marks(self) -> Iterator[bytes]:
        """What matters of each line, and its number."""
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    article = json.loads(line)
                    mark = [kind(article[key]) for key, kind in _KEYS.items()]
                except (ValueError, KeyError, TypeError, RecursionError):
                    self.unreadable.append(f"{self._path.name}, line {number}, is no article")
                else:
                    yield json.dumps([*mark, number]).encode() + b"\n"
