"""Visiting: one crawl of an outlet in a process of its own, under locks that die with it.

One lock holds on this machine, and one more, a lease, wherever the same catalogue is used, if that is PostgreSQL's.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.crawl import Crawl
from archive.errors import ArchiveError, StorageFailed
from archive.places import spool_of, url_of
from catalogue.errors import CatalogueBusy
from catalogue.lease import leases_of
from schedule.timetable import Entry

OVERTIME = 600.0  # seconds past its budget of minutes after which a crawl is asked to end
LAST_WORD = 120.0  # seconds that it then has to close its files
NEWEST = 50  # folders of an outlet among which one that was killed is looked for


class Busy(Exception):
    """This outlet is not visited now: another process is at it, or this one is asked to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a visit went: what was run, its exit status, its log, and `last_words`, the line there that says most."""

    entry: Entry
    started: datetime
    seconds: float
    status: int
    resumed: Path | None
    log: Path
    last_words: str


class Visitor:
    """Runs visits below one archive, by the `scrapy` command of this project."""

    def __init__(
        self,
        root: Path,
        project: Path,
        options: Sequence[str] = (),
        before: Sequence[str] = (),
        *,
        catalogue_url: str | None = None,
    ) -> None:
        """`root` is ARCHIVE_DIR, `project` where scrapy.cfg stands, `options` what every crawl is given besides.

        `before` is a command that runs the command behind it.
        """
        self.catalogue_url = catalogue_url
        self._leases = leases_of(catalogue_url)
        self._root = spool_of(root).absolute()  # what a visit writes is on this machine's disk
        self._named = {} if root is spool_of(root) else _names_of(root)
        self._project = project
        self._options = tuple(options)
        self._before = tuple(before)
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._ending = False

    def is_visited(self, entry: Entry) -> bool:
        """Whether somebody is visiting the outlet right now."""
        try:
            with self._locked(entry):
                return self._leases is not None and self._leases.is_held(entry.locks)
        except Busy:
            return True

    def visit(self, entry: Entry, is_due: Callable[[], bool]) -> Outcome:
        """Crawl, or go on with a crawl that was killed; Busy where that cannot be now.

        `is_due` is asked under the lock: another process may have been here just before. It adds to the catalogue
        what was crawled.
        """
        if self._ending:
            raise Busy("no visit begins any more")
        with self._locked(entry) as locks, self._leased(entry) as leases:
            if not is_due():
                raise Busy("it was visited in the meantime")
            killed = self._killed(entry)
            started = datetime.now(UTC)
            log = self._log(entry, started)
            place = [] if self._named else ["-s", f"ARCHIVE_DIR={self._root}"]
            lease = [part for number in leases for part in ("-s", f"LEASE={number}")]
            command = [*self._command(entry, killed), *place, *lease, *self._options]
            begun = time.monotonic()
            with log.open("xb") as written:
                process = subprocess.Popen(
                    [*self._before, sys.executable, "-m", "scrapy", *command],
                    cwd=self._project,
                    env={**os.environ, **self._named},
                    stdin=subprocess.DEVNULL,
                    stdout=written,
                    stderr=written,
                    pass_fds=[*locks, *leases],  # what is locked is let go when the last process that holds it ends
                    start_new_session=True,  # Ctrl-C reaches it through `end`, and once
                )
            status = self._wait(process, entry)
            if leases:
                with suppress(ArchiveError, StorageFailed):  # told by who asks next
                    is_due()  # so it is in the catalogue before another machine may have its turn
        took = time.monotonic() - begun
        said = _last_words(log) or f"it said nothing, and ended with status {status}"
        return Outcome(
            entry=entry, started=started, seconds=took, status=status, resumed=killed, log=log, last_words=said
        )

    def end(self) -> None:
        """Ask all running crawls to close their files and end; no further visit begins."""
        if not self._ending:  # Scrapy takes a second signal for impatience
            self._ending = True
            for process in list(self._running.values()):
                process.send_signal(signal.SIGTERM)

    def _wait(self, process: subprocess.Popen[bytes], entry: Entry) -> int:
        self._running[process.pid] = process
        if self._ending:  # since this visit began
            process.send_signal(signal.SIGTERM)
        try:
            return process.wait(entry.minutes * 60 + OVERTIME if entry.minutes else None)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGTERM)
            try:
                return process.wait(LAST_WORD)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()
        finally:
            del self._running[process.pid]

    def _command(self, entry: Entry, killed: Path | None) -> list[str]:
        if killed is not None:
            return ["resume", str(killed)]
        arguments = [part for name, value in entry.arguments.items() for part in ("-a", f"{name}={value}")]
        budget = {
            "CLOSESPIDER_PAGECOUNT": entry.pages,
            "CLOSESPIDER_BYTECOUNT": entry.megabytes and entry.megabytes * 1_000_000,
            "CLOSESPIDER_TIMEOUT": entry.minutes and entry.minutes * 60,
        }
        bounds = [part for name, value in budget.items() if value for part in ("-s", f"{name}={value}")]
        return ["crawl", entry.outlet, *arguments, *bounds]

    def _killed(self, entry: Entry) -> Path | None:
        """The newest crawl of this entry that was killed, which is gone on with before another begins."""
        crawls = self._root / "crawls" / entry.outlet
        folders = sorted(crawls.iterdir(), reverse=True)[:NEWEST] if crawls.is_dir() else []
        for folder in folders:
            try:
                crawl = Crawl.open(folder)
                if crawl.status == "killed" and crawl.manifest["arguments"] == entry.recorded:
                    return folder
            except ArchiveError:
                continue  # what is damaged is told by `verify`
        return None

    def _log(self, entry: Entry, started: datetime) -> Path:
        folder = self._root / "logs" / entry.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{started:%Y%m%dT%H%M%S.%fZ}.log"

    @contextmanager
    def _leased(self, entry: Entry) -> Iterator[list[int]]:
        """Take the outlet's leases, where there are any; Busy where another machine holds one."""
        with ExitStack() as held:
            try:
                yield [held.enter_context(self._leases.take(entry.locks))] if self._leases else []
            except CatalogueBusy as error:
                raise Busy(str(error)) from error

    @contextmanager
    def _locked(self, entry: Entry) -> Iterator[list[int]]:
        folder = self._root / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            yield [held.enter_context(_lock(folder / f"{name}.lock")) for name in entry.locks]


@contextmanager
def _lock(path: Path) -> Iterator[int]:
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(f"{path.stem} is being visited") from error
        yield number
    finally:
        os.close(number)


def _last_words(log: Path) -> str | None:
    """The last line of a log that says something: why a visit failed."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    told = [line for line in lines if line.startswith("pressmark: ")] or [line for line in lines if line.strip()]
    return told[-1].strip() if told else None


def _names_of(root: Path) -> dict[str, str]:
    """By what environment a crawl knows an archive behind a URL: no command line may show what is secret in it."""
    return {"PRESSMARK_ARCHIVE_DIR": url_of(root), "PRESSMARK_SPOOL_DIR": str(spool_of(root).parent.absolute())}
