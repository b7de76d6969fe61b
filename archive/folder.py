"""FolderWriter: a crawl's folder while it is written; and the files of a folder that are made from its WARC files."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import IO, Any

from archive.capture import Capture
from archive.cdxj import cdxj_line
from archive.errors import RecordingFailed
from archive.growing import sync_folder
from archive.joining import OwnJoiner
from archive.lines import append_whole, json_line, read_json_lines, sorted_lines, write_whole
from archive.manifest import closing_fields, crawl_fields, digests_of_files, write_manifest
from archive.mending import hold, mend
from archive.record import Record
from archive.records import read_records, warc_name, warcs_in
from archive.repeats import Place, Repeats
from archive.told import FAILURE, MEMORY, Told, superseding
from archive.warc import WarcWriter

ARTICLES = "articles.jsonl"
FAILED = "articles.jsonl.failed"
INDEX = "index.cdxj"

Claim = Callable[[str, str], bool]  # outlet and folder's name -> whether nobody else has that name

_OUTLET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class FolderWriter:
    """Writes one crawl: exchanges into WARC files, articles as they come, and at the end index and manifest.

    Anything that cannot be written raises RecordingFailed, and leaves what was recorded before whole; nothing is
    written after that, since what stands behind a gap or a torn record could not be taken up again.
    """

    def __init__(self, folder: Path, told: Told, max_size: int, originals: Mapping[str, Place] | None = None) -> None:
        """`told` is what the crawl's records say so far; `originals` are responses of earlier crawls."""
        self.folder = folder
        self._told = told
        self._lock: IO[bytes] | None = None
        self._failed: RecordingFailed | None = None
        self._index = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (lives as long as the crawl)
        self._repeats = Repeats(folder, originals)
        serial = self._take_up()
        self._unextracted = {line.get("record_id") for line in told.failures}
        self._warc = WarcWriter(
            folder,
            told.fields["isPartOf"],
            told.fields,
            max_size,
            serial=serial,
            repeats=self._repeats,
            index=self._add_to_index,
        )

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
    ) -> FolderWriter:
        """Begin a crawl in a new folder below `root`; where `claim` is given, it must grant the folder's name."""
        with _recording(root):
            folder = _new_folder(root, outlet, started, claim)
        with _recording(folder):
            try:
                for above in (folder.parent, folder.parent.parent, root):
                    sync_folder(above)
                told = Told(crawl_fields(f"{outlet}-{folder.name}", outlet, started, description))
                writer = cls(folder, told, max_size, originals)
            except BaseException:
                with suppress(OSError):
                    folder.rmdir()  # nothing stands in it yet
                raise
            writer._begin()
        return writer

    @classmethod
    def resume(cls, folder: Path, max_size: int, originals: Mapping[str, Place] | None = None) -> FolderWriter:
        """Go on with the crawl in this folder, whose files are mended first."""
        with _recording(folder):
            lock = hold(folder)
            try:
                mend(folder)
                writer = cls(folder, Told(), max_size, originals)
                writer._begin()
            except BaseException:
                lock.close()
                raise
        writer._lock = lock
        return writer

    def supersede(self, numbers: set[int]) -> None:
        """Mark exchanges as fetched anew, in the record behind the new file's first."""
        if strange := sorted(number for number in numbers if not 1 <= number <= self._told.last):
            raise ValueError(f"no exchange has the number {strange[0]}")
        if numbers:
            with self._recording():
                self._warc.note(superseding(numbers))
            self._told.superseded |= numbers

    def write(self, capture: Capture) -> Capture:
        """Record an exchange as the next of the crawl, and hand it back with its number and pressmark."""
        with self._recording():
            written = self._warc.write(capture.but(sequence=self._told.last + 1))
        self._told.last += 1
        self._told.needs |= self._repeats.needs
        return written

    def add_article(self, line: Mapping[str, Any]) -> None:
        """Add a line to the articles; it must tell its record by `warc` and `offset`."""
        with self._recording():
            append_whole(self.folder / ARTICLES, json_line(line))

    def add_failure(self, line: Mapping[str, Any]) -> None:
        """Record, in the WARC too, that a page's extraction failed: a replay takes that as given.

        A failure that a resumed crawl knows already is not recorded again.
        """
        if line.get("record_id") in self._unextracted:
            return
        with self._recording():
            self._warc.note({FAILURE: dict(line)})
            append_whole(self.folder / FAILED, json_line(line))
        self._told.failures.append(dict(line))

    @property
    def memory(self) -> list[dict[str, Any]]:
        """What the crawl had been told of earlier ones when it was resumed."""
        return self._told.memory

    def add_told(self, told: Mapping[str, Any]) -> None:
        """Record what the crawl is told of earlier ones."""
        with self._recording():
            self._warc.note({MEMORY: dict(told)})

    def sync(self) -> None:
        """Have what was recorded on the disk, if a second has passed since that was last so."""
        with self._recording():
            self._warc.sync()

    def close(self, status: str, statistics: Mapping[str, Any], ended: datetime) -> None:
        """End the crawl: last record, final names, articles in the order of their records, index, manifest."""
        self._told.closing = closing_fields(status, statistics, ended)
        with self._recording():
            self._warc.note(self._told.closing)
            self._warc.finish()
            self._index.seek(0)
            articles = read_json_lines(self.folder / ARTICLES)
            self.manifest = write_derived(self.folder, self._told, articles, self._index)
            self._index.close()
            self._warc.release()  # as long as the lock was held, the crawl was running
            if self._lock:
                self._lock.close()

    def let_go(self) -> None:
        """Close the files without ending the crawl; the lock stays with another process that has them open."""
        self._index.close()
        self._warc.release()
        if self._lock:
            self._lock.close()

    @contextmanager
    def _recording(self) -> Iterator[None]:
        """Turn what the operating system refuses into RecordingFailed, and every later work too."""
        if self._failed is not None:
            raise self._failed
        try:
            with _recording(self.folder):
                yield
        except RecordingFailed as error:
            self._failed = error
            raise

    def _take_up(self) -> int:
        """Learn what the files that are there already hold, and return the next one's number."""
        paths = warcs_in(self.folder)
        joiner = OwnJoiner()
        for record in chain.from_iterable(map(read_records, paths)):
            self._told.add(record)
            if record.type in ("response", "revisit"):
                self._add_to_index(record)
            for joined in joiner.add(record):
                self._repeats.take_up(joined)
        self._told.check(self.folder)
        self._index.flush()  # what waits in memory would be written twice if this process divides
        return _serial(paths[-1]) + 1 if paths else 0

    def _begin(self) -> None:
        """The crawl runs from now on, and gives its articles from the first."""
        self.manifest = self._told.manifest(closed=False)
        write_manifest(self.folder, self.manifest)
        write_whole(self.folder / ARTICLES, [])
        write_failures(self.folder, self._told.failures)

    def _add_to_index(self, record: Record) -> None:
        self._index.write(cdxj_line(record).encode())


