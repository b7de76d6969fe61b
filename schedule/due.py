"""Due: which outlets' time has come, and a visit to each of them."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

from archive.errors import ArchiveError
from archive.places import spool_of
from catalogue.catalogue import Catalogue
from crawler.command import complain, refused
from crawler.outlets import Outlets
from crawler.places import archive_of, handed_over
from schedule.plan import interval, next_visit, past
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
    for folder, error in handed_over(root).items():
        if error is not None:
            logger.error("%s: %s", folder, error)
    with Catalogue.open(root, visitor.catalogue_url) as catalogue:
        for why in catalogue.catch_up():
            logger.warning("Not in the catalogue: %s", why)
        found = [_turn(entry, catalogue, visitor, now) for entry in entries]
    return sorted(found, key=lambda turn: (turn.when, turn.entry.name))


def _turn(entry: Entry, catalogue: Catalogue, visitor: Visitor, now: datetime) -> Turn:
    visits = catalogue.visits(entry.outlet, VISITS, arguments=entry.recorded)
    known = past(visits, now)
    if len(known) < len(visits):
        logger.warning("%s was visited in the future: a clock was wrong, or is", entry.name)
    when = next_visit(entry, visits, now)
    return Turn(entry=entry, when=when, pace=interval(entry, known).total_seconds(), running=visitor.is_visited(entry))


class NotVisited(ArchiveError):
    """A visit that was due could not be made, or it could not be told whether it is due; the message says why."""


class Visits(Protocol):
    """Who makes the visits: this machine, or many. `failed`: something went wrong beside the visits that were made."""

    failed: bool

    def make(self, groups: Sequence[Sequence[Entry]], at_once: int, told: Callable[[Outcome], None]) -> None:
        """Visit the entries of each group one after another, and so many groups side by side."""

    def end(self) -> None:
        """Have all running crawls close their files and end; no further visit begins."""


class VisitsHere:
    """Makes the visits on this machine."""

    def __init__(self, root: Path, visitor: Visitor) -> None:
        self.failed = False
        self._root = root
        self._visitor = visitor

    def make(self, groups: Sequence[Sequence[Entry]], at_once: int, told: Callable[[Outcome], None]) -> None:
        with ThreadPoolExecutor(at_once) as pool:
            for done in as_completed([pool.submit(self._in_turn, group) for group in groups]):
                for outcome in done.result():
                    told(outcome)

    def end(self) -> None:
        self._visitor.end()

    def _in_turn(self, group: Sequence[Entry]) -> list[Outcome]:
        outcomes = map(self._visit, group)
        return [outcome for outcome in outcomes if outcome is not None]

    def _visit(self, entry: Entry) -> Outcome | None:
        try:
            return visit(self._root, self._visitor, entry)
        except NotVisited as error:
            self.failed = bool(complain(str(error), 1))
            return None


def visit_due(
    root: Path, timetable: Timetable, visitor: Visitor, visits: Visits, told: Callable[[Outcome], None]
) -> list[Outcome]:
    """Visit every outlet that is due, so many at once as the timetable allows; `told` hears of each as it ends.

    Entries that fetch from the same site take their turns one after another. On SIGTERM or SIGINT no further visit
    begins, and those that run close their files first.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: visits.end())
    now = datetime.now(UTC)
    waiting = [turn.entry for turn in turns(root, timetable.entries, visitor, now) if turn.when <= now]
    outcomes: list[Outcome] = []

    def ended(outcome: Outcome) -> None:
        told(outcome)
        outcomes.append(outcome)

    visits.make(in_turns(waiting), timetable.processes, ended)
    return outcomes


def in_turns(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries in groups, within which they must take turns: those that share a lock."""
    groups: dict[str, list[Entry]] = {}  # by each of their locks
    for entry in entries:
        shared = {id(groups[lock]): groups[lock] for lock in entry.locks if lock in groups}
        joined = [one for group in shared.values() for one in group] + [entry]
        groups |= {lock: joined for one in joined for lock in one.locks}
    return list({id(group): group for group in groups.values()}.values())


def visit(root: Path, visitor: Visitor, entry: Entry) -> Outcome | None:
    """Visit one entry if it is (still) due; None where it is not, or somebody else is at it.

    NotVisited where catalogue, storage or disk cannot be used.
    """

    def is_due() -> bool:
        now = datetime.now(UTC)
        return turns(root, [entry], visitor, now)[0].when <= now

    try:
        return visitor.visit(entry, is_due)
    except Busy as error:
        logger.info("%s is passed over: %s", entry.name, error)
        return None
    except ArchiveError as error:
        raise NotVisited(f"{entry.name} is not visited: {error}") from error
    except OSError as error:
        raise NotVisited(f"{entry.name} is not visited: {refused(error)}") from error


def reach(root: Path, visitor: Visitor) -> None:
    """See that archive and catalogue can be used from this machine: ArchiveError or OSError where they cannot."""
    (root / "crawls").is_dir()
    spool_of(root).mkdir(parents=True, exist_ok=True)
    Catalogue.open(root, visitor.catalogue_url).close()


def prepared(settings: BaseSettings, options: Sequence[str]) -> tuple[Path, Callable[[], Timetable], Visitor]:
    """The archive, what reads the timetable, and the visitor, as the settings say.

    `options` are the settings that were given on the command line, NAME=VALUE each: every crawl is given them too.
    """
    outlets = Outlets.load(settings)
    passed_on = [part for option in options for part in ("-s", option)]
    project = Path(closest_scrapy_cfg()).absolute().parent
    root, file = archive_of(settings), Path(settings["TIMETABLE"])
    visitor = Visitor(root, project, passed_on, catalogue_url=settings["CATALOGUE_URL"])
    return root, lambda: Timetable.read(file, outlets), visitor
