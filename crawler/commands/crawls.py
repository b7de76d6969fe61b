"""`scrapy crawls`: list the crawls of the archive."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from archive.places import is_remote
from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, complain, refused
from crawler.places import archive_of

if TYPE_CHECKING:
    from archive.crawl import Crawl


class Command(PressmarkCommand):
    """Lists crawl folders, oldest first within each outlet."""

    summary = "List crawls: outlet, start, pages, articles, new, bytes, how each ended"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        from archive.crawl import Crawl
        from archive.errors import ArchiveError, CrawlNotFound
        from crawler.visits import crawl_folders

        if args:
            raise WrongArgument("crawls takes no argument; -s ARCHIVE_DIR=FOLDER names another archive")
        assert self.settings is not None
        root = archive_of(self.settings)
        folders = crawl_folders(root)
        if not folders:
            print(f"there are no crawls in {root / 'crawls'}")
            return 0
        width = max([len(folder.parent.name) for folder in folders], default=0)
        print(f"{'outlet':<{width}}  {'start':<16} {'pages':>7} {'articles':>9} {'new':>7} {'bytes':>13}  ended")
        known: set[tuple[str, str]] = set()
        status = 0
        for folder in folders:
            try:
                print(f"{folder.parent.name:<{width}}  {_line(Crawl.open(folder), known)}")
            except CrawlNotFound as error:
                if not is_remote(folder):  # else a crawl of another machine, that has not been handed over
                    status = complain(str(error), 1)
            except ArchiveError as error:
                status = complain(str(error), 1)
            except OSError as error:
                status = complain(refused(error), 1)
        return status


def _line(crawl: Crawl, known: set[tuple[str, str]]) -> str:
    """One crawl's line; `known` are the articles of the crawls before it."""
    articles = [(crawl.outlet, article["url"]) for article in crawl.articles()]
    new = len(set(articles) - known)
    known.update(articles)
    pages = crawl.manifest.get("statistics", {}).get("downloader/response_count", "-")
    size = sum(path.stat().st_size for path in crawl.folder.iterdir())
    return f"{crawl.folder.name:<16} {pages:>7} {len(articles):>9} {new:>7} {size:>13,}  {crawl.status}"
