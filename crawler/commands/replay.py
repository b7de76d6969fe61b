"""`scrapy replay FOLDER`: run a recorded crawl again, offline, and compare its articles."""

from __future__ import annotations

import argparse
from typing import Any

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, run_in_reactor
from crawler.places import given


class Command(PressmarkCommand):
    """Proves that an archived crawl gives the same articles."""

    requires_crawler_process = True
    summary = "Run a recorded crawl again, offline, and compare its articles with the recorded ones"
    status_of_archive_errors = 2

    def syntax(self) -> str:
        return "[options] FOLDER"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        from crawler.outlets import Outlets
        from crawler.replay import replay

        if len(args) != 1:
            raise WrongArgument("replay takes one crawl folder")
        assert self.settings is not None
        process: Any = self.crawler_process
        verdict = run_in_reactor(process, replay(process, given(args[0]), self.settings, Outlets.load(self.settings)))
        for line in verdict.changed_versions:
            print(f"since the recording: {line}")
        for line in verdict.differences:
            print(line)
        if verdict.differences:
            print(f"different: {len(verdict.differences)} differences, {verdict.articles} recorded articles")
            return 1
        print(f"the same: {verdict.articles} articles")
        return 0
