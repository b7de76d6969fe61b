"""What a hostile server sends is recorded as it came, within bounded memory and time, and replays the same."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path

import brotli
import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from archive.records import read_records
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.lab import HTML, Step, chunked, lab, message
from tests.running import LOOPBACK, ROOT, crawl, scrapy
from tests.test_replay import URLS, page

PAGE = page("The lamp", "Here,")
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
MEGABYTE = 1 << 20
DECODED = 256 * MEGABYTE  # what a bomb becomes
TOO_LARGE = "is larger than 10485760 bytes when decoded"
HASTY = ("-s", "RETRY_TIMES=0")


def crawled(tmp_path: Path, scripts: dict[str, list[list[Step]]]) -> tuple[Path, dict[str, Capture]]:
    """The folder of a crawl of these targets, and what was captured of each; it verifies and replays."""
    with lab(scripts) as server:
        urls = ",".join(f"{server.url}{target}" for target in scripts)
        folder = crawl(tmp_path, "site", "-a", f"urls={urls}", *HASTY)
    for command in ("verify", "replay"):
        run = scrapy(command, folder)
        assert run.returncode == 0, run.stdout + run.stderr
    return folder, {one.url.removeprefix(server.url): one for one in Crawl.open(folder).captures()}


# Bombs


@cache
def gzip_bomb() -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    pieces = [packer.compress(b"<html>"), *(packer.compress(bytes(MEGABYTE)) for _ in range(DECODED // MEGABYTE))]
    return b"".join([*pieces, packer.flush()])


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    pieces = [packer.process(b"<html>"), *(packer.process(bytes(MEGABYTE)) for _ in range(DECODED // MEGABYTE))]
    return b"".join([*pieces, packer.finish()])


PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(*arguments: str | Path) -> int:
    """The most memory, in bytes, that any process of a `scrapy` run took.

    A small process begins it: what a process takes is counted from before it became another program.
    """
    command = [sys.executable, "-c", PEAK, sys.executable, "-m", "scrapy", *map(str, arguments)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(run.stdout) * (1 if sys.platform == "darwin" else 1024)


def test_bombs_are_recorded_as_they_came_and_told(tmp_path: Path) -> None:
    bombs = {"/gzip": ("gzip", gzip_bomb()), "/br": ("br", brotli_bomb())}
    answers = {
        target: message("200 OK", HTML, f"Content-Encoding: {name}", body=b) for target, (name, b) in bombs.items()
    }
    folder, captures = crawled(tmp_path, {target: [[answer]] for target, answer in answers.items()})
    for target, answer in answers.items():
        assert (captures[target].response, captures[target].truncated) == (answer, None)  # on the wire it was whole
    told = {captures[target].record_id: TOO_LARGE for target in bombs}
    assert {line["record_id"]: line["reason"] for line in Crawl.open(folder).failures()} == told
    (warc,) = folder.glob("*.warc.gz")
    notes = [record.fields.get("extractionFailed") for record in read_records(warc) if record.type == "metadata"]
    assert {note["record_id"]: note["reason"] for note in notes if note} == told
    assert scrapy("extract", folder).stdout == ""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert scrapy("rebuild", folder).returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_bomb_takes_no_more_memory_than_its_limit(tmp_path: Path) -> None:
    """Crawled, replayed, and extracted from its WARC file alone, beside a small page."""
    peaks = []
    for body in (zlib.compress(PAGE, wbits=31), gzip_bomb()):
        with lab({"/page": [[message("200 OK", HTML, "Content-Encoding: gzip", body=body)]]}) as server:
            archive = tmp_path / str(len(body))
            peaks.append(
                [peak("crawl", "site", "-a", f"urls={server.url}/page", "-s", f"ARCHIVE_DIR={archive}", *LOOPBACK)]
            )
        (folder,) = archive.glob("crawls/site/*")
        (warc,) = folder.glob("*.warc.gz")
        peaks[-1] += [peak("replay", folder), peak("extract", warc, "-o", tmp_path / "out.jsonl")]
    for small, large in zip(*peaks, strict=True):
        assert large < small + 100 * MEGABYTE < DECODED


# Lengths that lie, and heads of any size


def test_lengths_that_lie_are_recorded_with_what_came(tmp_path: Path) -> None:
    lengths = {
        "/long": (b"99999", "disconnect"),
        "/short": (b"500", None),
        "/negative": (b"-5", "disconnect"),
        "/word": (b"many", "disconnect"),
        "/beyond-all-limits": (b"9" * 30, "length"),
        "/beyond-all-numbers": (b"9" * 5000, "disconnect"),
        "/two": (b"500\r\nContent-Length: 600", "disconnect"),
        "/and-chunks": (b"5\r\nTransfer-Encoding: chunked", None),
        "/chunk-too-long": (b"5\r\nTransfer-Encoding: chunked", "disconnect"),
    }
    sent = {target: OK + b"Content-Length: " + length + b"\r\n\r\n" for target, (length, _) in lengths.items()}
    bodies = {"/and-chunks": chunked(PAGE), "/chunk-too-long": b"ffffffffffffffff\r\n" + PAGE}
    sent = {target: head + bodies.get(target, PAGE) for target, head in sent.items()}
    folder, captures = crawled(tmp_path, {target: [[answer, None]] for target, answer in sent.items()})
    for target, (_, truncated) in lengths.items():
        capture = captures[target]
        assert (target, capture.truncated) == (target, truncated)
        assert sent[target].startswith(capture.response)
        assert capture.response == sent[target] or target in {"/short", "/beyond-all-limits"}
    assert captures["/short"].body == PAGE[:500]
    texts = {Path(line["url"]).name for line in Crawl.open(folder).articles()}
    assert texts == {"short", "and-chunks"}  # nothing is read from a page that is not whole


def test_header_blocks_of_a_megabyte_and_of_none(tmp_path: Path) -> None:
    many = message("200 OK", HTML, *(f"X-{number}: {'v' * 80}" for number in range(11_000)), body=PAGE)
    none = b"HTTP/1.1 200 OK\r\n\r\n" + PAGE
    one_line = message("200 OK", HTML, b"X-Huge: " + b"h" * MEGABYTE, body=PAGE)
    bare = page("No status line", "Bare,")
    scripts: dict[str, list[list[Step]]] = {
        "/many": [[many]], "/none": [[none, None]], "/one-line": [[one_line]], "/empty": [[b"\r\n\r\n", None]],
        "/bare": [[bare, None]],
    }  # fmt: skip
    folder, captures = crawled(tmp_path, scripts)
    assert (captures["/many"].response, captures["/none"].response) == (many, none)
    assert one_line.startswith(captures["/one-line"].response)
    assert captures["/one-line"].truncated == "disconnect"
    assert (captures["/empty"].response, captures["/bare"].response) == (b"\r\n\r\n", bare)
    assert {Path(line["url"]).name for line in Crawl.open(folder).articles()} == {"many", "none"}


# Line ends where none belong


def test_line_ends_in_redirects_and_status_lines_inject_nothing(tmp_path: Path) -> None:
    places = [
        b"/x\rWARC-Type: resource\r: y",
        b"/%0d%0aSet-Cookie:%20a=b",
        "/\u2028\u0085z".encode(),
        b"/n\0ul",
        b"/a b\tc",
    ]
    scripts: dict[str, list[list[Step]]] = {
        f"/{number}": [[message("302 Found", b"Location: " + place)]] for number, place in enumerate(places)
    }
    scripts["/status"] = [
        [b"HTTP/1.1 200 OK\rWARC/1.1\rWARC-Type: resource\r\nContent-Type: text/html\r\n\r\n" + PAGE, None]
    ]
    folder, captures = crawled(tmp_path, scripts)
    assert len(captures) == 1 + len(scripts) + len(places)  # robots.txt, what was asked for, what was redirected to
    (warc,) = folder.glob("*.warc.gz")
    assert {record.type for record in read_records(warc)} == {"warcinfo", "request", "response", "metadata"}
    for record in read_records(warc):
        assert record.header("Set-Cookie") is None
        if record.type == "request":
            assert record.block.count(b"\r\n\r\n") == 1
            assert b"Set-Cookie" not in record.block.partition(b"\r\n")[2]
    for line in (folder / "index.cdxj").read_text("utf-8").splitlines():
        assert json.loads(line.split(" ", 2)[2])["url"].isascii()


def test_a_feed_cannot_inject_lines_by_its_urls(tmp_path: Path) -> None:
    host = "https://www.lamp.test"
    real, *_ = URLS
    links = [real, f"{host}/2026/03/02/one-&#13;&#10;Host: evil.test/", f"{host}/2026/03/03/two-%0D%0AX: y/"]
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    feed = f"<rss version='2.0'><channel><title>Lamp</title>{items}</channel></rss>".encode()
    with Newsroom.for_pages({f"{host}/feed.xml": Answer(body=feed), **URLS}) as newsroom:
        folder = crawl(tmp_path, "site", "-a", f"start={host}/feed.xml", environment=newsroom.environment)
        asked = [one.request for one in newsroom.log]
    assert {request.host for request in asked} == {"www.lamp.test"}
    assert all(request.header("X") is None for request in asked)
    assert [line["url"] for line in Crawl.open(folder).articles()] == [real]
    assert scrapy("verify", folder).returncode == 0


# Slowness


def test_a_server_that_drips_is_left_when_its_time_is_over(tmp_path: Path) -> None:
    """It would take ten minutes; what came until then is recorded."""
    url = next(iter(URLS))
    slow = Answer(headers=(("Content-Type", "text/html"),), body=URLS[url] * 20, drip=0.05)
    with Newsroom.for_pages({url: slow}) as newsroom:
        given = ("-a", f"urls={url}", "-s", "DOWNLOAD_TIMEOUT=4", *HASTY)
        folder = crawl(tmp_path, "site", *given, environment=newsroom.environment)
    capture = next(one for one in Crawl.open(folder).captures() if one.url == url)
    assert (capture.status, capture.truncated) == (200, "time")
    assert slow.body.startswith(capture.body)
    assert len(capture.body) < len(slow.body)
    assert capture.error == "scrapy.exceptions.DownloadTimeoutError"
    assert scrapy("verify", folder).returncode == 0
    assert scrapy("replay", folder).returncode == 0


@pytest.mark.parametrize("size", [60_000, 59_000])
def test_what_is_longer_on_the_wire_than_the_limit_is_marked(tmp_path: Path, size: int) -> None:
    body = PAGE + b" " * (size - len(PAGE))
    with lab({"/page": [[message("200 OK", HTML, body=body)]]}) as server:
        folder = crawl(tmp_path, "site", "-a", f"urls={server.url}/page", "-s", "DOWNLOAD_MAXSIZE=59000", *HASTY)
    (warc,) = folder.glob("*.warc.gz")
    response = [record for record in read_records(warc) if record.type == "response"][-1]
    assert response.header("WARC-Truncated") == ("length" if size > 59_000 else None)
    assert len(list(Crawl.open(folder).articles())) == (size <= 59_000)
    assert scrapy("replay", folder).returncode == 0
