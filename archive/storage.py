"""Storage: files behind a URL, by way of fsspec; what is asked of it costs one request, and its errors one line.

Failed requests are repeated by botocore (five times, or AWS_MAX_ATTEMPTS) and, where a connection breaks
within an answer, by s3fs.
"""

from __future__ import annotations

import errno
import posixpath
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import StorageFailed
from archive.places import shown

BLOCK = 1 << 22  # bytes that are read at a time, where a file is read from its beginning
_PART = 1 << 23  # bytes of a part of a large upload; two such are in memory, and up to four on their way

_S3 = ("s3://", "s3a://")
_SEE = "see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL"
_REFUSED = f"the credentials are refused ({{code}}); {_SEE}"
_MEANT = {
    "NoSuchBucket": "there is no such bucket; make it, or name another",
    "InvalidBucketName": "that is no name of a bucket",
    **dict.fromkeys(("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"), _REFUSED),
    "AccessDenied": "access is denied: these credentials may not do that here",
    "403": f"access is denied: these credentials are wrong, or may not do that here; {_SEE}",  # all that a HEAD says
    "RequestTimeTooSkewed": "this machine's clock is wrong, and so the storage refuses it",
    **dict.fromkeys(("SlowDown", "ServiceUnavailable", "503"), "the storage is too busy ({code}); try again later"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder behind a URL."""

    key: str
    size: int
    is_folder: bool


class Storage:
    """Files by their keys: the paths that fsspec knows them by."""

    def __init__(self, filesystem: Any, before: str) -> None:
        """`before` stands before a key where it is shown."""
        self._files = filesystem
        self._before = before
        self._is_s3 = before.startswith(_S3)

    @classmethod
    def at(cls, url: str) -> tuple[Storage, str]:
        """The storage behind a URL, and the key of what the URL names; StorageFailed where that makes no sense."""
        from fsspec.core import url_to_fs

        if url.startswith(_S3) and "@" in url.partition("://")[2].partition("/")[0]:
            why = "credentials do not stand in the URL; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            raise StorageFailed(errno.EINVAL, why, shown(url))
        try:
            filesystem, key = url_to_fs(url, use_listings_cache=False)
        except (ValueError, ImportError, OSError) as error:
            raise StorageFailed(errno.EINVAL, f"that URL cannot be used ({error})", shown(url)) from error
        if url.startswith(_S3):
            filesystem.retries = (
                3  # of answers that break off; times botocore's own, its default of five is too patient
            )
        whole, key = shown(url).rstrip("/"), key.rstrip("/")
        # A key is the URL's end, more or less of it: for S3 with the bucket, for SFTP without the host.
        before = whole.removesuffix(key) if whole.endswith(key) else whole.partition("://")[0] + "://"
        return cls(filesystem, before), key

    def shown(self, key: str) -> str:
        """A key as a user would name it, without credentials."""
        return self._before + key

    def within(self, key: str) -> list[Entry]:
        """What stands in a folder, a request for each thousand; nothing where there is no folder."""
        try:
            with self._asked(key):
                found = self._files.ls(key, detail=True)
        except FileNotFoundError:
            return []
        entries = (self._entry(one) for one in found)
        return [entry for entry in entries if posixpath.dirname(entry.key) == key]

    def below(self, key: str) -> list[Entry]:
        """All files below a folder, a request for each thousand."""
        try:
            with self._asked(key):
                found = self._files.find(key, detail=True)
        except FileNotFoundError:
            return []
        return [entry for entry in map(self._entry, found.values()) if entry.key != key]

    def look(self, key: str) -> Entry | None:
        """What stands at a key, if anything does."""
        try:
            with self._asked(key):
                return self._entry(self._files.info(key))
        except FileNotFoundError:
            return None

    def read(self, key: str, start: int, stop: int) -> bytes:
        """The bytes of a file from `start` up to `stop`, fewer where it ends before; FileNotFoundError."""
        if start >= stop:
            return b""
        try:
            with self._asked(key):
                return bytes(self._files.cat_file(key, start=start, end=stop))
        except StorageFailed as error:
            if error.code in ("InvalidRange", "416"):  # it ends where we would begin
                return b""
            raise

    def put(self, path: Path, key: str) -> None:
        """Put a file there, in place of what may be there."""
        given = {"chunksize": _PART, "max_concurrency": 4} if self._is_s3 else {}
        with self._asked(key):
            if not self._is_s3:
                self._files.makedirs(posixpath.dirname(key), exist_ok=True)
            self._files.put_file(str(path), key, **given)

    def create(self, key: str, content: bytes) -> bool:
        """Put a small new file there; False where there is one, of others' making."""
        try:
            with self._asked(key):
                if not self._is_s3:
                    self._files.makedirs(posixpath.dirname(key), exist_ok=True)
                self._files.pipe_file(key, content, mode="create")
        except FileExistsError:  # perhaps of our own making, when an answer was lost and the request repeated
            return self.read(key, 0, len(content) + 1) == content
        return True

    def remove(self, key: str) -> None:
        """Remove a file, if it is there."""
        try:
            with self._asked(key):
                self._files.rm_file(key)
        except FileNotFoundError:
            return

    def _entry(self, told: dict[str, Any]) -> Entry:
        return Entry(key=told["name"].rstrip("/"), size=told.get("size") or 0, is_folder=told["type"] == "directory")

    @contextmanager
    def _asked(self, key: str) -> Iterator[None]:
        """Turn what goes wrong into StorageFailed; but that a file is not there, or is, stays what it is."""
        try:
            yield
        except _failures() as error:
            code = _code(error)
            if isinstance(error, FileNotFoundError) and code != "NoSuchBucket":
                raise FileNotFoundError(errno.ENOENT, "there is no such file", self.shown(key)) from error
            if isinstance(error, FileExistsError) or code in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise FileExistsError(errno.EEXIST, "there is one already", self.shown(key)) from error
            number = error.errno if isinstance(error, OSError) and error.errno else errno.EIO
            raise StorageFailed(number, _words(error, code), self.shown(key), code=code) from error


def _failures() -> tuple[type[Exception], ...]:
    """What may be raised by the libraries that are in use."""
    found: list[type[Exception]] = [OSError]
    if "botocore" in sys.modules:
        from botocore.exceptions import BotoCoreError, ClientError

        found += [BotoCoreError, ClientError]
    if "aiohttp" in sys.modules:
        from aiohttp import ClientError as BrokenAnswer

        found.append(BrokenAnswer)
    return tuple(found)


def _code(error: BaseException) -> str:
    """S3's code of an error, where it has one."""
    while error is not None:
        if response := getattr(error, "response", None):
            return str(response.get("Error", {}).get("Code", ""))
        if error.__cause__ is None:
            return ""
        error = error.__cause__
    return ""


def _words(error: Exception, code: str) -> str:
    if code in _MEANT:
        return _MEANT[code].format(code=code)
    kind = type(error).__name__
    if "Credentials" in kind:
        return (
            "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what else your storage needs"
        )
    told = getattr(error, "strerror", None) or str(error) or kind
    # What S3 says comes wrapped by botocore and by s3fs: "An error occurred (...) when calling ...: <its words>".
    return (
        f"the storage answers {code}: {told.rpartition(' operation: ')[2]}"
        if code
        else f"the storage cannot be reached: {told}"
    )
