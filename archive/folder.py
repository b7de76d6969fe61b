"""FolderWriter: a crawl's folder while it is written; and the files of a folder that are made from its WARC files."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.capture import Capture
from archive.cdxj import cdxj_line
from archive.errors import RecordingFailed
from archive.growing import sync_folder
from archive.lines import append_whole, json_line, read_json_lines, sorted_lines, write_whole
from archive.manifest import closing_fields, compose, crawl_fields, digests_of_files, write_manifest
from archive.record import Record
from archive.warc import WarcWriter

ARTICLES = "articles.jsonl"
FAILED = "articles.jsonl.failed"
INDEX = "index.cdxj"

_OUTLET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class FolderWriter:
    """Writes one crawl: exchanges into WARC files, articles as they come, and at the end index and manifest.

    Anything that cannot be written raises RecordingFailed, and leaves what was recorded before whole.
    """

    def __init__(
        self, root: Path, outlet: str, started: datetime, description: Mapping[str, Any], max_size: int
    ) -> None:
        with _recording(root):
            self.folder = _new_folder(root, outlet, started)
        with _recording(self.folder):
            name = f"{outlet}-{self.folder.name}"
            self._fields = crawl_fields(name, outlet, started, description)
            self._index = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 (lives as long as the crawl)
            self._warc = WarcWriter(self.folder, name, self._fields, max_size, index=self._add_to_index)
            self._sequence = 0
            (self.folder / ARTICLES).touch(exist_ok=False)
            self.manifest = compose(self._fields, None)
            write_manifest(self.folder, self.manifest)

    def write(self, capture: Capture) -> Capture:
        """Record an exchange as the next of the crawl, and hand it back with its number and pressmark."""
        with _recording(self.folder):
            written = self._warc.write(replace(capture, sequence=self._sequence + 1))
        self._sequence += 1
        return written

    def add_article(self, line: Mapping[str, Any]) -> None:
        """Add a line to the articles; it must tell its record by `warc` and `offset`."""
        with _recording(self.folder):
            append_whole(self.folder / ARTICLES, json_line(line))

    def add_failure(self, line: Mapping[str, Any]) -> None:
        """Record, in the WARC too, that a page's extraction failed: a replay takes that as given."""
        with _recording(self.folder):
            self._warc.note({"extractionFailed": dict(line)})
            append_whole(self.folder / FAILED, json_line(line))

    def sync(self) -> None:
        """Have what was recorded on the disk, if a second has passed since that was last so."""
        with _recording(self.folder):
            self._warc.sync()

    def close(self, status: str, statistics: Mapping[str, Any], ended: datetime) -> None:
        """End the crawl: last record, final names, articles in the order of their records, index, manifest."""
        closing = closing_fields(status, statistics, ended)
        with _recording(self.folder):
            self._warc.note(closing)
            self._warc.finish()
            self._index.seek(0)
            articles = read_json_lines(self.folder / ARTICLES)
            self.manifest = write_derived(self.folder, self._fields, closing, articles, self._index)
            self._index.close()
            self._warc.release()  # as long as the lock was held, the crawl was running

    def _add_to_index(self, record: Record) -> None:
        self._index.write(cdxj_line(record).encode())


def write_derived(
    folder: Path,
    fields: Mapping[str, Any],
    closing: Mapping[str, Any] | None,
    articles: Iterable[Mapping[str, Any]],
    index: Iterable[bytes],
) -> dict[str, Any]:
    """Write articles, index and manifest of a crawl whose WARC files are there, and hand back the manifest."""
    lines = (json_line(article) for article in articles)
    write_whole(folder / ARTICLES, sorted_lines(lines, folder, _place))
    write_whole(folder / INDEX, sorted_lines(index, folder, bytes))
    manifest = compose(fields, closing)
    if closing is not None:
        manifest["files"] = digests_of_files(folder)
    write_manifest(folder, manifest)
    return manifest


def _place(line: bytes) -> tuple[str, int]:
    """Where the record of an article stands: the order of articles in their file."""
    article = json.loads(line)
    return str(article["warc"]), int(article["offset"])


def _new_folder(root: Path, outlet: str, started: datetime) -> Path:
    """A folder named after the second in which the crawl started, or after the next that is free."""
    if not _OUTLET.fullmatch(outlet):
        raise ValueError(f"{outlet!r} cannot name a folder")
    parent = root / "crawls" / outlet
    parent.mkdir(parents=True, exist_ok=True)
    second = started.astimezone(UTC)
    while True:
        folder = parent / second.strftime("%Y%m%dT%H%M%SZ")
        try:
            folder.mkdir()
        except FileExistsError:
            second += timedelta(seconds=1)
            continue
        for above in (parent, parent.parent, root):
            sync_folder(above)
        return folder


@contextmanager
def _recording(where: Path) -> Iterator[None]:
    """Turn what the operating system refuses into RecordingFailed."""
    try:
        yield
    except OSError as error:
        place = error.filename or where
        raise RecordingFailed(f"{place} cannot be written: {error.strerror}; the crawl stops here") from error
