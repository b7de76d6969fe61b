"""A WARC file checked from end to end, past whatever damage it has."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from archive.compression import CHOICES, Choice
from archive.errors import ArchiveError, DamagedRecord
from archive.links import Links
from archive.manifest import sha256_of
from archive.mending import next_record
from archive.originals import Originals
from archive.places import here
from archive.record import Record
from archive.records import is_ours, read_span, records_of, warc_name

_ALTERED_KNOWN = 1000


class FileCheck:
    """Reads a WARC file once, and gives its records and what is wrong with them, in order.

    `sealed` says that the file's SHA-256 is known and will be compared with `sha256`, which is there at
    the end. In a file of our own without one, each record is compressed anew and compared: a gzip member
    can be changed in ways that decompressing it does not show.
    """

    def __init__(self, path: Path, *, sealed: bool) -> None:
        self.path = path
        self.sha256 = ""
        self.damaged = False
        self._sealed = sealed
        self._ours = False

    def __iter__(self) -> Iterator[Record | ArchiveError]:
        links, seal = Links(Originals(self.path)), Seal(self.path)
        for item in self._items():
            yield item
            if isinstance(item, Record):
                self._ours = is_ours(item) if item.type == "warcinfo" else self._ours
                if self._ours:
                    yield from self._noted(links.add(item))
                    if not self._sealed:
                        seal.add(item)
                else:
                    links.stray(item)
                    seal.lose_track()
            else:
                self.damaged = True
                links.lose_track()
                seal.lose_track()
        yield from self._noted(links.end())
        yield from self._noted(seal.altered())

    def _items(self) -> Iterator[Record | ArchiveError]:
        """Records and damage as they come; behind damage, from the next whole record on."""
        with self.path.open("rb", buffering=0) as file:
            hashed = _Hashed(file)
            try:
                yield from records_of(hashed, warc_name(self.path))
            except ArchiveError as error:
                damage = error
            except OSError as error:
                if error.filename != warc_name(self.path):  # of a file behind a URL
                    raise
                yield ArchiveError(f"{error.filename} cannot be read: {error.strerror}")
                return
            else:
                self.sha256 = hashed.sha256.hexdigest()
                return
        yield damage
        with here(self.path) as path:
            self.sha256 = sha256_of(path)
            yield from self._behind(path, damage)

    def _behind(self, path: Path, damage: ArchiveError) -> Iterator[Record | ArchiveError]:
        while (start := next_record(path, getattr(damage, "offset", 0) + 1)) is not None:
            try:
                yield from read_span(path, start, path.stat().st_size - start, ours=self._ours)
            except ArchiveError as error:
                yield error
                damage = error
            else:
                return

    def _noted(self, damage: Iterator[ArchiveError]) -> Iterator[ArchiveError]:
        for error in damage:
            self.damaged = True
            yield error


class Seal:
    """Finds gzip members that are not what our own writer makes of their records, and what stands between them.

    Another version of a compressor, or another one in its place, makes others of all the members that it makes at a
    level; so what is odd among these is told, or the only one that is odd at all.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._choices = CHOICES
        self._same: Counter[Choice] = Counter()
        self._altered: Counter[Choice] = Counter()
        self._between: list[ArchiveError] = []
        self._end: int | None = 0  # of the record before
        self._known: list[tuple[Choice, ArchiveError]] = []

    def add(self, record: Record) -> None:
        """Take one more record."""
        self._follow(record.offset)
        self._end = record.length and record.offset + record.length
        if record.length is None:
            return
        if self._file is None:
            self._file = self._path.open("rb", buffering=0)
        self._file.seek(record.offset)
        member, content = _read(self._file, record.length), record.as_bytes()
        made = [(choose, *choose(content)) for choose in self._choices]
        kind = made[0][1:]
        if like := tuple(choose for choose, compress, level in made if compress(level, content) == member):
            self._choices = like
            self._same[kind] += 1
            return
        self._altered[kind] += 1
        if len(self._known) < _ALTERED_KNOWN:
            why = "its gzip member is not what was written, though it still gives the same record"
            error = DamagedRecord(why, warc=record.warc, offset=record.offset, record_id=record.id)
            self._known.append((kind, error))

    def lose_track(self) -> None:
        """Something of the file could not be read."""
        self._end = None

    def _follow(self, offset: int) -> None:
        """Whatever the file goes on with stands here: where the record before ended, if that is known."""
        if self._end not in (None, offset) and len(self._between) < _ALTERED_KNOWN:
            why = "what stands here is no record, though it is packed like one"
            self._between.append(DamagedRecord(why, warc=warc_name(self._path), offset=self._end or 0))

    def altered(self) -> Iterator[ArchiveError]:
        """No more records come."""
        if self._file:
            self._follow(self._file.seek(0, os.SEEK_END))
            self._file.close()
        yield from self._between
        alone = self._altered.total() == 1
        yield from (error for kind, error in self._known if alone or self._altered[kind] <= self._same[kind])


def _read(file: IO[bytes], size: int) -> bytes:
    pieces = []
    while size and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def seek(self, offset: int, /) -> int:
        return self._file.seek(offset)

    def read(self, size: int, /) -> bytes:
        piece = self._file.read(size)
        self.sha256.update(piece)
        return piece
