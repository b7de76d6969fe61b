"""gzip at a fraction of zlib's time and nearly its size: isal and libdeflate; zlib where they have no build."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

isal_zlib: Any = None
deflate: Any = None
with suppress(ImportError):  # neither is built for every processor
    from isal import isal_zlib
with suppress(ImportError):
    import deflate  # libdeflate

GZIP = 31  # wbits: the largest window, with gzip's header and trailer

# What a decompressor raises at bytes that are not what was written.
GZIP_ERRORS: tuple[type[Exception], ...] = (zlib.error, *([isal_zlib.error] if isal_zlib else []))

Choice = tuple[Callable[[int, bytes], bytes], int]  # a compressor and its level

_SHORT = 4096  # bytes that are not worth a sample
_MIDDLING = 16384  # bytes, below which libdeflate's higher levels save little
_SAMPLE = 2048  # bytes; a larger one costs more and tells no more
# What a sample shrinks to, as part of its size. Measured on real pages: libdeflate's level 4 takes three times as long
# as isal's level 2 and saves 10 % where there is markup, 4 % where there are only words; its level 1 twice, and 5 %.
# Of what came compressed nothing can be saved, and to find that out takes isal longer than markup does.
_REPETITIVE = 0.47
_BETWEEN = 0.5
_INCOMPRESSIBLE = 0.9


def isal(level: int, content: bytes) -> bytes:
    """One gzip member by ISA-L."""
    return bytes(isal_zlib.compress(content, level, GZIP))


def libdeflate(level: int, content: bytes) -> bytes:
    """One gzip member by libdeflate."""
    return bytes(deflate.gzip_compress(content, level))


def plain_zlib(level: int, content: bytes) -> bytes:
    """One gzip member by zlib."""
    return zlib.compress(content, level, GZIP)


def gzip_member(content: bytes) -> bytes:
    """The content as one gzip member, without a time stamp: always the same for the same content."""
    compress, level = _choice(content)
    return compress(level, content)


def _choice(content: bytes) -> Choice:
    if not isal_zlib:
        return plain_zlib, 6
    if len(content) < _SHORT:
        return isal, 2
    shrunk = _shrunk(content, _SAMPLE)
    if not deflate:
        return isal, 1 if shrunk > _INCOMPRESSIBLE else 3
    if shrunk > _INCOMPRESSIBLE:
        return libdeflate, 0
    if len(content) < _MIDDLING:
        return libdeflate, 1
    return (isal, 2) if shrunk > _BETWEEN else (libdeflate, 4 if shrunk < _REPETITIVE else 1)


def _choice_before(content: bytes) -> Choice:
    """As it was made until November 2026."""
    if not isal_zlib:
        return plain_zlib, 6
    shrunk = _shrunk(content, 8192) if len(content) >= 16384 else 0.42
    if shrunk < 0.4 and deflate:
        return libdeflate, 4
    return isal, 1 if shrunk > _INCOMPRESSIBLE else 3


# How our own writer makes a member of a content, and how it did: a file is of one kind.
CHOICES: tuple[Callable[[bytes], Choice], ...] = (_choice, _choice_before)


def _shrunk(content: bytes, size: int) -> float:
    """To what part of its size a sample of the content shrinks: so many bytes from its middle on."""
    middle = len(content) // 2
    return len(isal_zlib.compress(content[middle : middle + size], 1, GZIP)) / size


def gzip_reader() -> Any:
    """A decompressor for one gzip member, which checks its CRC and length."""
    return isal_zlib.decompressobj(GZIP) if isal_zlib else zlib.decompressobj(GZIP)


def readable_start(damaged: bytes) -> bytes:
    """What can still be read of the beginning of a damaged gzip member."""
    reader = zlib.decompressobj(GZIP)
    start = b""
    with suppress(zlib.error):
        for offset in range(0, len(damaged), 64):  # what is decoded along with the damage is lost
            start += reader.decompress(damaged[offset : offset + 64], 4096)
    return start
