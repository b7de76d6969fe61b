"""WARC files read record by record, each one checked: ours and any other tool's, gzip or not, WARC 1.0 or 1.1.

Checked are the gzip members' CRC and length, Content-Length, the block digest where there is one (but
for other tools' revisits, where tools differ in what it covers), and in files of our own the payload
digest. What fails raises DamagedRecord; the records before it have been handed out by then.

Our own writer and reader stand here instead of warcio's because warcio compresses at zlib's level 9
only, re-renders header blocks, and passes over torn ends and gzip errors in silence.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from archive.errors import DamagedRecord, NotWarc, TornRecord
from archive.message import Headers, header_fields, payload_start
from archive.places import is_remote
from archive.record import STANDARD_NAMES, Record, is_base_32
from archive.source import Readable, Source

if TYPE_CHECKING:
    from archive.remote import RemotePath

HEADER_LIMIT = 1 << 20  # bytes of a WARC record's own header
BLOCK_LIMIT = 1 << 26  # bytes of a block that are handed out; what follows is checked and passed over
SOFTWARE = "pressmark"  # how the `software` field of our own warcinfo records begins

ARCHIVES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")  # how names of files end that hold archived pages

_VERSION = re.compile(rb"WARC/(?:1\.[01]|0\.1[78])\r\n")
_OTHERS = {
    b"filedesc://": "an ARC file, and only WARC is read; `warcio recompress` turns it into WARC",
    b"\x28\xb5\x2f\xfd": "compressed with zstd, and only gzip is read; `zstd -d` undoes it",
    b"\x5d\x2a\x4d\x18": "compressed with zstd, and only gzip is read; `zstd -d` undoes it, given its dictionary",
    b"PK\x03\x04": "a ZIP file, as WACZ is; `unzip` it, and read the WARC files in its folder `archive`",
}
_FIRST_AND_LAST = ("WARC-Type", "Content-Length")  # of the fields of our own records, and of most tools'
_OWN_FIELDS = ("warc-type", "content-length")  # kept in fields of Record's own
_OWN_LENGTHS = {9, 14}
_HASHERS = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}


def warc_name(path: Path) -> str:
    """The file's name in the archive: without the `.open` that it carries while it is written."""
    return path.name.removesuffix(".open")


def warcs_in(folder: Path) -> list[Path]:
    """The WARC files of a crawl folder in their order, the one that is still `.open` among them."""
    paths = [path for path in folder.iterdir() if warc_name(path).endswith(".warc.gz")] if folder.is_dir() else []
    return sorted(paths, key=warc_name)


def read_records(path: Path) -> Iterator[Record]:
    """The records of a WARC file in their order; DamagedRecord at the first that is not as it was written."""
    with path.open("rb", buffering=0) as file:
        yield from records_of(file, warc_name(path))


def records_of(file: Readable, warc: str) -> Iterator[Record]:
    """The same, of an open file of this name, which is read from its beginning to its end."""
    yield from _records(Source(file, warc), ours=False)


def read_span(path: Path, offset: int, length: int, *, ours: bool = True, digests: bool = True) -> Iterator[Record]:
    """The records that stand in a span of a WARC file, one of ours or not; nothing else of the file is read.

    Without `digests`, only gzip's own checks are made: enough where the file has been read through before.
    """
    with open_span(path, offset, length) as file:
        yield from span_of(file, warc_name(path), offset, length, ours=ours, digests=digests)


def span_of(
    file: Readable, warc: str, offset: int, length: int, *, ours: bool = True, digests: bool = True
) -> Iterator[Record]:
    """The same, of an open file of this name."""
    yield from _records(Source(file, warc, offset, offset + length), ours=ours, digests=digests)


def open_span(path: Path, offset: int, length: int) -> Any:
    """A file from which nothing but this span is wanted."""
    return cast("RemotePath", path).span(offset, length) if is_remote(path) else FileIO(path)


def is_ours(record: Record) -> bool:
    """Whether this is the warcinfo record with which a file of our own begins."""
    return record.type == "warcinfo" and str(record.fields.get("software", "")).startswith(SOFTWARE)


def _records(source: Source, *, ours: bool, digests: bool = True) -> Iterator[Record]:
    """The records of a file, which may be any tool's and anything, or of a span of a file of ours."""
    first_of_file, found = not ours, False
    while source.next_member():
        first, follows = True, source.skip_newlines()
        while follows:
            if not source.gzipped:
                source.record_start = source.position
            record = _headers(source, first_of_file)
            record, follows = _whole(source, record, ours=ours, digests=digests)
            if source.gzipped and follows and not source.peek(5) == b"WARC/":
                raise source.damaged("what follows it in its gzip member is no WARC record", record.id)
            record.__dict__["length"] = _length(source, alone=first and not follows)
            yield record
            ours = is_ours(record) if record.type == "warcinfo" else ours
            first, first_of_file, found = False, False, True
    if not found:
        raise TornRecord("it holds no record", warc=source.warc, offset=source.record_start)


def _length(source: Source, *, alone: bool) -> int | None:
    if not source.gzipped:
        return source.position - source.record_start
    if alone and source.member_end is not None:
        return source.member_end - source.member_start
    return None


