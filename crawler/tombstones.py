"""Tombstones: what failed visit after visit is tried ever more rarely, and is never quite forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

FIRST = timedelta(hours=1)  # the next visit of all but the busiest cadences; doubled by each further failure in a row
LONGEST = timedelta(days=30)


def next_try(visits: Sequence[tuple[datetime, bool]]) -> datetime | None:
    """When a listing is tried again after these visits, oldest first: when it was asked for, and whether it was had.

    None: at once, as after a single failure, which may be an accident. One success clears everything before it.
    Visits that passed it over are not among these.
    """
    failures = 0
    for _, had in reversed(visits):
        if had:
            break
        failures += 1
    if failures < 2:
        return None
    return visits[-1][0] + min(FIRST * (1 << min(failures - 2, 20)), LONGEST)


def tries_again(visits: Sequence[tuple[datetime, bool]], now: datetime) -> bool:
    """Whether it is time to try again. A last visit in the future (a clock that jumped) keeps nobody waiting."""
    then = next_try(visits)
    return then is None or then <= now or visits[-1][0] > now


def forbidding_hosts(statistics: Mapping[str, Any]) -> dict[str, bool]:
    """Of each host that a visit asked for article pages: whether it forbade them.

    It did where the crawl stopped asking (`blocked/<host>`), and where not one page was served among those
    that were forbidden (`forbidden/<host>`, `served/<host>`).
    """
    hosts: dict[str, dict[str, int]] = {}
    for name, value in statistics.items():
        what, _, host = name.partition("/")
        if what in ("blocked", "forbidden", "served"):
            hosts.setdefault(host, {})[what] = value
    return {host: "blocked" in counts or "served" not in counts for host, counts in sorted(hosts.items())}
