"""`scrapy export -o FOLDER`: articles and captures of all crawls as partitioned Parquet."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.arguments import WrongArgument, day
from crawler.command import PressmarkCommand, complain
from crawler.places import archive_there


class Command(PressmarkCommand):
    """Brings data sets of Parquet up to the crawl folders of the archive."""

    summary = "Write articles and captures of closed crawls as Parquet, partitioned by outlet and day"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FOLDER", help="where the two data sets are, or are to be made")
        parser.add_argument("--outlet", metavar="NAME", help="crawls of this outlet alone")
        parser.add_argument("--since", metavar="DATE", help="crawls that began then or later (YYYY-MM-DD)")
        parser.add_argument("--until", metavar="DATE", help="crawls that began then or earlier")

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        from catalogue.export import Chosen, export

        if args or not opts.output:
            raise WrongArgument("export takes options alone, and needs one: -o FOLDER")
        assert self.settings is not None
        chosen = Chosen(
            outlet=opts.outlet,
            since=opts.since and day("--since", opts.since),
            until=opts.until and day("--until", opts.until),
        )
        complaints: list[int] = []
        root = archive_there(self.settings)
        done = export(root, Path(opts.output), chosen, lambda line: complaints.append(complain(line, 1)))
        print(f"crawls: {done.written} exported, {done.known} there before, {done.waiting} not closed yet")
        return 1 if complaints else 0
