"""GrowingFile: a file that only ever grows by whole pieces, locked by its writer, and renamed when done."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import IO

from archive.errors import RecordingFailed
from archive.places import is_remote

SYNC_EVERY = 1.0  # seconds
OPEN = ".open"

_LAST_MOMENT = 0.1  # seconds that whoever was just killed may take to be gone
_PATIENCE = 0.5  # seconds: whoever only looks whether a file is locked holds it for a moment


class GrowingFile:
    """A new file of a folder, named `<name>.open` until it is finished.

    An append is whole or it is not there: what a failed write left behind is cut off again. The lock
    (flock) dies with its holder, so a `.open` file that nobody has locked belongs to nobody alive.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Make the file, never over another; RecordingFailed where that cannot be."""
        self.name = name
        self.size = 0
        self._final = folder / name
        self._path = folder / (name + OPEN)
        self._synced = time.monotonic()
        try:
            if self._final.exists():
                raise FileExistsError(None, "a finished file has that name already")
            self._file = self._path.open("xb", buffering=0)
            if not lock(self._file):
                raise BlockingIOError(None, "another process has locked it")
        except OSError as error:
            raise self._failed(error) from error

    def append(self, content: bytes) -> int:
        """Write all of the content and return its offset; RecordingFailed, and nothing written, where that fails."""
        offset = self.size
        try:
            self._write(content)
            self.size += len(content)
            self.sync()
        except OSError as error:
            self._cut_back(offset, error)
            raise self._failed(error) from error
        except BaseException:  # an interrupt must not leave a torn record either
            self._cut_back(offset)
            raise
        return offset

    def sync(self) -> None:
        """Have everything on the disk, if a second has passed since that was last so."""
        if time.monotonic() - self._synced >= SYNC_EVERY:
            self.sync_now()

    def sync_now(self) -> None:
        """Have everything on the disk."""
        try:
            os.fdatasync(self._file.fileno())
        except OSError as error:
            raise self._failed(error) from error
        self._synced = time.monotonic()

    def finish(self) -> None:
        """Have everything on the disk under the final name. The file stays locked until `release`."""
        try:
            os.fsync(self._file.fileno())
            self._path.rename(self._final)
            sync_folder(self._final.parent)
        except OSError as error:
            raise self._failed(error) from error

    def release(self) -> None:
        """Close the file, and with that give up its lock."""
        self._file.close()

    def remove(self) -> None:
        """Take the file away again: it never got as far as its first record."""
        self.release()
        self._path.unlink(missing_ok=True)

    def _write(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _cut_back(self, size: int, cause: OSError | None = None) -> None:
        try:
            self._file.truncate(size)
            self._file.seek(size)
            self.size = size
        except OSError as error:
            torn = f"{self._path}: the torn record at byte {size} could not be cut off ({error.strerror})"
            raise RecordingFailed(f"{torn}; resume the crawl to mend it") from (cause or error)

    def _failed(self, error: OSError) -> RecordingFailed:
        advice = "what was recorded before it is whole; make room or mend the disk, then resume the crawl"
        return RecordingFailed(f"{self._path} cannot be written: {error.strerror}; {advice}")


def sync_folder(folder: Path) -> None:
    """Have a folder's names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock(file: IO[bytes], how: int = fcntl.LOCK_EX, patience: float = _PATIENCE) -> bool:
    """Lock a file for as long as it stays open, or this process lives; False where another process has."""
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        else:
            return True


def is_held(path: Path) -> bool:
    """Whether some process is writing this file; nobody does where it lies behind a URL."""
    if is_remote(path):
        return False
    with path.open("rb") as file:
        return not lock(file, fcntl.LOCK_SH, _LAST_MOMENT)
