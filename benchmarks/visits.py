"""Visits of one outlet, played event by event: when it is visited, what is fetched then, and how long that takes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from heapq import heappop, heappush

from schedule.plan import LATER, SOONER

DAY = 86_400.0
JITTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When an outlet is visited, and what a visit takes. Times are seconds."""

    fastest: float
    slowest: float
    delay: float  # between fetches
    start: float  # that a visit takes beside them
    listings: int  # that it asks for, robots.txt among them
    marks: tuple[float, ...]  # how long after its first look an article is looked at again


@dataclass(slots=True, kw_only=True)
class Played:
    """What the last seven days came to."""

    visits: int = 0
    pages: int = 0
    new: int = 0
    listings: int = 0
    busy: float = 0.0  # seconds in which a crawl ran


def play(rate: float, rhythm: Rhythm, days: int, seed: int) -> Played:
    """Visits of an outlet that publishes `rate` articles a second, for so many days."""
    chance = random.Random(seed)
    told, end = Played(), days * DAY
    pace = min(max(7200.0, rhythm.fastest), rhythm.slowest)
    at, before = chance.random() * pace, 0.0
    known: list[tuple[float, float, int]] = []  # when to look again, first look, articles: those of one visit together
    while at < end:
        new = _poisson(rate * (at - before), chance)
        again = _due(known, rhythm.marks, at)
        if new:
            heappush(known, (at + rhythm.marks[0], at, new))
        took = rhythm.start + (rhythm.listings + new + again) * rhythm.delay
        if at >= end - 7 * DAY:
            inside = min(1.0, (end - at) / took)
            told.visits += 1
            told.new += new
            told.pages += new + again
            told.listings += rhythm.listings
            told.busy += took * inside
        pace = min(max(pace * (SOONER if new else LATER), rhythm.fastest), rhythm.slowest)
        before, at = at, at + max(took, pace * (1 + JITTER * chance.uniform(-1, 1)))
    return told


def _due(known: list[tuple[float, float, int]], marks: tuple[float, ...], now: float) -> int:
    """How many articles are looked at again now; marks that have gone by together count once."""
    again = 0
    while known and known[0][0] <= now:
        _, first, count = heappop(known)
        again += count
        following = next((mark for mark in marks if first + mark > now), None)
        if following is not None:
            heappush(known, (first + following, first, count))
    return again


def _poisson(mean: float, chance: random.Random) -> int:
    """How many of what comes by chance come where so many are to be expected."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, mean**0.5)))
    count, passed = 0, chance.expovariate(1.0)
    while passed < mean:
        count += 1
        passed += chance.expovariate(1.0)
    return count
