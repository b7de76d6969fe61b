"""WARC files that other tools have really written, of our own pages on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.reading import read_captures
from archive.records import read_records
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.running import scrapy
from tests.test_foreign import extracted
from tests.test_replay import URLS

HTML = (("Content-Type", "text/html; charset=utf-8"),)
MOVED, TWIN, GONE = (f"http://www.lamp.test/{name}" for name in ("moved", "twin", "gone"))


def wget(folder: Path, *options: str, times: int = 1) -> None:
    """Archive the lamp's pages, one of them in chunks, one under a second URL, one that moved and one that is gone."""
    program = shutil.which("wget")
    if program is None:
        pytest.skip("wget is not installed")
    first, second, *_ = URLS
    pages: dict[str, Answer] = {url: Answer(headers=HTML, body=page) for url, page in URLS.items()}
    pages[second] = Answer(headers=HTML, body=URLS[second], chunk=512)
    pages[MOVED] = Answer(status=301, headers=(("Location", first.replace("https", "http")),))
    pages[TWIN] = Answer(headers=HTML, body=URLS[first])
    with Newsroom.for_pages(pages) as newsroom:
        for number in range(times):
            known = [f"--warc-dedup={folder / 'theirs0.cdx'}"] if number else []
            given = ("-q", "--tries=1", "-O", os.devnull, f"--ca-certificate={newsroom.certificate}")
            subprocess.run(
                [
                    program,
                    *given,
                    f"--warc-file={folder / f'theirs{number}'}",
                    *options,
                    *known,
                    *URLS,
                    MOVED,
                    TWIN,
                    GONE,
                ],
                env={**os.environ, **newsroom.environment},
                check=False,  # one page is gone
                timeout=60,
            )


def read(path: Path) -> dict[str, Capture]:
    return {one.url: one for one in read_captures(path)}


def assert_whole(captures: dict[str, Capture]) -> None:
    for url, page in [*URLS.items(), (TWIN, next(iter(URLS.values())))]:
        assert (captures[url].status, captures[url].truncated) == (200, None)
        assert captures[url].body == page
        assert captures[url].request.startswith(b"GET ")
    assert (captures[MOVED].status, captures[GONE].status) == (301, 404)


@pytest.mark.parametrize("options", [[], ["--no-warc-compression"], ["--no-warc-digests"]], ids=" ".join)
def test_wgets_files_are_read(tmp_path: Path, options: list[str]) -> None:
    wget(tmp_path, *options)
    (warc,) = tmp_path.glob("theirs0.warc*")
    kinds = {record.type for record in read_records(warc)}
    assert kinds == {"warcinfo", "request", "response", "metadata", "resource"}
    assert_whole(read(warc))
    articles, said = extracted(warc, tmp_path)
    assert (said, {article["url"] for article in articles} >= {*URLS, TWIN}) == ("", True)
    assert scrapy("verify", tmp_path).stdout == ""


def test_wgets_files_in_parts_are_read_together(tmp_path: Path) -> None:
    wget(tmp_path, "--warc-max-size=4k")
    paths = sorted(tmp_path.glob("theirs0*.warc.gz"))
    assert len(paths) > 2
    articles, said = extracted(tmp_path, tmp_path)
    assert (said, {article["url"] for article in articles} >= {*URLS, TWIN}) == ("", True)


def test_wgets_revisits_find_their_originals(tmp_path: Path) -> None:
    wget(tmp_path, "--warc-cdx", times=2)
    again = tmp_path / "theirs1.warc.gz"
    assert [record.type for record in read_records(again)].count("revisit") > 3
    assert_whole(read(again))
    assert len(extracted(again, tmp_path)[0]) > len(URLS)
    (tmp_path / "theirs0.warc.gz").unlink()
    articles, said = extracted(again, tmp_path)
    assert "repeat a page that none of the files here holds" in said
    assert len(articles) < len(URLS)
