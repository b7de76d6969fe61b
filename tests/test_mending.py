"""Torn ends are cut back to the last whole exchange; 304s refer to the page that came before."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from archive.crawl import Crawl
from archive.errors import CrawlNotFound, CrawlUnreadable, DamagedRecord, RecordingFailed
from archive.message import payload_start
from archive.records import read_records
from tests.samples import NOON, page
from tests.test_crawl_folder import close, create
from tests.test_recover import ends_of, killed_folder


@pytest.mark.parametrize("tail", [b"", bytes(1), bytes(5000), b"\x1f\x8b", b"\x1f\x8b\x08garbage" * 50, b"\n"])
def test_a_file_torn_at_any_byte_is_mended(tmp_path: Path, tail: bytes) -> None:
    folder, path = killed_folder(tmp_path)
    whole, ends, manifest = path.read_bytes(), ends_of(path), (folder / "crawl.json").read_bytes()
    beside = {end + step for end in ends for step in (-1, 0, 1) if end + step <= len(whole)} | {0, 9}
    for cut in range(len(whole) + 1) if tail == b"" else sorted(beside):
        for left in folder.iterdir():
            left.unlink()
        (folder / "crawl.json").write_bytes(manifest)
        path.write_bytes(torn := whole[:cut] + tail)
        held = len([end for end in ends if torn.startswith(whole[:end])]) - 1
        assert len(list(Crawl.open(folder).captures())) == max(0, held)
        if cut % 50 and cut not in beside:
            continue
        resumed = Crawl.resume(folder)
        mended = folder / path.name.removesuffix(".open")
        if held >= 0:
            assert mended.read_bytes() == whole[: ends[held]]
        one = resumed.write(page(b"after"))
        assert one.sequence == max(0, held) + 1
        close(resumed)
        assert len(list(Crawl.open(folder).captures())) == max(0, held) + 1
        assert Crawl.open(folder).manifest["arguments"] == {"limit": 3, "since": None}


def test_damage_before_whole_exchanges_is_no_torn_end(tmp_path: Path) -> None:
    folder, path = killed_folder(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[ends_of(path)[0] + 40] ^= 1
    path.write_bytes(raw)
    with pytest.raises(DamagedRecord, match="whole exchanges stand behind it; to give them up: `truncate -s"):
        Crawl.resume(folder)
    assert path.read_bytes() == raw
    with pytest.raises(DamagedRecord):
        list(Crawl.open(folder).captures())


def test_files_that_could_not_be_renamed_are_all_finished(tmp_path: Path) -> None:
    crawl = create(tmp_path, 1)
    done = [crawl.write(page(b"%d" % number)) for number in range(3)]
    close(crawl)
    folder = crawl.folder
    for path in folder.glob("*.warc.gz"):
        path.rename(path.with_name(path.name + ".open"))
    last = max(folder.glob("*.open"))
    last.write_bytes(last.read_bytes()[: ends_of(last)[1] - 1])
    resumed = Crawl.resume(folder, max_size=1)
    assert list(resumed.captures()) == done[:2]
    close(resumed)
    assert not list(folder.glob("*.open"))


def test_a_crawl_killed_before_its_manifest_is_resumed_from_its_warc(tmp_path: Path) -> None:
    folder, path = killed_folder(tmp_path)
    for other in folder.iterdir():
        if other != path:
            other.unlink()
    (folder / ".crawl.json.part").write_text("{")
    assert Crawl.open(folder).status == "killed"
    resumed = Crawl.resume(folder)
    assert len(list(resumed.captures())) == 3
    assert resumed.manifest["settings"] == {"DOWNLOAD_DELAY": 1.0}
    close(resumed)
    assert not list(folder.glob(".*"))


def test_a_crawl_killed_before_it_recorded_anything_says_so(tmp_path: Path) -> None:
    folder, path = killed_folder(tmp_path)
    (folder / "crawl.json").unlink()
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(CrawlUnreadable, match="killed before it had recorded anything; remove the folder"):
        Crawl.resume(folder)
    with pytest.raises(CrawlNotFound):
        Crawl.resume(tmp_path)


def test_a_crawl_killed_while_it_was_mended_goes_on_also_without_a_manifest(tmp_path: Path) -> None:
    folder, path = killed_folder(tmp_path)
    (folder / "crawl.json").unlink()
    path.rename(path.with_name(path.name.removesuffix(".open")))
    assert Crawl.open(folder).status == "killed"
    resumed = Crawl.resume(folder)
    assert len(list(resumed.captures())) == 3
    close(resumed)
    (folder / "crawl.json").unlink()
    with pytest.raises(CrawlUnreadable, match="`scrapy rebuild "):
        Crawl.open(folder)


def test_what_is_no_crawl_of_ours_is_not_resumed(tmp_path: Path) -> None:
    record = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    (tmp_path / "x-00000.warc.gz").write_bytes(gzip.compress(record))
    with pytest.raises(CrawlUnreadable, match="not those of a crawl"):
        Crawl.resume(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["x-00000.warc.gz"]


def test_a_file_is_never_mended_over_another(tmp_path: Path) -> None:
    folder, path = killed_folder(tmp_path)
    path.with_name(path.name.removesuffix(".open")).write_bytes(path.read_bytes())
    with pytest.raises(CrawlUnreadable, match="stands beside a finished file of its name"):
        Crawl.resume(folder)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    folder, path = killed_folder(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(RecordingFailed, match="cannot be written: Is a directory"):
        Crawl.resume(folder)


def test_a_304_refers_to_the_page_that_came_before(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\naGe : 7\r\n\r\n'
    first, other = crawl.write(page()), crawl.write(page(b"Other", url="http://news.test/other"))
    again = crawl.write(page(response=head))
    alone = crawl.write(page(response=head, url="http://news.test/unknown"))
    with_body = crawl.write(page(response=head + b"?"))
    close(crawl)
    answers = [r for r in read_records(crawl.warcs()[0]) if r.type in ("response", "revisit")]
    assert [r.type for r in answers] == ["response", "response", "revisit", "response", "response"]
    revisit = answers[2]
    assert revisit.block == head
    assert revisit.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.header("WARC-Refers-To") == first.record_id
    assert revisit.header("WARC-Refers-To-Date") == answers[0].header("WARC-Date")
    assert revisit.header("WARC-Payload-Digest") == first.payload_digest == again.payload_digest
    assert list(crawl.captures()) == [first, other, again, alone, with_body]
    assert (again.response, again.body, again.status) == (head, b"", 304)
    assert [crawl.load(one).response for one in crawl.exchanges()][2] == head


def test_what_is_known_of_earlier_pages_outlives_a_kill(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    first = crawl.write(page(b"Same", url="http://news.test/1"))
    crawl.write(page(b"Same", url="http://news.test/2"))
    crawl.close("interrupted", {}, NOON)
    resumed = Crawl.resume(crawl.folder)
    resumed.write(page(b"Same", url="http://news.test/3"))
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    resumed.write(page(response=head, url="http://news.test/2"))
    close(resumed)
    revisits = [r for path in resumed.warcs() for r in read_records(path) if r.type == "revisit"]
    assert [r.header("WARC-Refers-To") for r in revisits] == [first.record_id] * 3
    assert [one.response[payload_start(one.response) :] for one in resumed.captures()] == [b"Same"] * 3 + [b""]
    assert replace(first, sequence=1) == next(resumed.captures())
