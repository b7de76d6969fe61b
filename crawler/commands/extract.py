"""`scrapy extract PATH... -o FILE`: articles of crawl folders and of anybody's WARC files."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import ArchiveError
from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, add_on, complain
from crawler.places import given

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.extracting import Complaint


class Command(PressmarkCommand):
    """Reads archives again, without any crawl."""

    summary = "Write the articles of crawl folders or WARC files to a .jsonl or .parquet file"

    def syntax(self) -> str:
        return "[options] PATH..."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="a .jsonl or .parquet file; - is standard output")
        parser.add_argument("--outlet", metavar="NAME", help="read every page by this outlet's profiles")
        add_on(parser)

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        import asyncio

        from crawler.extracting import archives_in
        from crawler.outlets import Outlets

        if not args:
            raise WrongArgument("extract takes crawl folders or WARC files")
        paths = [given(arg) for arg in args]
        if missing := next((path for path in paths if not path.exists()), None):
            raise WrongArgument(f"no such file or folder: {missing}")
        assert self.settings is not None
        outlets = Outlets.load(self.settings)
        if opts.outlet is not None and opts.outlet not in outlets.spiders:
            raise WrongArgument(f"no such outlet: {opts.outlet}; there are {', '.join(outlets.spiders)}")
        archives: list[Path] = []
        empty: list[str] = []
        for path in paths:
            try:
                archives += archives_in(path, opts.outlet)
            except ArchiveError as error:
                empty.append(str(error))
        opts.output = opts.output or "-"
        if opts.on is None:
            return asyncio.run(self._here(archives, empty, opts))
        return self._there(archives, empty, opts)

    async def _here(self, archives: list[Path], empty: list[str], opts: argparse.Namespace) -> int:
        from crawler.extracting import Extractor

        assert self.settings is not None
        extractor = Extractor(self.settings, opts.outlet)
        try:
            return await _write(extractor.read_all(archives), opts.output, empty)
        finally:
            await extractor.close()

    def _there(self, archives: list[Path], empty: list[str], opts: argparse.Namespace) -> int:
        from fleet.cluster import connected
        from fleet.extracting import read_all

        assert self.settings is not None
        with connected(opts.on) as cluster:
            folder = Path(opts.output).parent if opts.output != "-" else None
            read = read_all(cluster, archives, self.settings, opts.outlet, folder)
            return cluster.run(_write(read, opts.output, empty))


async def _write(read: AsyncIterator[Article | Complaint], output: str, empty: list[str]) -> int:
    """Write the articles; 1 when something could not be read to its end, or held nothing."""
    from crawler.article import Article
    from crawler.output import article_output

    with article_output(output) as write:
        status = max([complain(why, 1) for why in empty], default=0)
        async for item in read:
            if isinstance(item, Article):
                write(item)
            else:
                status |= complain(item.text, item.status)
    return status
