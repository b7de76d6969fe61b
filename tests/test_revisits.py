"""A body that came before is written as a revisit, and read back whole; nothing else is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.errors import DamagedRecord
from archive.message import payload_start
from archive.reading import read_captures
from archive.records import read_records
from tests.samples import page
from tests.test_warc import members_of, read_all, written


def kinds_of(folder: Path) -> list[str]:
    records = [record for path in sorted(folder.glob("*.warc.gz")) for record in read_records(path)]
    return [record.type for record in records if record.type in ("response", "revisit")]


@pytest.mark.parametrize("max_size", [1, 1 << 30])
def test_the_same_body_again_is_a_revisit_with_its_own_head(tmp_path: Path, max_size: int) -> None:
    first = page(url="http://news.test/one")
    again = page(url="http://news.test/two", response=first.response.replace(b"200 OK\r\n", b"200 ok\r\nAge: 5\r\n"))
    done = written(tmp_path, [first, again], max_size)
    assert kinds_of(tmp_path) == ["response", "revisit"]
    assert read_all(tmp_path) == done
    assert done[1].response == again.response
    revisit = next(r for path in sorted(tmp_path.iterdir()) for r in read_records(path) if r.type == "revisit")
    assert revisit.block == again.response[: payload_start(again.response)]
    assert revisit.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit.header("WARC-Refers-To") == done[0].record_id
    assert revisit.header("WARC-Refers-To-Target-URI") == "http://news.test/one"
    assert revisit.header("WARC-Refers-To-Date") == "2026-03-01T12:00:00.123456Z"


@pytest.mark.parametrize(
    "again",
    [
        page(truncated="disconnect"),
        page(error="twisted.web._newclient.ResponseFailed"),
        page(response=page().response.replace(b"200 OK", b"404 Not Found")),
        page(b"<p>Gulls leave Westhaven  "),
        page(response=b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
)
def test_nothing_else_is_a_revisit_or_an_original(tmp_path: Path, again: Capture) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    written(tmp_path / "one", [page(), again, again])
    written(tmp_path / "two", [again, page()])
    assert kinds_of(tmp_path / "one")[:2] == ["response", "response"]
    assert kinds_of(tmp_path / "two") == ["response", "response"]


def test_a_revisit_whose_original_is_gone_is_damage(tmp_path: Path) -> None:
    done = written(tmp_path, [page(), page()], 1)
    (tmp_path / "w-00000.warc.gz").unlink()
    with pytest.raises(DamagedRecord, match=f"{done[0].record_id}, is gone") as caught:
        list(read_captures(tmp_path / "w-00001.warc.gz"))
    assert caught.value.record_id == done[1].record_id


def test_a_revisit_is_found_again_in_files_that_were_compressed_anew(tmp_path: Path) -> None:
    done = written(tmp_path, [page(b"x" * 5000), page(b"x" * 5000)])
    path = tmp_path / "w-00000.warc.gz"
    members = [gzip.compress(member, 1) for member in members_of(path)]
    path.write_bytes(b"".join(members))
    assert [one.response for one in read_captures(path)] == [one.response for one in done]
