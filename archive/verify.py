"""Verify: everything that can be wrong with a crawl folder or a WARC file, one line for each damage.

Nothing is changed, and a file is read once. Memory does not grow with the archive.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from archive.cdxj import cdxj_line
from archive.checking import FileCheck
from archive.errors import ArchiveError, CrawlNotFound, DamagedRecord
from archive.folder import ARTICLES, FAILED, INDEX
from archive.growing import OPEN, is_held
from archive.lines import json_line, sorted_lines
from archive.manifest import MANIFEST, manifest_bytes, read_manifest, sha256_of
from archive.pressmarks import Pressmarks
from archive.records import read_records, warc_name, warcs_in
from archive.told import Told


def verify(path: Path) -> Iterator[str]:
    """What is wrong with a crawl folder, a WARC file, or all that stand in a folder; nothing where all is whole."""
    if path.is_file():
        yield from _verify_file(path)
    elif _is_crawl(path):
        yield from CrawlCheck(path)
    else:
        within = [folder for folder in sorted(path.rglob("*")) if folder.is_dir() and _is_crawl(folder)]
        files = [one for one in sorted(path.rglob("*")) if one.name.endswith((".warc", ".warc.gz", OPEN))]
        files = [one for one in files if one.is_file() and one.parent not in within]
        if not (within or files):
            raise CrawlNotFound(f"{path} holds no crawl folder and no WARC file")
        yield from chain.from_iterable(map(CrawlCheck, within))
        yield from chain.from_iterable(map(_verify_file, files))


def _is_crawl(folder: Path) -> bool:
    """Whether this is a crawl folder, be it one that has lost its manifest."""
    if (folder / MANIFEST).is_file():
        return True
    for path in warcs_in(folder):
        try:
            return next(read_records(path)).fields.get("crawlFormat") is not None
        except (ArchiveError, OSError):  # told when the file itself is checked
            continue
    return False


def _verify_file(path: Path) -> Iterator[str]:
    """A WARC file alone; by its SHA-256 too, where it stands beside a manifest that has it."""
    listed = _files_listed(path.parent).get(path.name, {}).get("sha256")
    check = FileCheck(path, sealed=listed is not None)
    yield from (_line(path, item) for item in check if isinstance(item, ArchiveError))
    if listed not in (None, check.sha256) and not check.damaged:
        yield f"{path} is not as {MANIFEST} has it: its SHA-256 is {check.sha256}"


def _line(path: Path, error: ArchiveError) -> str:
    return f"{path}{str(error).removeprefix(warc_name(path))}"


def _files_listed(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        files = read_manifest(folder).get("files")
    except ArchiveError:
        return {}
    return {name: told for name, told in files.items() if isinstance(told, dict)} if isinstance(files, dict) else {}


def _status(folder: Path) -> str | None:
    try:
        return str(read_manifest(folder)["status"])
    except ArchiveError:
        return None


class CrawlCheck:
    """Holds a crawl's records against themselves, and its other files against them and the manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = Told()
        self._digests: dict[str, str] = {}
        self._damaged: set[str] = set()  # names of files of which something has been said
        self._listed = _files_listed(folder)
        self._status = _status(folder)

    def __iter__(self) -> Iterator[str]:
        """What is wrong, each line beginning with a path."""
        paths = warcs_in(self._folder)
        growing = any(path.name.endswith(OPEN) for path in paths)
        if paths and is_held(paths[0]):
            yield f"{self._folder} is still being written; verify it when its crawl has ended"
            return
        with tempfile.TemporaryFile() as index:
            yield from self._of_records(paths, index)
            if growing or self._status == "running":
                yield f"{self._folder}: its crawl was killed; `scrapy resume {self._folder}` mends it"
            else:
                yield from self._of_closed(index)

    def _of_records(self, paths: Iterable[Path], index: Any) -> Iterator[str]:
        articles = self._folder / ARTICLES
        marks = Pressmarks(articles) if articles.is_file() else None
        for path in paths:
            check = FileCheck(path, sealed=path.name in self._listed)
            for item in check:
                if isinstance(item, ArchiveError):
                    yield _line(path, item)
                    continue
                self._told.add(item)
                if item.type in ("response", "revisit"):
                    try:
                        index.write(cdxj_line(item).encode())
                    except DamagedRecord as error:
                        self._damaged.add(path.name)
                        yield _line(path, error)
                    if marks:
                        yield from self._of(ARTICLES, marks.pass_by(item))
            self._digests[path.name] = check.sha256
            self._damaged |= {path.name} if check.damaged else set()
        if marks:
            yield from self._of(ARTICLES, chain(marks.end(), marks.unreadable))
        yield from self._needed()

    def _of(self, name: str, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._damaged.add(name)
            yield f"{self._folder / line}"

    def _needed(self) -> Iterator[str]:
        for name in sorted(self._told.needs):
            if not (self._folder / name).is_dir():
                yield f"{self._folder}: the folder {name}, which holds originals of its revisits, is missing"

    def _of_closed(self, index: Any) -> Iterator[str]:
        whole = not any(name.endswith(".warc.gz") for name in self._damaged)
        if whole:
            yield from self._of(INDEX, self._of_index(index))
            yield from self._of(FAILED, self._of_failures())
        yield from (f"{self._folder / line}" for line in chain(self._of_files(), self._of_manifest(whole)))

    def _of_index(self, index: Any) -> Iterator[str]:
        if not (self._folder / INDEX).is_file():
            return
        index.seek(0)
        wanted = sorted_lines(index, Path(tempfile.gettempdir()), bytes)
        with (self._folder / INDEX).open("rb") as file:
            for number, (found, line) in enumerate(zip_longest(file, wanted), 1):
                if found != line:
                    told = line.decode().rstrip() if line else "they end here"
                    yield f"{INDEX}, line {number}, is not what the records say ({told}); {self._rebuild()}"
                    return

    def _of_failures(self) -> Iterator[str]:
        if _content(self._folder / FAILED) != b"".join(map(json_line, self._told.failures)):
            yield f"{FAILED} is not what the records say; {self._rebuild()}"

    def _of_files(self) -> Iterator[str]:
        found = {path.name: path for path in sorted(self._folder.iterdir()) if path.name != MANIFEST}
        for name in sorted({*self._listed, *found}):
            if name not in found:
                yield f"{name} is missing; {MANIFEST} has it"
            elif name not in self._listed:
                yield f"{name} is not in {MANIFEST}"
            elif name not in self._damaged and (why := self._unlike(found[name], self._listed[name])):
                yield f"{name} is not as {MANIFEST} has it: {why}"

    def _unlike(self, path: Path, listed: Mapping[str, Any]) -> str | None:
        if not path.is_file():
            return "it is no file"
        if path.stat().st_size != listed.get("size"):
            return f"it has {path.stat().st_size} bytes, not {listed.get('size')}"
        found = self._digests.get(path.name) or sha256_of(path)
        return None if found == listed.get("sha256") else f"its SHA-256 is {found}, not {listed.get('sha256')}"

    def _of_manifest(self, whole: bool) -> Iterator[str]:
        try:
            files = read_manifest(self._folder).get("files")
        except ArchiveError as error:
            yield f"{MANIFEST}: {error}"
            return
        wanted = manifest_bytes({**self._told.manifest(), "files": files}) if self._told.is_crawl else b""
        if whole and _content(self._folder / MANIFEST) != wanted:
            yield f"{MANIFEST} is not what the records say; {self._rebuild()}"

    def _rebuild(self) -> str:
        return f"`scrapy rebuild {self._folder}` writes it anew"


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
