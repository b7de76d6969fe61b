"""Extracting on many machines: archives are read side by side, and what they give is put in their order again."""

from __future__ import annotations

import asyncio
import pickle
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from scrapy.settings import BaseSettings

from crawler.article import Article
from crawler.extracting import Complaint, Extractor
from fleet.cluster import Cluster
from fleet.crew import Crew
from fleet.errors import JobLost
from fleet.hand import Hand, given

_AHEAD = 256  # archives that may be in hand, or wait on disk for those before them
_BATCH = 100  # articles that a node hands over at once

_Item = Article | Complaint


class ExtractingHand(Hand):
    """Reads one archive after another, by the code that reads them on one machine."""

    def __init__(self, environment: Mapping[str, str], settings: BaseSettings, outlet: str | None) -> None:
        super().__init__(environment)
        settings = settings.copy()
        settings.set("EXTRACTION_PROCESSES", min(1, settings.getint("EXTRACTION_PROCESSES")), priority="cmdline")
        self._extractor = Extractor(settings, outlet)

    async def begin(self, path: Path) -> None:
        """Turn to an archive."""
        self._items = self._extractor.read(path)

    async def more(self) -> bytes:
        """What the archive gives next, pickled; nothing at its end."""
        batch: list[_Item] = []
        async for item in self._items:
            batch.append(item)
            if len(batch) == _BATCH:
                break
        return pickle.dumps(batch) if batch else b""


async def read_all(
    cluster: Cluster, archives: Sequence[Path], settings: BaseSettings, outlet: str | None, folder: Path | None
) -> AsyncIterator[_Item]:
    """What these archives give, in their order; what comes early waits on disk, in nameless files in `folder`."""
    waiting = iter(archives)
    reading: deque[asyncio.Task[IO[bytes]]] = deque()
    async with Crew(cluster, ExtractingHand, (given(), settings, outlet), share=1) as crew:
        try:
            while True:
                for path in islice(waiting, _AHEAD - len(reading)):
                    reading.append(asyncio.create_task(_read(crew, cluster, path.absolute(), folder)))
                if not reading:
                    break
                with await reading[0] as part:
                    reading.popleft()
                    for item in _items(part):
                        yield item
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
        for refusal in crew.refusals.values():
            yield Complaint(text=refusal, status=1)


async def _read(crew: Crew, cluster: Cluster, path: Path, folder: Path | None) -> IO[bytes]:
    """All that one archive gives, as batches in a file that is at its beginning."""
    part = TemporaryFile(dir=folder)  # noqa: SIM115 (whoever gets it closes it)

    async def read(hand: Any) -> None:
        part.seek(0)
        part.truncate()  # of a node that was lost
        await cluster.answer(hand.begin.remote(path))
        upcoming = hand.more.remote()
        while batch := await cluster.answer(upcoming):
            upcoming = hand.more.remote()
            part.write(batch)

    try:
        await crew.do(read, str(path))
    except JobLost as error:
        part.write(pickle.dumps([Complaint(text=str(error), status=1)]))
    except BaseException:
        part.close()
        raise
    part.seek(0)
    return part


def _items(part: IO[bytes]) -> Iterator[_Item]:
    while True:
        try:
            batch: list[_Item] = pickle.load(part)  # noqa: S301 (what our own code wrote, into a file that has no name)
        except EOFError:
            return
        yield from batch
