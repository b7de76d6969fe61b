"""`scrapy crawl OUTLET`: one crawl, into one new folder."""

from __future__ import annotations

import argparse
import logging
from typing import Any

from scrapy.commands import BaseRunSpiderCommand

from crawler.arguments import WrongArgument
from crawler.command import complain


class Command(BaseRunSpiderCommand):
    """Scrapy's crawl, with arguments checked before anything starts, and a status that tells."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] OUTLET"

    def short_desc(self) -> str:
        return "Crawl an outlet into a new folder of WARC files and articles"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            outlet = self._checked(args, opts.spargs)
        except WrongArgument as error:
            self.exitcode = complain(str(error), 2)
            return
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a crawl's failure is told once, below
        self.exitcode = self._crawl(outlet, opts.spargs)

    def _checked(self, args: list[str], arguments: dict[str, str]) -> str:
        """The outlet's name; WrongArgument unless it is one and the arguments make sense for it."""
        from crawler.spider import NewsSpider

        assert self.crawler_process is not None
        if len(args) != 1 or args[0].startswith("-"):
            raise WrongArgument("crawl takes one outlet, as `scrapy list` names it, and -a and -s options")
        known = sorted(self.crawler_process.spider_loader.list())
        if args[0] not in known:
            raise WrongArgument(f"no such outlet: {args[0]}; there are {', '.join(known)}")
        spider = self.crawler_process.spider_loader.load(args[0])
        if issubclass(spider, NewsSpider):
            spider.check(arguments)
        return args[0]

    def _crawl(self, outlet: str, arguments: dict[str, str]) -> int:
        from archive.errors import ArchiveError
        from crawler.recording import Recorder

        assert self.crawler_process is not None
        crawler = self._create_crawler(outlet)
        task: Any = self.crawler_process.crawl(crawler, **arguments)
        self.crawler_process.start()
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, ArchiveError):
            return complain(str(error), 1)
        if error is not None:
            raise error
        recorder = crawler.get_extension(Recorder)
        if recorder is not None and recorder.failure is not None:
            return complain(f"{recorder.failure}; what was recorded before is in {recorder.crawl.folder}", 1)
        if not crawler.stats.get_value("downloader/response_count"):
            where = f"; what was tried is in {recorder.crawl.folder}" if recorder else ""
            return complain(f"no response at all came from {outlet}{where}", 1)
        return 0
