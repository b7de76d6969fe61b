"""ReplayWeb.page, which reads a WACZ in the reader's own browser, shows what we archived."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from urllib.parse import quote

import pytest

from archive.crawl import Crawl
from archive.records import read_records
from tests.judges.asking import HEADLESS, browser, surroundings, tool
from tests.judges.test_judges import pack

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def site(folders: list[Path], warcs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All our crawls, to be read in a browser."""
    return site_of(tmp_path_factory.mktemp("site"), folders, warcs)


def site_of(place: Path, folders: list[Path], warcs: list[Path]) -> Path:
    """A folder with all that a web server needs to offer these crawls for reading."""
    (place / "replay").mkdir()
    for name in ("ui.js", "sw.js"):
        shutil.copy(tool("replaywebpage", name), place / "replay")
    shutil.copy(Path(__file__).with_name("replaywebpage.html"), place / "index.html")
    pack(tool("wacz", "bin/wacz"), folders, warcs, place / "crawls.wacz")
    return place


def test_articles_are_shown(site: Path, folders: list[Path], tmp_path: Path) -> None:
    for number, folder in enumerate(folders[:-1]):
        article = next(Crawl.open(folder).articles())
        assert_shown(site, article["url"], article["text"].split("\n\n")[-1], tmp_path / str(number))


def test_a_revisit_is_shown_as_what_it_refers_to(site: Path, warcs: list[Path], tmp_path: Path) -> None:
    revisits = [record.url for record in read_records(warcs[-1]) if record.type == "revisit"]
    twin = next(url for url in revisits if "twin" in url)
    assert_shown(site, twin, "A page of the lab.", tmp_path / "twin")


def assert_shown(site: Path, url: str, words: str, profile: Path) -> None:
    """Open this URL of the WACZ in a browser until these words are to be seen; fail after three minutes."""
    with serve(site) as (address, told):
        page = f"{address}/index.html#{quote(url, safe='')}"
        process = subprocess.Popen(
            [browser(), *HEADLESS, "--remote-debugging-port=0", f"--user-data-dir={profile}", page],
            env=surroundings(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            end, shown = time.monotonic() + 180, ""
            while words not in shown and time.monotonic() < end:
                shown = " ".join(told.get(timeout=180).split())
        finally:
            process.terminate()
            process.wait(timeout=30)
    assert words in shown, url


@contextmanager
def serve(site: Path) -> Iterator[tuple[str, SimpleQueue[str]]]:
    """A web server for this folder: its address, and what the page tells it."""
    told: SimpleQueue[str] = SimpleQueue()

    class Handler(SimpleHTTPRequestHandler):
        def do_POST(self) -> None:
            told.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that Python gave it)
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=site)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", told
        server.shutdown()
