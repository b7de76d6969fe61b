"""What a crawl folder keeps in spite of faults, and what it takes from earlier crawls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from archive.crawl import Crawl
from archive.elsewhere import known_originals
from archive.errors import DamagedRecord, RecordingFailed
from archive.lines import sorted_lines
from archive.records import read_records
from archive.verify import verify
from tests.samples import NOON, page
from tests.test_crawl_folder import DISK_FULL, ROOT, a_crawl, close, create, files, two_crawls

NO_ROOM = """
import sys
from pathlib import Path
from archive.errors import RecordingFailed
from tests.test_crawl_folder import create
try:
    create(Path(sys.argv[1]))
except RecordingFailed as error:
    print(error)
"""


def test_a_crawl_that_cannot_be_made_says_where(tmp_path: Path) -> None:
    (tmp_path / "crawls").write_text("in the way")
    with pytest.raises(RecordingFailed, match="crawls/gazette cannot be written: Not a directory"):
        create(tmp_path)


def test_a_crawl_that_fails_at_its_first_write_leaves_no_folder(tmp_path: Path) -> None:
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))"
    run = [sys.executable, "-c", f"{full}\n{NO_ROOM}", str(tmp_path)]
    told = subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    assert "cannot be written: File too large" in told
    assert list((tmp_path / "crawls" / "gazette").iterdir()) == []


@pytest.mark.parametrize("outlet", ["", "..", "a/b", "-x"])
def test_an_outlet_must_be_able_to_name_a_folder(tmp_path: Path, outlet: str) -> None:
    with pytest.raises(ValueError, match="cannot name a folder"):
        Crawl.create(tmp_path, outlet=outlet, started=NOON, description={}, max_size=1)


@pytest.mark.parametrize("key", ["status", "software", "a b", "a:\r\nb", ""])
def test_a_description_cannot_pass_for_something_else(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="cannot name a field"):
        create(tmp_path, description={key: 1})


def test_a_full_disk_stops_the_crawl_and_leaves_it_readable(tmp_path: Path) -> None:
    run = [sys.executable, "-c", DISK_FULL, str(tmp_path)]
    told = subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    assert "cannot be written: File too large" in told
    crawl = Crawl.open(tmp_path / "crawls" / "gazette" / "20260301T120000Z")
    assert crawl.status == "killed"
    assert len(list(crawl.captures())) == int(told.split()[0])
    assert (crawl.folder / "articles.jsonl").read_bytes().endswith(b"\n")


def test_half_a_surrogate_pair_in_an_article_is_kept_as_json_can(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    one = crawl.write(page())
    crawl.add_article({"text": "\ud83d Möwe", "warc": one.warc, "offset": one.offset})
    close(crawl)
    assert [line["text"] for line in crawl.articles()] == ["\ud83d Möwe"]


def test_lines_beyond_one_run_are_sorted_through_the_disk(tmp_path: Path) -> None:
    lines = [b"%07d%s\n" % (number * 7919 % 100_003, b"x" * 500) for number in range(100_003)]
    assert list(sorted_lines(iter(lines), tmp_path, bytes)) == sorted(lines)
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_a_crawls_captures_can_be_written_into_another(tmp_path: Path) -> None:
    crawl, done = a_crawl(tmp_path / "one")
    other = create(tmp_path / "two")
    copies = [other.write(replace(one, started=one.started.astimezone(UTC))) for one in crawl.captures()]
    assert [one.response for one in copies] == [one.response for one in done]
    close(other)


def test_a_crawl_refers_to_earlier_ones_when_it_is_told_of_them(tmp_path: Path) -> None:
    first, second, done = two_crawls(tmp_path)
    answers = [r for r in read_records(second.warcs()[0]) if r.type in ("response", "revisit")]
    assert [r.type for r in answers] == ["revisit", "response", "revisit", "response", "revisit"]
    original = next(first.captures())
    assert {r.header("WARC-Refers-To") for r in answers if r.type == "revisit"} == {original.record_id}
    assert list(Crawl.open(second.folder).captures()) == done
    assert second.manifest["needs"] == ["../20260301T120000Z"]
    assert "needs" not in first.manifest
    before = files(second.folder)
    Crawl.from_warcs(second.folder).rebuild([])
    assert files(second.folder) == before
    assert list(verify(tmp_path)) == []


def test_a_crawl_says_which_earlier_one_it_misses(tmp_path: Path) -> None:
    first, second, _ = two_crawls(tmp_path)
    assert second.missing_folders() == []
    first.folder.rename(tmp_path / "elsewhere")
    opened = Crawl.open(second.folder)
    assert opened.missing_folders() == [second.folder / "../20260301T120000Z"]
    with pytest.raises(DamagedRecord, match="20260301T120000Z, which holds the record that it repeats, is missing"):
        list(opened.captures())
    assert f"{second.folder}: the folder ../20260301T120000Z, which holds originals" in "\n".join(verify(second.folder))


def test_a_crawl_that_is_resumed_still_needs_what_it_referred_to(tmp_path: Path) -> None:
    _, second, _ = two_crawls(tmp_path)
    resumed = Crawl.resume(second.folder)
    close(resumed)
    assert resumed.manifest["needs"] == ["../20260301T120000Z"]
    assert list(verify(second.folder)) == []


def test_what_an_index_says_wrongly_is_not_referred_to(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    crawl.write(page(b"Same"))
    close(crawl)
    index = crawl.folder / "index.cdxj"
    whole = index.read_text()
    for wrong in (whole.replace('"offset": "', '"offset": "1'), "\n x\n x {\n x [] \n" + whole[:40], "\udcff"):
        index.write_bytes(wrong.encode("utf-8", "surrogateescape"))
        other = Crawl.create(
            tmp_path,
            outlet="gazette",
            started=NOON,
            description={},
            max_size=1 << 30,
            originals=known_originals(tmp_path / "crawls" / "gazette"),
        )
        assert other.write(page(b"Same")).payload_digest
        close(other)
        assert "needs" not in other.manifest
        shutil.rmtree(other.folder)
    assert known_originals(tmp_path / "nowhere") == {}
