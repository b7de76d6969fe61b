"""Links between the records of a file of our own: whether each stands where it was written, and only there."""

from __future__ import annotations

from collections.abc import Iterator

from archive.errors import ArchiveError, DamagedRecord
from archive.joining import is_exchange_note
from archive.originals import Originals
from archive.record import NOT_MODIFIED, Record

_Exchange = list[Record]


class Links:
    """Takes the records of one file in their order, and tells what is missing, doubled, or out of its place."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals
        self._warcinfo_id: str | None = None
        self._exchange: _Exchange = []
        self._stray: Record | None = None
        self._sequence: int | None = None
        self._about_the_crawl: set[str | None] = set()  # ids of the records that belong to no exchange

    def lose_track(self) -> None:
        """Something could not be read: what follows belongs to what, is not known for a while."""
        self._exchange = []
        self._sequence = None

    def stray(self, record: Record) -> None:
        """Take a record that stands in front of any warcinfo of ours."""
        self._stray = record

    def add(self, record: Record) -> Iterator[ArchiveError]:
        """Take one more record."""
        if record.type == "warcinfo":
            if self._stray and self._stray.header("WARC-Warcinfo-ID") == record.id:
                yield _damage(self._stray, "it stands before the warcinfo record of its file")
            yield from self._alone(record)
            self._warcinfo_id, self._sequence = record.id, None
            return
        if self._warcinfo_id and record.header("WARC-Warcinfo-ID") != self._warcinfo_id:
            yield _damage(record, f"it belongs to another file: its warcinfo is {record.header('WARC-Warcinfo-ID')}")
        if record.type == "metadata" and not is_exchange_note(record):
            yield from self._alone(record)
        else:
            self._exchange.append(record)
            if record.type == "metadata":
                yield from self._whole(self._exchange)
                self._exchange = []

    def end(self) -> Iterator[ArchiveError]:
        """No more records come."""
        if self._exchange:
            yield _damage(self._exchange[0], "its exchange lacks the metadata record that makes it whole")

    def _alone(self, record: Record) -> Iterator[ArchiveError]:
        """A record about the crawl stands between exchanges, and once."""
        if self._exchange:
            yield _damage(record, "it stands in the middle of an exchange")
            self._exchange = []
        if record.id in self._about_the_crawl:
            yield _damage(record, "it stands in this file twice")
        self._about_the_crawl.add(record.id)

    def _whole(self, exchange: _Exchange) -> Iterator[ArchiveError]:
        note = exchange[-1]
        kinds = [record.type for record in exchange]
        if kinds not in _EXCHANGES:
            yield _damage(exchange[0], f"an exchange is made of {', '.join(kinds)} records here")
        elif any(about != _about(note) for about in map(_about, exchange[:-1])):
            yield _damage(note, "the records of its exchange differ in URL or date")
        elif not _concurrent(exchange):
            yield _damage(note, "the records of its exchange do not name each other")
        else:
            yield from self._revisited(exchange[-2] if len(exchange) > 1 else note, note)
        number = note.fields["sequence"]
        if self._sequence is not None and number != self._sequence + 1:
            yield _damage(note, f"exchange {number} follows upon exchange {self._sequence}")
        self._sequence = number if isinstance(number, int) else None

    def _revisited(self, revisit: Record, note: Record) -> Iterator[ArchiveError]:
        if revisit.type != "revisit" or (
            revisit.header("WARC-Profile") == NOT_MODIFIED and "original" not in note.fields
        ):
            return  # a 304 may say that what an earlier crawl holds is unchanged: it needs nothing of it
        try:
            original = self._originals.original_of(revisit, note)
        except ArchiveError as error:
            missing = f"the record that it repeats, {revisit.header('WARC-Refers-To')}, cannot be had ({error})"
            yield _damage(revisit, missing)
            return
        named = [
            revisit.header(f"WARC-{name}") for name in ("Refers-To-Target-URI", "Refers-To-Date", "Payload-Digest")
        ]
        if original and named != [original.url, _date(original), original.header("WARC-Payload-Digest")]:
            yield _damage(revisit, f"the record that it repeats, {original.id}, is not as it says")


_EXCHANGES = (
    ["request", "response", "metadata"],
    ["request", "revisit", "metadata"],
    ["response", "metadata"],
    ["revisit", "metadata"],
    ["request", "metadata"],
    ["metadata"],
)


def _concurrent(exchange: _Exchange) -> bool:
    """Whether request and answer name each other, and the note names the one before it."""
    ids = [record.id for record in exchange]
    named = [record.header("WARC-Concurrent-To") for record in exchange]
    if len(exchange) == 3:
        return named == [ids[1], ids[0], ids[1]]
    return named == [None, ids[0]] if len(exchange) == 2 else named == [None]


def _about(record: Record) -> tuple[str, str | None]:
    return record.url, _date(record)


def _date(record: Record) -> str | None:
    return record.header("WARC-Date")


def _damage(record: Record, why: str) -> DamagedRecord:
    return DamagedRecord(why, warc=record.warc, offset=record.offset, record_id=record.id)
