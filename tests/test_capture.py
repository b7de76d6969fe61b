"""A capture says what the server said: framing and codings undone, whatever came."""

from __future__ import annotations

import gzip
import pickle
import tracemalloc
import zlib
from dataclasses import fields, replace

import brotli
import pytest
from backports import zstd
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler

from archive.capture import Capture
from archive.errors import UndecodableBody
from archive.message import dechunked, without_proxy_credentials
from tests.samples import NOON, captures

LIMIT = 1 << 20


def capture(response: bytes, method: str = "GET") -> Capture:
    return Capture(url="http://news.test/", started=NOON, response=response, method=method)


def coded(body: bytes, *codings: str) -> Capture:
    lines = b"".join(b"Content-Encoding: %s\r\n" % coding.encode() for coding in codings)
    return capture(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + body)


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body, wbits=-15)


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


# Start line and headers


def test_the_status_is_the_status_lines() -> None:
    assert capture(b"HTTP/1.1 404 Not here\r\n\r\n").status == 404
    assert capture(b"HTTP/1.0 200\n\n").status == 200
    assert capture(b"HTTP/1.1 2000 OK\r\n\r\n").status is None
    assert capture(b"<html>").status is None
    assert capture(b"").status is None


def test_headers_keep_their_case_order_and_repeats() -> None:
    raw = b"HTTP/1.1 200 OK\r\nsEt-cookie: a=1\r\nX:y\r\nSet-Cookie: b=2\r\n\r\n"
    assert capture(raw).headers == (("sEt-cookie", "a=1"), ("X", "y"), ("Set-Cookie", "b=2"))
    assert capture(raw).header("SET-COOKIE") == "a=1"
    assert capture(raw).header("Date") is None


def test_folds_are_undone_and_lines_without_a_colon_passed_over() -> None:
    raw = b"HTTP/1.1 200 OK\r\n folded onto nothing\r\nX: one\r\n\t two\r\nnonsense\r\nY: caf\xe9\r\n\r\n"
    assert capture(raw).headers == (("X", "one two"), ("Y", "café"))


# Framing


@given(st.lists(st.binary(min_size=1, max_size=40)), st.sampled_from([b"", b";name=value", b' ; q="x"']))
def test_chunks_are_joined_without_extensions_and_trailers(chunks: list[bytes], extension: bytes) -> None:
    framed = b"".join(b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk) for chunk in chunks)
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n" + framed + b"0\r\nX-Trailer: 1\r\n\r\nrest"
    assert capture(raw).body == b"".join(chunks)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1), st.integers(0, 400))
def test_a_torn_chunked_body_gives_what_came(chunks: list[bytes], cut: int) -> None:
    framed = b"".join(b"%X\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    torn = framed[: max(cut, framed.index(b"\n") + 1)]
    assert b"".join(chunks).startswith(dechunked(torn))
    assert len(dechunked(torn)) >= len(torn) - 8 * len(chunks)


def test_a_chunk_may_claim_any_size() -> None:
    """Found by the fuzzer: an index beyond 64 bits was an OverflowError."""
    for size in (b"7fffffffffffffff", b"ffffffffffffffff", b"f" * 17):
        torn = size + b"\r\n<html>"
        assert dechunked(torn) == (b"<html>" if len(size) < 17 else torn)


def test_a_body_archived_without_its_chunks_stays_as_it_is() -> None:
    assert capture(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>").body == b"<html>"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 3\r\n", b"abc"),
        (b"Content-Length: 300\r\n", b"abcdef"),
        (b"Content-Length: 3\r\nContent-Length: 3\r\n", b"abc"),
        (b"Content-Length: 3\r\nContent-Length: 4\r\n", b"abcdef"),
        (b"Content-Length: -1\r\n", b"abcdef"),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n", b"abcdef"),
        (b"Content-Length: 3\r\nTransfer-Encoding: gzip\r\n", b"abcdef"),
        (b"", b"abcdef"),
    ],
)
def test_the_body_ends_where_its_length_says_or_where_it_ended(head: bytes, body: bytes) -> None:
    assert capture(b"HTTP/1.1 200 OK\r\n" + head + b"\r\nabcdef").body == body


def test_some_answers_never_have_a_body() -> None:
    rest = b" x\r\nContent-Length: 3\r\n\r\nabc"
    assert capture(b"HTTP/1.1 200" + rest, method="HEAD").body == b""
    for status in (b"101", b"204", b"304"):
        assert capture(b"HTTP/1.1 " + status + rest).body == b""


# Codings


@pytest.mark.parametrize("codings", [(one,) for one in ENCODERS] + [("gzip", "br"), ("deflate", "gzip", "zstd")])
@pytest.mark.parametrize("size", [0, 5, 300_000])
def test_content_is_what_scrapy_makes_of_it(codings: tuple[str, ...], size: int) -> None:
    text = (b"Gulls return. " * size)[:size]
    body = text
    for coding in codings:
        body = ENCODERS[coding](body)
    middleware = HttpCompressionMiddleware.from_crawler(get_crawler())
    headers = {"Content-Encoding": ", ".join(codings)}
    response = Response("http://news.test/", headers=headers, body=body)
    ours = coded(body, ", ".join(codings)).content(LIMIT)
    assert ours == text == middleware.process_response(Request("http://news.test/"), response).body
    assert coded(body, *codings).content(LIMIT) == text


