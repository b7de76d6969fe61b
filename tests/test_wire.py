"""What the recording door keeps is what went over the wire, byte for byte.

When an upgrade of Scrapy or Twisted breaks this file, a private name that crawler/wire.py holds on to
has moved: the pool's `_factory`, `_LenientHTTP11ClientProtocol`, `HTTP11ClientProtocol._finishResponse`
or `_RetryingHTTP11ClientProtocol._newConnection`.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from newsroom.server import Newsroom
from tests.lab import PAGE, SCRIPTS, Logged, lab
from tests.running import crawl, scrapy
from tests.test_replay import URLS

LAB = ("-s", "SPIDER_MODULES=tests.lab_spiders", "-s", "DOWNLOAD_TIMEOUT=1.5", "-s", "DOWNLOAD_MAXSIZE=60000")
# Where we hung up before it was over, and where more was sent than the message is long.
ENDED_EARLIER = {"/too-long", "/too-short", "/huge-header"}
DEAD = "http://127.0.0.1:9/refused"
UNKNOWN = "http://no-such-host.invalid/"


def targets(url: str, names: list[str]) -> str:
    return ",".join(f"{url}{name}" for name in names)


def by_target(captures: list[Capture]) -> dict[str, list[Capture]]:
    grouped = defaultdict(list)
    for capture in captures:
        parts = urlsplit(capture.url)
        grouped[f"{parts.path}?{parts.query}" if parts.query else parts.path].append(capture)
    return grouped


def after_interim(logged: Logged) -> bytes:
    sent = bytes(logged.sent)
    while sent.startswith((b"HTTP/1.1 102", b"HTTP/1.1 103")):
        sent = sent.partition(b"\r\n\r\n")[2]
    return sent


@pytest.mark.parametrize("concurrency", [1, 16])
@pytest.mark.parametrize("spider", ["lab", "failing"])
def test_every_block_equals_the_wire_and_a_replay_of_the_whole_lab_is_the_same(
    tmp_path: Path, concurrency: int, spider: str
) -> None:
    with lab() as server:
        urls = f"{targets(server.url, list(SCRIPTS))},{DEAD},{UNKNOWN}"
        settings = ("-s", f"CONCURRENT_REQUESTS={concurrency}", *LAB, "-s", "RETRY_TIMES=1")
        folder = crawl(tmp_path, spider, "-a", f"urls={urls}", *settings)
        wire = defaultdict(list)
        for logged in server.exchanges:
            wire[logged.target].append(logged)
    kept = by_target([capture for capture in Crawl.open(folder).captures() if capture.url.startswith(server.url)])
    check_blocks(kept, wire)
    if spider == "lab":
        replay = scrapy("replay", folder, "-s", "SPIDER_MODULES=tests.lab_spiders")
        assert (replay.returncode, replay.stderr) == (0, ""), replay.stdout + replay.stderr
        assert "the same" in replay.stdout


def check_blocks(kept: dict[str, list[Capture]], wire: dict[str, list[Logged]]) -> None:
    """What is kept of each target is what went over the wire."""
    # A request that met a kept-alive connection just closed was sent again on a new one, and is one exchange.
    assert {target: sum(capture.sends for capture in found) for target, found in kept.items()} == {
        target: len(found) for target, found in wire.items()
    }
    for target, exchanges in wire.items():
        assert {capture.request for capture in kept[target]} == {one.received for one in exchanges}, target
        if target in ENDED_EARLIER:
            assert all(after_interim(exchanges[0]).startswith(capture.response) for capture in kept[target])
            continue
        answers = sorted(map(after_interim, exchanges))
        assert sorted(capture.response for capture in kept[target]) == answers[: len(kept[target])], target
    (hints,) = kept["/early-hints"]
    assert hints.interim == SCRIPTS["/early-hints"][0][0] + b"HTTP/1.1 102 Processing\r\n\r\n"  # type: ignore[operator]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_block_equals_the_wire_through_a_proxy(tmp_path: Path, scheme: str) -> None:
    """Plain requests go to the proxy whole, with the URL in their first line; TLS goes through CONNECT."""
    urls = [url.replace("https:", f"{scheme}:") for url in URLS]
    with Newsroom.for_pages(dict(zip(urls, URLS.values(), strict=True))) as newsroom:
        folder = crawl(tmp_path, "site", "-a", f"urls={','.join(urls)}", environment=newsroom.environment)
        wire = {one.request.url: (one.request.raw, one.sent) for one in newsroom.log}
    captures = list(Crawl.open(folder).captures())
    assert {capture.url: (capture.request, capture.response) for capture in captures} == wire
    assert {capture.ip for capture in captures} == {None}
    if scheme == "https":
        assert {capture.protocols for capture in captures} == {("http/1.1", "tls/1.3")}
        assert all(capture.cipher for capture in captures)


def test_errors_stand_in_the_archive(tmp_path: Path) -> None:
    names = ["/truncated", "/reset", "/hang-up", "/stall", "/too-long", "/garbage", "/plain"]
    with lab() as server:
        urls = f"{targets(server.url, names)},{DEAD},{UNKNOWN}"
        folder = crawl(tmp_path, "lab", "-a", f"urls={urls}", *LAB, "-s", "RETRY_ENABLED=0")
    pages = [capture for capture in Crawl.open(folder).captures() if capture.purpose == "article"]
    kept = {target: found[0] for target, found in by_target(pages).items()}
    assert {target: capture.truncated for target, capture in kept.items() if capture.truncated} == {
        "/truncated": "disconnect",
        "/reset": "disconnect",
        "/stall": "time",
        "/too-long": "length",
        "/garbage": "disconnect",
    }
    errors = {target: (capture.error or "").rpartition(".")[2] for target, capture in kept.items() if capture.error}
    assert errors.pop("/reset") in {"ResponseDataLossError", "DownloadFailedError"}  # which of both, the kernel decides
    assert errors == {
        "/truncated": "ResponseDataLossError",
        "/hang-up": "DownloadFailedError",
        "/stall": "DownloadTimeoutError",
        "/too-long": "DownloadCancelledError",
        "/garbage": "DownloadFailedError",
        "/refused": "DownloadConnectionRefusedError",
        "/": "CannotResolveHostError",
    }
    assert kept["/plain"].response.endswith(PAGE)


def test_attempts_and_the_way_there_are_kept(tmp_path: Path) -> None:
    with lab() as server:
        folder = crawl(tmp_path, "lab", "-a", f"urls={targets(server.url, ['/flaky', '/moved'])}", *LAB)
        base = server.url
    kept = by_target(list(Crawl.open(folder).captures()))
    assert [(capture.attempt, capture.status) for capture in kept["/flaky"]] == [(1, 503), (2, 200)]
    assert kept["/moved"][0].via == "urls"
    assert kept["/plain?from=301"][0].via == f"{base}/moved"
    sequences = sorted(capture.sequence for captures in kept.values() for capture in captures)
    assert sequences == list(range(1, len(sequences) + 1))
