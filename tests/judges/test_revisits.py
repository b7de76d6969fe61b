"""Readers of web archives find what a revisit stands for: in its crawl, in an earlier one, and behind a bare 304."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from archive.elsewhere import known_originals
from archive.records import read_records
from tests.judges.asking import ask, serving, tool
from tests.judges.test_judges import warcio_complaint
from tests.judges.test_pywb import get
from tests.judges.test_replaywebpage import assert_shown, site_of
from tests.running import scrapy

pytestmark = pytest.mark.drill

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAGE = (
    b"<!doctype html><html><head><title>Lamp</title></head><body><p>The keepers meet again in spring.</p></body></html>"
)
ONE, TWIN = "http://www.lamp.test/one", "http://www.lamp.test/twin"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'


def fetched(url: str, response: bytes, seconds: int) -> Capture:
    request = b"GET /%b HTTP/1.1\r\nHost: www.lamp.test\r\n\r\n" % url.rpartition("/")[2].encode()
    moment = NOON + timedelta(seconds=seconds)
    return Capture(url=url, started=moment, request=request, response=response, ip="192.0.2.7", protocols=("http/1.1",))


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, list[Capture]]]:
    """Two crawls of one outlet; the second may refer to what the first holds."""
    root = tmp_path_factory.mktemp("revisits")
    made = []
    for hour, captures in enumerate(
        (
            [fetched(ONE, OK, 0), fetched(ONE, UNCHANGED, 10), fetched(TWIN, OK, 20)],
            [fetched(ONE, UNCHANGED, 3600), fetched(ONE, OK, 3610)],
        )
    ):
        started = NOON + timedelta(hours=hour)
        originals = known_originals(root / "crawls" / "lamp")
        crawl = Crawl.create(
            root, outlet="lamp", started=started, description={}, max_size=1 << 30, originals=originals
        )
        written = [crawl.write(capture) for capture in captures]
        crawl.close("finished", {}, started)
        made.append((crawl.folder, written))
    return made


def warcs_of(crawls: list[tuple[Path, list[Capture]]]) -> list[Path]:
    return [warc for folder, _ in crawls for warc in sorted(folder.glob("*.warc.gz"))]


def test_they_are_revisits(crawls: list[tuple[Path, list[Capture]]]) -> None:
    kinds = [
        (record.type, (record.header("WARC-Profile") or "").rpartition("/")[2])
        for warc in warcs_of(crawls)
        for record in read_records(warc)
        if record.type in ("response", "revisit")
    ]
    unchanged, same = ("revisit", "server-not-modified"), ("revisit", "identical-payload-digest")
    assert kinds == [("response", ""), unchanged, same, unchanged, same]
    assert [warcio_complaint(warc) for warc in warcs_of(crawls)] == ["", ""]


def test_cdxj_indexer_computes_our_index(crawls: list[tuple[Path, list[Capture]]]) -> None:
    for folder, _ in crawls:
        index = ask(tool("cdxj-indexer", "bin/cdxj-indexer"), "--sort", *sorted(folder.glob("*.warc.gz")))
        assert index.stdout == (folder / "index.cdxj").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wayback(crawls: list[tuple[Path, list[Capture]]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a pywb that has both folders."""
    place = tmp_path_factory.mktemp("pywb")
    manager = tool("pywb", "bin/wb-manager")
    for done in (ask(manager, "init", "c", cwd=place), ask(manager, "add", "c", *warcs_of(crawls), cwd=place)):
        assert done.returncode == 0, done.stderr
    ours = sorted(line for folder, _ in crawls for line in (folder / "index.cdxj").read_text("utf-8").splitlines(True))
    (place / "collections" / "c" / "indexes" / "index.cdxj").write_text("".join(ours), "utf-8")
    with serving(tool("pywb", "bin/wayback"), "-b", "127.0.0.1", cwd=place) as port:
        yield port


def test_pywb_resolves_revisits_and_hands_a_304_on_as_it_came(
    wayback: int, crawls: list[tuple[Path, list[Capture]]]
) -> None:
    for _, captures in crawls:
        for capture in captures:
            answer = get(wayback, f"/c/{capture.started:%Y%m%d%H%M%S}id_/{capture.url}")
            assert answer == ((200, PAGE) if capture.status == 200 else (304, b""))


def test_replaywebpage_resolves_revisits(crawls: list[tuple[Path, list[Capture]]], tmp_path: Path) -> None:
    """The page under both its names; the latest of the one stands in the second crawl, its body in the first.

    A 304 is shown for what it is, an empty page, if that is the one that is asked for.
    """
    (tmp_path / "site").mkdir()
    site = site_of(tmp_path / "site", [folder for folder, _ in crawls], warcs_of(crawls))
    for url in (ONE, TWIN):
        assert_shown(site, url, "The keepers meet again in spring.", tmp_path / url.rpartition("/")[2])


def test_extract_and_replay_read_what_stands_in_another_folder(crawls: list[tuple[Path, list[Capture]]]) -> None:
    for folder, captures in crawls:
        assert [one.body for one in Crawl.open(folder).captures()] == [one.body for one in captures]
        assert scrapy("verify", folder).returncode == 0
    first, second = (folder for folder, _ in crawls)
    assert Crawl.open(second).manifest["needs"] == [f"../{first.name}"]
