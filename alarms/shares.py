"""Shares: what part of an outlet's articles lack something, and when that is more than usual."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from math import ceil, sqrt

from alarms.thresholds import GROUP, GROUPS, LEAST, MARGIN, MOST, SURE, USUAL
from crawler.visits import Visit

Measure = Callable[[Visit], tuple[int, int]]  # how many of how many


class ShareWatch:
    """Raises when a share is more than usual by far, and clears when it is no more.

    The newest visits, as few of them as will do, are held against all before them that were in no alarm.
    A visit that has nothing to count changes nothing.
    """

    def __init__(self, measure: Measure, words: str) -> None:
        """`words` say what a count means: `{bad} of the last {all} articles have no date`."""
        self.told: str | None = None
        self._measure = measure
        self._words = words
        self._usual = Usual()
        self._newest: list[tuple[int, int]] = []
        self._limit = 0.0  # the share that is still usual, as long as an alarm stands

    def take(self, visit: Visit) -> None:
        """Look at the next visit."""
        bad, of = self._measure(visit)
        if of == 0:
            return
        counted = (min(bad, of), of)  # an older version may have counted otherwise
        self._newest = _enough([*self._newest, counted])
        if self.told is None:
            self._raise()
        elif not self._persists():
            self.told, self._newest = None, [counted]
        if self.told is None:
            self._usual.add(*counted)

    def _raise(self) -> None:
        """Raise the alarm where the last visit, or the last few together, are beyond what is usual."""
        for visits, (bad, of) in enumerate(_suffixes(self._newest)):
            surely = surely_at_least(bad, of)
            if of < LEAST or surely <= MARGIN:
                continue
            usual = self._usual.before(visits)
            if usual is not None and surely > usual + MARGIN:
                self._limit = usual + MARGIN
                self.told = f"{self._words.format(bad=bad, all=of)}; usual is {usual:.0%} at most"
                return

    def _persists(self) -> bool:
        """Whether the newest articles, as few visits' as tell a share, are still beyond the limit."""
        enough = (bad / of for bad, of in _suffixes(self._newest) if of >= LEAST)
        return next(enough, 1.0) > self._limit


class Usual:
    """What share was usual before each of an outlet's visits: told by groups of some articles each."""

    def __init__(self) -> None:
        self._groups: list[float] = []  # sorted
        self._bad = self._of = 0  # of the group that is not full yet
        self._shares: list[float | None] = [None]  # before each visit

    def add(self, bad: int, of: int) -> None:
        """Add a visit."""
        self._bad, self._of = self._bad + bad, self._of + of
        if self._of >= GROUP:
            insort(self._groups, self._bad / self._of)
            self._bad = self._of = 0
        known = len(self._groups) >= GROUPS
        self._shares.append(self._groups[ceil(USUAL * (len(self._groups) - 1))] if known else None)

    def before(self, visits: int) -> float | None:
        """The share that was usual before the last so many visits; None where too little was known then."""
        return self._shares[max(len(self._shares) - 1 - visits, 0)]


def _suffixes(visits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The counts of the last visit, of the last two, and so on."""
    sums, bad, of = [], 0, 0
    for more_bad, more in reversed(visits):
        bad, of = bad + more_bad, of + more
        sums.append((bad, of))
    return sums


def _enough(visits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The newest visits, as many as are enough."""
    kept: list[tuple[int, int]] = []
    of = 0
    for one in reversed(visits):
        if kept and of >= MOST:
            break
        kept.insert(0, one)
        of += one[1]
    return kept


def surely_at_least(bad: int, of: int) -> float:
    """The least share that such a count may come from: the lower end of Wilson's interval."""
    share, z = bad / of, SURE * SURE / of
    return float((share + z / 2 - SURE * sqrt(share * (1 - share) / of + z / (4 * of))) / (1 + z))
