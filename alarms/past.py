"""Past: which of an outlet's visits can be compared with one another."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from alarms.thresholds import VISITS
from crawler.visits import Visit, visits


def histories(root: Path, outlet: str) -> list[list[Visit]]:
    """An outlet's newest visits, oldest first, apart by what was asked for: its edition, its limit, its start.

    Crawls of given URLs say nothing of the outlet, and those that were interrupted say too little.
    """
    found: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in visits(root, outlet, VISITS):
        ended = visit.status == "finished" or visit.status.startswith("closespider_")
        if ended and "urls" not in visit.arguments:
            found[json.dumps(visit.arguments, sort_keys=True)].append(visit)
    return list(found.values())


def until(root: Path, outlet: str, folder: Path) -> list[Visit]:
    """The visits that one can be compared with, up to itself; empty where it cannot be compared."""
    for history in histories(root, outlet):
        for number, visit in enumerate(history):
            if visit.folder == folder:
                return history[: number + 1]
    return []
