"""`scrapy catalogue`: what is known across crawls; `scrapy catalogue rebuild`: that anew from the crawl folders."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, tell_lacking
from crawler.places import archive_of, archive_there


class Command(PressmarkCommand):
    """Says what the catalogue holds, and writes it anew."""

    summary = "Say what the catalogue holds and lacks, or `rebuild` it from the crawl folders"

    def syntax(self) -> str:
        return "[options] [rebuild]"

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        assert self.settings is not None
        url = self.settings["CATALOGUE_URL"]
        if args == ["rebuild"]:
            return _rebuild(archive_there(self.settings), url)
        if args:
            raise WrongArgument(f"catalogue takes nothing, or the word rebuild, and not {args[0]!r}")
        return _tell(archive_of(self.settings), url)


def _rebuild(root: Path, url: str | None) -> int:
    from catalogue.catalogue import rebuild

    rebuild(root, url)
    return _tell(root, url)


def _tell(root: Path, url: str | None) -> int:
    from catalogue.catalogue import Catalogue
    from catalogue.holdings import holdings, missing

    with Catalogue.caught_up(root, url, tell_lacking) as catalogue:
        held, lacking = holdings(catalogue), missing(catalogue)
    print(f"{catalogue.database.name}: {held.size:,} bytes")
    print(
        f"{held.crawls:>12,} crawls" + (f", the newest of {held.newest:%Y-%m-%d %H:%M:%S} UTC" if held.newest else "")
    )
    print(f"{held.pages:>12,} pages")
    print(f"{held.articles:>12,} articles")
    print(f"{held.versions:>12,} versions")
    print(f"{held.captures:>12,} captures")
    for folder, why in lacking:
        print(f"missing: {folder} ({why})")
    return 1 if any(why != "not closed yet" for _, why in lacking) else 0
