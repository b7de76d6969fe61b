"""Crawl: one crawl's folder, written from its first exchange to its manifest, and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from archive.capture import Capture
from archive.cdxj import index_lines
from archive.errors import CrawlNotFound, CrawlUnreadable, RecordingFailed, TornRecord
from archive.folder import ARTICLES, FAILED, FolderWriter, write_derived
from archive.growing import OPEN, is_held
from archive.lines import json_line, read_json_lines, write_whole
from archive.manifest import FORMAT, compose, read_manifest
from archive.reading import Exchange, read_capture_at, read_captures, read_exchanges
from archive.records import read_records, warc_name

__all__ = ["Crawl", "Exchange"]

T = TypeVar("T")


class Crawl:
    """One crawl folder: WARC files, their index, articles, and a manifest.

    Its WARC files are the truth; `rebuild` writes everything else anew from them. `create` gives a
    crawl that can be written to until it is closed, `open` one to read.
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
        self._failures = failures  # None: as their file has them

    @classmethod
    def create(
        cls, root: Path, *, outlet: str, started: datetime, description: Mapping[str, Any], max_size: int
    ) -> Crawl:
        """A new crawl, in a new folder below `root`; RecordingFailed where it cannot be made.

        `description` is all that is needed to run the crawl again, as JSON values, with nothing secret
        in it; `max_size` are the bytes past which a new WARC file is begun.
        """
        writer = FolderWriter(root, outlet, started, description, max_size)
        return cls(writer.folder, writer.manifest, writer=writer)

    @classmethod
    def open(cls, folder: Path) -> Crawl:
        """The crawl in this folder; CrawlNotFound or CrawlUnreadable where there is none that can be read."""
        return cls(folder, read_manifest(folder))

    @classmethod
    def from_warcs(cls, folder: Path) -> Crawl:
        """The crawl in this folder as its WARC files alone tell it: what `rebuild` starts from.

        Articles alone are still read from their file, if it is there.
        """
        fields, closing, failures = _told_by_warcs(folder)
        return cls(folder, compose(fields, closing), failures=failures)

    @property
    def outlet(self) -> str:
        """The outlet that was crawled."""
        return str(self.manifest["outlet"])

    @property
    def status(self) -> str:
        """How the crawl ended: `finished`, ...; `running` while it is written, `killed` where nobody writes it."""
        if self.manifest["status"] != "running":
            return str(self.manifest["status"])
        return "running" if any(is_held(path) for path in self.warcs()[-1:]) else "killed"

    def warcs(self) -> list[Path]:
        """The WARC files in their order, the one that is still `.open` among them."""
        return _warcs(self.folder)

    def captures(self) -> Iterator[Capture]:
        """All whole exchanges in their order, every record checked; DamagedRecord at the first that is not."""
        return self._of_warcs(read_captures)

    def exchanges(self) -> Iterator[Exchange]:
        """As `captures`, without their bytes: see `load`."""
        return self._of_warcs(read_exchanges)

    def load(self, exchange: Exchange) -> Capture:
        """One exchange with its bytes, reading nothing else of its file (but the original that it may repeat)."""
        return read_capture_at(self._warc(exchange.warc), exchange.offset, exchange.length)

    def articles(self) -> Iterator[dict[str, Any]]:
        """The lines of `articles.jsonl`."""
        return self._lines(ARTICLES)

    def failures(self) -> Iterator[dict[str, Any]]:
        """The lines of `articles.jsonl.failed`: pages whose extraction failed."""
        return self._lines(FAILED) if self._failures is None else iter(self._failures)

    def write(self, capture: Capture) -> Capture:
        """Record an exchange as the next of the crawl, and hand it back with its number and pressmark."""
        return self._writing.write(capture)

    def add_article(self, line: Mapping[str, Any]) -> None:
        """Add a line to the articles; it must tell its record by `warc` and `offset`."""
        self._writing.add_article(line)

    def add_failure(self, line: Mapping[str, Any]) -> None:
        """Record that a page's extraction failed: a replay takes that as given."""
        self._writing.add_failure(line)

    def sync(self) -> None:
        """Have what was recorded on the disk, if a second has passed since that was last so."""
        self._writing.sync()

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
        fields, closing, failures = _told_by_warcs(self.folder)
        if failures:
            write_whole(self.folder / FAILED, map(json_line, failures))
        index = (line.encode() for line in self._of_warcs(index_lines))
        self.manifest = write_derived(self.folder, fields, closing, articles, index)

    @property
    def _writing(self) -> FolderWriter:
        if self._writer is None:
            raise RecordingFailed(f"{self.folder} is open for reading only")
        return self._writer

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        path = self.folder / name
        return read_json_lines(path) if path.exists() else iter(())

    def _warc(self, name: str) -> Path:
        path = self.folder / name
        return path if path.exists() else path.with_name(name + OPEN)

    def _of_warcs(self, read: Callable[[Path], Iterator[T]]) -> Iterator[T]:
        return _of_warcs(self.warcs(), read)


def _warcs(folder: Path) -> list[Path]:
    paths = [path for path in folder.iterdir() if warc_name(path).endswith(".warc.gz")] if folder.is_dir() else []
    return sorted(paths, key=warc_name)


def _of_warcs(paths: Iterable[Path], read: Callable[[Path], Iterator[T]]) -> Iterator[T]:
    for path in paths:
        if path.name.endswith(OPEN):
            with suppress(TornRecord):  # such a file ends wherever its writer was
                yield from read(path)
        else:
            yield from read(path)


def _told_by_warcs(folder: Path) -> tuple[dict[str, Any], dict[str, Any] | None, list[dict[str, Any]]]:
    """What the records about the crawl itself say: its description, how it ended, what could not be extracted."""
    paths = _warcs(folder)
    if not paths:
        raise CrawlNotFound(f"{folder} is no crawl folder: it holds no WARC files")
    fields: dict[str, Any] = {}
    closing: dict[str, Any] | None = None
    failures = []
    for record in _of_warcs(paths, read_records):
        if record.type == "warcinfo":
            fields = fields or record.fields
        elif record.type == "metadata":
            told = record.fields
            closing = told if "statistics" in told else closing
            failures += [told["extractionFailed"]] if "extractionFailed" in told else []
    if fields.get("crawlFormat") != FORMAT:
        raise CrawlUnreadable(f"the WARC files in {folder} are not those of a crawl of the format {FORMAT!r}")
    return fields, closing, failures
