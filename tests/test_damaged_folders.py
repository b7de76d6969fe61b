"""A crawl folder whose WARC file is not what was written: each command says so, and none reads on blindly."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.records import read_records
from newsroom.server import Newsroom
from tests.running import LOOPBACK, scrapy
from tests.test_replay import URLS, recorded

__all__ = ["recorded"]

Members = list[bytes]  # warcinfo; three records of robots.txt; three of each of four pages; the closing record

DAMAGES: dict[str, Callable[[Members], bytes]] = {
    "torn": lambda members: b"".join(members)[:5000],
    "cut between exchanges": lambda members: b"".join(members[:7]),
    "ending in zeros": lambda members: b"".join(members)[:5000] + bytes(4000),
    "zeros in the middle": lambda members: b"".join(members)[:5000] + bytes(200) + b"".join(members)[5200:],
    "zeros alone": lambda _: bytes(9000),
    "exchanges in another order": lambda members: b"".join([members[0], *members[4:7], *members[1:4], *members[7:]]),
    "an exchange missing": lambda members: b"".join([*members[:4], *members[7:]]),
    "records in another order": lambda members: b"".join([members[0], members[2], members[1], *members[3:]]),
    "twice": lambda members: b"".join(members) * 2,
    "followed by something else": lambda members: b"".join(members) + b"<html>",
    "a web page": lambda _: b"<!doctype html><p>Gulls",
    "an ARC file": lambda _: b"filedesc://x.arc 0.0.0.0 20090101000000 text/plain 9\n",
    "empty": lambda _: b"",
    "something else in gzip": lambda _: gzip.compress(b"hello"),
}


REPEATED = ("twice", "exchanges in another order", "an exchange missing")  # no kill and no power cut leaves such a file


def damaged(recorded: Path, folder: Path, damage: str) -> Path:
    """A copy of the crawl with another WARC file in place of its own; that file."""
    shutil.copytree(recorded, folder)
    (warc,) = folder.glob("*.warc.gz")
    raw = warc.read_bytes()
    members = [raw[record.offset : record.offset + (record.length or 0)] for record in read_records(warc)]
    warc.write_bytes(DAMAGES[damage](members))
    return warc


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_command_takes_a_damaged_folder_for_whole(recorded: Path, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / recorded.name
    warc = damaged(recorded, folder, damage)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    verified = scrapy("verify", folder)
    assert verified.returncode == 1
    assert str(warc) in verified.stdout
    for command, status in (("replay", 2), ("extract", 1)):
        run = scrapy(command, folder)
        assert (run.returncode, run.stderr.count("\n")) == (status, 1), run.stderr
        assert run.stderr.startswith("pressmark: ")
        assert warc.name in run.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before  # reading changes nothing


@pytest.mark.drill
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("growing", [False, True], ids=["closed", "killed"])
def test_rebuild_and_resume_do_their_work_or_say_why_not(
    recorded: Path, tmp_path: Path, damage: str, growing: bool
) -> None:
    for command in ("rebuild", "resume"):
        folder = tmp_path / command / recorded.name
        warc = damaged(recorded, folder, damage)
        if growing:
            warc.rename(f"{warc}.open")
            manifest = folder / "crawl.json"
            manifest.write_text(manifest.read_text("utf-8").replace('"finished"', '"running"'), "utf-8")
        with Newsroom.for_pages(URLS) as newsroom:
            run = scrapy(command, folder, *LOOPBACK, "-s", "LOG_LEVEL=CRITICAL", environment=newsroom.environment)
        assert "Traceback" not in run.stdout + run.stderr
        assert run.returncode in (0, 1)
        assert (run.stderr.count("\n"), run.stderr[:11]) == ((1, "pressmark: ") if run.returncode else (0, ""))
        if run.returncode == 0 and growing and command == "resume" and damage not in REPEATED:
            assert scrapy("verify", folder).returncode == 0
