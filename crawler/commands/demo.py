"""`scrapy demo`: five invented outlets crawled, replayed offline, and proved the same."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from archive.places import is_remote
from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, complain, run_in_reactor
from crawler.places import archive_of


class Command(PressmarkCommand):
    """Shows the whole road on loopback, in under a minute."""

    requires_crawler_process = True
    summary = "Crawl five invented outlets on loopback, replay them offline, and prove the articles the same"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--picture", metavar="FILE", help="also draw what the terminal shows into an SVG file")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if is_remote(archive_of(self.settings)):
            raise SystemExit(complain("the demo writes into a folder here; -s ARCHIVE_DIR=FOLDER names one", 2))
        archive = Path(self.settings["ARCHIVE_DIR"]) / "demo"  # apart from the user's own crawls
        demo = {
            "ARCHIVE_DIR": str(archive),
            "PRIVATE_ADDRESSES_ALLOWED": True,
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
            "LOG_FILE": str(archive / "demo.log"),
            "LOG_LEVEL": "INFO",
            "ONLY_NEW": False,  # each demo is whole
            "PROGRESS": False,  # the demo has a bar of its own
        }
        self.settings.setdict(demo, priority="cmdline")
        try:
            archive.mkdir(parents=True, exist_ok=True)
            (archive / "demo.log").unlink(missing_ok=True)
        except OSError as error:
            raise SystemExit(complain(f"{archive} cannot be made: {error.strerror}; set ARCHIVE_DIR", 1)) from error

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        from rich.console import Console

        from newsroom.demo import draw, show

        if args:
            raise WrongArgument("demo takes no argument")
        assert self.settings is not None
        process: Any = self.crawler_process
        status, shown = run_in_reactor(process, show(process, self.settings, Console()))
        if opts.picture:
            draw(shown, opts.picture)
        return status
