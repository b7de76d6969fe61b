"""Capture: one HTTP exchange as it went over the wire, and where it stands in an archive."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from archive.coding import beginning, decoded
from archive.message import Headers, header_fields, payload_start, split_message, status_code, unframed, values_of

Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One exchange: the request's and the response's bytes, what is known of the connection, and its pressmark.

    `request` and `response` are whole HTTP/1.1 messages: start line, header block and body with its
    framing, byte for byte. `response` begins at the final status line and is empty when nothing came;
    `interim` holds the 1xx responses before it. `error` is the dotted name of the exception that
    ended the fetch. `started` is UTC with microseconds: the WARC-Date.
    """

    url: str
    method: str = "GET"
    started: datetime
    request: bytes = b""
    response: bytes = b""
    interim: bytes = b""
    ip: str | None = None
    protocols: tuple[str, ...] = ()  # WARC-Protocol, for example ("http/1.1", "tls/1.3")
    cipher: str | None = None
    error: str | None = None
    error_message: str | None = None
    truncated: Truncation | None = None
    sequence: int = 0  # the order in which exchanges of a crawl ended, from 1
    attempt: int = 1  # 2 for a first retry
    sends: int = 1  # 2 where the server had closed a kept-alive connection, and the client sent again on a new one
    via: str | None = None  # the URL of the page, feed, sitemap or redirect that led here
    purpose: str | None = None  # "article" for a page that was asked for as one, "listing", "robots"
    refers_to: tuple[str, str, str, str] | None = None  # what a 304 says is unchanged, in an earlier crawl: its
    # response's record id, URL, WARC-Date and payload digest
    foreign: bool = False  # read from another tool's file: its body may be other than its headers say

    # The pressmark: None until written.
    record_id: str | None = None  # WARC-Record-ID of the response or revisit record, with its brackets
    payload_digest: str | None = None  # for example "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    warc: str | None = None  # the file's name
    offset: int | None = None  # of that record's gzip member in the file, bytes
    length: int | None = None  # of that member, bytes

    def but(self, **changes: Any) -> Capture:
        """The capture with other values in some of its fields, but not in `response`; faster than `replace`."""
        other = object.__new__(Capture)
        other.__dict__.update(self.__dict__, **changes)
        return other

    @cached_property
    def payload_start(self) -> int:
        """Where in `response` WARC tools see the payload begin (see `archive.message.payload_start`)."""
        return payload_start(self.response)

    @cached_property
    def status(self) -> int | None:
        """The final status code, or None where no status line came."""
        return status_code(self.response)

    @cached_property
    def headers(self) -> Headers:
        """Response headers in their order, names as sent, values as latin-1 with folds undone."""
        return header_fields(self._head_and_rest[0])

    def header(self, name: str) -> str | None:
        """The first response header of this name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @cached_property
    def body(self) -> bytes:
        """The response's body as the server meant it: after chunked framing, before Content-Encoding.

        Of another tool's record it is all that stands there: browsers hand out bodies decoded, and the
        Content-Length above them is that of the body as it was sent.
        """
        status = self.status or 200
        if self.method == "HEAD" or status < 200 or status in (204, 304):  # RFC 9112, 6.3: never a body
            return b""
        return unframed(self._head_and_rest[1], self.headers, by_length=not self.foreign)

    def content(self, limit: int) -> bytes:
        """The body with its Content-Encoding undone: at most `limit` bytes, else UndecodableBody.

        A torn body gives what can be read of it. A label that names no coding means none; a body of
        which nothing can be decoded as its label says raises UndecodableBody too, but for markup in
        another tool's record: that was decoded before it was archived.
        """
        return decoded(self.body, values_of(self.headers, "content-encoding"), limit, or_markup=self.foreign)

    def beginning(self, size: int) -> bytes:
        """The first `size` bytes, or fewer, of `content`, for the price of these; UndecodableBody as there."""
        return beginning(self.body, values_of(self.headers, "content-encoding"), size, or_markup=self.foreign)

    @cached_property
    def _head_and_rest(self) -> tuple[bytes, bytes]:
        return split_message(self.response)

    def __getstate__(self) -> dict[str, Any]:
        # What was worked out from the bytes is not sent along to another process.
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = tuple(field.name for field in fields(Capture))
