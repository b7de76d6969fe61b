"""A disk that answers EIO: the crawl stops with one clear line, and its folder resumes when the disk is well again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.crawl import Crawl
from newsroom.server import Newsroom
from tests.running import LOOPBACK, ROOT, scrapy
from tests.test_replay import URLS

pytestmark = pytest.mark.drill

RENAMES = "rename,renameat,renameat2"
WRITES = "write,pwrite64,writev,pwritev"


def failing(*arguments: str | Path, faults: tuple[str, ...], environment: dict[str, str]) -> str | None:
    """Run `scrapy` while the kernel answers as `faults` say (options of strace); the one line of its complaint.

    None where it has nothing to complain of.
    """
    tracer = shutil.which("strace") or pytest.skip("strace is not installed")
    if subprocess.run([tracer, "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    command = [tracer, "-f", "-q", "-o", os.devnull, *faults, sys.executable, "-m", "scrapy"]
    run = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in run.stderr
    lines = [line for line in run.stderr.splitlines() if line.startswith("pressmark: ")]
    assert (run.returncode, len(lines)) in ((1, 1), (0, 0)), run.stderr
    return lines[0] if lines else None


def whole_again(folder: Path, newsroom: Newsroom) -> None:
    """The crawl is resumed on a disk that is well, and has everything."""
    run = scrapy("resume", folder, *LOOPBACK, environment=newsroom.environment)
    assert run.returncode == 0, run.stderr
    crawl = Crawl.open(folder)
    assert crawl.status == "finished"
    assert {capture.url for capture in crawl.captures() if capture.purpose == "article"} == set(URLS)
    assert len(list(crawl.articles())) == len(URLS)
    for command in ("verify", "replay"):
        assert scrapy(command, folder).returncode == 0


def crawl(tmp_path: Path, newsroom: Newsroom, *faults: str, delay: float = 0) -> str | None:
    """What a crawl complains of that meets these faults."""
    given = (
        "-a",
        f"urls={','.join(URLS)}",
        "-s",
        f"ARCHIVE_DIR={tmp_path}",
        *LOOPBACK,
        "-s",
        f"DOWNLOAD_DELAY={delay}",
    )
    return failing("crawl", "site", *given, faults=faults, environment=newsroom.environment)


def folder_in(tmp_path: Path) -> Path:
    (folder,) = tmp_path.glob("crawls/site/*")
    return folder


def begun(tmp_path: Path, newsroom: Newsroom) -> Path:
    """The folder of a crawl of some seconds that could not be synced after one."""
    line = crawl(
        tmp_path, newsroom, "-e", "inject=fdatasync:error=EIO:when=2+", delay=3
    )  # a half to one and a half of that between two pages
    assert line is not None
    assert "cannot be written: Input/output error; what was recorded before it is whole; " in line
    return folder_in(tmp_path)


def test_a_sync_that_fails_stops_the_crawl(tmp_path: Path) -> None:
    with Newsroom.for_pages(URLS) as newsroom:
        whole_again(begun(tmp_path, newsroom), newsroom)


@pytest.mark.parametrize("undone", [True, False], ids=["undone", "left torn"])
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_write_that_fails_stops_the_crawl(tmp_path: Path, error: str, undone: bool) -> None:
    """Also where what was written of it cannot be cut off again."""
    with Newsroom.for_pages(URLS) as newsroom:
        folder = begun(tmp_path, newsroom)
        (first,) = folder.glob("*-00000.warc.gz.open")
        second = first.with_name(first.name.replace("-00000.", "-00001."))  # what a resumed crawl writes
        faults = ["-P", str(second), "-e", f"inject={WRITES}:error={error}:when=3+"]
        faults += [] if undone else ["-e", f"inject=ftruncate:error={error}"]
        line = failing("resume", folder, *LOOPBACK, faults=tuple(faults), environment=newsroom.environment)
        assert line is not None
        assert second.name in line
        assert ("Input/output error" if error == "EIO" else "No space left on device") in line
        assert second.exists()
        whole_again(folder, newsroom)


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("call", ["fdatasync", "fsync", RENAMES])
def test_whichever_file_it_is_that_cannot_be_synced_or_named(tmp_path: Path, call: str, number: int) -> None:
    """From the first file to the last that is made at the end; a crawl that makes fewer of them has nothing to say."""
    with Newsroom.for_pages(URLS) as newsroom:
        line = crawl(tmp_path, newsroom, "-e", f"inject={call}:error=EIO:when={number}")
        assert line is None or "Input/output error" in line
        for folder in tmp_path.glob("crawls/site/*"):  # none where not even a first record could be written
            whole_again(folder, newsroom)
