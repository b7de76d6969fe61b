"""`scrapy rebuild FOLDER`: index, articles and manifest anew from the WARC files alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from archive.places import is_remote
from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand
from crawler.places import given


class Command(PressmarkCommand):
    """Writes what can be rebuilt, byte for byte as it was."""

    summary = "Write a crawl's index, articles and manifest anew from its WARC files"

    def syntax(self) -> str:
        return "[options] FOLDER"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        import asyncio

        if args and is_remote(given(args[0])):
            raise WrongArgument(f"rebuild writes, and {given(args[0])} is only read; rebuild a copy on this disk")
        if len(args) != 1 or not Path(args[0]).is_dir():
            raise WrongArgument("rebuild takes one crawl folder" + (f", and {args[0]} is none" if args else ""))
        return asyncio.run(self._rebuild(Path(args[0])))

    async def _rebuild(self, folder: Path) -> int:
        from archive.crawl import Crawl
        from archive.errors import ArchiveError, CrawlBusy
        from crawler.article import Article
        from crawler.outlets import Outlets
        from crawler.reading import Unread, articles_of_crawl
        from crawler.workers import ExtractionPool

        assert self.settings is not None
        crawl = Crawl.from_warcs(folder)
        if crawl.status == "running":
            raise CrawlBusy(f"{folder} is still being written; rebuild it when its crawl has ended")
        pool = ExtractionPool.from_settings(self.settings)
        try:
            outlets = Outlets.load(self.settings)
            read = [article async for article in articles_of_crawl(crawl, pool, outlets)]
        finally:
            await pool.close()
        if unread := [one for one in read if isinstance(one, Unread)]:
            raise ArchiveError(f"{unread[0]}; nothing was written anew")
        crawl.rebuild([article.as_dict() for article in read if isinstance(article, Article)])
        print(f"{folder}: index, {len(read)} articles and manifest are written anew")
        return 0
