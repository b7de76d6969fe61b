"""Due: when a page is to be looked at again, by a schedule that thins out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a page that was asked for: its first and its last look, and what came of that one.

    `first` is the first look that succeeded, or the first of all where none did. `failing` is the first
    look since which all have failed, or None where the last succeeded. `status` is that of the last look;
    None where no answer came.
    """

    first: datetime
    last: datetime
    status: int | None
    failing: datetime | None = None


def fails(status: int | None) -> bool:
    """Whether an outcome says nothing of the page: no answer, or one of a server in trouble. A 404 is an answer."""
    return status is None or status == 429 or status >= 500


def due(seen: Seen, now: datetime, marks: Sequence[timedelta]) -> bool:
    """Whether it is time to look at a page again.

    `marks` are times after the first look that succeeded. A page is due once for each mark that has gone
    by since its last look; several that were missed are made good by one look. A page that fails is due
    at once, and then at the same marks after its first failure: ever more rarely, until they end.
    """
    since = seen.failing or seen.first
    span = seen.last - since
    if seen.failing and not span:
        return now > seen.last
    return any(span < mark <= now - since for mark in marks)
