"""pywb, which serves web archives to their readers, shows what we archived; and so does a browser in front of it."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any

import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from tests.judges.asking import HEADLESS, ask, browser, serving, tool

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def wayback(folders: list[Path], warcs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a pywb that serves all crawls as collection `c`, by the indexes that we wrote."""
    place = tmp_path_factory.mktemp("pywb")
    manager = tool("pywb", "bin/wb-manager")
    for done in (ask(manager, "init", "c", cwd=place), ask(manager, "add", "c", *warcs, cwd=place)):
        assert done.returncode == 0, done.stderr
    ours = sorted(line for folder in folders for line in (folder / "index.cdxj").read_text("utf-8").splitlines(True))
    index = place / "collections" / "c" / "indexes" / "index.cdxj"
    assert len(index.read_text("utf-8").splitlines()) == len(ours)
    index.write_text("".join(ours), "utf-8")
    (place / "config.yaml").write_text("framed_replay: false\n", "utf-8")  # the page itself, no frame around it
    with serving(tool("pywb", "bin/wayback"), "-b", "127.0.0.1", cwd=place) as port:
        yield port


def captures(folders: list[Path]) -> list[Capture]:
    """What can be asked for: got with a status (a POST only by an index of its body), and alone in its second."""
    every = [one for folder in folders for one in Crawl.open(folder).captures() if one.status and one.method != "POST"]
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


def test_pywb_serves_every_article_as_a_page(wayback: int, folders: list[Path]) -> None:
    for article in (article for folder in folders[:-1] for article in Crawl.open(folder).articles()):
        status, body = get(wayback, f"/c/{moment(article)}mp_/{article['url']}")
        assert status == 200, article["url"]
        assert article["title"] in html.unescape(body.decode()), article["url"]


def test_a_browser_shows_replayed_articles(wayback: int, folders: list[Path], tmp_path: Path) -> None:
    one_each = [next(Crawl.open(folder).articles()) for folder in folders[:-1]]
    for article in one_each:
        page = f"http://127.0.0.1:{wayback}/c/{moment(article)}mp_/{article['url']}"
        shown = ask(browser(), *HEADLESS, f"--user-data-dir={tmp_path}", "--dump-dom", page)
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", shown.stdout)).split())
        assert article["title"] in words, shown.stderr
        assert article["text"].split("\n\n")[-1] in words


def moment(article: dict[str, Any]) -> str:
    """When an article was captured, as wayback URLs say it."""
    return "".join(filter(str.isdigit, article["captured"]))[:14]


def replayed(port: int, capture: Capture) -> tuple[int, bytes]:
    """Status and body as pywb has them, its content encoding untouched."""
    return get(port, f"/c/{capture.started:%Y%m%d%H%M%S}id_/{capture.url}", capture.method)


def get(port: int, target: str, method: str = "GET") -> tuple[int, bytes]:
    """Status and body; of a torn body, what there is."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, target, headers={"Accept-Encoding": "gzip, deflate, br", "Connection": "close"})
        response = connection.getresponse()
        try:
            return response.status, response.read()
        except IncompleteRead as torn:
            return response.status, torn.partial
