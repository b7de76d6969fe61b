"""WarcWriter: captures written down as WARC/1.1 files, one gzip member a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.capture import Capture
from archive.composing import note_record, presentable, records_of, warcinfo_record
from archive.compression import gzip_member
from archive.errors import ArchiveError
from archive.growing import OPEN, GrowingFile
from archive.message import payload_start
from archive.record import Record, digest
from archive.records import read_span

ORIGINALS_KNOWN = 1 << 16  # payloads that a later one can repeat: some 20 MB of memory at most

_Place = tuple[str, int, int]  # file, offset, length


class WarcWriter:
    """Writes exchanges into `<stem>-<serial>.warc.gz` files of one folder, named `....open` while they grow.

    **What may be lost.** An exchange is handed to the operating system in one piece before `write`
    returns: no death of this process loses it after that, and an exchange that was cut short by one
    does not count, since its last record is not whole. It is on the disk (fdatasync) at the latest
    with the first `write` or `sync` a second or more after the last such sync: at a power cut about
    the last second is lost, provided that someone calls `sync` each second while nothing is written.
    A finished file is on the disk under its final name before `finish` returns. A failed write is
    undone by cutting the file back to the end of the exchange before it.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        description: Mapping[str, Any],
        max_size: int,
        *,
        index: Callable[[Record], None] = lambda _record: None,
    ) -> None:
        """`description`: the fields of each file's warcinfo; `max_size`: bytes past which a new file is begun.

        `index` is given each response and revisit record that has been written, with its place.
        """
        self._folder = folder
        self._stem = stem
        self._description = description
        self._max_size = max_size
        self._index = index
        self._originals: dict[str, _Place] = {}
        self._serial = 0
        self._file, self._warcinfo_id = self._new_file()
        self._first = self._file.size  # where the file's first exchange stands

    def write(self, capture: Capture) -> Capture:
        """Record one exchange, and hand it back as written, with its pressmark; RecordingFailed if that cannot be.

        The payload digest covers the body as it came over the wire, framing included: `warcio check` and
        `fastwarc check` expect that of chunked responses, and what repeats is told by the same bytes.
        """
        if self._file.size >= self._max_size and self._file.size > self._first:
            self._begin_next_file()
        capture = presentable(capture)
        payload_digest = digest(capture.response[payload_start(capture.response) :]) if capture.response else None
        original = self._original_of(capture, payload_digest) if _may_be_repeated(capture) else None
        records = self._append(records_of(capture, payload_digest, original, self._warcinfo_id))
        marked = records[-2] if capture.response else records[-1]
        if capture.response:
            self._index(marked)
        if original is None and _may_be_repeated(capture):
            self._remember(marked, str(payload_digest))
        return replace(
            capture,
            record_id=marked.id,
            payload_digest=payload_digest,
            warc=marked.warc,
            offset=marked.offset,
            length=marked.length,
        )

    def note(self, fields: Mapping[str, Any]) -> None:
        """Record something about the crawl itself, as a metadata record."""
        self._append([note_record(fields, self._warcinfo_id)])

    def sync(self) -> None:
        """Have what was written on the disk, if a second has passed since that was last so."""
        self._file.sync()

    def finish(self) -> None:
        """Give the last file its final name. It stays locked until `release`."""
        self._file.finish()

    def release(self) -> None:
        """Close the last file and give up its lock; nothing can be written any more."""
        self._file.release()

    def _new_file(self) -> tuple[GrowingFile, str]:
        name = f"{self._stem}-{self._serial:05d}.warc.gz"
        warcinfo = warcinfo_record(name, self._description)
        file = GrowingFile(self._folder, name)
        try:
            file.append(gzip_member(warcinfo.as_bytes()))
        except BaseException:
            file.remove()
            raise
        return file, str(warcinfo.id)

    def _begin_next_file(self) -> None:
        # The next file is there and locked before this one is let go: a running crawl never looks dead.
        self._serial += 1
        try:
            following, warcinfo_id = self._new_file()
        except BaseException:
            self._serial -= 1
            raise
        finished, self._file, self._warcinfo_id = self._file, following, warcinfo_id
        self._first = following.size
        finished.finish()
        finished.release()

    def _append(self, records: list[Record]) -> list[Record]:
        """Write records in one piece, and hand them back with their places."""
        members = [gzip_member(record.as_bytes()) for record in records]
        offset = self._file.append(b"".join(members))
        placed = []
        for record, member in zip(records, members, strict=True):
            placed.append(replace(record, warc=self._file.name, offset=offset, length=len(member)))
            offset += len(member)
        return placed

    def _original_of(self, capture: Capture, payload_digest: str | None) -> Record | None:
        """The response record of this crawl that holds the same body, byte for byte."""
        place = self._originals.get(payload_digest or "")
        if place is None:
            return None
        name, offset, length = place
        path = self._folder / (name + OPEN if name == self._file.name else name)
        try:
            original = next(read_span(path, offset, length))
        except (ArchiveError, OSError):
            return None  # then this exchange is stored whole, and whoever verifies will tell of the other
        body = capture.response[payload_start(capture.response) :]
        return original if original.block[payload_start(original.block) :] == body else None

    def _remember(self, response: Record, payload_digest: str) -> None:
        if len(self._originals) >= ORIGINALS_KNOWN:
            del self._originals[next(iter(self._originals))]
        self._originals[payload_digest] = (response.warc, response.offset, response.length or 0)


def _may_be_repeated(capture: Capture) -> bool:
    """Whether this is a complete, non-empty 200: nothing else is an original, or a revisit of one."""
    whole = capture.status == 200 and capture.error is None and capture.truncated is None
    return whole and len(capture.response) > payload_start(capture.response)
