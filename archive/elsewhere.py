"""Elsewhere: what earlier crawls of an outlet hold that a new one may refer to instead of storing it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from archive.errors import ArchiveError
from archive.folder import INDEX
from archive.manifest import read_manifest
from archive.repeats import ORIGINALS_KNOWN, Place


def known_originals(crawls: Path) -> dict[str, Place]:
    """Complete responses in the crawl folders of one outlet, by payload digest and by URL, the newest first.

    Only indexes are read, and no more of them than a writer can make use of. What an index says is
    checked against the record itself before anything refers to it.
    """
    known: dict[str, Place] = {}
    for folder in sorted(crawls.iterdir() if crawls.is_dir() else (), reverse=True):
        for digest, url, place in _responses(folder):
            known.setdefault(digest, place)
            known.setdefault(url, place)
            if len(known) >= ORIGINALS_KNOWN:
                return known
    return known


def _responses(folder: Path) -> Iterator[tuple[str, str, Place]]:
    """The 200s of a crawl that has ended: payload digest, URL and place."""
    index = folder / INDEX
    try:
        if not index.is_file() or read_manifest(folder)["status"] == "running":
            return
    except ArchiveError:  # a damaged folder is none to rely on
        return
    with index.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                told = json.loads(line.split(" ", 2)[2])
                place = (f"../{folder.name}/{told['filename']}", int(told["offset"]), int(told["length"]))
                if told.get("status") == "200" and told.get("mime") != "warc/revisit":
                    yield told["digest"], told["url"], place
            except (ValueError, LookupError, TypeError, AttributeError):
                continue
