"""CDXJ: the sorted index of a crawl's responses, one line each, as pywb reads it and cdxj-indexer writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from archive.message import payload_start
from archive.record import Record, digest, read_date
from archive.records import read_records
from archive.surt import surt

_STATUS_LINE = re.compile(rb"[^ ]* +(\S*)")
_CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:[ \t\v\f]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


def cdxj_line(record: Record) -> str:
    """The line of a response or revisit record: `urlkey timestamp {json}`, ASCII, with its newline.

    Values are text, offset and length too, and what a response does not have is left out: all as
    cdxj-indexer has it.
    """
    block = record.block
    fields = {
        "url": record.url,
        "mime": "warc/revisit" if record.type == "revisit" else _mime(block),
        "status": _status(block),
        "digest": record.header("WARC-Payload-Digest") or digest(block[payload_start(block) :]),
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": record.warc,
    }
    timestamp = read_date(record.header("WARC-Date") or "").strftime("%Y%m%d%H%M%S")
    present = {name: value for name, value in fields.items() if value is not None}
    return f"{surt(record.url)} {timestamp} {json.dumps(present)}\n"


def index_lines(warc: Path) -> Iterator[str]:
    """The lines of a WARC file, in the order of its records."""
    for record in read_records(warc):
        if record.type in ("response", "revisit"):
            yield cdxj_line(record)


def _status(block: bytes) -> str | None:
    line = _STATUS_LINE.match(block.partition(b"\n")[0])
    return _text(line[1]) if line else ""


def _mime(block: bytes) -> str | None:
    """The media type of a response's first Content-Type, without its parameters."""
    found = _CONTENT_TYPE.search(block[: payload_start(block)])
    return re.split(r"[;\s]", _text(found[1]), maxsplit=1)[0] if found else None


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
