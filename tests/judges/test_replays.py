"""Other people's replay software shows what we archived: pywb, a browser, ReplayWeb.page."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from tests.judges.asking import ask, browser, serving, surroundings, tool
from tests.judges.test_judges import pack

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def wayback(folders: list[Path], warcs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a pywb that serves all crawls as collection `c`, by the indexes that we wrote."""
    place = tmp_path_factory.mktemp("pywb")
    manager = tool("pywb", "bin/wb-manager")
    for command in (("init", "c"), ("add", "c", *warcs)):
        done = ask(manager, *command, cwd=place)
        assert done.returncode == 0, done.stderr
    ours = sorted(line for folder in folders for line in (folder / "index.cdxj").read_text("utf-8").splitlines())
    theirs = place / "collections" / "c" / "indexes" / "index.cdxj"
    assert theirs.read_text("utf-8").splitlines() == sorted(line.replace('"sha1:', '"') for line in ours)
    theirs.write_text("".join(f"{line}\n" for line in ours), "utf-8")
    (place / "config.yaml").write_text("framed_replay: false\n", "utf-8")  # the page itself, no frame around it
    with serving(tool("pywb", "bin/wayback"), "-b", "127.0.0.1", cwd=place) as port:
        yield port


def captures(folders: list[Path]) -> list[Capture]:
    """What HTTP can serve again: responses with a status, and alone in their second, which is as fine as pywb asks."""
    every = [capture for folder in folders for capture in Crawl.open(folder).captures() if capture.status]
    alone = Counter((capture.url, f"{capture.started:%Y%m%d%H%M%S}") for capture in every)
    return [capture for capture in every if alone[capture.url, f"{capture.started:%Y%m%d%H%M%S}"] == 1]


def test_pywb_serves_every_response_raw(wayback: int, folders: list[Path]) -> None:
    served = captures(folders)
    assert len(served) > 80
    for capture in served:
        status, body = replayed(wayback, capture)
        expected = capture.body
        if "/chunked-ext" in capture.url:  # warcio's reader takes no trailers: it hands them on as content
            expected += b"0\r\nLate: yes\r\n\r\n"
        assert (status, body) == (capture.status, expected), capture.url


def replayed(port: int, capture: Capture) -> tuple[int, bytes]:
    """Status and body as pywb has them, its content encoding untouched; of a torn body, what there is."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Accept-Encoding": "gzip, deflate, br", "Connection": "close"}
    connection.request(capture.method, f"/c/{capture.started:%Y%m%d%H%M%S}id_/{capture.url}", headers=headers)
    response = connection.getresponse()
    try:
        return response.status, body_of(response)
    finally:
        connection.close()


def body_of(response: HTTPResponse) -> bytes:
    try:
        return response.read()
    except IncompleteRead as torn:
        return torn.partial


def test_pywb_serves_every_article_as_a_page(wayback: int, folders: list[Path]) -> None:
    for folder in folders:
        for article in Crawl.open(folder).articles():
            connection = HTTPConnection("127.0.0.1", wayback, timeout=30)
            connection.request("GET", f"/c/2026mp_/{quote(article['url'], safe=':/?&=%')}")
            response = connection.getresponse()
            body = response.read().decode(errors="replace")
            assert response.status in (200, 307), article["url"]
            assert response.status == 307 or "wombat" in body
            connection.close()
