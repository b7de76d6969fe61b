"""`scrapy due`: visit every outlet whose time has come."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, add_on

if TYPE_CHECKING:
    from schedule.due import Visits
    from schedule.visiting import Visitor


class Command(PressmarkCommand):
    """One look at the timetable, for cron, systemd or Kubernetes; nothing is kept between two looks."""

    summary = "Crawl the outlets whose time has come, as the timetable says"

    def syntax(self) -> str:
        return "[options]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what is due and what is next, and visit nobody")
        add_on(parser)

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        from datetime import UTC, datetime

        from schedule.due import prepared, turns, visit_due
        from schedule.told import log_to_stderr, tell_outcome, tell_turns

        if args:
            raise WrongArgument("due takes no argument; the timetable says what is crawled")
        assert self.settings is not None
        root, read, visitor = prepared(self.settings, opts.set)
        timetable = read()
        log_to_stderr()
        status = 0
        if not opts.dry_run:
            with _visits(root, visitor, opts) as visits:
                outcomes = visit_due(root, timetable, visitor, visits, tell_outcome)
                status = int(visits.failed or any(outcome.status for outcome in outcomes))
        now = datetime.now(UTC)
        tell_turns(turns(root, timetable.entries, visitor, now), now)
        return status


@contextmanager
def _visits(root: Path, visitor: Visitor, opts: argparse.Namespace) -> Iterator[Visits]:
    """What makes the visits: this machine, or the cluster that `--on` names."""
    if opts.on is None:
        from schedule.due import VisitsHere

        yield VisitsHere(root, visitor)
        return
    from fleet.cluster import connected
    from fleet.visiting import VisitsOnCluster

    with connected(opts.on) as cluster:
        yield VisitsOnCluster(cluster, root, opts.set, visitor.catalogue_url)
