"""Due: which outlets' time has come, and a visit to each of them."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

from catalogue.catalogue import Catalogue
from crawler.outlets import Outlets
from schedule.plan import interval, next_visit
from schedule.timetable import Entry, Timetable
from schedule.visiting import Busy, Outcome, Visitor

VISITS = 40  # of an entry's visits, the newest so many are looked at

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When an entry is visited next: `when`, UTC; `running` while somebody is at it."""

    entry: Entry
    when: datetime
    pace: float  # seconds between visits, as things are
    running: bool


def turns(root: Path, entries: Sequence[Entry], visitor: Visitor, now: datetime) -> list[Turn]:
    """The next visit of each entry, the earliest first, as what is archived below `root` tells it."""
    with Catalogue.open(root) as catalogue:
        catalogue.catch_up()
        found = [_turn(entry, catalogue, visitor, now) for entry in entries]
    return sorted(found, key=lambda turn: (turn.when, turn.entry.name))


def _turn(entry: Entry, catalogue: Catalogue, visitor: Visitor, now: datetime) -> Turn:
    visits = catalogue.visits(entry.outlet, VISITS, arguments=entry.recorded)
    past = [visit for visit in visits if visit.started <= now]
    if len(past) < len(visits):
        logger.warning("%s was visited in the future: a clock was wrong, or is", entry.name)
    when = next_visit(entry, visits, now)
    return Turn(entry=entry, when=when, pace=interval(entry, past).total_seconds(), running=visitor.is_visited(entry))


def visit_due(root: Path, timetable: Timetable, visitor: Visitor, told: Callable[[Outcome], None]) -> list[Outcome]:
    """Visit every outlet that is due, so many at once as the timetable allows; `told` hears of each as it ends.

    Entries that share an outlet take their turns one after another. On SIGTERM or SIGINT no further visit begins,
    and those that run close their files first.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: visitor.end())
    now = datetime.now(UTC)
    waiting = [turn.entry for turn in turns(root, timetable.entries, visitor, now) if turn.when <= now]
    outcomes = []
    with ThreadPoolExecutor(timetable.processes) as pool:
        visits = [pool.submit(_in_turn, root, visitor, entries) for entries in _by_lock(waiting)]
        for done in as_completed(visits):
            for outcome in done.result():
                told(outcome)
                outcomes.append(outcome)
    return outcomes


def _by_lock(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    for lock in dict.fromkeys(entry.lock for entry in entries):
        yield [entry for entry in entries if entry.lock == lock]


def _in_turn(root: Path, visitor: Visitor, entries: Sequence[Entry]) -> list[Outcome]:
    outcomes = (visit(root, visitor, entry) for entry in entries)
    return [outcome for outcome in outcomes if outcome is not None]


def visit(root: Path, visitor: Visitor, entry: Entry) -> Outcome | None:
    """Visit one entry if it is (still) due; None where it is not, or somebody else is at it."""

    def is_due() -> bool:
        now = datetime.now(UTC)
        return turns(root, [entry], visitor, now)[0].when <= now

    try:
        return visitor.visit(entry, is_due)
    except Busy as error:
        logger.info("%s is passed over: %s", entry.name, error)
        return None


def prepared(settings: BaseSettings, options: Sequence[str]) -> tuple[Path, Callable[[], Timetable], Visitor]:
    """The archive, what reads the timetable, and the visitor, as the settings say.

    `options` are the settings that were given on the command line, NAME=VALUE each: every crawl is given them too.
    """
    outlets = Outlets.load(settings)
    passed_on = [part for option in options for part in ("-s", option)]
    project = Path(closest_scrapy_cfg()).absolute().parent
    root, file = Path(settings["ARCHIVE_DIR"]), Path(settings["TIMETABLE"])
    return root, lambda: Timetable.read(file, outlets), Visitor(root, project, passed_on)
