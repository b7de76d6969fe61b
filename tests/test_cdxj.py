"""The index is what cdxj-indexer computes and pywb reads."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Capture
from archive.cdxj import cdxj_line, index_lines
from archive.record import Record
from archive.surt import surt
from archive.warc import WarcWriter
from tests.samples import captures, page


def record(block: bytes, **more: str) -> Record:
    headers = {"WARC-Date": "2026-03-01T12:00:00.123456Z", "WARC-Target-URI": "https://www.news.test/A?b&a=1"}
    headers["WARC-Payload-Digest"] = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    fields = tuple({**headers, **more}.items())
    return Record(type="response", headers=fields, block=block, warc="w-00000.warc.gz", offset=451, length=498)


# Golden lines: what cdxj-indexer 1.5.0 (`-s`, with and without `-p`) computed for the same records.
@pytest.mark.parametrize(
    ("block", "told"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", '"mime": "text/html", "status": "200"'),
        (b"HTTP/1.1 404\ncontent-type:text/plain\n\n", '"mime": "text/plain", "status": "404"'),
        (b"HTTP/1.0 301  Moved\r\nX-Content-Type: a/b\r\n\r\nContent-Type: c/d", '"status": "301"'),
        (b"HTTP/1.1 200 OK\r\nContent-Type:\r\n text/html\r\n\r\n", '"mime": "", "status": "200"'),
        (b"HTTP/1.1 200 OK\r\nContent-Type: caf\xe9/x\r\n\r\n", '"mime": "caf\\u00e9/x", "status": "200"'),
    ],
)
def test_a_line_says_what_cdxj_indexer_says(block: bytes, told: str) -> None:
    assert cdxj_line(record(block)) == (
        f'test,news)/a?a=1&b 20260301120000 {{"url": "https://www.news.test/A?b&a=1", {told}, '
        '"digest": "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "length": "498", "offset": "451", '
        '"filename": "w-00000.warc.gz"}\n'
    )


def test_responses_and_revisits_have_a_line_each(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "w", {"software": "pressmark"}, 1 << 30)
    done = [writer.write(one) for one in (page(), page(), page(request=b"", response=b"", error="a.B"))]
    writer.note({"status": "finished"})
    writer.finish()
    writer.release()
    one, two = index_lines(tmp_path / "w-00000.warc.gz")
    assert f'"offset": "{done[0].offset}"' in one
    assert f'"length": "{done[1].length}"' in two
    assert '"mime": "text/html"' in one
    assert '"mime": "warc/revisit", "status": "200"' in two


@given(captures)
def test_any_response_gives_one_line_of_ascii(one: Capture) -> None:
    line = cdxj_line(record(one.response))
    assert line.isascii()
    assert line.count("\n") == 1
    assert line.split(" ", 2)[2].startswith("{")


# Keys that the package `surt` 0.3.1 gives.
@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://news.test", "test,news)/"),
        ("https://WWW2.News.test:443/A//b/../c/./d/?B=2&a=1#part", "test,news)/a/c/d?a=1&b=2"),
        ("http://news.test:8080/?", "test,news:8080)/"),
        ("https://user:word@news.test:80/x/", "test,news:80)/x"),
        ("http://münchen.test/ü?ö=ß", "test,xn--mnchen-3ya)/%c3%bc?%c3%b6=%c3%9f"),
        ("http://news.test/%2541%25%zz%20b", "test,news)/a%25%25zz%20b"),
        ("http://127.0.0.1:8080/x", "1,0,0,127:8080)/x"),
        ("http://2130706433/", "1,0,0,127)/"),
        ("http://[::1]:8080/a", "::1:8080)/a"),
        ("http://https://news.test/a", "test,news)/a"),
        ("http:////news.test/a", "test,news)/a"),
        ("http://news.test/?x=1&PHPSESSID=0123456789abcdef0123456789abcdef", "test,news)/?&x=1"),
        ("http://news.test/(abcdefghijklmnopqrstuvwx)/Page.aspx", "test,news)/page.aspx"),
        ("http://news.test/?b&a=&a", "test,news)/?a&a=&b"),
        ("http://news.test/../x/..", "test,news)/.."),
        ("http://news.test:99999/", "http://news.test:99999/"),
        ("dns:news.test", "dns:news.test"),
    ],
)
def test_a_key_is_the_one_that_pywb_looks_for(url: str, key: str) -> None:
    assert surt(url) == key


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://news.test/", "http://news.test/?"]))
def test_any_text_has_a_key(text: str, start: str) -> None:
    assert isinstance(surt(start + text), str)


@given(st.lists(captures, max_size=3))
def test_lines_told_while_writing_are_those_read_from_the_file(some: list[Capture]) -> None:
    with tempfile.TemporaryDirectory() as name:
        told: list[str] = []
        writer = WarcWriter(
            Path(name), "w", {"software": "pressmark"}, 1 << 30, index=lambda one: told.append(cdxj_line(one))
        )
        for one in some:
            writer.write(one)
        writer.finish()
        writer.release()
        assert list(index_lines(Path(name, "w-00000.warc.gz"))) == told
