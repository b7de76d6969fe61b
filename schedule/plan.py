"""Plan: when an outlet is visited next, told from the visits that were."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from schedule.timetable import Entry

SOONER, LATER = 0.8, 1.5  # how the time between visits changes after one that found something new, or nothing
SKEW = timedelta(minutes=15)  # by which the clocks of two machines may differ
REMEMBERED = 30  # visits that count: after so many, what was before makes no difference


class Visit(Protocol):
    """A crawl that was, as far as the next one depends on it."""

    @property
    def started(self) -> datetime:
        """When it began."""

    @property
    def failed(self) -> bool:
        """Whether it ended otherwise than by itself or by its budget, or got no answer at all."""

    @property
    def new(self) -> int:
        """How many articles it found that nobody had found before."""


def interval(entry: Entry, visits: Sequence[Visit]) -> timedelta:
    """The time from the last visit to the next, jitter apart; `visits` are the newest first.

    A visit that failed says nothing about the outlet's pace, but each more in a row doubles the wait.
    """
    pace = entry.every
    for visit in reversed(visits[:REMEMBERED]):
        if not visit.failed:
            pace = _within(entry, pace * (SOONER if visit.new else LATER))
    failures = next((number for number, visit in enumerate(visits) if not visit.failed), len(visits))
    return _within(entry, pace * 2 ** min(failures, 20))


def past(visits: Sequence[Visit], now: datetime) -> list[Visit]:
    """Those that are not of the future: the clock was wrong then, or is now."""
    return [visit for visit in visits if visit.started <= now + SKEW]


def next_visit(entry: Entry, visits: Sequence[Visit], now: datetime) -> datetime:
    """When the next visit is due: `now` where there was none.

    A visit of the future is passed over. The jitter is told by the entry's name and the last visit's time, so that
    asking again gives the same answer.
    """
    known = past(visits, now)
    if not known:
        return now
    return known[0].started + interval(entry, known) * (1 + entry.jitter * _chance(entry.name, known[0].started))


def _within(entry: Entry, pace: timedelta) -> timedelta:
    return min(max(pace, entry.fastest), entry.slowest)


def _chance(name: str, when: datetime) -> float:
    """A number from -1 to 1, spread evenly over names and times."""
    digest = hashlib.sha256(f"{name} {when.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**63 - 1
