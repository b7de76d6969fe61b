"""A killed crawl's folder mended: torn ends cut off, files brought to the disk and given their final names."""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from archive.composing import warcinfo_record
from archive.compression import gzip_member
from archive.errors import ArchiveError, CrawlBusy, CrawlNotFound, CrawlUnreadable, DamagedRecord, NotWarc
from archive.growing import OPEN, lock, sync_folder
from archive.manifest import fields_of_manifest, read_manifest
from archive.records import read_records, read_span, warc_name, warcs_in

_MAGIC = re.compile(rb"\x1f\x8b\x08")
_VERSION = re.compile(rb"(?<=\r\n\r\n)WARC/[01]\.\d+\r\n")  # where records stand in a file without gzip


def hold(folder: Path) -> IO[bytes]:
    """Lock a crawl's folder for writing: its first WARC file, open; CrawlBusy where another process has done so."""
    while True:
        paths = warcs_in(folder)
        if not paths:
            raise CrawlNotFound(f"{folder} is no crawl folder: it holds no WARC files")
        try:
            file = paths[0].open("r+b", buffering=0)
        except FileNotFoundError:  # it has just been given its final name
            continue
        if lock(file):
            return file
        file.close()
        raise CrawlBusy(f"{folder} is being written by another process; resume it when that has ended")


def mend(folder: Path) -> None:
    """Finish the files that a killed crawl left unfinished. Killed here, it can be mended again.

    The folder must be held. What stands behind the last whole exchange is cut off. DamagedRecord, and
    nothing changed, where whole exchanges stand behind the damage: that is no torn end, and cutting
    there would lose what was recorded.
    """
    for part in folder.glob(".*.part"):
        part.unlink()
    growing = [path for path in warcs_in(folder) if path.name.endswith(OPEN)]
    for path, end in [(path, _whole_end(path)) for path in growing]:
        if path.with_name(warc_name(path)).exists():
            raise CrawlUnreadable(f"{path} stands beside a finished file of its name; move one of the two away")
        with path.open("r+b", buffering=0) as file:
            file.truncate(end)
            if end == 0:  # killed before its first record was whole: a file begins with a warcinfo
                file.write(gzip_member(warcinfo_record(warc_name(path), _fields(folder)).as_bytes()))
            os.fsync(file.fileno())
        path.rename(path.with_name(warc_name(path)))
    sync_folder(folder)


def only_torn(path: Path, error: ArchiveError) -> bool:
    """Whether this damage is a torn end, as a kill or a power cut leaves it: nothing that counts stands behind it."""
    if isinstance(error, NotWarc):
        return next_record(path, 0, only_ends=True) is None
    return isinstance(error, DamagedRecord) and next_record(path, error.offset + 1, only_ends=True) is None


def next_record(path: Path, start: int, *, only_ends: bool = False) -> int | None:
    """Where from `start` on the next gzip member with a whole WARC record begins; None where there is none.

    In a file that is not gzip, where the next whole record itself begins.

    With `only_ends`, a record that can end an exchange: what is behind a whole response may still be torn.
    """
    if path.stat().st_size <= start:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        pattern = _VERSION if content[:5] == b"WARC/" else _MAGIC
        while found := pattern.search(content, start):
            start = found.start()
            if _stands_at(path, start, len(content), only_ends=only_ends):
                return start
            start += 1
    return None


def _stands_at(path: Path, offset: int, size: int, *, only_ends: bool) -> bool:
    try:
        record = next(read_span(path, offset, size - offset))
    except ArchiveError:
        return False
    return not only_ends or record.type in ("metadata", "warcinfo")


def _whole_end(path: Path) -> int:
    """Where the last whole exchange of a file ends."""
    end = 0
    try:
        for record in read_records(path):
            if record.type in ("metadata", "warcinfo"):
                end = record.offset + (record.length or 0)
    except ArchiveError as error:
        if not only_torn(path, error):
            raise _no_torn_end(path, error) from error
    return end


def _no_torn_end(path: Path, error: ArchiveError) -> ArchiveError:
    if not isinstance(error, DamagedRecord):
        return error
    advice = f"whole exchanges stand behind it; to give them up: `truncate -s {error.offset} {path}`, then resume"
    return type(error)(f"{error.why}; {advice}", warc=error.warc, offset=error.offset, record_id=error.record_id)


def _fields(folder: Path) -> Mapping[str, Any]:
    """What the crawl's warcinfo records say: read from one of them, or else from the manifest."""
    for path in warcs_in(folder):
        try:
            return next(read_records(path)).fields
        except ArchiveError:
            continue
    try:
        return fields_of_manifest(folder, read_manifest(folder))
    except (ArchiveError, ValueError) as error:
        why = f"the crawl in {folder} was killed before it had recorded anything"
        raise CrawlUnreadable(f"{why}; remove the folder and crawl anew") from error
