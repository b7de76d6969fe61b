"""Content codings undone within a limit: gzip, deflate, br and zstd, as Scrapy's HttpCompressionMiddleware does it.

A body that is torn gives what can be read of it; so does a gzip body that is damaged after its start.
A label that names no coding known here (`utf-8`, `none`, `binary`) means identity, as browsers and Scrapy take it.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from gzip import GzipFile
from io import BytesIO

import brotli

from archive.errors import UndecodableBody

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd  # Scrapy brings it along

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-zA-Z]")
_PIECE = 65536  # bytes decoded in one go: what a bomb may take beyond the limit


def decoded(body: bytes, codings: list[str], limit: int, *, or_markup: bool = False) -> bytes:
    """The body with its content codings undone, the last applied first; UndecodableBody beyond `limit` bytes.

    With `or_markup`, a body that is not what a label says, and begins as markup does, has been decoded before.
    """
    for coding in reversed(codings):
        body = _collected(_undone(body, coding, or_markup=or_markup), limit)
    if len(body) > limit:
        raise UndecodableBody(_too_large(limit))
    return body


def beginning(body: bytes, codings: list[str], size: int, *, or_markup: bool = False) -> bytes:
    """The first `size` bytes, or fewer, of what `decoded` gives; hardly more than these is decoded."""
    for coding in reversed(codings):
        read = bytearray()
        for piece in _undone(body, coding, or_markup=or_markup):
            read += piece
            if len(read) >= max(size, _PIECE):
                break
        body = bytes(read)
    return body[:size]


def _undone(body: bytes, coding: str, *, or_markup: bool) -> Iterator[bytes]:
    """The body without one of its codings, piece by piece."""
    if coding not in _DECODERS or not body:
        yield body
        return
    try:
        yield from _DECODERS[coding](body)
    except (OSError, EOFError, zlib.error, brotli.error, zstd.ZstdError) as error:
        if not (or_markup and _MARKUP.match(body)):
            raise UndecodableBody(f"the body is not the {coding} that its Content-Encoding says: {error}") from error
        yield body


def _collected(pieces: Iterator[bytes], limit: int) -> bytes:
    content = BytesIO()
    for piece in pieces:
        if content.tell() + len(piece) > limit:
            raise UndecodableBody(_too_large(limit))
        content.write(piece)
    return content.getvalue()


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit} bytes when decoded; raise the limit to read it"


def _gunzipped(body: bytes) -> Iterator[bytes]:
    file = GzipFile(fileobj=BytesIO(body))
    started = False
    try:
        while piece := file.read1(_PIECE):
            yield piece
            started = True
    except (OSError, EOFError, zlib.error):
        if not started:
            raise


def _inflated(body: bytes) -> Iterator[bytes]:
    decoder = zlib.decompressobj()
    try:
        piece = decoder.decompress(body, _PIECE)
    except zlib.error:  # some servers send deflate without the zlib wrapper that RFC 9110 asks for
        decoder = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        piece = decoder.decompress(body, _PIECE)
    yield piece
    while decoder.unconsumed_tail and not decoder.eof:
        yield decoder.decompress(decoder.unconsumed_tail, _PIECE)


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    yield decoder.process(body, output_buffer_limit=_PIECE)
    while not decoder.is_finished() and (piece := decoder.process(b"", output_buffer_limit=_PIECE)):
        yield piece


def _unzstandarded(body: bytes) -> Iterator[bytes]:
    file = zstd.ZstdFile(BytesIO(body))
    try:
        while piece := file.read(_PIECE):
            yield piece
    except EOFError:
        return


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _inflated,
    "br": _unbrotlied,
    "zstd": _unzstandarded,
}
