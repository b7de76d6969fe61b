"""CDXJ: the sorted index of a crawl's responses, one line each, as pywb reads it and cdxj-indexer writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json.encoder import encode_basestring_ascii as _quoted
from pathlib import Path

from archive.message import header_fields, payload_start
from archive.record import Record, digest
from archive.records import read_records
from archive.surt import surt

_CONTENT_TYPE = re.compile(rb"\ncontent-type[ \t]*:[ \t\v\f]*([^\r\n]*)", re.IGNORECASE)

_END_OF_TYPE = re.compile(r"[;\s]")


def cdxj_line(record: Record) -> str:
    """The line of a response or revisit record: `urlkey timestamp {json}`, ASCII, with its newline.

    Values are text, offset and length too, and what a response does not have is left out: all as
    cdxj-indexer has it. DamagedRecord where the record has no date.
    """
    url, start = record.url, payload_start(record.block)
    head = record.block[:start]
    fields = {
        "url": url,
        "mime": "warc/revisit" if record.type == "revisit" else _mime(head),
        "status": _status(head),
        "digest": record.header("WARC-Payload-Digest") or _digest(record, start),
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": record.warc,
    }
    timestamp = _timestamp(record)
    # As json.dumps writes it, in a third of its time.
    present = ", ".join([f'"{name}": {_quoted(value)}' for name, value in fields.items() if value is not None])
    return f"{surt(url)} {timestamp} {{{present}}}\n"


def index_lines(warc: Path) -> Iterator[str]:
    """The lines of a WARC file, in the order of its records."""
    for record in read_records(warc):
        if record.type in ("response", "revisit"):
            yield cdxj_line(record)


def _digest(record: Record, start: int) -> str | None:
    """The payload's digest where no header has it: of all that stands there, where that is no HTTP (a DNS answer)."""
    if record.type == "revisit":
        return None
    is_http = (record.header("Content-Type") or "").lower().startswith("application/http")
    return digest(record.block[start:] if is_http else record.block)


def _timestamp(record: Record) -> str:
    date = record.header("WARC-Date") or ""
    digits = date[:19].replace("-", "").replace("T", "").replace(":", "")
    return digits if len(digits) == 14 and digits.isdecimal() else record.date.strftime("%Y%m%d%H%M%S")


def _status(head: bytes) -> str | None:
    """The second word of the first line, whatever it is; None where there is no header at all."""
    words = _text(head.partition(b"\n")[0]).rstrip().partition(" ")[2].strip()
    return words.partition(" ")[0] if words or header_fields(head) else None


def _mime(head: bytes) -> str | None:
    """The media type of a response's first Content-Type, without its parameters."""
    found = _CONTENT_TYPE.search(head)
    return _END_OF_TYPE.split(_text(found[1]), maxsplit=1)[0] if found else None


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
