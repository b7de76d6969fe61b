"""A crawl is a folder: whole when closed, readable when killed, made again from its WARC files alone."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.capture import Capture
from archive.crawl import Crawl
from archive.elsewhere import known_originals
from archive.errors import CrawlNotFound, CrawlUnreadable, DamagedRecord, RecordingFailed
from tests.samples import NOON, captures, page

ROOT = Path(__file__).parent.parent
DESCRIPTION = {"arguments": {"limit": 3, "since": None}, "settings": {"DOWNLOAD_DELAY": 1.0}, "versions": {"x": "404"}}


def create(root: Path, max_size: int = 1 << 30, description: dict[str, Any] = DESCRIPTION) -> Crawl:
    return Crawl.create(root, outlet="gazette", started=NOON, description=description, max_size=max_size)


def close(crawl: Crawl) -> None:
    crawl.close("finished", {"b": 2, "a": {"c": [1]}}, NOON + timedelta(minutes=5))


def a_crawl(root: Path, max_size: int = 3000) -> tuple[Crawl, list[Capture]]:
    crawl = create(root, max_size)
    pages = [page(b"Gulls %d" % (number // 2), url=f"http://news.test/{9 - number}") for number in range(9)]
    done = [crawl.write(one) for one in [*pages, page(request=b"", response=b"", error="a.B", method="POST")]]
    for one in reversed(done[:6]):
        crawl.add_article({"url": one.url, "text": "Möwen", "warc": one.warc, "offset": one.offset})
    crawl.add_failure({"url": done[6].url, "record_id": done[6].record_id, "reason": "time"})
    close(crawl)
    return crawl, done


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_closed_crawl_holds_what_was_written(tmp_path: Path) -> None:
    crawl, done = a_crawl(tmp_path)
    opened = Crawl.open(crawl.folder)
    assert opened.folder == tmp_path / "crawls" / "gazette" / "20260301T120000Z"
    assert (opened.outlet, opened.status) == ("gazette", "finished")
    assert list(opened.captures()) == done
    assert [one.sequence for one in done] == list(range(1, 11))
    names = [path.name for path in opened.warcs()]
    assert names == [f"gazette-20260301T120000Z-{serial:05d}.warc.gz" for serial in range(len(names))]
    assert len(names) > 2
    assert sorted(files(crawl.folder)) == [
        "articles.jsonl",
        "articles.jsonl.failed",
        "crawl.json",
        *names,
        "index.cdxj",
    ]
    assert [line["url"] for line in opened.articles()] == [one.url for one in done[:6]]
    assert [line["reason"] for line in opened.failures()] == ["time"]
    index = (crawl.folder / "index.cdxj").read_text().splitlines()
    assert index == sorted(index)
    assert len(index) == 9


def test_every_exchange_can_be_loaded_by_its_place(tmp_path: Path) -> None:
    crawl, done = a_crawl(tmp_path)
    exchanges = list(crawl.exchanges())
    assert [crawl.load(one) for one in exchanges] == done
    assert [(one.sequence, one.method, one.url, one.status, one.error) for one in exchanges] == [
        (one.sequence, one.method, one.url, one.status, one.error) for one in done
    ]
    assert {one.body_digest for one in exchanges} == {hashlib.sha1(b"").hexdigest()}


def test_an_exchange_knows_the_digest_of_what_was_posted(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    crawl.write(page(method="POST", request=b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na=1"))
    (exchange,) = crawl.exchanges()
    assert exchange.body_digest == hashlib.sha1(b"a=1").hexdigest()
    crawl.close("finished", {}, NOON)


def test_the_manifest_tells_the_crawl_and_its_files(tmp_path: Path) -> None:
    crawl, _ = a_crawl(tmp_path)
    manifest = json.loads((crawl.folder / "crawl.json").read_text())
    assert manifest == Crawl.open(crawl.folder).manifest == crawl.manifest
    assert list(manifest) == ["format", "outlet", "started", "ended", "status", *DESCRIPTION, "statistics", "files"]
    assert (manifest["started"], manifest["ended"]) == ("2026-03-01T12:00:00.123456Z", "2026-03-01T12:05:00.123456Z")
    assert {name: manifest[name] for name in DESCRIPTION} == DESCRIPTION
    assert list(manifest["statistics"]) == ["a", "b"]
    assert manifest["files"] == {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files(crawl.folder).items())
        if name != "crawl.json"
    }


def test_everything_else_is_made_again_from_the_warc_files(tmp_path: Path) -> None:
    crawl, _ = a_crawl(tmp_path)
    before, articles = files(crawl.folder), list(crawl.articles())
    for name in ("index.cdxj", "articles.jsonl", "articles.jsonl.failed", "crawl.json"):
        (crawl.folder / name).unlink()
    told = Crawl.from_warcs(crawl.folder)
    assert [line["reason"] for line in told.failures()] == ["time"]
    told.rebuild(reversed(articles))
    assert files(crawl.folder) == before


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(
    st.lists(captures, max_size=3), st.dictionaries(st.from_regex(r"[a-z]{9,12}", fullmatch=True), _json, max_size=3)
)
def test_any_crawl_is_made_again_byte_for_byte(some: list[Capture], description: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        description.pop("statistics", None)
        crawl = create(Path(name), 2000, description)
        done = [crawl.write(one) for one in some]
        for one in reversed(done):
            crawl.add_article({"warc": one.warc, "offset": one.offset, "via": one.via})
        close(crawl)
        before, articles = files(crawl.folder), list(crawl.articles())
        assert {key: Crawl.open(crawl.folder).manifest[key] for key in description} == description
        Crawl.from_warcs(crawl.folder).rebuild(articles)
        assert files(crawl.folder) == before


def test_a_second_crawl_in_the_same_second_gets_the_next_free_name(tmp_path: Path) -> None:
    folders = []
    for _ in range(3):
        crawl = create(tmp_path)
        close(crawl)
        folders.append(crawl.folder.name)
    assert folders == ["20260301T120000Z", "20260301T120001Z", "20260301T120002Z"]


def test_a_crawl_is_named_by_universal_time(tmp_path: Path) -> None:
    started = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    crawl = Crawl.create(tmp_path, outlet="gazette", started=started, description={}, max_size=1)
    assert crawl.folder.name == "20260228T233000Z"
    close(crawl)


def test_a_crawl_is_running_until_it_is_closed(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    one = crawl.write(page())
    reader = Crawl.open(crawl.folder)
    assert (crawl.status, reader.status) == ("running", "running")
    assert list(reader.captures()) == [one]
    close(crawl)
    assert (crawl.status, Crawl.open(crawl.folder).status) == ("finished", "finished")
    with pytest.raises(RecordingFailed, match="for reading only"):
        crawl.write(page())


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.samples import page
from tests.test_crawl_folder import create
crawl = create(Path(sys.argv[1]), 3000)
for number in range(12):
    one = crawl.write(page(b"%d" % number))
    crawl.add_article({"warc": one.warc, "offset": one.offset})
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(root: Path) -> Crawl:
    run = subprocess.run([sys.executable, "-c", KILLED, str(root)], check=False, cwd=ROOT)
    assert run.returncode == -signal.SIGKILL
    return Crawl.open(root / "crawls" / "gazette" / "20260301T120000Z")


def test_a_killed_crawl_can_be_read_up_to_its_last_whole_exchange(tmp_path: Path) -> None:
    crawl = killed(tmp_path)
    assert crawl.status == "killed"
    assert [one.sequence for one in crawl.captures()] == list(range(1, 13))
    assert len(list(crawl.articles())) == 12
    last = crawl.warcs()[-1]
    assert last.name.endswith(".warc.gz.open")
    held = len(list(crawl.exchanges()))
    with last.open("r+b") as file:
        file.truncate(last.stat().st_size - 1)
    assert len(list(crawl.exchanges())) == held - 1
    with (crawl.folder / "articles.jsonl").open("ab") as file:
        file.write(b'{"warc": "torn')
    assert len(list(crawl.articles())) == 12
    assert [crawl.load(one).sequence for one in crawl.exchanges()] == list(range(1, 12))


def test_a_closed_file_of_a_crawl_must_be_whole(tmp_path: Path) -> None:
    crawl, _ = a_crawl(tmp_path)
    first = crawl.warcs()[0]
    first.write_bytes(first.read_bytes()[:-1])
    with pytest.raises(DamagedRecord) as caught:
        list(crawl.captures())
    assert caught.value.warc == first.name


def test_what_is_no_crawl_says_why(tmp_path: Path) -> None:
    with pytest.raises(CrawlNotFound, match="there is no such folder"):
        Crawl.open(tmp_path / "nowhere")
    with pytest.raises(CrawlNotFound, match="neither crawl"):
        Crawl.open(tmp_path)
    with pytest.raises(CrawlNotFound, match="holds no WARC files"):
        Crawl.from_warcs(tmp_path)
    with pytest.raises(CrawlNotFound):
        Crawl.open(Path(__file__))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "has no crawl.json; `scrapy rebuild"),
        (b'{"format": "press', "is torn or no JSON"),
        (b"", "is torn or no JSON"),
        (b"\xff\xfe", "is torn or no JSON"),
        (b"[" * 100_000, "is torn or no JSON"),
        (b"[]", "has the format None"),
        (b'{"format": "pressmark crawl 99"}', "has the format 'pressmark crawl 99', and this pressmark reads"),
        (b'{"format": "pressmark crawl 1", "outlet": 3}', "names no outlet or status"),
    ],
)
def test_an_unreadable_manifest_says_what_is_wrong(tmp_path: Path, content: bytes | None, why: str) -> None:
    crawl, done = a_crawl(tmp_path)
    path = crawl.folder / "crawl.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CrawlUnreadable, match=why):
        Crawl.open(crawl.folder)
    assert list(Crawl.from_warcs(crawl.folder).captures()) == done


DISK_FULL = """
import random, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from archive.errors import RecordingFailed
from tests.samples import page
from tests.test_crawl_folder import create
crawl = create(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
noise = random.Random(7)
written = 0
try:
    while True:
        one = crawl.write(page(noise.randbytes(900)))
        written += 1
        crawl.add_article({"text": "x" * 3000, "warc": one.warc, "offset": one.offset})
except RecordingFailed as error:
    print(written, error)
"""


# Across crawls


def two_crawls(root: Path) -> tuple[Crawl, Crawl, list[Capture]]:
    first = create(root)
    first.write(page(b"Same", url="http://news.test/1"))
    first.write(page(b"Torn", url="http://news.test/2", truncated="disconnect"))
    close(first)
    second = Crawl.create(
        root,
        outlet="gazette",
        started=NOON + timedelta(days=1),
        description=DESCRIPTION,
        max_size=1 << 30,
        originals=known_originals(root / "crawls" / "gazette"),
    )
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    some = [
        page(b"Same", url="http://news.test/9"),
        page(b"Torn", url="http://news.test/2"),
        page(response=head, url="http://news.test/1"),
        page(b"New"),
        page(b"Same", url="http://news.test/9"),
    ]
    done = [second.write(one) for one in some]
    close(second)
    return first, second, done