def _headers(source: Source, first_of_file: bool) -> Record:
    start = source.peek(12)
    if not start.startswith(b"WARC/"):
        if first_of_file:
            raise _not_warc(source.warc, start)
        raise source.damaged("no WARC record begins here")
    head = source.head(HEADER_LIMIT)
    if _VERSION.match(head) is None:
        raise source.damaged(f"{head[:12]!r} is no version of WARC that is read here: 0.17 to 1.1")
    return _plain_record(source, head) or _record(source, _fields(head))


def _not_warc(warc: str, start: bytes) -> NotWarc:
    for begins, words in _OTHERS.items():
        if start.startswith(begins):
            return NotWarc(f"{warc} is {words}")
    return NotWarc(f"{warc} is no WARC file: it begins with {start!r}")


def _plain_record(source: Source, head: bytes) -> Record | None:
    """What `_record` makes of fields as our own writer and most tools write them, in a third of its time; else None."""
    text = head.decode("ascii") if head.isascii() else ""
    lines = [line.partition(": ") for line in text.split("\r\n")[1:-2]]
    if len(lines) < 2:
        return None
    names, _, values = zip(*lines, strict=True)
    told = {*names} if _are_clean(text, values) else ()
    if len(told) < len(names) or not STANDARD_NAMES.issuperset(told) or (names[0], names[-1]) != _FIRST_AND_LAST:
        return None
    kind, length, headers = values[0].lower(), values[-1], tuple(zip(names[1:-1], values[1:-1], strict=True))
    if not length.isdigit() or len(length) > 18:
        return None
    return Record(type=kind, headers=headers, size=int(length), warc=source.warc, offset=source.record_start)


def _are_clean(text: str, values: tuple[str, ...]) -> bool:
    """Whether each line has one of the values, and none of these begins or ends with white space."""
    odd = ":  " in text or " \r" in text or "\t" in text or "\v" in text or "\f" in text
    return not odd and "" not in values and text.count("\r") == text.count("\n") == len(values) + 2


def _fields(head: bytes) -> Headers:
    try:
        head.decode()
    except UnicodeDecodeError:
        return header_fields(head)
    return header_fields(head, "utf-8")


def _record(source: Source, headers: Headers) -> Record:
    told: dict[str, str] = {}
    kept = []
    for header in headers:
        if len(header[0]) in _OWN_LENGTHS and (name := header[0].lower()) in _OWN_FIELDS:
            told.setdefault(name, header[1])
        else:
            kept.append(header)
    kind, length = told.get("warc-type", "").lower(), told.get("content-length", "")
    size = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else -1
    record = Record(type=kind, headers=tuple(kept), size=size, warc=source.warc, offset=source.record_start)
    if size < 0:
        raise source.damaged(f"its Content-Length is {length!r}", record.id)
    return record


def _whole(source: Source, record: Record, *, ours: bool, digests: bool) -> tuple[Record, bool]:
    """The record with its block, checked, and whether another follows in the same member."""
    try:
        _fill(source, record, ours=ours, digests=digests)
        follows = source.skip_newlines()  # reads the gzip trailer, which is what proves the block
    except DamagedRecord as error:
        raise type(error)(
            error.why, warc=source.warc, offset=error.offset, record_id=record.id or error.record_id
        ) from error
    return record, follows


def _fill(source: Source, record: Record, *, ours: bool, digests: bool) -> None:
    """Read the record's block into it, and check it."""
    checked = digests and (ours or record.type != "revisit")
    declared = record.header("WARC-Block-Digest") if checked else None
    block = source.read(min(record.size, BLOCK_LIMIT))
    hasher, seen = _hasher(declared, block), len(block)
    while seen < record.size and (piece := source.read(min(record.size - seen, BLOCK_LIMIT))):
        seen += len(piece)
        if hasher:
            hasher.update(piece)
    if seen < record.size:
        raise source.damaged(f"its Content-Length is {record.size}, but only {seen} bytes follow")
    _compare(source, "block", hasher, declared)
    # Frozen for whoever gets it; filled in here, since a copy for each step costs as much as reading it.
    record.__dict__["block"] = block
    if digests and ours and record.type == "response" and seen == len(block):
        declared = record.header("WARC-Payload-Digest")
        hasher = _hasher(declared, memoryview(block)[payload_start(block) :])
        _compare(source, "payload", hasher, declared)


def _hasher(declared: str | None, content: bytes | memoryview) -> Any:
    """A hash object that was given this content, for a digest of a known algorithm, else None."""
    algorithm = (declared or "").partition(":")[0]
    known = _HASHERS.get(algorithm) or _HASHERS.get(algorithm.lower().replace("-", ""))
    return known(content, usedforsecurity=False) if known else None


def _compare(source: Source, what: str, hasher: Any, declared: str | None) -> None:
    if hasher and not _spells(hasher.digest(), (declared or "").partition(":")[2]):
        raise source.damaged(f"its {what} does not have the digest {declared}")


def _spells(digest: bytes, text: str) -> bool:
    """Whether the text is this digest, in any of the spellings that are about: base 32, base 16 or base 64."""
    if is_base_32(text, digest):  # as nearly always
        return True
    text = text.strip().rstrip("=")
    return (
        text.upper() == base64.b32encode(digest).decode().rstrip("=")
        or text.lower() == digest.hex()
        or text.replace("-", "+").replace("_", "/") == base64.b64encode(digest).decode().rstrip("=")
    )
