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
