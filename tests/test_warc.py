"""What is written as WARC is read back byte for byte, by us and by others; what is damaged says so."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.capture import Capture
from archive.errors import ArchiveError, RecordingFailed
from archive.growing import is_held
from archive.message import header_fields, payload_start
from archive.reading import read_capture_at, read_captures
from archive.records import read_records
from archive.warc import WarcWriter
from tests.samples import captures, page

DESCRIPTION = {"software": "pressmark", "operator": "The Westhaven Gazette"}


def written(folder: Path, given_captures: list[Capture], max_size: int = 1 << 30) -> list[Capture]:
    writer = WarcWriter(folder, "w", DESCRIPTION, max_size)
    done = [writer.write(replace(one, sequence=number)) for number, one in enumerate(given_captures, 1)]
    writer.finish()
    writer.release()
    return done


def read_all(folder: Path) -> list[Capture]:
    return [one for path in sorted(folder.glob("*.warc.gz")) for one in read_captures(path)]


def warcio_records(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    with path.open("rb") as file:
        records = ArchiveIterator(file, no_record_parse=True)
        return [(one.rec_type, dict(one.rec_headers.headers), one.raw_stream.read()) for one in records]


# There and back


@settings(max_examples=150)
@given(st.lists(captures, max_size=4), st.sampled_from([1, 2000, 1 << 30]))
def test_what_is_written_is_read_again(some: list[Capture], max_size: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        done = written(Path(name), some, max_size)
        assert read_all(Path(name)) == done
        for before, after in zip(some, done, strict=True):
            assert (after.response, after.interim, after.error, after.error_message, after.via, after.purpose) == (
                before.response, before.interim, before.error, before.error_message, before.via, before.purpose
            )  # fmt: skip
        assert [read_capture_at(Path(name, one.warc or ""), one.offset or 0, one.length or 0).response for one in done
                if one.response] == [one.response for one in done if one.response]  # fmt: skip


ODD = [
    "",
    " ",
    "  ",
    "\t",
    ": ",
    ":",
    "\r",
    "\n",
    "\r\n ",
    "\v",
    "\f",
    "\x1c",
    "\xa0",
    "é",
    "x",
    "WARC-Date",
    "content-length: 3",
]
LINES = [
    "WARC-Type: Resource",
    "WARC-Record-ID: <urn:a>",
    "WARC-Date: 2026",
    "x-own: 1",
    "warc-date: 2025",
    "WARC-Date",
]


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(LINES), st.integers(0, 25), st.sampled_from(ODD)), max_size=5))
def test_the_fields_of_a_record_are_those_of_its_header_lines_however_they_are_written(
    changed: list[tuple[str, int, str]],
) -> None:
    lines = [LINES[0], *(line[:at] + odd + line[at:] for line, at, odd in changed), "Content-Length: 0"]
    head = "\r\n".join(["WARC/1.1", *lines, "", ""]).partition("\r\n\r\n")[0].encode() + b"\r\n\r\n"
    fields = header_fields(head, "utf-8")
    own = ("warc-type", "content-length")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.warc")
        path.write_bytes(head)
        try:
            record = next(read_records(path))
        except ArchiveError:
            return
    assert record.headers == tuple(field for field in fields if field[0].lower() not in own)
    assert record.type == next(value for name, value in fields if name.lower() == own[0]).lower()
    for wanted in ("WARC-Date", "warc-date", "X-Own", "Content-Length"):
        assert record.header(wanted) == next(
            (value for name, value in record.headers if name.lower() == wanted.lower()), None
        )


@settings(max_examples=60)
@given(st.lists(captures, min_size=1, max_size=4))
def test_warcio_reads_the_same_bytes(some: list[Capture]) -> None:
    with tempfile.TemporaryDirectory() as name:
        done = written(Path(name), some)
        records = warcio_records(Path(name, "w-00000.warc.gz"))
        assert [block for kind, _, block in records if kind == "request"] == [c.request for c in done if c.request]
        answers = [(kind, block) for kind, _, block in records if kind in ("response", "revisit")]
        for one, (kind, block) in zip([c for c in done if c.response], answers, strict=True):
            assert block == (one.response if kind == "response" else one.response[: payload_start(one.response)])


def test_a_record_tells_all_that_is_known_of_its_exchange(tmp_path: Path) -> None:
    one = page(ip="192.0.2.7", protocols=("http/1.1", "tls/1.3"), cipher="TLS_X", truncated="length", attempt=2,
               interim=b"HTTP/1.1 103 Early Hints\r\n\r\n", error="a.B", sends=3, via="http://a.test/")  # fmt: skip
    (done,) = written(tmp_path, [one])
    warcinfo, request, response, metadata = read_records(tmp_path / "w-00000.warc.gz")
    assert warcinfo.header("WARC-Filename") == "w-00000.warc.gz"
    assert warcinfo.fields == DESCRIPTION
    assert response.id == done.record_id
    assert (response.offset, response.length) == (done.offset, done.length)
    assert response.header("WARC-Date") == "2026-03-01T12:00:00.123456Z"
    assert response.header("WARC-IP-Address") == "192.0.2.7"
    assert response.all("WARC-Protocol") == ("http/1.1", "tls/1.3")
    assert response.header("WARC-Cipher-Suite") == "TLS_X"
    assert response.header("WARC-Truncated") == "length"
    assert response.header("WARC-Concurrent-To") == request.id
    assert request.header("WARC-Concurrent-To") == metadata.header("WARC-Concurrent-To") == response.id
    assert response.header("WARC-Warcinfo-ID") == warcinfo.id
    assert metadata.block.endswith(b"\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n")
    assert metadata.fields == {"sequence": 1, "attempt": 2, "sends": 3, "method": "GET", "via": "http://a.test/",
                               "error": "a.B", "truncated": "length"}  # fmt: skip


def test_an_exchange_without_an_answer_is_a_metadata_record(tmp_path: Path) -> None:
    refused = page(request=b"", response=b"", error="twisted.internet.error.ConnectionRefusedError", method="POST")
    (done,) = written(tmp_path, [refused])
    _, metadata = read_records(tmp_path / "w-00000.warc.gz")
    assert (metadata.id, metadata.offset, metadata.length) == (done.record_id, done.offset, done.length)
    assert done.payload_digest is None
    assert read_all(tmp_path) == [done]


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_injects_a_header_line(text: str, other: str) -> None:
    evil = "\r\nWARC-Type: resource\r\n\r\n"
    one = page(url=f"http://news.test/{text}{evil}", ip=f"::1{evil}", cipher=evil + other, protocols=(evil,),
               via=evil + text, error_message=evil, purpose=other + evil)  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        (done,) = written(Path(name), [one])
        kinds = [kind for kind, _, _ in warcio_records(Path(name, "w-00000.warc.gz"))]
        assert kinds == ["warcinfo", "request", "response", "metadata"]
        assert read_all(Path(name)) == [done]
        assert (done.via, done.error_message) == (one.via, one.error_message)


def test_a_proxys_password_is_not_written(tmp_path: Path) -> None:
    request = b"GET http://news.test/ HTTP/1.1\r\nProxy-Authorization: Basic c2VjcmV0\r\nHost: news.test\r\n\r\n"
    (done,) = written(tmp_path, [page(request=request)])
    assert b"c2VjcmV0" not in gzip.decompress((tmp_path / "w-00000.warc.gz").read_bytes())
    assert done.request == b"GET http://news.test/ HTTP/1.1\r\nHost: news.test\r\n\r\n"


# Files


def test_a_file_is_open_and_locked_until_it_is_done(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "w", DESCRIPTION, 1)
    for number in range(3):
        writer.write(page(b"%d" % number))
    names = ["w-00000.warc.gz", "w-00001.warc.gz", "w-00002.warc.gz.open"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert is_held(tmp_path / names[2])
    assert not is_held(tmp_path / names[1])
    writer.finish()
    assert is_held(tmp_path / "w-00002.warc.gz")
    writer.release()
    assert not is_held(tmp_path / "w-00002.warc.gz")
    for path in tmp_path.iterdir():
        assert [record.type for record in read_records(path)][1:] == ["request", "response", "metadata"]


def test_no_file_is_written_over(tmp_path: Path) -> None:
    written(tmp_path, [page()])
    before = (tmp_path / "w-00000.warc.gz").read_bytes()
    with pytest.raises(RecordingFailed, match="has that name already"):
        WarcWriter(tmp_path, "w", DESCRIPTION, 1)
    (tmp_path / "v-00000.warc.gz.open").write_bytes(b"")
    with pytest.raises(RecordingFailed, match="File exists"):
        WarcWriter(tmp_path, "v", DESCRIPTION, 1)
    assert (tmp_path / "w-00000.warc.gz").read_bytes() == before


def test_other_tools_find_nothing_wrong(tmp_path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    body = gzip.compress(b"Gulls")
    blank = b"HTTP/1.1 200 OK\r\nX: folded\r\n \t\r\nContent-Length: 2\r\n\r\nab"
    written(
        tmp_path,
        [page(), page(), page(response=chunked + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)), page(response=blank)],
    )
    path = tmp_path / "w-00000.warc.gz"
    subprocess.run(["gzip", "-t", path], check=True)
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)]
    told = subprocess.run(check, check=True, capture_output=True, text=True).stdout
    assert told.count("digest pass") == 12
    assert "fail" not in told


DISK_FULL = """
import resource, sys
from pathlib import Path
from archive.errors import RecordingFailed
from archive.warc import WarcWriter
from tests.samples import page
import random
writer = WarcWriter(Path(sys.argv[1]), "w", {"software": "pressmark"}, 1 << 30)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
noise = random.Random(7)
for number in range(1, 100):
    try:
        writer.write(page(noise.randbytes(9000), sequence=number))
    except RecordingFailed as error:
        print(number, error)
        break
