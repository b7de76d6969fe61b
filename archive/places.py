"""Places: where an archive lies, on this machine's disk or behind a URL, and what of it is always on the disk."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from archive.remote import RemotePath

_USER = re.compile(r"(?<=://)[^/@\s]+@")


def place(text: str | os.PathLike[str], spool: Path | None = None) -> Path:
    """The path that is meant by what a user wrote: a file or folder here, or one behind an `s3://` or like URL.

    What stands behind a URL answers as a path does, to be read only (`archive.remote`). `spool` is the
    folder in which the spools of archives lie. OSError where the URL cannot be understood.
    """
    words = os.fspath(text)
    if words.startswith("file://"):
        return Path(unquote(urlsplit(words).path))
    if "://" not in words:
        return Path(words)
    from archive.remote import RemotePath  # fsspec and botocore take their time

    own = spool / quote(shown(words).rstrip("/"), safe="") if spool else None
    return cast("Path", RemotePath.at(words, own))


def is_remote(path: Path) -> bool:
    """Whether this lies behind a URL: what is there is closed, and is only read."""
    return not isinstance(path, Path)


def spool_of(root: Path) -> Path:
    """The folder on this machine's disk in which an archive's crawls are written: its own, where it lies here.

    The same holds for what is one machine's alone: locks, logs, and SQLite's catalogue.
    """
    if not is_remote(root):
        return root
    spool = cast("RemotePath", root).spool
    assert spool is not None, f"{root} was named without its spool"
    return spool


def url_of(root: Path) -> str:
    """What names this place to another process, credentials and all."""
    return cast("RemotePath", root).url if is_remote(root) else str(root)


@contextmanager
def here(path: Path) -> Iterator[Path]:
    """A file on this machine's disk: itself, or for a while a copy of it, for who must search in it."""
    if not is_remote(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with path.open("rb") as source, copy.open("xb") as target:
            shutil.copyfileobj(source, target)
        yield copy


def shown(url: str) -> str:
    """A URL without the credentials in it."""
    return _USER.sub("(masked)@", url)
