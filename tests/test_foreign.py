"""WARC files by the conventions of other tools give the articles that their pages hold, and verify as whole."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from archive.reading import read_captures
from tests.foreign import FORMS, HTTP_RESPONSE, IDENTICAL, TOOLS, UNLINKED, answer, heritrix, record, sha1
from tests.running import scrapy
from tests.test_replay import URLS

PAGE_URL, PAGE = next(iter(URLS.items()))


def extracted(path: Path, folder: Path, status: int = 0) -> tuple[list[dict[str, Any]], str]:
    """The articles of a file or folder, and what was said beside."""
    run = scrapy("extract", path, "-o", folder / "out.jsonl")
    assert run.returncode == status, run.stderr
    return [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()], run.stderr


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_archived_is_read_whole(tmp_path: Path, tool: str, form: str) -> None:
    warc = tmp_path / "theirs.warc.gz"
    warc.write_bytes(FORMS[form](TOOLS[tool](URLS)))
    read = {one.url: one for one in read_captures(warc)}
    for url, page in URLS.items():
        assert read[url].content(1 << 20) == page
        assert read[url].request.startswith(b"GET / ") or tool in UNLINKED
        assert (read[url].status, read[url].truncated) == (200, None)


@pytest.mark.parametrize("tool", TOOLS)
def test_its_articles_are_extracted_and_it_verifies(tmp_path: Path, tool: str) -> None:
    warc = tmp_path / "theirs.warc.gz"
    warc.write_bytes(FORMS["gzip"](TOOLS[tool](URLS)))
    articles, said = extracted(warc, tmp_path)
    assert said == ""
    assert list(dict.fromkeys(article["url"].partition("?")[0] for article in articles)) == list(URLS)
    verified = scrapy("verify", warc)
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


def test_a_revisit_takes_its_originals_payload_in_its_own_framing(tmp_path: Path) -> None:
    """Heritrix names neither id nor URL of the original, but the payload's digest; the original came in chunks."""
    warc = tmp_path / "theirs.warc.gz"
    warc.write_bytes(FORMS["gzip"](heritrix(URLS)))
    read = {one.url: one for one in read_captures(warc)}
    again, bare = read[f"{PAGE_URL}?again"], read[f"{PAGE_URL}?bare"]
    assert (again.body, again.header("Transfer-Encoding"), again.truncated) == (PAGE, None, None)
    assert (bare.body, bare.header("Transfer-Encoding"), bare.truncated) == (PAGE, "chunked", None)
    unchanged = read[f"{PAGE_URL}?unchanged"]
    assert (unchanged.status, unchanged.body) == (304, b"")
    urls = [article["url"] for article in extracted(warc, tmp_path)[0]]
    assert {again.url, bare.url} < set(urls)
    assert unchanged.url not in urls


def test_pages_that_are_not_whole_are_told(tmp_path: Path) -> None:
    target = ("WARC-Target-URI", PAGE_URL)
    lost = ("WARC-Payload-Digest", sha1(b"a page in a file that is not here"))
    cut = record("1.0", "response", answer(PAGE[:300], "Content-Type: text/html"), target, ("WARC-Truncated", "length"))
    elsewhere = record("1.0", "revisit", b"", target, lost, ("WARC-Profile", IDENTICAL))
    whole = record("1.0", "response", answer(PAGE, "Content-Type: text/html"), target, ("Content-Type", HTTP_RESPONSE))
    (tmp_path / "x.warc").write_bytes(elsewhere + cut + whole)
    articles, said = extracted(tmp_path / "x.warc", tmp_path)
    assert len(articles) == 1
    assert said.startswith("pressmark: x.warc: 2 of its pages give no article, for they are cut short, or repeat")
    assert said.endswith(f"the first is {PAGE_URL}\n")


@pytest.mark.parametrize("form", ["gzip", "plain"])
def test_what_stands_behind_damage_is_extracted(tmp_path: Path, form: str) -> None:
    records = TOOLS["news-crawl"](URLS)
    second = next(number for number, one in enumerate(records) if b"day-2/\r\n" in one and b"response" in one)
    records[second] = records[second].replace(b"Day 2, two", b"Day 2, too")  # its digests are wrong now
    warc = tmp_path / "theirs.warc.gz"
    warc.write_bytes(FORMS[form](records))
    articles, said = extracted(warc, tmp_path, status=1)
    assert [article["url"] for article in articles] == [url for url in URLS if "day-2" not in url]
    assert said.startswith("pressmark: theirs.warc.gz is damaged at byte ")
    assert said.count("\n") == 1
    verified = scrapy("verify", warc)
    assert (verified.returncode, verified.stdout.count("\n")) == (1, 1)
    assert "its block does not have the digest sha1:" in verified.stdout


def test_one_bad_file_does_not_spoil_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    records = TOOLS["news-crawl"](URLS)
    (folder / "a.arc.gz").write_bytes(gzip.compress(b"filedesc://a.arc 192.0.2.1 20090101000000 text/plain 9\n1 0 x\n"))
    (folder / "b.warc.gz").write_bytes(FORMS["gzip"](records)[:-40])
    (folder / "c.warc.gz").write_bytes(b"<!doctype html>")
    (folder / "d.warc.zst").write_bytes(zstd.compress(b"".join(records)))
    (folder / "e.warc").write_bytes(FORMS["plain"](records))
    (folder / "notes.txt").write_text("This is nobody's archive.")
    articles, said = extracted(folder, tmp_path, status=1)
    assert [article["warc"] for article in articles] == ["b.warc.gz"] * 4 + ["e.warc"] * 4
    refused = ["a.arc.gz is an ARC file", "b.warc.gz is damaged at byte", "c.warc.gz is no WARC file"]
    refused.append("d.warc.zst is compressed with zstd")
    for line, words in zip(said.splitlines(), refused, strict=True):
        assert line.startswith(f"pressmark: {words}")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zstd.compress(b"WARC/1.0\r\n"), "compressed with zstd, and only gzip is read; `zstd -d`"),
        (b"\x5d\x2a\x4d\x18\x00\x00\x00\x00" + zstd.compress(b"WARC/1.0\r\n"), "given its dictionary"),
        (b"filedesc://x.arc 0.0.0.0 20090101000000 text/plain 9\n1 0 x\n", "`warcio recompress` turns it into WARC"),
        (b"PK\x03\x04\x14\x00archive/data.warc.gz", "a ZIP file, as WACZ is; `unzip` it"),
    ],
)
def test_other_kinds_of_archive_are_refused_with_a_clear_word(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x.warc.gz").write_bytes(content)
    _, said = extracted(tmp_path / "x.warc.gz", tmp_path, status=1)
    assert words in said
    assert said.count("\n") == 1
    verified = scrapy("verify", tmp_path / "x.warc.gz")
    assert (verified.returncode, verified.stdout.count("\n")) == (1, 1)
    assert words in verified.stdout
