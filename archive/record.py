"""Record: one WARC record, its named fields and its block, and how these are written down."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.errors import DamagedRecord
from archive.message import Headers

WARC_FIELDS = "application/warc-fields"
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

# White space, controls and lone surrogates: none may stand in a line of headers or of the index.
_UNWRITABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS_LINES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Names of fields as the standard spells them, and with it nearly every tool.
STANDARD_NAMES = frozenset(
    f"WARC-{name}"
    for name in (
        *("Type", "Record-ID", "Warcinfo-ID", "Date", "Target-URI", "Concurrent-To", "IP-Address", "Protocol"),
        *("Cipher-Suite", "Truncated", "Payload-Digest", "Block-Digest", "Profile", "Refers-To", "Filename"),
        *("Refers-To-Target-URI", "Refers-To-Date", "Identified-Payload-Type", "Segment-Number"),
        *("Segment-Origin-ID", "Segment-Total-Length"),
    )
) | {"Content-Type", "Content-Length"}
_SPELLINGS = {name.lower(): name for name in STANDARD_NAMES}

_BASE_32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DIGITS = bytes.maketrans(bytes(range(32)), _BASE_32)
_OF_INT = b"0123456789ABCDEFGHIJKLMNOPQRSTUV"  # the digits that `int` knows
_VALUES = bytes(_OF_INT[_BASE_32.index(byte)] if byte in _BASE_32 else ord("!") for byte in range(256))
# 160 bits, spread over 32 bytes by halves: the upper half of each group of bits moves up to where its bytes will be.
_SPREAD = [
    (sum(((1 << bits) - 1) << (start + bits) for start in range(0, 256, 16 * bits // 5)), (1 << 3 * bits // 5) - 1)
    for bits in (80, 40, 20, 10, 5)
]
_BEGINS_JSON = frozenset('"[{-0123456789tfnNI')  # told before any JSON is tried: an exception takes long


@dataclass(frozen=True, kw_only=True, init=False)
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

    def __init__(
        self,
        *,
        type: str,  # noqa: A002 (the field's name)
        headers: Headers,
        block: bytes = b"",
        size: int = 0,
        warc: str = "",
        offset: int = 0,
        length: int | None = None,
    ) -> None:
        # All at once: what a frozen dataclass does by itself takes three times as long.
        self.__dict__.update(
            type=type, headers=headers, block=block, size=size, warc=warc, offset=offset, length=length
        )

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        first: dict[str, str] | None = self.__dict__.get("_first")
        if first is None:  # kept by hand: before Python 3.12 a cached_property takes a lock
            first = self.__dict__["_first"] = _by_name(self.headers)
        return first.get(name if name in STANDARD_NAMES else _spelt(name))

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
        return url[1:-1] if url[:1] == "<" and url[-1] == ">" else url

    @property
    def date(self) -> datetime:
        """The WARC-Date; DamagedRecord where the record has none."""
        try:
            return read_date(self.header("WARC-Date") or "")
        except ValueError as error:
            raise DamagedRecord(str(error), warc=self.warc, offset=self.offset, record_id=self.id) from error

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a warcinfo or metadata block."""
        fields: dict[str, Any] | None = self.__dict__.get("_fields")
        if fields is None:
            named = self.header("Content-Type") == WARC_FIELDS
            fields = self.__dict__["_fields"] = load_fields(self.block) if named else {}
        return fields

    def at(self, warc: str, offset: int, length: int) -> Record:
        """The record where it stands now."""
        other = object.__new__(Record)
        other.__dict__.update(self.__dict__, warc=warc, offset=offset, length=length)
        return other

    def as_bytes(self) -> bytes:
        """The record as it stands in a file, before compression."""
        lines = "\r\n".join([f"WARC/1.1\r\nWARC-Type: {self.type}", *map(": ".join, self.headers)])
        return b"%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (lines.encode(), len(self.block), self.block)


