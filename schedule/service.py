"""Service: the timetable kept in the foreground, until a signal says to stop."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from archive.errors import ArchiveError, StorageFailed
from crawler.arguments import WrongArgument
from schedule.due import NotVisited, turns, visit
from schedule.timetable import Entry, Timetable
from schedule.visiting import Outcome, Visitor

LOOK_EVERY = 30  # seconds: how soon a clock that was set, or a crawl by hand, is taken into account

logger = logging.getLogger(__name__)


class Service:
    """Visits outlets as their time comes. SIGHUP reads the timetable anew; SIGTERM and SIGINT end it cleanly."""

    def __init__(
        self, root: Path, read: Callable[[], Timetable], visitor: Visitor, told: Callable[[Outcome], None]
    ) -> None:
        """`read` gives the timetable as it stands; where it raises WrongArgument later, the one before stays."""
        self._root = root
        self._read = read
        self._visitor = visitor
        self._told = told
        self._timetable = read()
        self._signals: SimpleQueue[int] = SimpleQueue()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(self._timetable.processes), "looking": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> None:
        """Visit outlets until a signal says to stop; crawls that run then close their files, and are waited for."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda given, _frame: self._signals.put(given))
        now = datetime.now(UTC)
        self._scheduler.add_job(
            self._look,
            "interval",
            seconds=LOOK_EVERY,
            id="look",
            executor="looking",
            max_instances=3,  # one at a time: the others wait their turn
            next_run_time=now,
        )
        self._scheduler.start()
        while self._signals.get() == signal.SIGHUP:
            self._reload()
        self._visitor.end()
        self._scheduler.shutdown(wait=False)  # it would wait under its lock; the interpreter waits for the visits

    def _look(self) -> None:
        """Put each entry's next visit where the archive says that it belongs."""
        try:
            planned = turns(self._root, self._timetable.entries, self._visitor, datetime.now(UTC))
        except (ArchiveError, StorageFailed) as error:
            logger.error("nothing is planned for now: %s", error)  # noqa: TRY400 (one line says it)
            return
        wanted = {f"visit {turn.entry.name}": turn for turn in planned if not turn.running}
        for job in self._scheduler.get_jobs():
            if job.id.startswith("visit ") and job.id not in wanted:
                with suppress(JobLookupError):  # it has begun
                    self._scheduler.remove_job(job.id)
        for name, turn in wanted.items():
            self._scheduler.add_job(
                self._visit, "date", run_date=turn.when, args=[turn.entry], id=name, replace_existing=True
            )

    def _visit(self, entry: Entry) -> None:
        try:
            if (outcome := visit(self._root, self._visitor, entry)) is not None:
                self._told(outcome)
        except NotVisited as error:
            logger.error("%s", error)  # noqa: TRY400 (one line says it)
        self._look_now()

    def _reload(self) -> None:
        try:
            self._timetable = self._read()
        except WrongArgument as error:
            logger.error("the timetable stays as it was: %s", error)  # noqa: TRY400 (one line says it)
            return
        logger.info("the timetable is read anew: %d entries", len(self._timetable.entries))
        self._look_now()

    def _look_now(self) -> None:
        with suppress(JobLookupError):  # the service is ending
            self._scheduler.modify_job("look", next_run_time=datetime.now(UTC))
