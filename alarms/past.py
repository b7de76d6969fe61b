"""Past: which of an outlet's visits can be compared with one another."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alarms.thresholds import VISITS
from crawler.visits import Visit, ran_to_its_end, visits


def histories(root: Path, outlet: str) -> list[list[Visit]]:
    """An outlet's newest visits, oldest first, apart by what was asked for: its edition, its limit, its start.

    Crawls of given URLs say nothing of the outlet, and those that were interrupted say too little.
    """
    found: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in visits(root, outlet, VISITS):
        if ran_to_its_end(visit.status) and "urls" not in visit.arguments:
            found[json.dumps(visit.arguments, sort_keys=True)].append(visit)
    return list(found.values())


def comparable(root: Path, outlet: str, arguments: Mapping[str, Any]) -> list[Visit]:
    """The visits that can be compared with one of these arguments, oldest first."""
    same = (history for history in histories(root, outlet) if history[-1].arguments == arguments)
    return next(same, [])
