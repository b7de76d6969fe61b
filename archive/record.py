"""Record: one WARC record, its named fields and its block, and how these are written down."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from archive.message import Headers

WARC_FIELDS = "application/warc-fields"
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

# White space, controls and lone surrogates: none may stand in a line of headers or of the index.
_UNWRITABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS_LINES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE_32 = [one + other for one in _ALPHABET for other in _ALPHABET]  # faster than base64.b32encode, for 20 bytes
_BEGINS_JSON = frozenset('"[{-0123456789tfnNI')  # told before any JSON is tried: an exception takes long


@dataclass(frozen=True, kw_only=True)
class Record:
    """One WARC record: its type, its header fields in order, its block, and where it stands.

    `length` is None where the record cannot be read on its own, because it shares its gzip member with
    others; `offset` is then that member's. `size` is the block's full length, of which `block` holds
    the first BLOCK_LIMIT bytes (see `archive.records`).
    """

    type: str
    headers: Headers
    block: bytes = b""
    size: int = 0
    warc: str = ""
    offset: int = 0
    length: int | None = None

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        first: dict[str, str] | None = self.__dict__.get("_first")
        if first is None:  # kept by hand: before Python 3.12 a cached_property takes a lock
            first = self.__dict__["_first"] = {key.lower(): value for key, value in reversed(self.headers)}
        return first.get(name.lower())

    def all(self, name: str) -> tuple[str, ...]:
        """The values of every header of this name, whatever its case."""
        wanted, length = name.lower(), len(name)
        return tuple(value for key, value in self.headers if len(key) == length and key.lower() == wanted)

    @property
    def id(self) -> str | None:
        """The WARC-Record-ID, with its brackets."""
        return self.header("WARC-Record-ID")

    @property
    def url(self) -> str:
        """The WARC-Target-URI, without the brackets that wget puts around it."""
        url = self.header("WARC-Target-URI") or ""
        return url[1:-1] if url.startswith("<") and url.endswith(">") else url

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The fields of a warcinfo or metadata block."""
        return load_fields(self.block) if self.header("Content-Type") == WARC_FIELDS else {}

    def at(self, warc: str, offset: int, length: int) -> Record:
        """The record where it stands now."""
        other = object.__new__(Record)
        other.__dict__.update(self.__dict__, warc=warc, offset=offset, length=length)
        return other

    def as_bytes(self) -> bytes:
        """The record as it stands in a file, before compression."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        head = f"WARC/1.1\r\nWARC-Type: {self.type}\r\n{lines}Content-Length: {len(self.block)}\r\n\r\n"
        return b"".join((head.encode(), self.block, b"\r\n\r\n"))


def new_id() -> str:
    """A fresh WARC-Record-ID: a random UUID (RFC 9562, 5.4), put together in a third of the uuid module's time."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}>"


def digest(content: bytes | memoryview) -> str:
    """SHA-1 in base 32, as everyone else's WARC tools write it."""
    return "sha1:" + base_32(hashlib.sha1(content, usedforsecurity=False).digest())


def base_32(sha1: bytes) -> str:
    """The 20 bytes of a SHA-1 in base 32, in a fifth of the base64 module's time."""
    number = int.from_bytes(sha1)
    return "".join([_BASE_32[number >> shift & 1023] for shift in range(150, -1, -10)])


def write_date(moment: datetime) -> str:
    """A WARC-Date: UTC with microseconds, but for a whole second, as other tools write it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_date(text: str) -> datetime:
    """A WARC-Date of any of the precisions that WARC 1.1 allows; ValueError for anything else."""
    if len(text) == 27 and (text[4], text[7], text[10], text[26]) == ("-", "-", "T", "Z"):  # as in our own files
        return datetime.fromisoformat(text)
    digits = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z?)?)?)?", text)
    if digits is None:
        raise ValueError(f"{text!r} is no WARC-Date")
    year, month, day, hour, minute, second, fraction = digits.groups()
    micros = int((fraction or "0").ljust(6, "0")[:6])
    parts = (month or 1, day or 1, hour or 0, minute or 0, second or 0)
    return datetime(int(year), *map(int, parts), micros, tzinfo=UTC)  # type: ignore[misc, arg-type]


def header_safe(value: str) -> str:
    """The value with everything percent-encoded that could end its line or break the index: no injected headers."""
    return _UNWRITABLE.sub(_percent_encoded, value)


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def dump_fields(fields: Mapping[str, Any]) -> bytes:
    """An `application/warc-fields` block: plain words as they are, anything else as one line of JSON."""
    return b"".join(f"{name}: {_one_line(value)}\r\n".encode() for name, value in fields.items())


def _one_line(value: Any) -> str:
    if type(value) is int or (isinstance(value, str) and _reads_as_itself(value)):
        return str(value)
    return json.dumps(value, default=str)


def _reads_as_itself(text: str) -> bool:
    return text == text.strip() and not _BREAKS_LINES.search(text) and _loaded(text) == text


def load_fields(block: bytes) -> dict[str, Any]:
    """What `dump_fields` wrote; other tools' fields as text. Bytes after an empty line are not fields."""
    lines = block.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
    named: Iterable[tuple[str, str, str]] = (line.partition(":") for line in lines if ":" in line)
    return {name: _loaded(value.strip()) for name, _, value in named}


def _loaded(text: str) -> Any:
    if text[:1] not in _BEGINS_JSON:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
