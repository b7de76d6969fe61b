"""Captures read from WARC files: our own, or any other tool's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from archive.capture import Capture, Truncation
from archive.errors import ArchiveError, DamagedRecord
from archive.joining import ForeignJoiner, Joined, Joiner, OwnJoiner
from archive.mending import next_record
from archive.message import dechunked, header_fields, is_chunked, payload_start, split_message, status_code
from archive.originals import Originals
from archive.places import here
from archive.record import Record, digest
from archive.records import is_ours, read_records, read_span, warc_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange without its bytes: what it was, how it ended, and the span of its records in a WARC file."""

    sequence: int
    attempt: int
    method: str
    url: str
    body_digest: str  # SHA-1 of the request's body, in hexadecimal
    status: int | None
    error: str | None
    purpose: str | None
    warc: str
    offset: int
    length: int


_NOTHING = Capture(url="", started=datetime.fromtimestamp(0, UTC))  # its fields' defaults: they take long to fill in


def read_captures(path: Path) -> Iterator[Capture]:
    """The exchanges of a WARC file in their order, one in memory at a time.

    Files of our own give back what was written; TornRecord at the end of a file whose last exchange
    is not whole. Of other tools' files, HTTP responses and revisits are read; a revisit whose original
    is neither in its file nor in its folder has no body and is marked as truncated.
    """
    originals = Originals(path)
    for joined in _joined(read_records(path)):
        yield _capture(joined, originals)


def read_past_damage(path: Path) -> Iterator[Capture | ArchiveError]:
    """As `read_captures`, but damage is handed out too, and behind it comes what the next whole records hold."""
    originals = Originals(path)
    records, ours = read_records(path), False
    with ExitStack() as copies:
        while True:
            try:
                for joined in _joined(records, ours=ours):
                    ours = not joined.foreign
                    yield _capture(joined, originals)
            except ArchiveError as error:
                yield error
                path = copies.enter_context(here(path))
                start = next_record(path, getattr(error, "offset", 0) + 1)
            else:
                return
            if start is None:
                return
            records = read_span(path, start, path.stat().st_size - start, ours=ours)


def read_capture_at(path: Path, offset: int, length: int) -> Capture:
    """One exchange of one of our own files, reading nothing but its span; gzip alone checks its bytes.

    The span of a single response or revisit record, as the index has it, gives a capture without its
    request and without what only its metadata record knows.
    """
    records = list(read_span(path, offset, length, digests=False))
    joiner = OwnJoiner()
    for record in records:
        for joined in joiner.add(record):
            return _capture(joined, Originals(path))
    for record in records:
        if record.type in ("response", "revisit"):
            return _capture(Joined(answer=record), Originals(path))
    raise DamagedRecord("no exchange stands here", warc=warc_name(path), offset=offset)


def read_exchanges(path: Path) -> Iterator[Exchange]:
    """The exchanges of one of our own files, every record checked, without their bytes."""
    for joined in _joined(read_records(path)):
        if joined.note:
            yield _exchange(joined, joined.note)


def _joined(records: Iterator[Record], *, ours: bool = False) -> Iterator[Joined]:
    joiner: Joiner = OwnJoiner() if ours else ForeignJoiner()
    try:
        for record in records:
            if record.type == "warcinfo":
                yield from joiner.end()
                joiner = OwnJoiner() if is_ours(record) else ForeignJoiner()
            yield from joiner.add(record)
    except ArchiveError:
        if isinstance(joiner, ForeignJoiner):  # a response that stands before the damage is whole
            yield from joiner.end()
        raise
    yield from joiner.end()


def _exchange(joined: Joined, note: Record) -> Exchange:
    first = joined.request or joined.answer or note
    _, body = split_message(joined.request.block if joined.request else b"")
    told = told_by(note)
    return Exchange(
        sequence=told["sequence"],
        attempt=told["attempt"],
        method=told["method"],
        url=note.url,
        body_digest=hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        status=status_code(joined.answer.block) if joined.answer else None,
        error=told.get("error"),
        purpose=told.get("purpose"),
        warc=note.warc,
        offset=first.offset,
        length=note.offset + (note.length or 0) - first.offset,
    )


