"""Visits: what the catalogue tells of crawls, listings and pages, as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from catalogue.due import Seen
from catalogue.keys import moment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a listing said of itself when it was last read whole; `stands_at`: that record (see `Capture.refers_to`)."""

    etag: str | None
    last_modified: str | None
    stands_at: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One crawl of an outlet; one that `failed` was broken off, by other than its budget, or got no answer at all."""

    started: datetime
    ended: datetime
    status: str
    failed: bool
    folder: Path
    pages: int
    articles: int
    new: int
    arguments: Mapping[str, Any]


def seen_of(row: Row[Any]) -> Seen:
    """A page, from its row."""
    return Seen(since=moment_of(row.since), last=moment_of(row.last), status=row.status, elsewhere=bool(row.elsewhere))


def visit_of(root: Path, row: Row[Any]) -> Visit:
    """A crawl of the archive at `root`, from its row."""
    return Visit(
        started=moment_of(row.started),
        ended=moment_of(row.ended),
        status=row.status,
        failed=row.failed,
        folder=root / "crawls" / row.folder,
        pages=row.pages,
        articles=row.articles,
        new=row.new,
        arguments=json.loads(row.arguments),
    )
