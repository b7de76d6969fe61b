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
from archive.record import Record, base_32
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
_PLAIN_FIELD = re.compile(r"^([!-9;-~]+): (\S(?:[^\r\n]*\S)?)\r$", re.MULTILINE)
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
            # Frozen for whoever gets it; filled in here, since a copy for each step costs as much as reading it.
            object.__setattr__(record, "length", _length(source, alone=first and not follows))
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
    return _record(source, _fields(head))


def _not_warc(warc: str, start: bytes) -> NotWarc:
    for begins, words in _OTHERS.items():
        if start.startswith(begins):
            return NotWarc(f"{warc} is {words}")
    return NotWarc(f"{warc} is no WARC file: it begins with {start!r}")


def _fields(head: bytes) -> Headers:
    try:
        text = head.decode()
    except UnicodeDecodeError:
        return header_fields(head)
    plain = _PLAIN_FIELD.findall(text)  # as nearly always, and much faster: every line is a field and nothing else
    return tuple(plain) if len(plain) == head.count(b"\n") - 2 else header_fields(head, "utf-8")


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
        record = _with_block(source, record, ours=ours, digests=digests)
        follows = source.skip_newlines()  # reads the gzip trailer, which is what proves the block
    except DamagedRecord as error:
        raise type(error)(
            error.why, warc=source.warc, offset=error.offset, record_id=record.id or error.record_id
        ) from error
    return record, follows


def _with_block(source: Source, record: Record, *, ours: bool, digests: bool) -> Record:
    checked = digests and (ours or record.type != "revisit")
    declared = record.header("WARC-Block-Digest") if checked else None
    hasher = _hasher(declared)
    block = source.read(min(record.size, BLOCK_LIMIT))
    seen = len(block)
    if hasher:
        hasher.update(block)
    while seen < record.size and (piece := source.read(min(record.size - seen, BLOCK_LIMIT))):
        seen += len(piece)
        if hasher:
            hasher.update(piece)
    if seen < record.size:
        raise source.damaged(f"its Content-Length is {record.size}, but only {seen} bytes follow")
    _compare(source, "block", hasher, declared)
    object.__setattr__(record, "block", block)
    if digests and ours and record.type == "response" and seen == len(block):
        _check_payload(source, record)
    return record


def _check_payload(source: Source, record: Record) -> None:
    declared = record.header("WARC-Payload-Digest")
    hasher = _hasher(declared)
    if hasher:
        hasher.update(memoryview(record.block)[payload_start(record.block) :])
    _compare(source, "payload", hasher, declared)


def _hasher(declared: str | None) -> Any:
    """A hash object for a digest of a known algorithm, else None."""
    algorithm = (declared or "").partition(":")[0].lower().replace("-", "")
    known = _HASHERS.get(algorithm)
    return known(usedforsecurity=False) if known else None


def _compare(source: Source, what: str, hasher: Any, declared: str | None) -> None:
    if hasher and not _spells(hasher.digest(), (declared or "").partition(":")[2]):
        raise source.damaged(f"its {what} does not have the digest {declared}")


def _spells(digest: bytes, text: str) -> bool:
    """Whether the text is this digest, in any of the spellings that are about: base 32, base 16 or base 64."""
    text = text.strip().rstrip("=")
    if len(digest) == 20 and text == base_32(digest):  # as nearly always
        return True
    return (
        text.upper() == base64.b32encode(digest).decode().rstrip("=")
        or text.lower() == digest.hex()
        or text.replace("-", "+").replace("_", "/") == base64.b64encode(digest).decode().rstrip("=")
    )
