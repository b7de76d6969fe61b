"""`scrapy crawls`: list the crawls of the archive."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand


class Command(PressmarkCommand):
    """Lists crawl folders, oldest first within each outlet."""

    summary = "List crawls: outlet, start, pages, articles, new, bytes, how each ended"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        from archive.crawl import Crawl
        from archive.errors import ArchiveError
        from crawler.command import complain

        if args:
            raise WrongArgument("crawls takes no argument; -s ARCHIVE_DIR=FOLDER names another archive")
        assert self.settings is not None
        root = Path(self.settings["ARCHIVE_DIR"]) / "crawls"
        known: set[tuple[str, str]] = set()
        print(f"{'outlet':<12} {'start':<20} {'pages':>7} {'articles':>9} {'new':>7} {'bytes':>13}  ended")
        status = 0
        for folder in sorted(root.glob("*/*/")):
            try:
                crawl = Crawl.open(folder)
            except ArchiveError as error:
                status = complain(str(error), 1)
                continue
            urls = [(crawl.outlet, article["url"]) for article in crawl.articles()]
            new = len(set(urls) - known)
            known.update(urls)
            pages = crawl.manifest.get("statistics", {}).get("downloader/response_count", 0)
            size = sum(path.stat().st_size for path in folder.iterdir())
            print(
                f"{crawl.outlet:<12} {folder.name:<20} {pages:>7} {len(urls):>9} {new:>7} {size:>13,}  {crawl.status}"
            )
        return status
