"""WarcWriter: captures written down as WARC/1.1 files, one gzip member a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from archive.capture import Capture
from archive.composing import note_record, presentable, records_of, warcinfo_record
from archive.compression import gzip_member
from archive.growing import GrowingFile, sync_folder
from archive.record import Record, digest
from archive.repeats import Repeats, is_not_modified


class WarcWriter:
    """Writes exchanges into `<stem>-<serial>.warc.gz` files of one folder, named `....open` while they grow.

    **What may be lost.** An exchange is handed to the operating system in one piece before `write`
    returns: no death of this process loses it after that, and an exchange that was cut short by one
    does not count, since its last record is not whole. It is on the disk (fdatasync) at the latest
    with the first `write` or `sync` a second or more after the last such sync: at a power cut about
    the last second is lost, provided that someone calls `sync` each second while nothing is written.
    A finished file is on the disk under its final name before `finish` returns, and a new one with the
    record that begins it before anything else is written. A failed write is
    undone by cutting the file back to the end of the exchange before it. The first file stays locked
    until `release`, whichever is written by then.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        description: Mapping[str, Any],
        max_size: int,
        *,
        serial: int = 0,
        repeats: Repeats | None = None,
        index: Callable[[Record], None] = lambda _record: None,
    ) -> None:
        """`description`: the fields of each file's warcinfo; `max_size`: bytes past which a new file is begun.

        `serial` is the first file's number; `repeats` knows what was recorded before; `index` is given
        each response and revisit record that has been written, with its place.
        """
        self._folder = folder
        self._stem = stem
        self._description = description
        self._max_size = max_size
        self._index = index
        self._repeats = repeats or Repeats(folder)
        self._serial = serial
        self._file, self._warcinfo_id = self._new_file()
        self._first = self._file
        self._begin = self._file.size  # where the file's first exchange stands

    def write(self, capture: Capture) -> Capture:
        """Record one exchange, and hand it back as written, with its pressmark; RecordingFailed if that cannot be.

        The payload digest covers the body as it came over the wire, framing included: `warcio check` and
        `fastwarc check` expect that of chunked responses, and what repeats is told by the same bytes.
        """
        if self._file.size >= self._max_size and self._file.size > self._begin:
            self._begin_next_file()
        capture = presentable(capture)
        payload = memoryview(capture.response)[capture.payload_start :]
        payload_digest = digest(payload) if capture.response else None
        original = self._repeats.original_of(capture, payload_digest)
        if original:
            payload_digest = original.header("WARC-Payload-Digest")
        elif capture.refers_to:
            capture = capture if is_not_modified(capture) else capture.but(refers_to=None)
            payload_digest = capture.refers_to[3] if capture.refers_to else payload_digest
        records = records_of(capture, payload_digest, original, self._warcinfo_id)
        marked = self._append(records, -2 if capture.response else -1)
        if capture.response:
            self._index(marked)
        known = original or marked
        self._repeats.remember(capture, payload_digest, (known.warc, known.offset, known.length or 0))
        return capture.but(
            record_id=marked.id,
            payload_digest=payload_digest,
            warc=marked.warc,
            offset=marked.offset,
            length=marked.length,
        )

    def note(self, fields: Mapping[str, Any]) -> None:
        """Record something about the crawl itself, as a metadata record."""
        self._append([note_record(fields, self._warcinfo_id)], 0)

    def sync(self) -> None:
        """Have what was written on the disk, if a second has passed since that was last so."""
        self._file.sync()

    def finish(self) -> None:
        """Give the last file its final name. It stays locked until `release`."""
        self._file.finish()

    def release(self) -> None:
        """Close the last file and give up its lock; nothing can be written any more."""
        self._file.release()
        self._first.release()

    def _new_file(self) -> tuple[GrowingFile, str]:
        name = f"{self._stem}-{self._serial:05d}.warc.gz"
        warcinfo = warcinfo_record(name, self._description)
        file = GrowingFile(self._folder, name)
        try:
            file.append(gzip_member(warcinfo.as_bytes()))
            file.sync_now()
            sync_folder(self._folder)
        except BaseException:
            file.remove()
            raise
        return file, str(warcinfo.id)

    def _begin_next_file(self) -> None:
        self._serial += 1
        try:
            following, warcinfo_id = self._new_file()
        except BaseException:
            self._serial -= 1
            raise
        finished, self._file, self._warcinfo_id = self._file, following, warcinfo_id
        self._begin = following.size
        finished.finish()
        if finished is not self._first:
            finished.release()

    def _append(self, records: list[Record], marked: int) -> Record:
        """Write records in one piece, and hand one of them back with its place."""
        members = [gzip_member(record.as_bytes()) for record in records]
        offset = self._file.append(b"".join(members)) + sum(map(len, members[:marked]))
        return records[marked].at(self._file.name, offset, len(members[marked]))
