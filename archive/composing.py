"""The records that an exchange becomes: request, response or revisit, and the metadata record that ends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from archive.capture import Capture
from archive.message import Headers, without_proxy_credentials
from archive.record import (
    IDENTICAL_PAYLOAD,
    NOT_MODIFIED,
    WARC_FIELDS,
    Record,
    digest,
    dump_fields,
    header_safe,
    new_id,
    write_date,
)

_REFERENCE = ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")


def presentable(capture: Capture) -> Capture:
    """The capture as it may be written: a URL that cannot break a header line, and no proxy's password."""
    return capture.but(
        url=header_safe(capture.url),
        started=capture.started.astimezone(UTC),
        request=without_proxy_credentials(capture.request),
        ip=header_safe(capture.ip) if capture.ip else None,
        protocols=tuple(map(header_safe, capture.protocols)),
        cipher=header_safe(capture.cipher) if capture.cipher else None,
    )


def records_of(capture: Capture, payload_digest: str | None, original: Record | None, warcinfo_id: str) -> list[Record]:
    """The records of one exchange in the order in which they are written; the last makes it count.

    `original` is the response record whose payload this one repeats, or to which a 304 refers. Whatever
    of the exchange there was: a refused connection leaves a metadata record alone.
    """
    request_id, answer_id = new_id(), new_id()
    about: Headers = (("WARC-Warcinfo-ID", warcinfo_id), ("WARC-Date", write_date(capture.started)))
    about += (("WARC-Target-URI", capture.url),)
    about_fetch = about + _connection(capture)
    records, told = [], about_fetch
    if capture.request:
        told = about_fetch + ((("WARC-Concurrent-To", answer_id),) if capture.response else ())
        records.append(_record("request", request_id, told, "application/http;msgtype=request", capture.request))
        told = (*about, ("WARC-Concurrent-To", request_id), *_connection(capture))
    if capture.response:
        told = about_fetch + ((("WARC-Concurrent-To", request_id),) if capture.request else ())
        records.append(_answer(capture, answer_id, told, payload_digest, original))
        told = (*about, ("WARC-Concurrent-To", answer_id))
    block = dump_fields(_fields(capture, original)) + (b"\r\n" + capture.interim if capture.interim else b"")
    return [*records, _record("metadata", new_id(), told, WARC_FIELDS, block)]


def warcinfo_record(name: str, description: Mapping[str, Any]) -> Record:
    """The record that begins the file of this name and says what made it."""
    headers = (("WARC-Date", write_date(datetime.now(UTC))), ("WARC-Filename", name))
    return _record("warcinfo", new_id(), headers, WARC_FIELDS, dump_fields(description))


def note_record(fields: Mapping[str, Any], warcinfo_id: str) -> Record:
    """A metadata record about the crawl itself."""
    headers = (("WARC-Warcinfo-ID", warcinfo_id), ("WARC-Date", write_date(datetime.now(UTC))))
    return _record("metadata", new_id(), headers, WARC_FIELDS, dump_fields(fields))


def _answer(
    capture: Capture, record_id: str, headers: Headers, payload_digest: str | None, original: Record | None
) -> Record:
    if capture.truncated:
        headers += (("WARC-Truncated", capture.truncated),)
    headers += (("WARC-Payload-Digest", payload_digest or ""),)  # a revisit's is its original's
    kind, block = "response", capture.response
    here = original and (original.id or "", original.url, original.header("WARC-Date") or "")
    if refers_to := here or (capture.refers_to and capture.refers_to[:3]):
        kind, block = "revisit", block[: capture.payload_start]
        headers += (("WARC-Profile", NOT_MODIFIED if capture.status == 304 else IDENTICAL_PAYLOAD),)
        headers += tuple(zip(_REFERENCE, refers_to, strict=True))
    return _record(kind, record_id, headers, "application/http;msgtype=response", block)


def _record(kind: str, record_id: str, headers: Headers, content_type: str, block: bytes) -> Record:
    headers = (("WARC-Record-ID", record_id), *headers)
    headers += (("WARC-Block-Digest", digest(block)), ("Content-Type", content_type))
    return Record(type=kind, headers=headers, block=block, size=len(block))


def _connection(capture: Capture) -> Headers:
    known: Headers = (("WARC-IP-Address", capture.ip),) if capture.ip else ()
    known += tuple(("WARC-Protocol", protocol) for protocol in capture.protocols)
    return known + ((("WARC-Cipher-Suite", capture.cipher),) if capture.cipher else ())


def _fields(capture: Capture, original: Record | None) -> dict[str, Any]:
    told = {
        "sequence": capture.sequence,
        "attempt": capture.attempt,
        "sends": capture.sends if capture.sends > 1 else None,
        "method": capture.method,
        "via": capture.via,
        "purpose": capture.purpose,
        "error": capture.error,
        "errorMessage": capture.error_message,
        "truncated": capture.truncated,
        "original": original and [original.warc, original.offset, original.length],
    }
    return {name: value for name, value in told.items() if value is not None}
