"""A coverage-guided fuzzer for everything here that reads what others wrote.

    make fuzz                                                    # each reader for twelve minutes
    .venv-fuzz/bin/python -m tests.fuzz_readers warc CORPUS -max_total_time=3600

Whatever comes is read or refused by an ArchiveError; anything else is a finding, whose input is left in a
file `crash-...`. CORPUS is a folder that the fuzzer fills; it begins with the seeds below. Not collected by pytest.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["archive", "crawler", "gzip", "json", "email"]):
    from archive.capture import Capture
    from archive.cdxj import cdxj_line
    from archive.elsewhere import known_originals
    from archive.errors import ArchiveError
    from archive.message import without_proxy_credentials
    from archive.reading import read_captures
    from archive.verify import verify
    from archive.warc import WarcWriter
    from crawler.discovery import find_feeds, page_links, read_listing, robots_sitemaps

from archive.record import Record
from tests.samples import NOON, page

_LIMIT = 1 << 16  # bytes of a decoded body
_FOLDER = Path(tempfile.mkdtemp(prefix="pressmark-fuzz-"))
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def warc(data: bytes) -> None:
    """A file of records: as it is, or in one gzip member, or one a record where a line of `==` parts them."""
    form, content = data[:1], data[1:]
    if form == b"g":
        content = gzip.compress(content, 1)
    elif form == b"m":
        content = b"".join(gzip.compress(part, 1) for part in content.split(b"\n==\n"))
    path = _FOLDER / "fuzz.warc.gz"
    path.write_bytes(content)
    try:
        for capture in read_captures(path):
            content_of(capture)
    except ArchiveError as error:
        one_line(str(error))
    for line in verify(path):
        one_line(line)
        assert line.startswith(str(path))


def message(data: bytes) -> None:
    """A response as it came: framing and codings are undone, and it has a line in the index."""
    kind, response = data[:1], data[1:]
    without_proxy_credentials(response)
    content_of(Capture(url="http://news.test/", started=NOON, response=response, method=_METHODS.get(kind, "GET")))
    headers = (("WARC-Target-URI", "http://news.test/"), ("WARC-Date", "2026-03-01T12:00:00Z"))
    line = cdxj_line(Record(type="response", headers=headers, block=response, warc="w", length=1))
    assert line.count("\n") == 1
    assert line.isascii()


def coding(data: bytes) -> None:
    """A body behind a Content-Encoding, or in chunks."""
    name, _, body = data.partition(b"\n")
    framing = b"Transfer-Encoding: chunked\r\n" if body[:1] == b"c" else b""
    head = _HEAD + framing + b"Content-Encoding: " + name + b"\r\n\r\n"
    content_of(Capture(url="http://news.test/", started=NOON, response=head + body[1:]))


def cdxj(data: bytes) -> None:
    """An earlier crawl's index; and a URL on its way into one."""
    folder = _FOLDER / "crawls" / "20260301T120000Z"
    if not folder.exists():
        folder.mkdir(parents=True)
        (folder / "crawl.json").write_text('{"format": "pressmark crawl 1", "status": "finished"}')
    (folder / "index.cdxj").write_bytes(data)
    known_originals(folder.parent)
    headers = (("WARC-Target-URI", data.decode("utf-8", "replace")), ("WARC-Date", "2026-03-01T12:00:00Z"))
    line = cdxj_line(Record(type="response", headers=headers, block=_HEAD, warc="w", length=1))
    assert line.count("\n") == 1
    assert line.split(" ", 2)[1] == "20260301120000"


def listing(data: bytes) -> None:
    """A feed, a sitemap, a section page or a robots.txt."""
    kind, body = data[:1], data[1:]
    url = "https://www.news.test/feed.xml"
    read = read_listing(body, url, _TYPES.get(kind), article_url=r"/a-(?P<id>\d+)$")
    assert all("\n" not in warning and warning.startswith(url) for warning in read.warnings)
    assert all(link.url.lower().startswith(("http://", "https://")) for link in read.links)
    find_feeds(body, url)
    page_links(body, url)
    robots_sitemaps(body, url)


def content_of(capture: Capture) -> None:
    """Everything that is read of a capture."""
    _ = capture.status, capture.headers, capture.header("Location")
    try:
        assert len(capture.content(_LIMIT)) <= _LIMIT
    except ArchiveError as error:
        one_line(str(error))


def one_line(words: str) -> None:
    """What is complained of is one line."""
    assert words
    assert "\n" not in words


_METHODS = {b"H": "HEAD", b"P": "POST"}
_TYPES = {b"x": "application/xml", b"h": "text/html; charset=latin-1", b"j": "application/json"}
_CODED = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xf3H\xcd\xc9\xc9\x07\x00\x82\x89\xd1\xf7\x05\x00\x00\x00"


def _own_file() -> bytes:
    folder = Path(tempfile.mkdtemp(prefix="pressmark-fuzz-"))
    writer = WarcWriter(folder, "w", {"software": "pressmark"}, 1 << 30)
    for number in (1, 2):
        writer.write(page(sequence=number))
    writer.finish()
    writer.release()
    return (folder / "w-00000.warc.gz").read_bytes()


def _seeds() -> dict[str, list[bytes]]:
    own = _own_file()
    foreign = (
        b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: <http://a.test/>\r\nWARC-Date: 2026-03-01T12:00:00Z\r\n"
        b"WARC-Record-ID: <urn:a>\r\nWARC-Payload-Digest: sha1:A\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    )
    answer = _HEAD + b"Content-Length: 2\r\n\r\nhi"
    records = [foreign % (kind, len(answer), answer) for kind in (b"request", b"response", b"revisit", b"metadata")]
    plain = gzip.decompress(own)
    return {
        "warc": [b"p" + own, b"p" + plain, b"g" + plain, b"m" + b"\n==\n".join(records), b"p" + b"".join(records)],
        "message": [b"G" + answer, b"H" + _HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;x\r\nhi\r\n0\r\n\r\n"],
        "coding": [name + b"\n-" + _CODED for name in (b"gzip", b"deflate, gzip", b"br", b"zstd")],
        "cdxj": [b'test,news)/ 20260301120000 {"url": "http://news.test/", "status": "200", "digest": "sha1:A"}\n'],
        "listing": [
            b"x<rss version='2.0'><channel><item><link>https://a.test/a-1</link></item></channel></rss>",
            b"x<urlset><url><loc>https://a.test/a-2</loc><lastmod>2026-03-01</lastmod></url></urlset>",
            b"x<?xml version='1.0'?><sitemapindex><sitemap><loc>https://a.test/s_1.xml</loc></sitemap></sitemapindex>",
            b'j{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "https://a.test/a-3"}]}',
            b"h<!doctype html><html><a href='/a-4'>A story of the lamp</a>",
            b"-User-agent: *\nSitemap: /sitemap.xml\n",
        ],
    }


READERS: dict[str, Callable[[bytes], None]] = {
    "warc": warc, "message": message, "coding": coding, "cdxj": cdxj, "listing": listing,
}  # fmt: skip


def main() -> None:
    """Fuzz one reader: its name, the corpus's folder, and libFuzzer's own options."""
    name, corpus, *options = sys.argv[1:]
    Path(corpus).mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_seeds()[name]):
        Path(corpus, f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], corpus, *options], READERS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
