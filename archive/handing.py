"""Handing over: a closed crawl is brought from the spool on this machine's disk to where its archive lies.

Each file is put and read back, and its manifest last: until that is there, readers see no folder. Killed
anywhere, it is begun again: what lies there already as it should is not put again.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from archive.crawl import Crawl
from archive.errors import ArchiveError, CrawlBusy, CrawlNotFound, NotHandedOver, StorageFailed
from archive.manifest import MANIFEST, sha256_of
from archive.mending import hold
from archive.places import spool_of
from archive.remote import CLAIM
from archive.storage import BLOCK, Storage

if TYPE_CHECKING:
    from archive.remote import RemotePath

_DONE = "done"  # folders that have been handed over, and are about to be removed


def claim(root: Path, outlet: str, name: str) -> bool:
    """Whether a new crawl may have this folder in the archive at `root`: no other machine's has it, or gets it now."""
    folder = cast("RemotePath", root / "crawls" / outlet / name)
    storage, claimed = folder.storage, (folder / CLAIM).key
    if not storage.create(claimed, secrets.token_bytes(16)):
        return False
    if storage.look((folder / MANIFEST).key) is None:
        return True
    storage.remove(claimed)
    return False


def hand_over_all(root: Path) -> Iterator[tuple[Path, ArchiveError | None]]:
    """Hand over every closed crawl in the spool of the archive at `root`; each folder, and what went wrong with it.

    StorageFailed where the storage itself cannot be used: then the others wait as well.
    """
    spool = spool_of(root)
    for leftover in (spool / _DONE).glob("*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for folder in sorted((spool / "crawls").glob("*/*")):
        try:
            if Crawl.open(folder).status in ("running", "killed"):
                continue
            hand_over(folder, root)
        except (CrawlNotFound, CrawlBusy, FileNotFoundError):
            continue  # it is just being made, or another process hands it over, or has done so
        except ArchiveError as error:
            yield folder, error
        else:
            yield folder, None


def hand_over(folder: Path, root: Path) -> None:
    """Bring a closed crawl to the archive at `root`, and remove it here.

    NotHandedOver where its files are not as its manifest has them, or another crawl stands in its place;
    CrawlBusy where another process hands it over.
    """
    with hold(folder):
        manifest = Crawl.open(folder).manifest
        target = cast("RemotePath", root / "crawls" / str(manifest["outlet"]) / folder.name)
        _Handing(folder, target).all_of(manifest["files"])
        done = spool_of(root) / _DONE
        done.mkdir(exist_ok=True)
        moved = folder.rename(done / f"{folder.parent.name}-{folder.name}-{secrets.token_hex(4)}")
    shutil.rmtree(moved, ignore_errors=True)


class _Handing:
    """Puts the files of one crawl into place."""

    def __init__(self, folder: Path, target: RemotePath) -> None:
        self._folder = folder
        self._target = target
        self._storage: Storage = target.storage
        self._there = {entry.key: entry.size for entry in self._storage.within(target.key)}

    def all_of(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        """Put all files, the manifest behind the others."""
        manifest = {"size": (self._folder / MANIFEST).stat().st_size, "sha256": sha256_of(self._folder / MANIFEST)}
        if (self._target / MANIFEST).key in self._there:
            if not self._stands(MANIFEST, manifest):
                raise self._failed(f"another crawl stands at {self._target}, and nothing is overwritten")
        else:
            for name, told in (*files.items(), (MANIFEST, manifest)):
                self._put(name, told)
        self._storage.remove((self._target / CLAIM).key)

    def _put(self, name: str, told: Mapping[str, Any]) -> None:
        if self._stands(name, told):
            return
        path, key = self._folder / name, (self._target / name).key
        if not path.is_file() or sha256_of(path) != told["sha256"]:
            raise self._failed(f"{name} is not as {MANIFEST} has it; `scrapy verify {self._folder}` tells more")
        self._storage.put(path, key)
        self._there[key] = path.stat().st_size
        if not self._stands(name, told):
            raise self._failed(f"{name} does not read as it was put at {self._target}; see to the storage")

    def _stands(self, name: str, told: Mapping[str, Any]) -> bool:
        """Whether a file lies there, byte for byte: it is read back, for nothing else is certain."""
        key = (self._target / name).key
        if self._there.get(key) != int(told["size"]):
            return False
        digest = hashlib.sha256()
        try:
            for start in range(0, told["size"], BLOCK):
                digest.update(self._storage.read(key, start, start + BLOCK))
        except FileNotFoundError:  # lost as soon as it was put
            return False
        return digest.hexdigest() == str(told["sha256"])

    def _failed(self, why: str) -> NotHandedOver:
        return NotHandedOver(f"{self._folder} is not handed over, and stays there: {why}")


def put_off(root: Path, error: StorageFailed) -> NotHandedOver:
    """What to say where the storage cannot be used: what waits, and for what."""
    return NotHandedOver(f"what is closed in {spool_of(root)} is whole, and handed over by the next crawl: {error}")
