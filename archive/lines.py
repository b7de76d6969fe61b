"""Files of lines: sorted within bounded memory, written whole or not at all, read back."""

from __future__ import annotations

import heapq
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from archive.errors import CrawlUnreadable
from archive.growing import sync_folder

_RUN = 1 << 24  # bytes of lines that are sorted in memory at a time


def sorted_lines(lines: Iterable[bytes], folder: Path, key: Callable[[bytes], Any]) -> Iterator[bytes]:
    """The lines in order; what does not fit into one run is sorted by way of nameless files in `folder`."""
    runs: list[IO[bytes]] = []
    run: list[bytes] = []
    size = 0
    for line in lines:
        run.append(line)
        size += len(line)
        if size > _RUN:
            runs.append(_set_aside(sorted(run, key=key), folder))
            run, size = [], 0
    yield from heapq.merge(*runs, sorted(run, key=key), key=key)
    for file in runs:
        file.close()


def _set_aside(run: list[bytes], folder: Path) -> IO[bytes]:
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed when the runs have been merged)
    file.writelines(run)
    file.seek(0)
    return file


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Replace a file by these bytes at one stroke, on the disk when this returns."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def append_whole(path: Path, line: bytes) -> None:
    """Add a line to a file; where that fails, cut off what was written of it."""
    with path.open("ab", buffering=0) as file:
        size = file.tell()
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.truncate(size)
            raise


def json_line(line: Mapping[str, Any]) -> bytes:
    """A line of JSON, UTF-8 unescaped but for what UTF-8 cannot write (half of a surrogate pair)."""
    try:
        return (json.dumps(line, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(line) + "\n").encode()


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file of JSON lines; one without its end, as a killed crawl may leave it, is left out."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line)
            except ValueError as error:
                raise CrawlUnreadable(f"{path}, line {number}, is no JSON; `scrapy rebuild` writes it anew") from error