writer.write(page(b"small", sequence=number))
"""


def test_a_full_disk_fails_the_write_and_leaves_nothing_torn(tmp_path: Path) -> None:
    run = [sys.executable, "-c", DISK_FULL, str(tmp_path)]
    told = subprocess.run(run, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent).stdout
    number = int(told.split()[0])
    assert 3 < number < 8
    assert re.search(r"w-00000\.warc\.gz\.open cannot be written: File too large; .*make room", told)
    numbers = [one.sequence for one in read_captures(tmp_path / "w-00000.warc.gz.open")]
    assert numbers == list(range(1, number + 1))


# Damage


def a_file(folder: Path) -> Path:
    br = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n" + brotli.compress(b"Gulls " * 99)
    written(folder, [page(), page(), page(response=br), page(request=b"", response=b"", error="a.B")])
    return folder / "w-00000.warc.gz"


def reading(path: Path, damaged: bytes) -> tuple[list[Capture], ArchiveError | None]:
    path.write_bytes(damaged)
    found = []
    try:
        for one in read_captures(path):
            found.append(one)  # noqa: PERF402 (what came before the damage counts)
    except ArchiveError as error:
        return found, error
    return found, None


def members_of(path: Path) -> list[bytes]:
    raw = path.read_bytes()
    return [gzip.decompress(raw[r.offset : r.offset + (r.length or 0)]) for r in read_records(path)]


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(b"".join(gzip.compress(change(member)) for member in members_of(path)))


# Other tools' files


def foreign(version: str, *, zipped: bool, revisit_has_head: bool = True) -> bytes:
    """A response and its request, a lone response, a resource, a DNS answer, and a revisit, by warcio."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=zipped, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "other"}))
    ok = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    get = StatusAndHeaders("GET / HTTP/1.1", [("Host", "old.test")], is_http_request=True)
    one = writer.create_warc_record("http://old.test/1", "response", payload=BytesIO(b"one"), http_headers=ok)
    request = writer.create_warc_record("http://old.test/1", "request", http_headers=get)
    writer.write_request_response_pair(request, one)
    two = writer.create_warc_record("http://old.test/2", "response", payload=BytesIO(b"two"), http_headers=ok)
    writer.write_record(two)
    writer.write_record(writer.create_warc_record("http://old.test/pic", "resource", payload=BytesIO(b"pic")))
    writer.write_record(writer.create_warc_record("dns:old.test", "response", payload=BytesIO(b"192.0.2.1")))
    digest = one.rec_headers.get_header("WARC-Payload-Digest")
    date = one.rec_headers.get_header("WARC-Date")
    head = StatusAndHeaders("200 OK", [("Age", "5")], protocol="HTTP/1.1") if revisit_has_head else None
    again = writer.create_revisit_record("http://old.test/3", digest, "http://old.test/1", date, http_headers=head)
    writer.write_record(again)
    return out.getvalue()


FORMS: dict[str, Callable[[str], bytes]] = {
    "a member a record": lambda version: foreign(version, zipped=True),
    "one member for all": lambda version: gzip.compress(foreign(version, zipped=False)),
    "plain": lambda version: foreign(version, zipped=False),
}
