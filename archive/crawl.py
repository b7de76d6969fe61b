"""Crawl: one crawl's folder, written from its first exchange to its manifest, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from archive.capture import Capture
from archive.cdxj import index_lines
from archive.errors import ArchiveError, CrawlNotFound, CrawlUnreadable, DamagedRecord, RecordingFailed
from archive.folder import ARTICLES, FAILED, Claim, FolderWriter, write_derived, write_failures
from archive.growing import OPEN, is_held
from archive.lines import read_json_lines
from archive.manifest import read_manifest
from archive.places import is_remote
from archive.reading import Exchange, read_capture_at, read_captures, read_exchanges
from archive.records import read_records, warcs_in
from archive.repeats import Place
from archive.told import MEMORY, Told, of_warcs, superseded_in

__all__ = ["Crawl", "Exchange"]

T = TypeVar("T", Capture, Exchange)


class Crawl:
    """One crawl folder: WARC files, their index, articles, and a manifest.

    Its WARC files are the truth; `rebuild` writes everything else anew from them. `create` gives a
    crawl that can be written to until it is closed, and so does `resume`; `open` gives one to read.
    """

    def __init__(
        self,
        folder: Path,
        manifest: dict[str, Any],
        *,
        writer: FolderWriter | None = None,
        failures: list[dict[str, Any]] | None = None,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self._writer = writer
        self._told = writer.memory if writer else None  # None: as the records have it
        self._failures = failures  # None: as their file has them
        self._paths: dict[str, Path] = {}  # of WARC files, by name: to put one together takes as long as a read

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        outlet: str,
        started: datetime,
        description: Mapping[str, Any],
        max_size: int,
        originals: Mapping[str, Place] | None = None,
        claim: Claim | None = None,
    ) -> Crawl:
        """A new crawl, in a new folder below `root`; RecordingFailed where it cannot be made.

        `description` is all that is needed to run the crawl again, as JSON values, with nothing secret
        in it; `max_size` are the bytes past which a new WARC file is begun; `originals` are responses of
        earlier crawls that this one's revisits may refer to (see `archive.elsewhere`); `claim` grants a folder's
        name where the archive lies elsewhere (see `archive.handing`).
        """
        writer = FolderWriter.create(
            root,
            outlet=outlet,
            started=started,
            description=description,
            max_size=max_size,
            originals=originals,
            claim=claim,
        )
        return cls(writer.folder, writer.manifest, writer=writer)

    @classmethod
    def resume(
        cls,
        folder: Path,
        *,
        max_size: int = 1 << 30,
        originals: Mapping[str, Place] | None = None,
    ) -> Crawl:
        """A crawl that was killed or interrupted, to be written on; CrawlBusy where another process writes it.

        Its files are mended first: the torn end of what was being written is cut off behind the last
        whole exchange, and nothing else is lost. Killed here, it can be resumed again. Writing goes on
        in a new WARC file, with the numbers above the highest. The articles start empty, since the spider
        gives them all again; the failures that were recorded stay.
        """
        writer = FolderWriter.resume(folder, max_size, originals)
        return cls(folder, writer.manifest, writer=writer)

    @classmethod
    def open(cls, folder: Path) -> Crawl:
        """The crawl in this folder; CrawlNotFound or CrawlUnreadable where there is none that can be read."""
        try:
            return cls(folder, read_manifest(folder))
        except CrawlUnreadable as error:
            if any(path.name.endswith(OPEN) for path in warcs_in(folder)):  # killed before it had a manifest
                return cls.from_warcs(folder)
            return cls._mended(folder, error)

    @classmethod
    def _mended(cls, folder: Path, error: CrawlUnreadable) -> Crawl:
        """The crawl that was killed before it had a manifest, and again when its files had just been mended."""
        try:
            crawl = cls.from_warcs(folder)
        except ArchiveError:
            raise error from None
        if crawl.manifest["status"] != "running":  # it was closed: what is missing is its manifest
            raise error
        return crawl

    @classmethod
    def from_warcs(cls, folder: Path) -> Crawl:
        """The crawl in this folder as its WARC files alone tell it: what `rebuild` starts from.

        Articles alone are still read from their file, if it is there.
        """
        told = _told_by_warcs(folder)
        return cls(folder, told.manifest(), failures=told.failures)

    @property
    def outlet(self) -> str:
        """The outlet that was crawled."""
        return str(self.manifest["outlet"])

    @property
    def status(self) -> str:
        """How the crawl ended: `finished`, ...; `running` while it is written, `killed` where nobody writes it."""
        if is_remote(self.folder):
            return str(self.manifest["status"])
        paths = self.warcs()
        if self.manifest["status"] != "running" and not any(path.name.endswith(OPEN) for path in paths):
            return str(self.manifest["status"])
        return "running" if any(is_held(path) for path in paths[:1]) else "killed"

    def check_whole(self) -> None:
        """CrawlUnreadable where a WARC file of this crawl, its articles, or a crawl that it refers to, are gone."""
        there = {path.name.removesuffix(OPEN) for path in self.warcs()}
        serials = sorted(int(name[-13:-8]) for name in there if name[-13:-8].isdigit())
        listed = {name for name in self.manifest.get("files", {}) if name.endswith(".warc.gz")}
        if gone := sorted(listed - there):
            raise CrawlUnreadable(f"{self.folder / gone[0]} is missing: the manifest lists it")
        if ARTICLES in self.manifest.get("files", {}) and not (self.folder / ARTICLES).exists():
            raise CrawlUnreadable(f"{self.folder / ARTICLES} is missing; `scrapy rebuild {self.folder}` writes it anew")
        if not there or serials != list(range(len(serials))):
            raise CrawlUnreadable(f"{self.folder} lacks a WARC file: it holds those numbered {serials}")
        if self._lacks_its_end():
            raise CrawlUnreadable(f"{self.warcs()[-1]} is cut short: the record that closed the crawl is missing")
        if folders := self.missing_folders():
            raise CrawlUnreadable(f"{folders[0]} is missing: {self.folder} refers to what it holds")

    def _lacks_its_end(self) -> bool:
        """Whether the last file of a closed crawl was cut between two records; it is read only if its size changed."""
        last = self.warcs()[-1]
        listed = self.manifest.get("files", {}).get(last.name, {}).get("size")
        if listed in (None, last.stat().st_size):
            return False
        try:
            return not any("statistics" in record.fields for record in read_records(last) if record.type == "metadata")
        except ArchiveError:  # told by whoever reads on
            return False

    def missing_folders(self) -> list[Path]:
        """Folders of earlier crawls that hold originals of this one's revisits, and are not there."""
        needed = (self.folder / str(name) for name in self.manifest.get("needs", []))
        return [folder for folder in needed if not folder.is_dir()]

    def warcs(self) -> list[Path]:
        """The WARC files in their order, the one that is still `.open` among them."""
        return warcs_in(self.folder)

    def captures(self) -> Iterator[Capture]:
        """All whole exchanges in their order, every record checked; DamagedRecord at the first that is not.

        Those that were fetched anew when the crawl was resumed are passed over.
        """
        return self._not_superseded(_in_order(of_warcs(self.warcs(), read_captures)))

    def exchanges(self, *, superseded: bool = False) -> Iterator[Exchange]:
        """As `captures`, without their bytes: see `load`; where asked for, with those that were fetched anew."""
        every = _in_order(of_warcs(self.warcs(), read_exchanges))
        return every if superseded else self._not_superseded(every)

    def load(self, exchange: Exchange) -> Capture:
        """One exchange with its bytes, reading nothing else of its file (but the original that it may repeat).

        `exchanges` has checked the digests of what it gave; here gzip's checks are made again.
        """
        path = self._paths.get(exchange.warc) or self._paths.setdefault(exchange.warc, self.folder / exchange.warc)
        try:
            return read_capture_at(path, exchange.offset, exchange.length)
        except FileNotFoundError:
            if is_remote(path):
                raise
            return read_capture_at(path.with_name(path.name + OPEN), exchange.offset, exchange.length)

    def told(self) -> Iterator[dict[str, Any]]:
        """What the crawl was told of earlier ones, in its order: see `add_told`."""
        if self._told is not None:
            return iter(self._told)
        records = of_warcs(self.warcs(), read_records)
        return (record.fields[MEMORY] for record in records if record.type == "metadata" and MEMORY in record.fields)

    def articles(self) -> Iterator[dict[str, Any]]:
        """The lines of `articles.jsonl`."""
        return self._lines(ARTICLES)

    def failures(self) -> Iterator[dict[str, Any]]:
        """The lines of `articles.jsonl.failed`: pages whose extraction failed."""
        return self._lines(FAILED) if self._failures is None else iter(self._failures)

    def supersede(self, numbers: Iterable[int]) -> None:
        """Mark exchanges as fetched anew: `captures`, `exchanges` and what is made of them pass over these numbers.

        To be said of a crawl that has just been resumed, before anything is written.
        """
        self._writing.supersede(set(numbers))

    def write(self, capture: Capture) -> Capture:
        """Record an exchange as the next of the crawl, and hand it back with its number and pressmark."""
        return self._writing.write(capture)

    def add_article(self, line: Mapping[str, Any]) -> None:
        """Add a line to the articles; it must tell its record by `warc` and `offset`."""
        self._writing.add_article(line)

    def add_failure(self, line: Mapping[str, Any]) -> None:
        """Record that a page's extraction failed: a replay takes that as given."""
        self._writing.add_failure(line)

    def add_told(self, told: Mapping[str, Any]) -> None:
        """Record what the crawl is told of earlier ones, before it is used: a replay is given nothing else."""
        self._writing.add_told(told)

    def sync(self) -> None:
        """Have what was recorded on the disk, if a second has passed since that was last so."""
        self._writing.sync()

    def let_go(self) -> None:
        """Leave the writing to another process that has this crawl open; from then on it can only be read here."""
        self._writing.let_go()
        self._writer = None

    def close(self, status: str, statistics: Mapping[str, Any], ended: datetime) -> None:
        """End the crawl; from then on it can only be read."""
        self._writing.close(status, statistics, ended)
        self.manifest = self._writing.manifest
        self._writer = None

    def rebuild(self, articles: Iterable[Mapping[str, Any]]) -> None:
        """Write everything but the WARC files anew from these, byte for byte as `close` wrote it.

        The articles are the caller's to extract. What was there before is replaced only when the WARC
        files have been read to their end.
        """
        told = _told_by_warcs(self.folder)
        write_failures(self.folder, told.failures)
        index = (line.encode() for line in of_warcs(self.warcs(), index_lines))
        self.manifest = write_derived(self.folder, told, articles, index)

    @property
    def _writing(self) -> FolderWriter:
        if self._writer is None:
            raise RecordingFailed(f"{self.folder} is open for reading only")
        return self._writer

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        path = self.folder / name
        return read_json_lines(path) if path.exists() else iter(())

    def _not_superseded(self, all_of_them: Iterator[T]) -> Iterator[T]:
        superseded = superseded_in(self.warcs()[1:])
        return (one for one in all_of_them if one.sequence not in superseded)


def _in_order(exchanges: Iterator[T]) -> Iterator[T]:
    """The exchanges as they come; DamagedRecord where one is missing, doubled or out of its place."""
    for number, one in enumerate(exchanges, 1):
        if one.sequence != number:
            why = f"exchange {one.sequence} stands where exchange {number} should"
            raise DamagedRecord(why, warc=one.warc or "", offset=one.offset or 0)
        yield one


def _told_by_warcs(folder: Path) -> Told:
    paths = warcs_in(folder)
    if not paths:
        raise CrawlNotFound(f"{folder} is no crawl folder: it holds no WARC files")
    told = Told()
    for record in of_warcs(paths, read_records):
        told.add(record)
    told.check(folder)
    return told
