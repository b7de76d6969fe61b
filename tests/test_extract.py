"""`scrapy extract` reads crawl folders and anybody's WARC files."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.record import write_date
from newsroom.sites import SITES
from tests.running import scrapy
from tests.test_replay import URLS

PAGES = [(site, url, story) for site in SITES for url, story in list(site.articles.items())[:2]]


def foreign(path: Path, pages: dict[str, bytes], *, gzipped: bool, version: str, encoded: bool = True) -> Path:
    """A WARC as other tools write it: no metadata records, HTML among other things."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzipped, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "somebody's crawler 1.0"}))
        for url, body in pages.items():
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")]
            page = gzip.compress(body, mtime=0) if encoded else body
            write(writer, url, headers, page)
            write(writer, f"{url}style.css", [("Content-Type", "text/css")], b"p { color: black }")
        write(
            writer, "https://www.lamp.test/gone/", [("Content-Type", "text/html")], b"<p>Gone.", status="404 Not Found"
        )
    return path


def write(writer: Any, url: str, headers: list[tuple[str, str]], body: bytes, status: str = "200 OK") -> None:
    block = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
    date = {"WARC-Date": "2026-03-20T08:00:00Z"}
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), http_headers=block, warc_headers_dict=date
    )
    writer.write_record(record)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("gzipped", [True, False])
def test_a_foreign_warc_gives_its_articles(tmp_path: Path, gzipped: bool, version: str, encoded: bool) -> None:
    name = "theirs.warc.gz" if gzipped else "theirs.warc"
    warc = foreign(tmp_path / name, URLS, gzipped=gzipped, version=version, encoded=encoded)
    run = scrapy("extract", warc, "-o", tmp_path / "out.jsonl")
    assert run.returncode == 0, run.stderr
    articles = lines(tmp_path / "out.jsonl")
    assert [article["url"] for article in articles] == list(URLS)
    assert {article["outlet"] for article in articles} == {"lamp.test"}
    assert {article["captured"] for article in articles} == {"2026-03-20T08:00:00Z"}
    assert {article["warc"] for article in articles} == {name}


def test_an_outlet_can_be_forced(tmp_path: Path) -> None:
    """Pages on hosts that nobody knows, in layouts that somebody does."""
    dw = SITES[0]
    pages = {url: dw.page(story).body for url, story in list(dw.articles.items())[:3]}
    warc = foreign(tmp_path / "theirs.warc.gz", pages, gzipped=True, version="1.1")
    assert scrapy("extract", warc, "-o", tmp_path / "out.jsonl", "--outlet", "dw").returncode == 0
    articles = lines(tmp_path / "out.jsonl")
    assert [article["text"] for article in articles] == [story.text for story in list(dw.articles.values())[:3]]
    assert all(article["extractor"].startswith("dw-") for article in articles)
    assert {article["outlet"] for article in articles} == {"dw"}


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The articles of a Parquet file, as JSON has them."""
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    for row in rows:
        row["captured"] = write_date(row["captured"])
        for name in ("published", "modified"):
            row[name] = row.pop(f"{name}_text")
            del row[f"{name}_day"]
    return rows


def test_articles_can_be_had_as_parquet(tmp_path: Path) -> None:
    warc = foreign(tmp_path / "theirs.warc.gz", URLS, gzipped=True, version="1.1")
    assert scrapy("extract", warc, "-o", tmp_path / "out.jsonl").returncode == 0
    assert scrapy("extract", warc, "-o", tmp_path / "out.parquet").returncode == 0
    assert rows_of(tmp_path / "out.parquet") == lines(tmp_path / "out.jsonl")


def test_a_torn_file_gives_what_stands_before_the_tear_and_status_1(tmp_path: Path) -> None:
    whole = foreign(tmp_path / "whole.warc.gz", URLS, gzipped=True, version="1.1")
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(whole.read_bytes()[: whole.stat().st_size * 3 // 4])
    run = scrapy("extract", torn, whole, "-o", tmp_path / "out.jsonl")
    assert run.returncode == 1
    assert run.stderr.startswith("pressmark: torn.warc.gz is damaged at byte ")
    assert run.stderr.count("\n") == 1
    read = [article["warc"] for article in lines(tmp_path / "out.jsonl")]
    assert 0 < read.count("torn.warc.gz") < len(URLS)
    assert read.count("whole.warc.gz") == len(URLS)


@pytest.mark.parametrize(
    "content", [b"", b"<html>no WARC</html>", b"filedesc://old.arc 0.0.0.0 20000101000000 text/plain 9\n"]
)
def test_what_is_no_warc_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.warc").write_bytes(content)
    run = scrapy("extract", tmp_path / "odd.warc", "-o", tmp_path / "out.jsonl")
    assert run.returncode == 1
    assert run.stderr.startswith("pressmark: odd.warc ")
    assert run.stderr.count("\n") == 1
