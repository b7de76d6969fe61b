"""`scrapy alarms [OUTLET...]`: the alarms that stand."""

from __future__ import annotations

import argparse

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand
from crawler.places import archive_there


class Command(PressmarkCommand):
    """Tells, from the crawl folders alone, what is wrong with outlets since when."""

    summary = "Tell which outlets changed for the worse: no new articles, less text, no dates, blocked, ..."

    def syntax(self) -> str:
        return "[options] [OUTLET...]"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        from alarms.judging import alarms
        from alarms.past import histories

        assert self.settings is not None
        root = archive_there(self.settings)
        crawls = root / "crawls"
        there = sorted(path.name for path in crawls.iterdir() if path.is_dir()) if crawls.is_dir() else []
        for outlet in args:
            if outlet not in there:
                raise WrongArgument(f"no crawl of {outlet} is in {crawls}; there are {', '.join(there) or 'none'}")
        status = 0
        for outlet in args or there:
            for history in histories(root, outlet):
                asked = " ".join(f"{name}={value}" for name, value in history[-1].arguments.items())
                for alarm in alarms(history):
                    since = alarm.since.isoformat(timespec="seconds")
                    print(f"{outlet}{f' ({asked})' if asked else ''}: {alarm.kind}, since {since}: {alarm.words}")
                    status = 1
        return status
