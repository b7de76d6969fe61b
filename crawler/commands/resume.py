"""`scrapy resume FOLDER`: go on with a crawl that was killed or interrupted."""

from __future__ import annotations

import argparse
from typing import Any

from archive.places import is_remote
from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, hand_over, run_crawl
from crawler.places import archive_of, given, is_spooled


class Command(PressmarkCommand):
    """Answers from the archive what the crawl holds, and fetches the rest."""

    requires_crawler_process = True
    summary = "Go on with a crawl that was killed or interrupted"

    def syntax(self) -> str:
        return "[options] FOLDER"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        from scrapy.crawler import Crawler

        from archive.crawl import Crawl
        from crawler.again import again
        from crawler.arguments import Arguments
        from crawler.outlets import Outlets

        if len(args) != 1:
            raise WrongArgument("resume takes one crawl folder")
        assert self.settings is not None
        folder, root = given(args[0]), archive_of(self.settings)
        if is_remote(folder):
            raise WrongArgument(f"{folder} is closed, and only read; what can be resumed stands in a folder here")
        crawl = Crawl.open(folder)
        if is_spooled(folder, root) and crawl.status not in ("running", "killed"):
            return hand_over(folder, root)
        if crawl.status == "finished":
            print(f"the crawl in {folder} is finished: there is nothing to resume")
            return 0
        outlets = Outlets.load(self.settings)
        if crawl.outlet not in outlets.spiders:
            raise WrongArgument(f"{folder} is a crawl of {crawl.outlet}, an outlet that is not known here")
        middlewares = {**self.settings.getdict("DOWNLOADER_MIDDLEWARES"), "crawler.held.HeldAnswers": 1000}
        resuming = {"RESUME_FOLDER": str(folder), "DOWNLOADER_MIDDLEWARES": middlewares}
        crawler = Crawler(outlets.spiders[crawl.outlet], again(self.settings, crawl, resuming, fetches=True))
        process: Any = self.crawler_process
        return run_crawl(process, crawler, arguments=Arguments.from_dict(crawl.manifest["arguments"]))
