"""How fast the archive writes, verifies and looks up, beside warcio and beside what the work alone must cost.

    python -m benchmarks.archive [--megabytes N]

Prints a table of ratios; CPU seconds of this process, the best of three. Pages are the real ones of
`../shared/data` beside the checkout where they are there, cut and shuffled, else text of our own.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.capture import Capture
from archive.compression import gzip_reader
from archive.crawl import Crawl, Exchange
from archive.records import read_records
from archive.verify import verify

PAGES = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "pages"
STARTED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GIGABYTE = 1 << 30

T = TypeVar("T")


def main() -> None:
    """Run everything once."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=260, help="of pages that are written and verified")
    parser.add_argument("--lookup-gigabytes", type=float, default=1.0, help="size of the WARC that is looked up in")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pressmark-bench-"))
    try:
        print(f"{'':44} {'here':>12} {'beside':>12} {'ratio':>8} {'wanted':>10}")
        real, size = real_texts() or [own_text()], given.megabytes << 20
        for name, pages in (
            ("whole pages", some_pages(size, real, None)),
            ("20-100 KB pages", some_pages(size, real, (20_000, 100_000))),
            ("gzip bodies", some_pages(size, real, None, coded=True)),
            ("words", some_pages(size, [own_text()], (20_000, 100_000))),
        ):
            compared(folder / name, name, list(pages))
        for name, length in (("60 KB", 60_000), ("20 KB", 20_000), ("2 KB", 2000)):
            pages = some_pages(min(size, length << 10), real, (length, length + 1))
            checked(written(folder / name, list(pages)), f"pages of {name}")
        looking_up(folder, int(given.lookup_gigabytes * GIGABYTE))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"peak memory of all this: {peak} MB")
    finally:
        shutil.rmtree(folder)


def row(what: str, here: str, beside: str, ratio: str, wanted: str) -> None:
    """Print one line of the table."""
    print(f"{what:44} {here:>12} {beside:>12} {ratio:>8} {wanted:>10}", flush=True)


def compared(folder: Path, name: str, pages: list[Capture]) -> None:
    """Write the same exchanges with pressmark and with warcio; then verify and read."""
    folder.mkdir()
    warcio = folder / "warcio.warc.gz"
    crawls = [timed(partial(written, folder / str(run), pages)) for run in range(3)]
    ours, crawl = min(crawls, key=lambda one: one[0])
    theirs, _ = min(timed(lambda: written_by_warcio(warcio, pages)) for _ in range(2))
    here, beside = sum(path.stat().st_size for path in crawl.warcs()), warcio.stat().st_size
    row(f"write {name}, CPU s (warcio gzip=True)", f"{ours:.2f}", f"{theirs:.2f}", f"{theirs / ours:.1f}x", ">= 5x")
    row(f"write {name}, MB", f"{here / 1e6:.1f}", f"{beside / 1e6:.1f}", f"{here / beside - 1:+.1%}", "<= +6%")
    checked(crawl, name)


def checked(crawl: Crawl, name: str) -> None:
    """Verify and read a crawl."""
    blocks = sum(len(record.as_bytes()) for path in crawl.warcs() for record in read_records(path))
    seconds, damage = min(timed(lambda: list(verify(crawl.folder))) for _ in range(3))
    assert not damage
    row(f"verify {name}, MB/s of records", f"{blocks / seconds / 1e6:.0f}", "", "", ">= 200")
    seconds, _ = min(timed(lambda: sum(1 for _ in crawl.captures())) for _ in range(3))
    row(f"read {name}, MB/s of records", f"{blocks / seconds / 1e6:.0f}", "", "", "")


def written(folder: Path, pages: list[Capture]) -> Crawl:
    """A crawl of these pages."""
    crawl = Crawl.create(folder, outlet="bench", started=STARTED, description={}, max_size=GIGABYTE)
    for page in pages:
        crawl.write(page)
    crawl.close("finished", {}, STARTED)
    return crawl


