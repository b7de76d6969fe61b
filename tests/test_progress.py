"""A crawl in a terminal shows how far it has come, below its log."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pyte

from newsroom import Answer, Newsroom
from newsroom.answers import in_turn
from newsroom.sites import open_newsroom
from tests.running import LOOPBACK, ROOT, crawl, scrapy

DEMO = ("-s", "SPIDER_MODULES=newsroom.outlets")
BAR = "━"
LINES = 60


def in_terminal(columns: int, *arguments: str, environment: dict[str, str]) -> tuple[str, list[str]]:
    """Run `scrapy` in a terminal: all that it wrote, and the lines that then stand there."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env={**inherited, "TERM": "xterm-256color", **environment},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    written = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    assert process.wait(timeout=60) == 0, written.decode()
    screen = pyte.Screen(columns, LINES)
    pyte.ByteStream(screen).feed(written)
    return written.decode(), [line.rstrip() for line in screen.display if line.strip()]


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:  # the last process that had it open is gone
        return b""


def crawl_in_terminal(archive: Path, *arguments: str, columns: int = 200) -> tuple[str, list[str]]:
    with open_newsroom() as newsroom:
        options = ("-s", f"ARCHIVE_DIR={archive}", *DEMO, *LOOPBACK, *arguments)
        return in_terminal(columns, "crawl", "demo-dw", *options, environment=newsroom.environment)


def test_the_bar_stands_below_a_whole_log(tmp_path: Path) -> None:
    written, lines = crawl_in_terminal(tmp_path, "-s", "STATS_DUMP=0")
    assert written.count(BAR) > 30
    assert re.fullmatch(rf"demo-dw {BAR}+ 7/7 12 pages · 6 articles · 6 new · in 0:\d\d:\d\d", lines[-1]), lines[-1]
    assert not [line for line in lines[:-1] if BAR in line]
    told = [line for line in lines if re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[\S+\] [A-Z]+: ", line)]
    assert len(told) > 4
    assert told[-1].endswith("[scrapy.core.engine] INFO: Spider closed (finished)")
    assert written.rstrip().endswith("\x1b[?25h")  # the cursor is shown again


def test_a_narrow_terminal_gets_one_line_without_the_bar(tmp_path: Path) -> None:
    _, lines = crawl_in_terminal(tmp_path, "--nolog", columns=60)
    assert re.fullmatch(r"7/7 12 pages · 6 articles · 6 new · in 0:\d\d:\d\d", "".join(lines))


def test_a_visit_tells_what_is_new(tmp_path: Path) -> None:
    crawl_in_terminal(tmp_path)
    _, lines = crawl_in_terminal(tmp_path, "--nolog")
    assert re.fullmatch(rf"demo-dw {BAR}+ 0/0 .* · 0 articles · 0 new · in 0:\d\d:\d\d", lines[-1]), lines[-1]


def test_pauses_and_the_time_to_go_are_told(tmp_path: Path) -> None:
    page = (ROOT / "tests" / "pages" / "upi-2018.html").read_bytes()
    pages: dict[str, bytes | Answer | Callable[..., Answer]] = {
        f"https://www.upi.com/News/2026/03/0{day}/a/12345{day}/": page for day in range(1, 7)
    }
    busy = Answer(status=429, headers=(("Retry-After", "3"),), body=b"")
    last = list(pages)[-1]
    pages[last] = in_turn(busy, Answer(headers=(("Content-Type", "text/html"),), body=page))
    options = ("-s", f"ARCHIVE_DIR={tmp_path}", *LOOPBACK, "-s", "DOWNLOAD_DELAY=0.3", "-a", f"urls={','.join(pages)}")
    with Newsroom.for_pages(pages) as newsroom:
        written, lines = in_terminal(150, "crawl", "upi", *options, "--nolog", environment=newsroom.environment)
    assert re.search(r"www\.upi\.com paused for \ds", written)
    assert re.search(r"\d\.\d/s · 0:00:\d\d to go", written)
    assert "6/6" in lines[-1]
    assert "new" not in lines[-1]  # nobody asked what earlier crawls hold


def test_a_replay_shows_the_bar_too(tmp_path: Path) -> None:
    with open_newsroom() as newsroom:
        folder = crawl(tmp_path, "demo-dw", *DEMO, environment=newsroom.environment)
    written, lines = in_terminal(100, "replay", str(folder), *DEMO, environment={})
    assert BAR in written
    assert lines[-1] == "the same: 6 articles"


def test_there_is_no_bar_where_nobody_sees_it(tmp_path: Path) -> None:
    with open_newsroom() as newsroom:
        options = ("-s", f"ARCHIVE_DIR={tmp_path}", *DEMO, *LOOPBACK)
        run = scrapy("crawl", "demo-dw", *options, environment=newsroom.environment)
    assert BAR not in run.stderr
    assert BAR not in crawl_in_terminal(tmp_path, "-s", "PROGRESS=0")[0]