def test_deflate_comes_with_and_without_its_wrapper() -> None:
    assert coded(raw_deflate(b"Gulls"), "deflate").content(LIMIT) == b"Gulls"


def test_codings_are_named_in_any_case_and_identity_is_none() -> None:
    assert coded(gzip.compress(b"Gulls"), "GZip", "identity").content(LIMIT) == b"Gulls"
    assert coded(b"Gulls", "").content(LIMIT) == b"Gulls"


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_torn_body_gives_what_can_be_read(coding: str) -> None:
    text = b"".join(b"%d gulls return to Westhaven. " % (number * 7919) for number in range(20_000))
    whole = ENCODERS[coding](text)
    torn = coded(whole[: len(whole) * 2 // 3], coding).content(LIMIT)
    assert len(text) // 4 < len(torn) < len(text)
    assert text.startswith(torn)


def test_a_torn_gzip_of_which_nothing_can_be_read_says_so() -> None:
    with pytest.raises(UndecodableBody, match="gzip"):
        coded(gzip.compress(b"Gulls")[:7], "gzip").content(LIMIT)


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_body_that_is_not_what_its_label_says_cannot_be_decoded(coding: str) -> None:
    with pytest.raises(UndecodableBody, match=coding):
        coded(b"<html>Gulls", coding).content(LIMIT)


@pytest.mark.parametrize("label", ["utf-8", "none", "binary", "identity", "compress", "?"])
def test_a_label_that_is_no_known_coding_means_none(label: str) -> None:
    assert coded(b"Gulls", label).content(LIMIT) == b"Gulls"
    assert coded(gzip.compress(b"Gulls"), "gzip", label).content(LIMIT) == b"Gulls"


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_bomb_is_refused_within_bounded_memory(coding: str) -> None:
    bomb = coded(ENCODERS[coding](bytes(40 << 20)), coding)
    tracemalloc.start()
    try:
        with pytest.raises(UndecodableBody, match="larger than 1048576 bytes"):
            bomb.content(LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("coding", ENCODERS)
def test_the_beginning_of_a_bomb_costs_no_more_than_that(coding: str) -> None:
    bomb = coded(ENCODERS[coding](b"<meta>" + bytes(40 << 20)), coding)
    tracemalloc.start()
    try:
        assert bomb.beginning(4096) == b"<meta>" + bytes(4090)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=500), st.lists(st.sampled_from([*ENCODERS, "none"]), max_size=2), st.integers(1, 600))
def test_the_beginning_is_that_of_the_content(body: bytes, codings: list[str], size: int) -> None:
    for coding in codings:
        body = ENCODERS.get(coding, bytes)(body)
    one = coded(body, *codings)
    assert one.beginning(size) == one.content(LIMIT)[:size]


@pytest.mark.parametrize("coding", ENCODERS)
def test_markup_under_a_label_is_taken_as_decoded_in_other_tools_files_alone(coding: str) -> None:
    page = b"\xef\xbb\xbf\n<!doctype html>" + b"<p>Gulls return. " * 99
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nContent-Encoding: %s\r\n\r\n" % coding.encode()
    theirs = replace(capture(response + page), foreign=True)
    assert theirs.content(LIMIT) == theirs.body == page
    assert theirs.beginning(20) == page[:20]
    with pytest.raises(UndecodableBody):
        capture(response + page).content(LIMIT)
    with pytest.raises(UndecodableBody):
        replace(capture(response + b"\x00Gulls"), foreign=True).content(LIMIT)


def test_the_limit_holds_for_plain_bodies_and_is_itself_allowed() -> None:
    assert len(coded(bytes(100)).content(100)) == 100
    with pytest.raises(UndecodableBody):
        coded(bytes(101)).content(100)


@given(captures, st.sampled_from([*ENCODERS, "chunked"]))
@example(capture(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b"), "gzip")
def test_whatever_came_has_an_answer(one: Capture, coding: str) -> None:
    header = b"Transfer-Encoding: chunked" if coding == "chunked" else b"Content-Encoding: " + coding.encode()
    for response in (one.response, one.response.replace(b"\r\n", b"\r\n" + header + b"\r\n", 1)):
        tried = capture(response, one.method)
        assert tried.status is None or 0 <= tried.status <= 999
        assert all(name == name.strip() for name, _ in tried.headers)
        try:
            assert len(tried.content(1000)) <= 1000
        except UndecodableBody:
            assert len(tried.body) <= len(response)


# Sent to other processes, and kept


def test_a_capture_travels_without_what_was_worked_out_from_it() -> None:
    one = capture(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(100_000))
    fresh = len(pickle.dumps(one))
    assert len(one.body) == 100_000
    assert one.headers == ()
    assert len(pickle.dumps(one)) == fresh
    assert pickle.loads(pickle.dumps(one)) == one
    assert set(one.__getstate__()) == {field.name for field in fields(one)}


def test_a_proxys_password_is_cut_from_the_head_alone() -> None:
    head = b"POST / HTTP/1.1\r\nproxy-AUTHORIZATION : Basic\r\n secret\r\nHost: news.test\r\n\r\n"
    body = b"\r\nProxy-Authorization: mine\r\n"
    assert without_proxy_credentials(head + body) == b"POST / HTTP/1.1\r\nHost: news.test\r\n\r\n" + body
    assert without_proxy_credentials(b"GET / HTTP/1.1\r\nProxy-Authorization: torn") == b"GET / HTTP/1.1\r\n"
