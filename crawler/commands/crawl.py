"""`scrapy crawl OUTLET`: one crawl, into one new folder."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from crawler.arguments import WrongArgument
from crawler.command import complain, no_options, run_crawl, set_up_log, set_up_loop
from crawler.kinds import check_settings


class Command(BaseRunSpiderCommand):
    """Scrapy's crawl, with arguments checked before anything starts, and a status that tells."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] OUTLET"

    def short_desc(self) -> str:
        return "Crawl an outlet into a new folder of WARC files and articles"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            super().process_options(args, opts)
            check_settings(self.settings)
            set_up_log(self.settings)
            self._check(args, opts.spargs)
            set_up_loop(self.settings)
        except (WrongArgument, UsageError) as error:
            raise SystemExit(complain(str(error), 2)) from error

    def _check(self, args: list[str], arguments: dict[str, str]) -> None:
        """WrongArgument unless an outlet is named, and the arguments make sense for it."""
        from scrapy.spiderloader import SpiderLoader

        from crawler.spider import NewsSpider

        assert self.settings is not None
        no_options(args)
        if len(args) != 1:
            raise WrongArgument("crawl takes one outlet, as `scrapy list` names it, and -a and -s options")
        loader = SpiderLoader.from_settings(self.settings)
        if args[0] not in loader.list():
            raise WrongArgument(f"no such outlet: {args[0]}; there are {', '.join(sorted(loader.list()))}")
        spider = loader.load(args[0])
        if issubclass(spider, NewsSpider):
            spider.check(arguments)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None
        process: Any = self.crawler_process
        self.exitcode = run_crawl(process, self._create_crawler(args[0]), **opts.spargs)
