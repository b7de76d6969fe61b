"""HTTP/1.1 messages as bytes: start line, header block, and the framing of the body."""

from __future__ import annotations

import re

Headers = tuple[tuple[str, str], ...]

# The empty line that ends a header block; bare LF is accepted, as browsers and Twisted do.
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+[ \t]+([0-9]{3})(?![0-9])", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_PROXY_CREDENTIALS = re.compile(
    rb"^proxy-authorization[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE
)
# warcio ends a header block at any line that str.rstrip() leaves empty, read as UTF-8 or else latin-1.
_BLANK_LINE = re.compile(rb"(?:\A|\n)[ \t\r\v\f\x1c-\x1f\x85\xa0]*\n")


def split_message(message: bytes) -> tuple[bytes, bytes]:
    """Head (with the empty line that ends it) and the rest; a head that never ends leaves no rest."""
    end = _END_OF_HEAD.search(message)
    return (message[: end.end()], message[end.end() :]) if end else (message, b"")


def payload_start(block: bytes) -> int:
    """Where warcio, and with it `warcio check` and cdxj-indexer, sees the payload of an HTTP block begin.

    The same place as the end of `split_message`'s head, but for header blocks with a line of nothing
    but white space: a continuation to HTTP, the end to warcio.
    """
    blank = _BLANK_LINE.search(block)
    return blank.end() if blank else len(block)


def status_code(head: bytes) -> int | None:
    """The status code of a response's first line, or None where that is no status line."""
    line = _STATUS_LINE.match(head)
    return int(line[1]) if line else None


def header_fields(head: bytes, charset: str = "latin-1") -> Headers:
    """Name and value of each header line after the start line; lines without a colon are passed over."""
    fields: list[list[bytes]] = []
    for line in head.split(b"\n")[1:]:
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1].append(line.strip())
        elif line.strip():
            fields.append([line.strip()])
    lines = (b" ".join(part for part in parts if part).decode(charset) for parts in fields if b":" in parts[0])
    return tuple(_named(line) for line in lines)


def _named(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(" \t"), value.strip(" \t")


def values_of(headers: Headers, name: str) -> list[str]:
    """The values of all headers of this name, split at commas, stripped and in lower case (RFC 9110, 5.3)."""
    lines = [value for key, value in headers if key.lower() == name]
    return [part.strip().lower() for line in lines for part in line.split(",")]


def is_chunked(headers: Headers) -> bool:
    """Whether a body behind these headers is framed in chunks."""
    return values_of(headers, "transfer-encoding")[-1:] == ["chunked"]


def unframed(body: bytes, headers: Headers, *, by_length: bool = True) -> bytes:
    """A response's body without its framing (RFC 9112, 6.3): chunks joined, or cut to its Content-Length."""
    if is_chunked(headers):
        return dechunked(body)
    if not by_length:
        return body
    lengths = set(values_of(headers, "content-length"))
    if "transfer-encoding" not in {name.lower() for name, _ in headers} and len(lengths) == 1:
        (length,) = lengths
        if length.isascii() and length.isdigit() and len(length) < 19:
            return body[: int(length)]
    return body


def dechunked(body: bytes) -> bytes:
    """Chunked framing undone: extensions and trailers dropped, a torn or spoilt end left out.

    A body that does not begin with a chunk size comes back as it is: some tools archive bodies
    without their framing and keep the header that announces it.
    """
    chunks = []
    size_line = _CHUNK_SIZE.match(body)
    if size_line is None:
        return body
    while size_line and (size := int(size_line[1], 16)):
        start = size_line.end()
        after = min(start + size, len(body))  # a size may be larger than any number that an index can be
        chunks.append(body[start:after])
        after += 2 if body.startswith(b"\r\n", after) else body.startswith(b"\n", after)
        size_line = _CHUNK_SIZE.match(body, after)
    return b"".join(chunks)


def without_proxy_credentials(request: bytes) -> bytes:
    """The request without its Proxy-Authorization lines."""
    if b"proxy-authorization" not in request.lower():
        return request
    head, body = split_message(request)
    kept = _PROXY_CREDENTIALS.sub(b"", head)
    return request if kept == head else kept + body
