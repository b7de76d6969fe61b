"""What can go wrong with an archive.

ArchiveError
├── CrawlNotFound       no crawl folder stands at that path
├── CrawlUnreadable     a crawl folder of another version, or without the records that describe it
├── CrawlBusy           another process is writing this crawl
├── NotWarc             a file that is no WARC file
├── DamagedRecord       bytes of a WARC file are not what was written; names file, offset and record
│   └── TornRecord      the file ends inside a record
├── NotHandedOver       a closed crawl could not be brought to where its archive lies
├── UndecodableBody     a body that is not what its Content-Encoding says, or that is too large when undone
└── RecordingFailed     a record could not be written: the disk is full, or refuses

OSError
└── StorageFailed       files behind a URL cannot be had or put: no bucket, no rights, nobody answers

Each message says what, where, and what to do.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Anything an archive has to complain about; the message is one clear line."""


class CrawlNotFound(ArchiveError):
    """No crawl folder stands at that path."""


class CrawlUnreadable(ArchiveError):
    """A crawl folder of another version, or one without the records that describe it."""


class CrawlBusy(ArchiveError):
    """Another process is writing this crawl."""


class NotWarc(ArchiveError):
    """A file that is no WARC file."""


class DamagedRecord(ArchiveError):
    """Bytes of a WARC file are not what was written.

    `warc` is the file's name, `offset` the byte at which the damaged record starts, `record_id` its
    WARC-Record-ID where that could still be read.
    """

    def __init__(self, why: str, *, warc: str, offset: int, record_id: str | None = None) -> None:
        named = f", record {record_id}" if record_id else ""
        super().__init__(f"{warc} is damaged at byte {offset}{named}: {why}")
        self.warc = warc
        self.offset = offset
        self.record_id = record_id
        self.why = why

    def __reduce__(self) -> tuple[object, ...]:
        return (_damaged, (type(self), self.why, self.warc, self.offset, self.record_id))


class TornRecord(DamagedRecord):
    """The file ends inside a record, as after a power cut or an interrupted copy."""


def _damaged(kind: type[DamagedRecord], why: str, warc: str, offset: int, record_id: str | None) -> DamagedRecord:
    return kind(why, warc=warc, offset=offset, record_id=record_id)


class UndecodableBody(ArchiveError):
    """A body that is not what its Content-Encoding says, or that is too large when undone."""


class RecordingFailed(ArchiveError):
    """A record could not be written: the disk is full, or refuses."""


class NotHandedOver(ArchiveError):
    """A closed crawl could not be brought to where its archive lies; it is still whole on this machine's disk."""


class StorageFailed(OSError):
    """Files behind a URL cannot be had or put; `code` is what S3 calls it. It says nothing of what they hold."""

    def __init__(self, number: int, why: str, url: str, *, code: str = "") -> None:
        super().__init__(number, why, url)
        self.code = code

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_storage_failed, (self.errno, self.strerror, self.filename, self.code))


def _storage_failed(number: int, why: str, url: str, code: str) -> StorageFailed:
    return StorageFailed(number, why, url, code=code)
