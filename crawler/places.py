"""Places: where the settings say that the archive lies, and how closed crawls come there."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, StorageFailed
from archive.places import is_remote, place, spool_of
from crawler.arguments import WrongArgument

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from archive.folder import Claim


def archive_of(settings: BaseSettings) -> Path:
    """The place that ARCHIVE_DIR names; WrongArgument where it cannot be understood."""
    try:
        return place(settings["ARCHIVE_DIR"], Path(settings["SPOOL_DIR"]))
    except StorageFailed as error:
        raise WrongArgument(f"ARCHIVE_DIR={error}") from error


def archive_there(settings: BaseSettings) -> Path:
    """The same, where it must be there already: a slip of the pen is no archive without crawls."""
    root = archive_of(settings)
    if not root.is_dir():
        raise WrongArgument(f"there is no archive {root}; a crawl makes one, or -s ARCHIVE_DIR=FOLDER names another")
    return root


def given(path: str) -> Path:
    """A file or folder that a user names, here or behind a URL; WrongArgument where it cannot be understood."""
    try:
        return place(path)
    except StorageFailed as error:
        raise WrongArgument(str(error)) from error


def claim_in(root: Path) -> Claim | None:
    """What grants the names of new crawls' folders in this archive; None where making the folder does."""
    if not is_remote(root):
        return None
    from archive.handing import claim

    return partial(claim, root)


def handed_over(root: Path) -> dict[Path, ArchiveError | None]:
    """Hand over what is closed in the archive's spool, if it has one: each folder, and what went wrong with it.

    NotHandedOver where the storage cannot be used at all.
    """
    if not is_remote(root):
        return {}
    from archive.handing import hand_over_all, put_off

    try:
        return {folder.resolve(): error for folder, error in hand_over_all(root)}
    except StorageFailed as error:
        raise put_off(root, error) from error


def is_spooled(folder: Path, root: Path) -> bool:
    """Whether this folder waits in the spool of an archive behind a URL."""
    return is_remote(root) and not is_remote(folder) and spool_of(root).resolve() in folder.resolve().parents
