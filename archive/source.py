"""Source: the uncompressed bytes of a WARC file, read forwards, knowing where its gzip members begin and end."""

from __future__ import annotations

import re
from typing import Any, Protocol

from archive.compression import GZIP_ERRORS, gzip_reader, readable_start
from archive.errors import DamagedRecord, TornRecord

_PIECE = 1 << 16  # bytes read in one go
_INFLATED = 1 << 18  # bytes inflated in one go, at most
_FIRST_PIECE = 1 << 11  # of a member: the decompressor copies what follows a short member's end, so this is short
_MAGIC = b"\x1f\x8b"
_FLAGS = 3  # where in a gzip header they stand
_RESERVED = 0xE0  # flags that nobody may set (RFC 1952, 2.3.1); isal does not look at them
_RECORD_ID = re.compile(rb"^WARC-Record-ID: (<[!-~]*>)\r\n", re.MULTILINE)
_TORN = "the file ends inside it"
_NEWLINES = re.compile(rb"[\r\n]*")


class Readable(Protocol):
    """What of a file is needed here."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""

    def seek(self, offset: int, /) -> int:
        """Go to this byte."""


class Source:
    """The bytes of a WARC file from `start` up to `stop`: a gzip member at a time, or as they are where it is not gzip.

    `start` and `stop` are offsets in the file; a Source holds little more than two pieces in memory. A record
    never reaches beyond its member's end.
    """

    def __init__(self, file: Readable, warc: str, start: int = 0, stop: int | None = None) -> None:
        self._file = file
        self.warc = warc
        self._left = None if stop is None else stop - start
        file.seek(start)
        self._raw = b""
        self._raw_at = 0  # where in `_raw` that begins which has not been used
        self._read_to = start  # where in the file `_raw` ends
        self._held = b""
        self._at = 0
        self._inflater: Any = None
        self._first_portion = _FIRST_PIECE if stop is None else _PIECE  # behind a span's members stands little
        self._portion = 0
        self._ended = True  # whether the current member has been read to its end
        self.record_start = start  # what an error names: set by who reads records
        self.member_start = start
        self.member_end: int | None = None
        self.gzipped = self._more_raw() and self._raw.startswith(_MAGIC[:1])  # whether the file is gzip

    @property
    def position(self) -> int:
        """Where in an uncompressed file the next byte stands."""
        return self._used_to - (len(self._held) - self._at)

    @property
    def _used_to(self) -> int:
        """Where in the file the next byte stands that has not been used."""
        return self._read_to - len(self._raw) + self._raw_at

    def next_member(self) -> bool:
        """Step into the next gzip member; False at the end of the file."""
        if self._raw_at == len(self._raw) and not self._more_raw():
            return False
        self.member_start = self.record_start = self._used_to
        if self.gzipped:
            while len(self._raw) - self._raw_at <= _FLAGS and self._more_raw():
                pass
            begin = self._raw[self._raw_at : self._raw_at + _FLAGS + 1]
            if begin == _MAGIC[:1]:
                raise TornRecord(_TORN, warc=self.warc, offset=self.record_start)
            if not begin.startswith(_MAGIC):
                raise self.damaged("no gzip member begins here")
            if len(begin) > _FLAGS and begin[_FLAGS] & _RESERVED:
                raise self.damaged("gzip: reserved flags are set")
            self._inflater, self._portion = gzip_reader(), self._first_portion
        self._ended = False
        self.member_end = None
        return True

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the member's end; they stay unread."""
        while len(self._held) - self._at < size and self._more():
            pass
        return self._held[self._at : self._at + size]

    def head(self, limit: int) -> bytes:
        """The next header block with its empty line, of at most `limit` bytes."""
        searched = 0
        while (end := self._held.find(b"\r\n\r\n", self._at + searched)) < 0:
            searched = max(0, len(self._held) - self._at - 3)
            if searched > limit:
                raise self.damaged(f"no end of its header within {limit} bytes")
            if not self._more():
                raise self.damaged("its header has no end")
        return self._take(end + 4 - self._at)

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the member's end."""
        part = self._take(size)
        if len(part) == size:
            return part
        parts = [part]
        size -= len(part)
        while size and self._more():
            parts.append(self._take(size))
            size -= len(parts[-1])
        return b"".join(parts)

    def skip_newlines(self) -> bool:
        """Step over the empty lines between records; True when something follows in this member."""
        while True:
            self._at = _NEWLINES.match(self._held, self._at).end()  # type: ignore[union-attr]  # it may be empty
            if self._at < len(self._held):
                return True
            if not self._more():
                return False

    def _take(self, size: int) -> bytes:
        taken = self._held[self._at : self._at + size]
        self._at += len(taken)
        return taken

    def _more(self) -> bool:
        """Hold at least one more byte of this member; False at its end."""
        while not self._ended:
            if piece := self._inflated() if self.gzipped else self._plain():
                self._held = self._held[self._at :] + piece
                self._at = 0
                return True
        return False

    def _plain(self) -> bytes:
        if self._raw_at == len(self._raw) and not self._more_raw():
            self._ended = True
        piece, self._raw_at = self._raw[self._raw_at :], len(self._raw)
        return piece

    def _inflated(self) -> bytes:
        at_end = self._raw_at == len(self._raw) and not self._more_raw()
        inflater, raw = self._inflater, self._raw[self._raw_at : self._raw_at + self._portion]
        try:
            piece: bytes = inflater.decompress(raw, _INFLATED)
        except GZIP_ERRORS as error:
            raise self.damaged(f"gzip: {error}", self._readable_id()) from error
        if inflater.eof:
            self._raw_at += len(raw) - len(inflater.unused_data)
            self._ended, self.member_end = True, self._used_to
            return piece
        self._raw_at += len(raw) - len(inflater.unconsumed_tail)
        self._portion = _PIECE
        if at_end and not piece:
            raise TornRecord(_TORN, warc=self.warc, offset=self.record_start)
        return piece

    def _readable_id(self) -> str | None:
        """The record's id, if the damage stands behind it."""
        self._file.seek(self.record_start)
        found = _RECORD_ID.search(readable_start(self._file.read(_PIECE)))
        return found[1].decode() if found else None

    def _more_raw(self) -> bool:
        wanted = _PIECE if self._left is None else min(_PIECE, self._left)
        try:
            piece = self._file.read(wanted) if wanted else b""
        except OSError as error:
            if error.filename is not None:  # of a file behind a URL
                raise
            why = f"{error.strerror} at byte {self._read_to}; copy what can be read of it, with ddrescue for example"
            raise OSError(error.errno, why, self.warc) from error
        if self._left is not None:
            self._left -= len(piece)
        self._raw, self._raw_at = self._raw[self._raw_at :] + piece, 0
        self._read_to += len(piece)
        return bool(piece)

    def damaged(self, why: str, record_id: str | None = None) -> DamagedRecord:
        """What to raise when the record that is being read cannot be."""
        kind = TornRecord if self._ended and not self.gzipped else DamagedRecord
        return kind(why, warc=self.warc, offset=self.record_start, record_id=record_id)
