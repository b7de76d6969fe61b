"""Told: what `scrapy due` and `scrapy schedule` say of visits that were, and of those to come."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import gmtime

from schedule.due import Turn
from schedule.visiting import Outcome


def log_to_stderr() -> None:
    """Log what is noteworthy, a line each, in UTC."""
    logging.Formatter.converter = gmtime
    logging.basicConfig(format="%(asctime)s.%(msecs)03dZ  %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    logging.getLogger("schedule").setLevel(logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def tell_outcome(outcome: Outcome) -> None:
    """Print one line about a visit that has ended."""
    how = "ran" if outcome.status == 0 else f"failed with status {outcome.status}"
    resumed = f", going on with {outcome.resumed}" if outcome.resumed else ""
    why = f": {outcome.last_words}" if outcome.status else ""
    began = outcome.started.isoformat(timespec="seconds")
    took = _span(timedelta(seconds=outcome.seconds))
    print(f"{began}  {outcome.entry.name} {how} in {took}{resumed}{why} (log: {outcome.log})", flush=True)


def tell_turns(turns: Sequence[Turn], now: datetime) -> None:
    """Print when each entry is visited next."""
    width = max(len(turn.entry.name) for turn in turns)
    print(f"{'outlet':<{width}}  {'next visit':<25}  in          every")
    for turn in turns:
        when = turn.when.isoformat(timespec="seconds")
        waits = "running" if turn.running else "due" if turn.when <= now else _span(turn.when - now)
        print(f"{turn.entry.name:<{width}}  {when:<25}  {waits:<10}  {_span(timedelta(seconds=turn.pace))}")


def _span(span: timedelta) -> str:
    """A span of time in its two largest units."""
    seconds = round(span.total_seconds())
    for unit, size, smaller, part in (("d", 86400, "h", 3600), ("h", 3600, "m", 60), ("m", 60, "s", 1)):
        if seconds >= size:
            return f"{seconds // size}{unit} {seconds % size // part}{smaller}"
    return f"{seconds}s"
