"""Captures for tests of the archive: fictional hosts, and any bytes that Hypothesis thinks of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from archive.capture import Capture

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def page(body: bytes = b"<p>Gulls return to Westhaven", *, url: str = "https://news.test/a-1", **more: Any) -> Capture:
    """An ordinary answered request."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
    request = b"GET /a-1 HTTP/1.1\r\nHost: news.test\r\n\r\n"
    return Capture(**{"url": url, "started": NOON, "request": request, "response": head + body, **more})


_words = st.text(max_size=20)
_line = st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b" "))
_response = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda status, lines, body: b"HTTP/1.1 %d x\r\n" % status + b"\r\n".join([*lines, b"", body]),
        st.sampled_from([200, 204, 301, 404, 503]),
        st.lists(_line, max_size=4),
        st.binary(max_size=200),
    ),
)

captures = st.builds(
    Capture,
    url=st.builds("http://news.test/{}".format, _words),
    method=st.sampled_from(["GET", "POST", "HEAD"]),
    started=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    request=st.binary(max_size=100),
    response=_response,
    interim=st.binary(max_size=50),
    ip=st.none() | st.ip_addresses().map(str),
    protocols=st.lists(st.sampled_from(["http/1.1", "tls/1.3", "h2"]), max_size=2).map(tuple),
    cipher=st.none() | st.just("TLS_AES_256_GCM_SHA384"),
    error=st.none() | _words,
    error_message=st.none() | _words,
    truncated=st.sampled_from([None, "length", "time", "disconnect", "unspecified"]),
    attempt=st.integers(1, 5),
    sends=st.integers(1, 3),
    via=st.none() | _words,
    purpose=st.none() | _words,
)
