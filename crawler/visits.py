"""Visits: an outlet's earlier crawls, as their manifests tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.manifest import read_manifest
from archive.places import spool_of
from archive.record import read_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One crawl of an outlet that has ended: `statistics` are those that its manifest keeps."""

    outlet: str
    folder: Path
    started: datetime
    ended: datetime
    status: str
    arguments: Mapping[str, Any]
    statistics: Mapping[str, int]
    _sums: Counter[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sums: Counter[str] = Counter()
        for name, value in self.statistics.items():
            for parent in accumulate(name.split("/"), "{}/{}".format):
                sums[parent] += value
        object.__setattr__(self, "_sums", sums)

    def count(self, *names: str) -> int:
        """The sum of what is counted under these names, and under names that begin with one of them and a slash."""
        return sum(self._sums[name] for name in names)

    @property
    def succeeded(self) -> bool:
        """Whether it ended by itself or by its budget, and got any answer."""
        return ran_to_its_end(self.status) and self.count("downloader/response_count") > 0


def ran_to_its_end(status: str) -> bool:
    """Whether a crawl that ended so was not broken off, but by its budget."""
    return status == "finished" or status.startswith("closespider_")


def visits(root: Path, outlet: str, count: int) -> list[Visit]:
    """The newest crawls of an outlet below ARCHIVE_DIR, oldest first: those of its newest `count` folders that ended.

    What cannot be read is passed over: `scrapy verify` tells of it.
    """
    return [visit for folder in _folders(root, outlet)[-count:] for visit in _read(folder)]


def crawl_folders(root: Path) -> list[Path]:
    """The crawl folders below ARCHIVE_DIR, by outlet and time, and those that are still in its spool."""
    places = [one / "crawls" for one in dict.fromkeys((root, spool_of(root)))]
    outlets = {outlet.name for crawls in places if crawls.is_dir() for outlet in crawls.iterdir() if outlet.is_dir()}
    return [folder for outlet in sorted(outlets) for folder in _folders(root, outlet)]


def _folders(root: Path, outlet: str) -> list[Path]:
    """An outlet's folders, by time; one that is being handed over is still the one in the spool."""
    found: dict[str, Path] = {}
    for crawls in (one / "crawls" / outlet for one in dict.fromkeys((root, spool_of(root)))):
        found |= {folder.name: folder for folder in (crawls.iterdir() if crawls.is_dir() else ())}
    return [found[name] for name in sorted(found)]


def _read(folder: Path) -> Iterator[Visit]:
    try:
        manifest = read_manifest(folder)
        visit = Visit(
            outlet=manifest["outlet"],
            folder=folder,
            started=read_date(manifest["started"]),
            ended=read_date(manifest["ended"]),
            status=manifest["status"],
            arguments=dict(manifest["arguments"]),
            statistics=_numbers(manifest["statistics"]),
        )
    except (ArchiveError, LookupError, TypeError, ValueError, AttributeError):
        return
    yield visit


def _numbers(statistics: Mapping[str, Any]) -> dict[str, int]:
    return {name: value for name, value in statistics.items() if type(value) is int and value >= 0}
