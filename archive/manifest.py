"""The manifest of a crawl, `crawl.json`, and the records in its WARC files from which it can be made again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.errors import CrawlNotFound, CrawlUnreadable, StorageFailed
from archive.lines import write_whole
from archive.record import dump_fields, load_fields, read_date, write_date

MANIFEST = "crawl.json"
FORMAT = "pressmark crawl 1"  # a crawl folder of another format is not read

_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_OF_WARCINFO = {"software": "pressmark", "format": "WARC File Format 1.1", "conformsTo": _CONFORMS_TO}
_OURS = {*_OF_WARCINFO, "isPartOf", "outlet", "started", "crawlFormat"}
_OF_MANIFEST = {"format", "outlet", "started", "ended", "status", "needs", "statistics", "files"}
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def crawl_fields(name: str, outlet: str, started: datetime, description: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a crawl's warcinfo records: all that is needed to run it again."""
    for key in description:
        if key in _OURS | _OF_MANIFEST or not _FIELD_NAME.fullmatch(key):
            raise ValueError(f"{key!r} cannot name a field of a crawl's description")
    own = {"isPartOf": name, "crawlFormat": FORMAT, "outlet": outlet, "started": write_date(started)}
    # Through bytes and back: what the manifest says now is what it will say when made again from the WARC.
    return load_fields(dump_fields({**_OF_WARCINFO, **own, **description}))


def closing_fields(status: str, statistics: Mapping[str, Any], ended: datetime) -> dict[str, Any]:
    """The fields of the record that ends a crawl."""
    fields = {"ended": write_date(ended), "status": status, "statistics": dict(sorted(statistics.items()))}
    return load_fields(dump_fields(fields))


def fields_of_manifest(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a crawl's warcinfo records, as its manifest tells them; ValueError where it cannot."""
    description = {name: value for name, value in manifest.items() if name not in _OF_MANIFEST}
    name = f"{manifest['outlet']}-{folder.name}"
    return crawl_fields(name, manifest["outlet"], read_date(str(manifest.get("started"))), description)


def compose(fields: Mapping[str, Any], closing: Mapping[str, Any] | None, needs: Sequence[str] = ()) -> dict[str, Any]:
    """The manifest that a crawl's warcinfo and, once it has ended, its closing record give.

    `needs`: the folders of earlier crawls that hold originals of its revisits, as seen from its own.
    """
    description = {name: value for name, value in fields.items() if name not in _OURS}
    head = {"format": FORMAT, "outlet": fields["outlet"], "started": fields["started"]}
    if closing is None:
        return {**head, "ended": None, "status": "running", **description}
    ending = {"ended": closing["ended"], "status": closing["status"]}
    needed = {"needs": list(needs)} if needs else {}
    return {**head, **ending, **description, **needed, "statistics": closing["statistics"]}


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write `crawl.json` at one stroke."""
    write_whole(folder / MANIFEST, [manifest_bytes(manifest)])


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """What stands in `crawl.json`."""
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What `crawl.json` says; CrawlNotFound or CrawlUnreadable, saying which, where it says nothing."""
    if not folder.is_dir():
        why = "it is a file" if folder.is_file() else "there is no such folder"
        raise CrawlNotFound(f"{folder} is no crawl folder: {why}")
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        if any(folder.glob("*.warc.gz*")):
            raise CrawlUnreadable(f"{folder} has no {MANIFEST}; `scrapy rebuild {folder}` writes it anew") from error
        raise CrawlNotFound(f"{folder} is no crawl folder: it has neither {MANIFEST} nor WARC files") from error
    except (ValueError, RecursionError) as error:
        why = f"{folder / MANIFEST} is torn or no JSON; `scrapy rebuild {folder}` writes it anew"
        raise CrawlUnreadable(why) from error
    except StorageFailed:  # which says nothing of the crawl
        raise
    except OSError as error:
        raise CrawlUnreadable(f"{folder / MANIFEST} cannot be read: {error.strerror}") from error
    return _checked(folder, manifest)


def _checked(folder: Path, manifest: Any) -> dict[str, Any]:
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise CrawlUnreadable(f"{folder} has the format {found!r}, and this pressmark reads {FORMAT!r} only")
    if not (isinstance(manifest.get("outlet"), str) and isinstance(manifest.get("status"), str)):
        raise CrawlUnreadable(
            f"{folder / MANIFEST} names no outlet or status; `scrapy rebuild {folder}` writes it anew"
        )
    return dict(manifest)


def digests_of_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every file of a crawl folder but the manifest, by name."""
    paths = sorted(path for path in folder.iterdir() if path.name != MANIFEST and not path.name.startswith("."))
    return {path.name: {"size": path.stat().st_size, "sha256": sha256_of(path)} for path in paths if path.is_file()}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
