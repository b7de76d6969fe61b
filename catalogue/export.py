"""Export: crawl folders as two data sets of Parquet, articles and captures, partitioned by outlet and day.

A crawl's rows of one outlet and day are one file, which bears the crawl's name. All files of a crawl are made out
of sight and then moved to their places, and last a receipt is left that tells of which state of the folder they
are: whatever happens in between, the next run does that crawl again, and it comes to the same names.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.crawl import Crawl
from archive.errors import ArchiveError, CrawlNotFound, CrawlUnreadable
from archive.growing import lock, sync_folder
from archive.lines import json_line, sorted_lines, write_whole
from archive.manifest import MANIFEST
from archive.record import read_date
from catalogue.adding import digest_of
from catalogue.catalogue import crawl_folders
from catalogue.errors import ExportFailed
from catalogue.rows import Placed, article_rows, capture_rows
from crawler.parquet import ARTICLES, CAPTURES, Columns, parquet_rows

_RECEIPTS = ".exported"
_MAKING = ".making"
_BY_PATH = ("outlet",)  # what the path of a file tells; its day is no column of its own
_SETS: tuple[tuple[Columns, Callable[[Crawl], Iterator[Placed]]], ...] = (
    (ARTICLES, article_rows),
    (CAPTURES, capture_rows),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which crawls: all of these must hold. Days are those on which a crawl began, UTC."""

    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, crawl: Crawl) -> bool:
        """Whether this crawl is among them."""
        began = _began(crawl)
        return (
            self.outlet in (None, crawl.outlet)
            and (self.since is None or began >= self.since)
            and (self.until is None or began <= self.until)
        )


def _began(crawl: Crawl) -> date:
    try:
        return read_date(crawl.manifest["started"]).date()
    except (KeyError, TypeError, ValueError) as error:
        again = f"`scrapy rebuild {crawl.folder}` writes it anew"
        raise CrawlUnreadable(f"{crawl.folder / MANIFEST} does not tell when the crawl began; {again}") from error


@dataclass(slots=True, kw_only=True)
class Exported:
    """What came of a run, in numbers of crawls."""

    written: int = 0
    known: int = 0
    waiting: int = 0  # not closed yet


def export(root: Path, target: Path, chosen: Chosen, complain: Callable[[str], object]) -> Exported:
    """Bring the data sets in `target` up to the crawl folders below `root`.

    What is wrong with a folder is complained of in one line, and the others are exported. ExportFailed
    where `target` cannot be written: the files that are there are whole.
    """
    if (root / "crawls").absolute() in (target.absolute(), *target.absolute().parents):
        raise ExportFailed(f"{target} lies among the crawls of the archive; name a folder outside of {root / 'crawls'}")
    done = Exported()
    with _writing(target), _held(target):
        for folder in crawl_folders(root):
            try:
                with _reading(folder):
                    crawl = Crawl.open(folder)
                    closed = crawl.status not in ("running", "killed")
                if chosen.holds(crawl):
                    done.waiting += not closed
                    if closed:
                        _export_crawl(crawl, target, done)
            except CrawlNotFound:
                continue
            except ArchiveError as error:
                complain(str(error))
    return done


def _export_crawl(crawl: Crawl, target: Path, done: Exported) -> None:
    receipt = target / _RECEIPTS / f"{_name(crawl)}.json"
    told: dict[str, Any] = _receipt(receipt)
    with _reading(crawl.folder):
        state = {"manifest": digest_of(crawl.folder), "versions": {one.name: one.version for one, _ in _SETS}}
    if all(told.get(name) == value for name, value in state.items()):
        done.known += 1
        return
    with _reading(crawl.folder):
        crawl.check_whole()
    making = target / _MAKING
    try:
        files = [file for columns, rows in _SETS for file in _make(making, columns, crawl, _rows(crawl, rows))]
        _publish(making, target, files, set(told.get("files", ())) - set(files))
        write_whole(receipt, [json_line({**state, "files": files})])
    finally:
        shutil.rmtree(making, ignore_errors=True)
    done.written += 1


def _name(crawl: Crawl) -> str:
    """A crawl as its files are named here: by its folder, which no other has."""
    return f"{crawl.folder.parent.name}-{crawl.folder.name}"


def _receipt(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _rows(crawl: Crawl, rows: Callable[[Crawl], Iterator[Placed]]) -> Iterator[Placed]:
    with _reading(crawl.folder):
        yield from rows(crawl)


def _make(making: Path, columns: Columns, crawl: Crawl, rows: Iterable[Placed]) -> Iterator[str]:
    """Write the rows below `making`, a partition after the other, and give each file's path in the data sets."""
    making.mkdir(parents=True, exist_ok=True)
    lines = (f"outlet={_in_path(outlet)}/day={day}\t".encode() + json_line(row) for outlet, day, row in rows)
    for partition, chosen in groupby(sorted_lines(lines, making, _partition), _partition):
        name = f"{columns.name}/{partition.decode()}/{_name(crawl)}.parquet"
        path = making / name
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            with parquet_rows(file, columns, _BY_PATH) as write:
                for line in chosen:
                    row = json.loads(line.partition(b"\t")[2])
                    write({column: value for column, value in row.items() if column not in _BY_PATH})
            file.flush()
            os.fsync(file.fileno())
        yield name


def _partition(line: bytes) -> bytes:
    return line.partition(b"\t")[0]


def _in_path(outlet: str) -> str:
    """An outlet as the name of a folder, escaped as Hive does it."""
    return quote(outlet, safe="") or "__HIVE_DEFAULT_PARTITION__"


def _publish(making: Path, target: Path, files: Iterable[str], gone: Iterable[str]) -> None:
    """Put the files in their places, and take away those that the crawl had before it changed."""
    folders = set()
    for name in gone:
        (target / name).unlink(missing_ok=True)
    for name in files:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (making / name).replace(path)
        folders |= {path.parent, path.parent.parent}
    for folder in folders:
        sync_folder(folder)


@contextmanager
def _held(target: Path) -> Iterator[None]:
    """Hold the data sets for writing; ExportFailed where another process does."""
    receipts = target / _RECEIPTS
    receipts.mkdir(parents=True, exist_ok=True)
    with (receipts / "lock").open("ab") as file:
        if not lock(file):
            raise ExportFailed(f"another process is exporting to {target}; run this again when that has ended")
        shutil.rmtree(target / _MAKING, ignore_errors=True)  # what a run that was killed has left
        yield


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses of a crawl into CrawlUnreadable: that is no trouble of the data sets."""
    try:
        yield
    except OSError as error:
        raise CrawlUnreadable(f"{error.filename or folder} cannot be read: {error.strerror}") from error


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Turn what the operating system refuses into ExportFailed."""
    try:
        yield
    except OSError as error:
        place = error.filename or target
        advice = "what was exported before is whole; make room or mend it, and run this again"
        raise ExportFailed(f"{place} cannot be written: {error.strerror}; {advice}") from error
