"""What a crawl's records say about the crawl itself: how it was begun, what went wrong, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from archive.errors import ArchiveError, CrawlUnreadable
from archive.growing import OPEN
from archive.manifest import FORMAT, compose
from archive.mending import only_torn
from archive.record import Record
from archive.records import read_records

T = TypeVar("T")

_DIGITS = 19  # of an exchange's number, too many
MEMORY = "toldByTheCatalogue"  # the field of such a record
FAILURE = "extractionFailed"  # and of one for a page that could not be extracted


class Told:
    """Collects what the warcinfo and metadata records of one crawl tell, in the order of its files.

    Of several warcinfo records the first counts, and of several closing records the last: a crawl that
    was interrupted and resumed has one of each time it was closed.
    """

    def __init__(self, fields: Mapping[str, Any] | None = None) -> None:
        self.fields: dict[str, Any] = dict(fields or {})  # of its warcinfo: all that is needed to run it again
        self.closing: dict[str, Any] | None = None
        self.failures: list[dict[str, Any]] = []  # pages that could not be extracted
        self.memory: list[dict[str, Any]] = []  # what the crawl was told of earlier ones
        self.superseded: set[int] = set()  # exchanges that were fetched anew
        self.needs: set[str] = set()  # folders of earlier crawls that hold originals of this one's revisits
        self.last = 0  # the highest sequence number

    def add(self, record: Record) -> None:
        """Take one more record of the crawl."""
        if record.type == "warcinfo":
            self.fields = self.fields or record.fields
        elif record.type == "metadata":
            told = record.fields
            if isinstance(told.get("sequence"), int):
                self.last = max(self.last, told["sequence"])
                self.need(told.get("original"))
            elif {"ended", "status", "statistics"} <= told.keys():
                self.closing = told
            elif isinstance(memory := told.get(MEMORY), dict):
                self.memory.append(memory)
            elif isinstance(failure := told.get(FAILURE), dict) and isinstance(failure.get("record_id"), str):
                self.failures.append(failure)
            else:
                self.superseded |= superseded_by(told)

    def need(self, original: Any) -> None:
        """Take note of the folder in which a revisit's original stands, where that is another crawl's."""
        match original:
            case [str(name), *_] if name.startswith("../"):
                self.needs.add(name.rpartition("/")[0])

    def manifest(self, *, closed: bool = True) -> dict[str, Any]:
        """The manifest, but for its list of files."""
        return compose(self.fields, self.closing if closed else None, sorted(self.needs))

    @property
    def is_crawl(self) -> bool:
        """Whether these are the records of a crawl of the format that is read here."""
        named = {"isPartOf", "outlet", "started"} <= self.fields.keys()
        return named and self.fields.get("crawlFormat") == FORMAT

    def check(self, folder: Path) -> None:
        """CrawlUnreadable unless these were the records of a crawl."""
        if not self.is_crawl:
            raise CrawlUnreadable(f"the WARC files in {folder} are not those of a crawl of the format {FORMAT!r}")


def superseding(numbers: Iterable[int]) -> dict[str, Any]:
    """The fields of the record that marks exchanges as fetched anew."""
    first, *others = sorted(set(numbers))
    return {"superseded": " ".join(map(str, (first, *others))) if others else first}


def superseded_by(told: Mapping[str, Any]) -> set[int]:
    """The sequence numbers that such a record names."""
    numbers = str(told.get("superseded", "")).split()
    return {int(number) for number in numbers if number.isdecimal() and len(number) < _DIGITS}


def superseded_in(paths: Iterable[Path]) -> set[int]:
    """The exchanges of a crawl that were fetched anew, from the beginnings of its files.

    The record that names them stands right behind the warcinfo of the file that a resumed crawl begins.
    """
    named: set[int] = set()
    for path in paths:
        with suppress(ArchiveError):  # damage is told by whoever reads the file itself
            records = read_records(path)
            if next(records).type == "warcinfo" and (second := next(records, None)):
                named |= superseded_by(second.fields)
    return named


def of_warcs(paths: Iterable[Path], read: Callable[[Path], Iterator[T]]) -> Iterator[T]:
    """What `read` gives of each file in turn; a `.open` file may end wherever its writer was."""
    for path in paths:
        try:
            yield from read(path)
        except ArchiveError as error:
            if not (path.name.endswith(OPEN) and only_torn(path, error)):
                raise
