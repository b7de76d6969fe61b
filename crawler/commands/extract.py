"""`scrapy extract PATH... -o FILE`: articles of crawl folders and of anybody's WARC files."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import ArchiveError
from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand, complain, refused

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.outlets import Outlets
    from crawler.workers import ExtractionPool


class Command(PressmarkCommand):
    """Reads archives again, without any crawl."""

    summary = "Write the articles of crawl folders or WARC files to a .jsonl or .parquet file"

    def syntax(self) -> str:
        return "[options] PATH..."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="a .jsonl or .parquet file; - is standard output")
        parser.add_argument("--outlet", metavar="NAME", help="read every page by this outlet's profiles")

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        import asyncio

        from crawler.outlets import Outlets

        if not args:
            raise WrongArgument("extract takes crawl folders or WARC files")
        if missing := next((arg for arg in args if not Path(arg).exists()), None):
            raise WrongArgument(f"no such file or folder: {missing}")
        assert self.settings is not None
        outlets = Outlets.load(self.settings)
        if opts.outlet is not None and opts.outlet not in outlets.spiders:
            raise WrongArgument(f"no such outlet: {opts.outlet}; there are {', '.join(outlets.spiders)}")
        return asyncio.run(self._extract([Path(arg) for arg in args], opts.output or "-", outlets, opts.outlet))

    async def _extract(self, paths: list[Path], output: str, outlets: Outlets, outlet: str | None) -> int:
        from crawler.output import article_output
        from crawler.workers import ExtractionPool

        assert self.settings is not None
        status = 0
        pool = ExtractionPool.from_settings(self.settings)
        try:
            with article_output(output) as write:
                for path in paths:
                    status |= await self._extract_one(path, write, pool, outlets, outlet)
        finally:
            await pool.close()
        return status

    async def _extract_one(
        self,
        path: Path,
        write: Callable[[Article], None],
        pool: ExtractionPool,
        outlets: Outlets,
        outlet: str | None,
    ) -> int:
        """Write what one path gives; 1 when it could not be read to its end."""
        from archive.crawl import Crawl
        from crawler.article import Article
        from crawler.reading import Incomplete, articles_of_crawl, articles_of_file

        assert self.settings is not None
        status = 0
        try:
            if (path / "crawl.json").exists() and outlet is None:
                read: list[AsyncIterator[object]] = [articles_of_crawl(Crawl.open(path), pool, outlets)]
            else:
                read = [articles_of_file(warc, pool, outlets, outlet, self.settings) for warc in _warcs(path)]
            for articles in read:
                async for item in articles:
                    if isinstance(item, Article):
                        write(item)
                    else:
                        status |= complain(str(item), 0 if isinstance(item, Incomplete) else 1)
        except ArchiveError as error:
            return complain(str(error), 1)
        except OSError as error:
            return complain(refused(error), 1)
        return status


def _warcs(path: Path) -> list[Path]:
    """A WARC file itself, or those that stand anywhere in a folder, the kinds that are refused among them."""
    from archive.records import ARCHIVES

    if path.is_file():
        return [path]
    found = sorted(one for one in path.rglob("*") if one.name.endswith(ARCHIVES))
    if not found:
        raise ArchiveError(f"{path} holds no WARC file")
    return found
