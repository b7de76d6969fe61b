"""`scrapy due`: visit every outlet whose time has come."""

from __future__ import annotations

import argparse

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand


class Command(PressmarkCommand):
    """One look at the timetable, for cron, systemd or Kubernetes; nothing is kept between two looks."""

    summary = "Crawl the outlets whose time has come, as the timetable says"

    def syntax(self) -> str:
        return "[options]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what is due and what is next, and visit nobody")

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
        outcomes = [] if opts.dry_run else visit_due(root, timetable, visitor, tell_outcome)
        now = datetime.now(UTC)
        tell_turns(turns(root, timetable.entries, visitor, now), now)
        return int(any(outcome.status for outcome in outcomes))
