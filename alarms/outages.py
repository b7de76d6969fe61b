"""Outages: what fails or falls silent visit after visit."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from alarms.thresholds import ACQUAINTED, HISTORY, SILENCE, SILENT_VISITS, USUAL
from crawler.visits import Visit


class TroubleWatch:
    """Raises when more of something fails than usual, in so many visits in a row; clears with the first without."""

    def __init__(self, trouble: Callable[[Visit], int | None], words: str, *, in_a_row: int) -> None:
        """`trouble` counts what fails in a visit; None where the visit does not tell."""
        self.told: str | None = None
        self._trouble = trouble
        self._words = words
        self._in_a_row = in_a_row
        self._usual: list[int] = []  # sorted
        self._row: list[int] = []  # visits in trouble, since the last that was not

    def take(self, visit: Visit) -> None:
        """Look at the next visit."""
        count = self._trouble(visit)
        if count is None:
            return
        if len(self._usual) < HISTORY:
            insort(self._usual, count)
            return
        if count > self._usual[ceil(USUAL * (len(self._usual) - 1))]:
            self._row.append(count)
            if len(self._row) >= self._in_a_row:
                row = f", {len(self._row)} visits in a row" if len(self._row) > 1 else ""
                self.told = f"{self._words.format(count=count)}{row}"
            return
        if self.told is None:  # an alarm is nothing usual, a bad day is
            for one in self._row:
                insort(self._usual, one)
        self.told, self._row = None, []
        insort(self._usual, count)


class SilenceWatch:
    """Raises when an outlet that had new articles has had none for longer than ever before; clears with the next."""

    def __init__(self) -> None:
        self.told: str | None = None
        self._fruitful: list[datetime] = []
        self._longest = timedelta(0)
        self._silent = 0

    def take(self, visit: Visit) -> None:
        """Look at the next visit."""
        if visit.count("articles/by") > visit.count("articles/again"):
            if self._fruitful:
                self._longest = max(self._longest, visit.started - self._fruitful[-1])
            self._fruitful.append(visit.started)
            self.told, self._silent = None, 0
            return
        self._silent += 1
        if len(self._fruitful) >= HISTORY and self._silent >= SILENT_VISITS:
            last = self._fruitful[-1]
            if visit.started - last > self._bearable():
                self.told = f"no new article in {self._silent} visits, since {last.isoformat(timespec='minutes')}"

    def _bearable(self) -> timedelta:
        """For how long the outlet may be silent."""
        watched = self._fruitful[-1] - self._fruitful[0]
        young = watched < timedelta(days=ACQUAINTED)
        return max(self._longest * SILENCE, watched / 2 if young else timedelta(0))
