"""gzip at a fraction of zlib's time and nearly its size: isal and libdeflate; zlib where they have no build."""

from __future__ import annotations

import zlib
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

_SAMPLE = 8192  # bytes
# What a sample shrinks to, as part of its size. Measured on real pages: markup that repeats itself a lot is what isal
# loses most on (10 to 15 % against 3 to 4 %), other text takes libdeflate long and gains little by it.
_REPETITIVE = 0.4
_INCOMPRESSIBLE = 0.9


def gzip_member(content: bytes) -> bytes:
    """The content as one gzip member, without a time stamp: always the same for the same content."""
    if not isal_zlib:
        return zlib.compress(content, 6, GZIP)
    shrunk = _shrunk(content)
    if shrunk < _REPETITIVE and deflate:
        return bytes(deflate.gzip_compress(content, 4))
    member: bytes = isal_zlib.compress(content, 1 if shrunk > _INCOMPRESSIBLE else 3, GZIP)
    return member


def _shrunk(content: bytes) -> float:
    """To what part of its size a sample of the content shrinks; between all bounds where it is too short for that."""
    if len(content) < 2 * _SAMPLE:
        return 0.5
    middle = len(content) // 2
    return len(isal_zlib.compress(content[middle : middle + _SAMPLE], 1, GZIP)) / _SAMPLE


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
