"""`scrapy rebuild FOLDER`: index, articles and manifest anew from the WARC files alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand


class Command(PressmarkCommand):
    """Writes what can be rebuilt, byte for byte as it was."""

    summary = "Write a crawl's index, articles and manifest anew from its WARC files"

    def syntax(self) -> str:
        return "[options] FOLDER"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        import asyncio

        if len(args) != 1 or not Path(args[0]).is_dir():
            raise WrongArgument("rebuild takes one crawl folder" + (f", and {args[0]} is none" if args else ""))
        return asyncio.run(self._rebuild(Path(args[0])))

    async def _rebuild(self, folder: Path) -> int:
        from archive.crawl import Crawl
        from crawler.outlets import Outlets
        from crawler.reading import articles_of_crawl
        from crawler.workers import ExtractionPool

        assert self.settings is not None
        crawl = Crawl.from_warcs(folder)
        pool = ExtractionPool.from_settings(self.settings)
        try:
            outlets = Outlets.load(self.settings)
            articles = [article.as_dict() async for article in articles_of_crawl(crawl, pool, outlets)]
        finally:
            pool.close()
        crawl.rebuild(articles)
        print(f"{folder}: index, {len(articles)} articles and manifest are written anew")
        return 0
