"""Visiting on many machines: each outlet is crawled on some node, and gone on with on another when that is lost."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from crawler.command import complain, refused
from fleet.cluster import Cluster
from fleet.crew import Crew
from fleet.errors import JobLost, Unfit
from fleet.hand import Hand, given
from schedule.due import NotVisited, reach, visit
from schedule.timetable import Entry
from schedule.visiting import Outcome, Visitor

SHARE = 0.25  # of a CPU that a visit takes: a polite crawl mostly waits
_PATIENCE = 90  # seconds that the crawl of a lost node may keep its locks: a lease lasts a minute

logger = logging.getLogger("schedule.fleet")  # told with what `schedule` tells


class VisitingHand(Hand):
    """Visits one outlet after another, by the code that visits them on one machine."""

    def __init__(
        self, environment: Mapping[str, str], root: Path, options: Sequence[str], catalogue_url: str | None
    ) -> None:
        super().__init__(environment)
        project = Path(__file__).parent.parent
        tied = [sys.executable, "-m", "fleet.tied", str(os.getpid())]
        self._root = root
        self._visitor = Visitor(root, project, options, tied, catalogue_url=catalogue_url)

    async def hello(self) -> dict[str, str]:
        try:
            await asyncio.to_thread(reach, self._root, self._visitor)
        except ArchiveError as error:
            raise Unfit(str(error)) from error
        except OSError as error:
            raise Unfit(refused(error)) from error
        return await super().hello()

    async def visit(self, entry: Entry) -> Outcome | None:
        """How the visit went; None where the entry is not due, or somebody else is at it."""
        return await asyncio.to_thread(visit, self._root, self._visitor, entry)

    async def is_visited(self, entry: Entry) -> bool:
        """Whether somebody is at it."""
        return await asyncio.to_thread(self._visitor.is_visited, entry)

    async def end(self) -> None:
        """Ask the running crawl to close its files and end."""
        self._visitor.end()


class VisitsOnCluster:
    """Makes visits on the nodes of a cluster."""

    def __init__(self, cluster: Cluster, root: Path, options: Sequence[str], catalogue_url: str | None) -> None:
        """`options` are the settings that were given on the command line, NAME=VALUE each."""
        self.failed = False
        self._cluster = cluster
        passed_on = [part for option in options for part in ("-s", option)]
        self._arguments = (given(), root.absolute(), passed_on, catalogue_url)
        self._ending = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._crew: Crew | None = None

    def make(self, groups: Sequence[Sequence[Entry]], at_once: int, told: Callable[[Outcome], None]) -> None:
        asyncio.run(self._make(groups, at_once, told))

    def end(self) -> None:
        """Have all running crawls close their files and end; no further visit begins."""
        if self._ending:
            return
        self._ending = True
        if self._loop is not None and self._crew is not None:
            self._loop.call_soon_threadsafe(self._crew.tell, lambda hand: hand.end.remote())

    async def _make(self, groups: Sequence[Sequence[Entry]], at_once: int, told: Callable[[Outcome], None]) -> None:
        room = asyncio.Semaphore(at_once)

        async def in_turn(group: Sequence[Entry]) -> None:
            async with room:
                for entry in group:
                    if (outcome := await self._visit(crew, entry)) is not None:
                        told(outcome)

        async with Crew(self._cluster, VisitingHand, self._arguments, SHARE) as crew:
            self._crew, self._loop = crew, asyncio.get_running_loop()
            await asyncio.gather(*map(in_turn, groups))
            self._crew = self._loop = None
        for refusal in crew.refusals.values():
            self._complain(refusal)

    async def _visit(self, crew: Crew, entry: Entry) -> Outcome | None:
        tries = iter((1, _PATIENCE, _PATIENCE))  # more than one where a node was lost, whose crawl ends just now

        async def visited(hand: Any) -> Outcome | None:
            patience = next(tries)
            for again in range(patience):
                await asyncio.sleep(bool(again))
                if self._ending:
                    break
                outcome: Outcome | None = await self._cluster.answer(hand.visit.remote(entry))
                if outcome is not None:
                    return outcome
            if patience > 1 and not self._ending and await self._cluster.answer(hand.is_visited.remote(entry)):
                raise NotVisited(f"{entry.name} is not gone on with: the crawl of its lost node still keeps its locks")
            return None

        try:
            return await crew.do(visited, entry.name)
        except (JobLost, NotVisited) as error:
            self._complain(str(error))
            return None

    def _complain(self, text: str) -> None:
        self.failed = bool(complain(text, 1))
