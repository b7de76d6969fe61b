"""Extracting: crawl folders and WARC files, each read to its end, whatever is to be said of it on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.crawl import Crawl
from archive.errors import ArchiveError
from archive.records import ARCHIVES
from crawler.article import Article
from crawler.command import refused
from crawler.outlets import Outlets
from crawler.reading import Incomplete, articles_of_crawl, articles_of_file
from crawler.workers import ExtractionPool

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One line on what could not be read; `status` is the exit status that it asks for."""

    text: str
    status: int


class Extractor:
    """Reads archives on this machine; what reads them on others does the same with each."""

    def __init__(self, settings: BaseSettings, outlet: str | None = None) -> None:
        """`outlet` forces an outlet's profiles on every page."""
        self._settings = settings
        self._outlet = outlet
        self._outlets = Outlets.load(settings)
        self._pool = ExtractionPool.from_settings(settings)

    async def read_all(self, paths: Sequence[Path]) -> AsyncIterator[Article | Complaint]:
        """What these archives give, in their order."""
        for path in paths:
            async for item in self.read(path):
                yield item

    async def read(self, path: Path) -> AsyncIterator[Article | Complaint]:
        """What a crawl folder or a WARC file gives, in the order of its records."""
        if is_crawl(path) and self._outlet is None:
            articles = self._of_crawl(path)
        else:
            articles = articles_of_file(path, self._pool, self._outlets, self._outlet, self._settings)
        try:
            async for item in articles:
                if isinstance(item, Article):
                    yield item
                else:
                    yield Complaint(text=str(item), status=0 if isinstance(item, Incomplete) else 1)
        except ArchiveError as error:
            yield Complaint(text=str(error), status=1)
        except OSError as error:
            yield Complaint(text=refused(error), status=1)

    async def _of_crawl(self, folder: Path) -> AsyncIterator[object]:
        async for item in articles_of_crawl(Crawl.open(folder), self._pool, self._outlets):
            yield item

    async def close(self) -> None:
        """End the worker processes."""
        await self._pool.close()


def is_crawl(path: Path) -> bool:
    """Whether this is a folder of ours, with a manifest."""
    return (path / "crawl.json").exists()


def archives_in(path: Path, outlet: str | None) -> list[Path]:
    """What is read one by one: a crawl folder, a WARC file, or those that stand anywhere in a folder.

    WARC files of the kinds that are refused are among them. ArchiveError where a folder holds none.
    """
    if path.is_file() or (is_crawl(path) and outlet is None):
        return [path]
    found = sorted(one for one in path.rglob("*") if one.name.endswith(ARCHIVES))
    if not found:
        raise ArchiveError(f"{path} holds no WARC file")
    return found
