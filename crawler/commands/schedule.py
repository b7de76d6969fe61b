"""`scrapy schedule`: keep the timetable, in the foreground."""

from __future__ import annotations

import argparse

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand


class Command(PressmarkCommand):
    """The same visits as `scrapy due` makes, by a service that runs until it is stopped."""

    summary = "Crawl outlets as the timetable says, until stopped (SIGHUP reads it anew)"

    def syntax(self) -> str:
        return "[options]"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        from schedule.due import prepared
        from schedule.service import Service
        from schedule.told import log_to_stderr, tell_outcome

        if args:
            raise WrongArgument("schedule takes no argument; the timetable says what is crawled")
        assert self.settings is not None
        root, read, visitor = prepared(self.settings, opts.set)
        service = Service(root, read, visitor, tell_outcome)
        log_to_stderr()
        service.run()
        return 0