def written_by_warcio(path: Path, pages: list[Capture]) -> None:
    """The same exchanges as request, response and metadata records, by warcio's own writer."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for page in pages:
            for record in warcio_records(writer, page):
                writer.write_record(record)


def warcio_records(writer: WARCWriter, page: Capture) -> Iterator[object]:
    """What warcio is given of an exchange."""
    ok = StatusAndHeaders("200 OK", list(page.headers), protocol="HTTP/1.1")
    get = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.test")], is_http_request=True)
    note = BytesIO(b"sequence: 1\r\nattempt: 1\r\nmethod: GET\r\n")
    yield writer.create_warc_record(page.url, "request", http_headers=get)
    yield writer.create_warc_record(page.url, "response", payload=BytesIO(page.body), http_headers=ok)
    yield writer.create_warc_record(page.url, "metadata", payload=note, warc_content_type="application/warc-fields")


def looking_up(folder: Path, size: int) -> None:
    """Load single exchanges out of one large WARC file, and beside it read and inflate the same bytes."""
    crawl = Crawl.create(folder / "lookup", outlet="bench", started=STARTED, description={}, max_size=size * 2)
    chance = random.Random(7)
    kept = list(some_pages(64 << 20, real_texts() or [own_text()], (20_000, 100_000)))
    while crawl.warcs()[0].stat().st_size < size:
        page = chance.choice(kept)
        crawl.write(replace(page, response=page.response + chance.randbytes(16)))
    crawl.close("finished", {}, STARTED)
    exchanges = chance.sample(list(crawl.exchanges()), 1000)
    path = crawl.warcs()[0]
    ours, _ = min(timed(lambda: [len(crawl.load(one).response) for one in exchanges]) for _ in range(3))
    bare, _ = min(timed(lambda: [inflated(path, one) for one in exchanges]) for _ in range(3))
    size_of = f"lookup in {path.stat().st_size / 1e9:.2f} GB, us"
    row(f"{size_of} (beside: pread, inflate)", f"{ours * 1e3:.0f}", f"{bare * 1e3:.0f}", f"{ours / bare:.2f}x", "< 2x")


def inflated(path: Path, exchange: Exchange) -> int:
    """The least that a lookup must do."""
    file = os.open(path, os.O_RDONLY)
    raw, size = os.pread(file, exchange.length, exchange.offset), 0
    os.close(file)
    while raw:
        reader = gzip_reader()
        size += len(reader.decompress(raw))
        raw = reader.unused_data
    return size


def some_pages(
    size: int, texts: list[bytes], lengths: tuple[int, int] | None, *, coded: bool = False
) -> Iterator[Capture]:
    """Pages cut to these lengths, or whole, each another, `size` bytes in all; with `coded`, as a server packs them."""
    chance = random.Random(7)
    number = 0
    while size > 0:
        text = chance.choice(texts)
        length = chance.randrange(*lengths) if lengths else len(text)
        start = chance.randrange(max(1, len(text) - length))
        number += 1
        body = b"<!-- %d -->" % number + text[start : start + length]
        size -= len(body)
        how, body = (b"Content-Encoding: gzip\r\n", gzip.compress(body, 6)) if coded else (b"", body)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%sContent-Length: %d\r\n\r\n" % (how, len(body))
        request = b"GET /%d HTTP/1.1\r\nHost: news.test\r\n\r\n" % number
        yield Capture(url=f"https://news.test/{number}", started=STARTED, request=request, response=head + body)


def real_texts() -> list[bytes]:
    """The real pages of 20 KB or more, as they are."""
    pages = (gzip.decompress(path.read_bytes()) for path in sorted(PAGES.rglob("*.html.gz")))
    return [page for page in pages if len(page) > 20_000]


def own_text() -> bytes:
    """Markup of invented words, about as compressible as a news page."""
    chance = random.Random(7)
    words = [bytes(chance.choices(b"abcdefghijklmnopqrstuvwxyz", k=chance.randrange(2, 10))) for _ in range(4000)]
    lines = (b" ".join(chance.choices(words, k=12)) for _ in range(20_000))
    return b"\n".join(b'<p class="article__text">' + line + b"</p>" for line in lines)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds, and what came of it."""
    before = time.process_time()
    outcome = work()
    return time.process_time() - before, outcome


if __name__ == "__main__":
    main()
