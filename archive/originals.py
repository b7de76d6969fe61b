"""Originals: the responses that revisit records repeat, found by their place or by their name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from archive.errors import ArchiveError, DamagedRecord
from archive.places import is_remote
from archive.record import Record
from archive.records import read_records, read_span

_Place = tuple[Path, int, int | None]
# A file of the same crawl, or of another one of the outlet.
_PLACE = re.compile(r"(\.\./\w[\w.-]{0,200}/)?\w[\w.-]{0,240}\.warc\.gz", re.ASCII)
_FURTHEST = 1 << 62  # bytes into a file


class Originals:
    """Completes the revisits of one WARC file from that file and the others in its folder.

    Our own revisits say in their metadata record where the original stands, so nothing is searched.
    For others, the file and then its neighbours are read through when the first revisit comes; some
    500 bytes are kept for each response record seen, and nothing where there are no revisits.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[bytes, _Place] = {}
        self._unread = self._files()

    def original_of(self, revisit: Record, note: Record | None) -> Record | None:
        """The record that a revisit refers to; where it is gone None, or for one of our own DamagedRecord."""
        original, damage = None, None
        try:
            original = note and self._pointed_at(revisit, note)
        except DamagedRecord as error:  # or the file has been compressed anew since, and all stands elsewhere
            damage = error
        original = original or self._searched(revisit)
        if note and not original:
            why = f"the record that it repeats, {revisit.header('WARC-Refers-To')}, is gone"
            raise damage or DamagedRecord(why, warc=revisit.warc, offset=revisit.offset, record_id=revisit.id)
        return original

    def _pointed_at(self, revisit: Record, note: Record) -> Record | None:
        """The record at the place that our own metadata record names, if it is still the one that is meant."""
        match note.fields.get("original"):
            case [str(name), int(offset), int(length)] if (
                _PLACE.fullmatch(name) and 0 <= offset < _FURTHEST and 0 < length < _FURTHEST
            ):
                path = self._path.parent / name
            case _:
                return None
        if is_remote(path):
            return _meant(path, offset, length, revisit)
        if not path.parent.is_dir():
            why = f"the folder {path.parent}, which holds the record that it repeats, is missing"
            raise DamagedRecord(why, warc=revisit.warc, offset=revisit.offset, record_id=revisit.id)
        return _meant(path if path.exists() else path.with_name(path.name + ".open"), offset, length, revisit)

    def _searched(self, revisit: Record) -> Record | None:
        wanted = _wanted(revisit)
        while not (known := [key for key in wanted if key in self._places]):
            path = next(self._unread, None)
            if path is None:
                return None
            self._note_places(path)
        return _record_at(self._places[known[0]], known[0])

    def _files(self) -> Iterator[Path]:
        yield self._path
        for path in sorted(self._path.parent.iterdir()):
            name = path.name.removesuffix(".open").removesuffix(".gz")
            if name.endswith(".warc") and path != self._path and path.is_file():
                yield path

    def _note_places(self, path: Path) -> None:
        try:
            for record in read_records(path):
                if record.type == "response":
                    for key in _keys(record):
                        self._places.setdefault(key, (path, record.offset, record.length))
        except ArchiveError:
            return  # what is damaged in this file is told by whoever reads it for its own sake


def _meant(path: Path, offset: int, length: int, revisit: Record) -> Record | None:
    try:
        record = next(read_span(path, offset, length))
    except FileNotFoundError:
        return None
    return record if record.id == revisit.header("WARC-Refers-To") else None


def _keys(record: Record) -> list[bytes]:
    """By what a response can be meant, the surest first: its id, its URL and date, its payload."""
    date, payload = record.header("WARC-Date"), record.header("WARC-Payload-Digest")
    return [_key(name) for name in (record.id, date and f"{record.url} {date}", payload) if name]


def _wanted(revisit: Record) -> list[bytes]:
    url, date = revisit.header("WARC-Refers-To-Target-URI"), revisit.header("WARC-Refers-To-Date")
    named = date and f"{(url or revisit.url).strip('<>')} {date}"
    names = (revisit.header("WARC-Refers-To"), named, revisit.header("WARC-Payload-Digest"))
    return [_key(name) for name in names if name]


def _key(name: str) -> bytes:
    return hashlib.sha1(name.encode(), usedforsecurity=False).digest()[:12]


def _record_at(place: _Place, key: bytes) -> Record | None:
    path, offset, length = place
    if length is not None:
        return next(read_span(path, offset, length, ours=False))
    return next((record for record in read_records(path) if record.type == "response" and key in _keys(record)), None)
