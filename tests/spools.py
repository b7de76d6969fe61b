"""Spools: closed crawls that wait on this machine's disk, and are handed over to where their archive lies."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archive.handing import hand_over_all
from archive.places import spool_of
from tests.archives import told, visited
from tests.samples import NOON

PAGES = {f"https://news.test/{n}": told(f"Gulls return, says number {n}.") for n in range(5)}


def spooled(root: Path, started: datetime = NOON) -> Path:
    """A closed crawl that waits in the spool."""
    return visited(spool_of(root), PAGES, started)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def handed(root: Path) -> list[Path]:
    outcomes = list(hand_over_all(root))
    assert [error for _, error in outcomes if error] == []
    return [folder for folder, _ in outcomes]