def _capture(joined: Joined, originals: Originals) -> Capture:
    marked = joined.answer or joined.note
    assert marked is not None
    told: dict[str, Any] = {
        "foreign": joined.foreign,
        "url": marked.url,
        "started": marked.date,
        "method": _method(joined.request),
        "request": joined.request.block if joined.request else b"",
        "ip": marked.header("WARC-IP-Address"),
        "protocols": marked.all("WARC-Protocol"),
        "cipher": marked.header("WARC-Cipher-Suite"),
        "truncated": _truncation(marked),
        "record_id": marked.id,
        "warc": marked.warc,
        "offset": marked.offset,
        "length": marked.length,
    }
    if joined.note:
        told |= _of_note(joined.note)
    if joined.answer:
        told |= _of_answer(joined.answer, joined.note, originals)
    return _NOTHING.but(**told)


def _of_answer(answer: Record, note: Record | None, originals: Originals) -> dict[str, Any]:
    payload_digest = answer.header("WARC-Payload-Digest")
    if answer.type == "response":
        payload_digest = payload_digest or digest(answer.block[payload_start(answer.block) :])
        return {"response": answer.block, "payload_digest": payload_digest}
    told = {"response": answer.block, "payload_digest": payload_digest}
    if "server-not-modified" in (answer.header("WARC-Profile") or ""):
        return {**told, "refers_to": _elsewhere(answer, note)}
    original = originals.original_of(answer, note)
    if original is None:
        return {**told, "truncated": "unspecified"}
    told["response"] = _completed(answer, original)
    # Others mark a revisit as truncated because its payload stands elsewhere (WARC 1.0, 6.7.2).
    return told if note else {**told, "truncated": _truncation(original)}


def _elsewhere(revisit: Record, note: Record | None) -> tuple[str, str, str, str] | None:
    """What a 304 of our own refers to, where that is a response of an earlier crawl."""
    if note is None or "original" in note.fields:
        return None
    date, payload = revisit.header("WARC-Refers-To-Date"), revisit.header("WARC-Payload-Digest")
    url = revisit.header("WARC-Refers-To-Target-URI")
    return (revisit.header("WARC-Refers-To") or "", url or "", date or "", payload or "")


def _completed(revisit: Record, original: Record) -> bytes:
    """The revisit's own header block and the original's body; what it says of framing is made true."""
    start = payload_start(original.block)
    head, body = revisit.block or original.block[:start], original.block[start:]
    if is_chunked(header_fields(original.block[:start])) and not is_chunked(header_fields(head)):
        body = dechunked(body)
    return head + body


def _of_note(note: Record) -> dict[str, Any]:
    told = told_by(note)
    return {
        "method": told["method"],
        "interim": note.block.partition(b"\r\n\r\n")[2],
        "sequence": told["sequence"],
        "attempt": told["attempt"],
        "sends": told.get("sends", 1),
        "via": told.get("via"),
        "purpose": told.get("purpose"),
        "error": told.get("error"),
        "error_message": told.get("errorMessage"),
        "truncated": told.get("truncated"),
    }


def told_by(note: Record) -> dict[str, Any]:
    """The fields of the metadata record that ends an exchange of our own; DamagedRecord where it lacks some."""
    told = note.fields
    if not (isinstance(told["sequence"], int) and isinstance(told.get("attempt"), int) and "method" in told):
        why = "it lacks the fields that describe an exchange"
        raise DamagedRecord(why, warc=note.warc, offset=note.offset, record_id=note.id)
    return told


def _method(request: Record | None) -> str:
    return request.block.partition(b" ")[0].decode("latin-1") if request else "GET"


def _truncation(record: Record) -> Truncation | None:
    reason = record.header("WARC-Truncated")
    if reason is None:
        return "length" if record.size > len(record.block) else None
    return next((known for known in get_args(Truncation) if known == reason.lower()), "unspecified")
