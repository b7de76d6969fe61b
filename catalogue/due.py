"""Due: when a page is to be looked at again, by a schedule that thins out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a page that was asked for: since when it is followed, its last look, and what came of that.

    `since` is when its article was published, or the first look that succeeded, whichever is earlier; of a
    page that fails, the first look since which all have failed. `status` is that of the last look; None
    where no answer came. `elsewhere`: its article has been read since, with the same words, at another URL.
    """

    since: datetime
    last: datetime
    status: int | None
    elsewhere: bool = False


def fails(status: int | None) -> bool:
    """Whether an outcome says nothing of the page: no answer, or one of a server in trouble. A 404 is an answer."""
    return status is None or status == 429 or status >= 500


def due(seen: Seen, now: datetime, marks: Sequence[timedelta]) -> bool:
    """Whether it is time to look at a page again.

    `marks` are times after `since`. A page is due once for each mark that has gone by since its last look;
    several that were missed are made good by one look, and those before the first look are not made
    good. A page that fails is due at once, and then at the same marks after its first failure: ever more rarely,
    until they end. Of several URLs of one article the one that was looked at last is followed alone.
    """
    span = seen.last - seen.since
    if seen.elsewhere:
        return False
    if fails(seen.status) and not span:
        return now > seen.last
    return any(span < mark <= now - seen.since for mark in marks)
