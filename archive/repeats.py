"""Repeats: which earlier response a new one repeats, so that a revisit record can stand for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from archive.capture import Capture
from archive.errors import ArchiveError
from archive.growing import OPEN
from archive.joining import Joined
from archive.message import payload_start, status_code
from archive.record import IDENTICAL_PAYLOAD, Record
from archive.records import read_span

ORIGINALS_KNOWN = 1 << 16  # names by which responses are known: some 20 MB of memory at most

Place = tuple[str, int, int]  # file (`../<folder>/<file>` for one of another crawl), offset, length


class Repeats:
    """Knows responses by payload digest and by URL, and reads the one that is repeated to be sure of it."""

    def __init__(self, folder: Path, elsewhere: Mapping[str, Place] | None = None) -> None:
        """`elsewhere`: responses of earlier crawls, by payload digest and by URL."""
        self._folder = folder
        self._elsewhere = elsewhere or {}
        self._here: dict[str, Place] = {}
        self.needs: set[str] = set()  # the folders of other crawls that were referred to

    def original_of(self, capture: Capture, payload_digest: str | None) -> Record | None:
        """The response record whose payload this capture repeats, byte for byte, or, being a 304, refers to.

        The record's `warc` leads to its file from the folder of this crawl.
        """
        if is_repeatable(capture):
            found = self._read(str(payload_digest))
            body = memoryview(capture.response)[capture.payload_start :]
            return found if found and found.block[payload_start(found.block) :] == body else None
        return self._read(capture.url) if is_not_modified(capture) else None

    def remember(self, capture: Capture, payload_digest: str | None, place: Place) -> None:
        """Know a response that was recorded at this place; for a revisit, that of its original."""
        if place[0].startswith("../"):
            self.needs.add(place[0].rpartition("/")[0])
        if is_repeatable(capture):
            self._know(str(payload_digest), place)
            if capture.method == "GET":
                self._know(capture.url, place)

    def take_up(self, joined: Joined) -> None:
        """Know a response that was recorded before this process began."""
        answer, told = joined.answer, joined.note.fields if joined.note else {}
        if answer is None or told.get("error") is not None:
            return
        place = (answer.warc, answer.offset, answer.length or 0)
        if answer.header("WARC-Profile") == IDENTICAL_PAYLOAD:
            place = tuple(told["original"])
        elif not _holds_payload(answer):
            return
        self._know(answer.header("WARC-Payload-Digest") or "", place)
        if told.get("method") == "GET":
            self._know(answer.url, place)

    def _know(self, name: str, place: Place) -> None:
        self._here.pop(name, None)
        if len(self._here) >= ORIGINALS_KNOWN:
            del self._here[next(iter(self._here))]
        self._here[name] = place

    def _read(self, name: str) -> Record | None:
        place = self._here.get(name) or self._elsewhere.get(name)
        if place is None:
            return None
        warc, offset, length = place
        path = self._folder / warc
        try:
            record = next(read_span(path if path.exists() else path.with_name(path.name + OPEN), offset, length))
        except (ArchiveError, OSError):
            return None  # then the exchange is stored whole, and whoever verifies will tell of the other
        return replace(record, warc=warc) if _holds_payload(record) else None


def is_repeatable(capture: Capture) -> bool:
    """Whether this is a complete, non-empty 200: nothing else is an original, or repeats one's payload."""
    return _is_whole(capture, 200) and len(capture.response) > capture.payload_start


def _holds_payload(record: Record) -> bool:
    """The same, as far as a response record alone tells."""
    whole = record.type == "response" and record.header("WARC-Truncated") is None
    return whole and status_code(record.block) == 200 and len(record.block) > payload_start(record.block)


def is_not_modified(capture: Capture) -> bool:
    """Whether this is a whole 304 to a GET: it says that an earlier response still holds."""
    bare = len(capture.response) == capture.payload_start
    return _is_whole(capture, 304) and bare and capture.method == "GET"


def _is_whole(capture: Capture, status: int) -> bool:
    return capture.status == status and capture.error is None and capture.truncated is None