def write_derived(
    folder: Path, told: Told, articles: Iterable[Mapping[str, Any]], index: Iterable[bytes]
) -> dict[str, Any]:
    """Write articles, index and manifest of a crawl whose WARC files are there, and hand back the manifest."""
    lines = (json_line(article) for article in articles)
    write_whole(folder / ARTICLES, sorted_lines(lines, folder, _place))
    write_whole(folder / INDEX, sorted_lines(index, folder, bytes))
    manifest = told.manifest()
    if told.closing is not None:
        manifest["files"] = digests_of_files(folder)
    write_manifest(folder, manifest)
    return manifest


def write_failures(folder: Path, failures: Iterable[Mapping[str, Any]]) -> None:
    """Write the pages that could not be extracted, if there were any."""
    lines = [json_line(line) for line in failures]
    if lines:
        write_whole(folder / FAILED, lines)
    else:
        (folder / FAILED).unlink(missing_ok=True)


def _serial(warc: Path) -> int:
    return int(warc_name(warc).removesuffix(".warc.gz").rpartition("-")[2])


def _place(line: bytes) -> tuple[str, int]:
    """Where the record of an article stands: the order of articles in their file."""
    article = json.loads(line)
    return str(article["warc"]), int(article["offset"])


def _new_folder(root: Path, outlet: str, started: datetime, claim: Claim | None) -> Path:
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
        if claim and not _granted(claim, folder):
            second += timedelta(seconds=1)
            continue
        return folder


def _granted(claim: Claim, folder: Path) -> bool:
    """Whether an empty folder may be kept; it is gone where not."""
    granted = False
    try:
        granted = claim(folder.parent.name, folder.name)
    finally:
        if not granted:
            folder.rmdir()
    return granted


@contextmanager
def _recording(where: Path) -> Iterator[None]:
    """Turn what the operating system refuses into RecordingFailed."""
    try:
        yield
    except OSError as error:
        place = error.filename or where
        raise RecordingFailed(f"{place} cannot be written: {error.strerror}; the crawl stops here") from error
