"""RemotePath: a file or folder behind a URL, with as much of `pathlib.Path` as reading an archive needs.

fsspec's own paths and files ask again and again whether something is there, and read ahead by 50 MB. Here a
folder is listed once by each RemotePath, a file is asked for by the ranges that are wanted, and a crawl
that has not been handed over to its end is not there.
"""

from __future__ import annotations

import io
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any

from archive.errors import StorageFailed
from archive.manifest import MANIFEST
from archive.storage import BLOCK, Entry, Storage

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CLAIM = ".claimed"  # stands in a crawl's folder from its beginning until it has been handed over
_BUFFER = 1 << 16


class RemotePath:
    """A place in a Storage. What it holds is taken as it was when it was first looked at."""

    __slots__ = ("_entry", "_held", "key", "spool", "storage", "url")

    def __init__(self, storage: Storage, key: str, entry: Entry | None = None) -> None:
        self.storage = storage
        self.key = key
        self.spool: Path | None = None
        self.url = str(self)
        self._entry = entry
        self._held: dict[str, Entry] | None = None  # what stands in this folder

    @classmethod
    def at(cls, url: str, spool: Path | None = None) -> RemotePath:
        """What a URL names; StorageFailed where it cannot be understood."""
        path = cls(*Storage.at(url))
        path.spool, path.url = spool, url
        return path

    def __str__(self) -> str:
        return self.storage.shown(self.key)

    def __repr__(self) -> str:
        return f"RemotePath({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemotePath) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: RemotePath) -> bool:
        return self.parts < other.parts

    def __truediv__(self, name: str) -> RemotePath:
        key = posixpath.normpath(posixpath.join(self.key, name))
        known = None if self._held is None else self._held.get(name) or Entry(key=key, size=-1, is_folder=False)
        return RemotePath(self.storage, key, known if "/" not in name else None)

    @property
    def name(self) -> str:
        return posixpath.basename(self.key)

    @property
    def parent(self) -> RemotePath:
        return RemotePath(self.storage, posixpath.dirname(self.key))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(str(self).split("/"))

    def with_name(self, name: str) -> RemotePath:
        return self.parent / name

    def resolve(self) -> RemotePath:
        return self

    def absolute(self) -> RemotePath:
        """The same for a process that works elsewhere on the machine."""
        path = RemotePath.at(self.url)
        path.spool = self.spool and self.spool.absolute()
        return path

    # What stands there

    def exists(self) -> bool:
        return self._looked_up() is not None

    def is_file(self) -> bool:
        entry = self._looked_up()
        return entry is not None and not entry.is_folder

    def is_dir(self) -> bool:
        """Whether this is a folder: something stands in it."""
        if self._entry is not None:
            return self._entry.is_folder
        return bool(self._listed())

    def stat(self) -> SimpleNamespace:
        """Its size alone, as `st_size`."""
        entry = self._looked_up()
        if entry is None:
            raise FileNotFoundError(2, "there is no such file", str(self))
        return SimpleNamespace(st_size=entry.size)

    def iterdir(self) -> Iterator[RemotePath]:
        return (RemotePath(self.storage, entry.key, entry) for entry in self._listed().values())

    def glob(self, pattern: str) -> Iterator[RemotePath]:
        """What stands in this folder itself, and has such a name."""
        return (path for path in self.iterdir() if fnmatchcase(path.name, pattern))

    def rglob(self, pattern: str) -> Iterator[RemotePath]:
        """What stands in this folder or below and has such a name; all is listed at once."""
        held: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.storage.below(self.key):
            held[posixpath.dirname(entry.key)].append(entry)
        for key, entries in held.items():
            folder = RemotePath(self.storage, key, Entry(key=key, size=0, is_folder=True))
            folder._held = _visible(entries)
            found = [folder, *folder.iterdir()] if key != self.key and folder._held else folder.iterdir()
            yield from (path for path in found if fnmatchcase(path.name, pattern))

    def _looked_up(self) -> Entry | None:
        if self._entry is None:
            self._entry = self.storage.look(self.key) or Entry(key=self.key, size=-1, is_folder=False)
        return None if self._entry.size < 0 else self._entry

    def _listed(self) -> dict[str, Entry]:
        if self._held is None:
            self._held = _visible(self.storage.within(self.key))
        return self._held

    # What it holds

    def open(self, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None) -> Any:
        """The file, to be read; what is wrong with it is told by the first read."""
        if mode not in ("r", "rb"):
            raise StorageFailed(30, "an archive behind a URL is only read", str(self))
        size = self._entry.size if self._entry and self._entry.size >= 0 else None
        raw = RemoteFile(self, size)
        if buffering == 0:
            return raw
        file: IO[bytes] = io.BufferedReader(raw, _BUFFER)
        return file if mode == "rb" else io.TextIOWrapper(file, encoding=encoding, errors=errors)

    def span(self, offset: int, length: int) -> RemoteFile:
        """The file, of which no byte outside a span is asked for: a span of up to BLOCK bytes is one request."""
        return RemoteFile(self, offset + length)

    def read_bytes(self) -> bytes:
        with self.open("rb") as file:
            content: bytes = file.read()
            return content


class RemoteFile(io.RawIOBase):
    """A file behind a URL, read by ranges of BLOCK bytes as they are wanted; one range is held in memory."""

    def __init__(self, path: RemotePath, stop: int | None) -> None:
        """`stop`: where it ends, if that is known."""
        self._path = path
        self._stop = stop
        self._at = 0
        self._start = 0  # where what is held begins
        self._held = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_END:
            offset += self._path.stat().st_size
        self._at = offset + (self._at if whence == io.SEEK_CUR else 0)
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        into = memoryview(buffer).cast("B")
        piece = self._piece(len(into))
        into[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _piece(self, size: int) -> bytes:
        if not self._start <= self._at < self._start + len(self._held):
            self._fetch()
        begin = self._at - self._start
        return self._held[begin : begin + size]

    def _fetch(self) -> None:
        stop = self._at + BLOCK if self._stop is None else min(self._at + BLOCK, self._stop)
        self._held = b""
        self._start = self._at
        if self._stop is None or self._at < self._stop:
            self._held = self._path.storage.read(self._path.key, self._at, stop)
            if self._at + len(self._held) < stop:
                self._stop = self._at + len(self._held)


def _visible(entries: Iterable[Entry]) -> dict[str, Entry]:
    """What readers see of a folder, by name: nothing while its crawl is being handed over, and never its claim."""
    held = {posixpath.basename(entry.key): entry for entry in entries}
    claimed = held.pop(CLAIM, None) is not None
    return {} if claimed and MANIFEST not in held else held