def _by_name(headers: Headers) -> dict[str, str]:
    """The first header of each name, by its name's spelling."""
    named = dict(headers)
    if len(named) == len(headers) and STANDARD_NAMES.issuperset(named):  # as nearly always
        return named
    return {_spelt(name): value for name, value in reversed(headers)}


def _spelt(name: str) -> str:
    """The name of a field in the standard's spelling, or in lower case where it is none of the standard's."""
    lower = name.lower()
    return _SPELLINGS.get(lower, lower)


def new_id() -> str:
    """A fresh WARC-Record-ID: a random UUID (RFC 9562, 5.4), put together in a third of the uuid module's time."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}>"


def digest(content: bytes | memoryview) -> str:
    """SHA-1 in base 32, as everyone else's WARC tools write it."""
    return "sha1:" + base_32(hashlib.sha1(content, usedforsecurity=False).digest())


def base_32(sha1: bytes) -> str:
    """The 20 bytes of a SHA-1 in base 32, in a tenth of the base64 module's time."""
    number = int.from_bytes(sha1)
    for upper, distance in _SPREAD:
        number += (number & upper) * distance
    return number.to_bytes(32).translate(_DIGITS).decode()


def is_base_32(text: str, sha1: bytes) -> bool:
    """Whether this is what `base_32` gives, in less time than it takes."""
    try:
        return len(text) == 32 and len(sha1) == 20 and int(text.encode().translate(_VALUES), 32) == int.from_bytes(sha1)
    except ValueError:
        return False


def write_date(moment: datetime) -> str:
    """A WARC-Date: UTC with microseconds, but for a whole second, as other tools write it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z?)?)?)?", re.ASCII)


def read_date(text: str) -> datetime:
    """A WARC-Date of any of the precisions that WARC 1.1 allows; ValueError for anything else."""
    marks = text[4:5], text[7:8], text[10:11], text[19:20], text[26:]
    if marks == ("-", "-", "T", ".", "Z"):  # as in our own files
        return datetime.fromisoformat(text)
    digits = _DATE.fullmatch(text)
    if digits is None:
        raise ValueError(f"{text!r} is no WARC-Date")
    year, month, day, hour, minute, second, fraction = digits.groups()
    micros = int((fraction or "0").ljust(6, "0")[:6])
    parts = (month or 1, day or 1, hour or 0, minute or 0, second or 0)
    return datetime(int(year), *map(int, parts), micros, tzinfo=UTC)  # type: ignore[misc, arg-type]


def header_safe(value: str) -> str:
    """The value with everything percent-encoded that could end its line or break the index: no injected headers."""
    if value.isascii() and value.isprintable() and " " not in value:  # as nearly always
        return value
    return _UNWRITABLE.sub(_percent_encoded, value)


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def dump_fields(fields: Mapping[str, Any]) -> bytes:
    """An `application/warc-fields` block: plain words as they are, anything else as one line of JSON."""
    return "".join([f"{name}: {_one_line(value)}\r\n" for name, value in fields.items()]).encode()


def _one_line(value: Any) -> str:
    if type(value) is int or (isinstance(value, str) and _reads_as_itself(value)):
        return str(value)
    return json.dumps(value, default=str)


def _reads_as_itself(text: str) -> bool:
    return text == text.strip() and not _BREAKS_LINES.search(text) and _loaded(text) == text


def load_fields(block: bytes) -> dict[str, Any]:
    """What `dump_fields` wrote; other tools' fields as text. Bytes after an empty line are not fields."""
    lines = block.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
    named = [line.partition(":") for line in lines]
    return {name: _loaded(value.strip()) for name, colon, value in named if colon}


def _loaded(text: str) -> Any:
    if text[:1] not in _BEGINS_JSON:
        return text
    if len(text) < 16 and text.isascii() and text.isdigit() and text[0] != "0":  # as nearly always; JSON takes longer
        return int(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
