"""The demo: five invented outlets crawled, extracted, replayed offline, and proved the same."""

from __future__ import annotations

import logging
import os
import re
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from scrapy import signals

from crawler.outlets import Outlets
from crawler.recording import Recorder
from crawler.replay import Verdict, replay
from newsroom.sites import SITES, open_newsroom

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings

    from newsroom.outlet import DemoSite


@dataclass(slots=True)
class Shown:
    """One outlet's line in the table."""

    site: DemoSite
    crawler: Crawler
    folder: Path | None = None
    verdict: Verdict | None = None

    @property
    def articles(self) -> int:
        return int(self.crawler.stats.get_value("item_scraped_count", 0))

    @property
    def proved(self) -> bool:
        """Whether every article came, and a replay gave them all again."""
        same = self.verdict is not None and not self.verdict.differences
        return same and self.articles == self.site.expected


async def show(process: AsyncCrawlerProcess, settings: Settings, console: Console) -> tuple[int, Group]:
    """Run the demo and print what it proved; the exit status, and all that was printed."""
    began = time.monotonic()
    logging.raiseExceptions = False  # where the disk is full, so is the log's
    outlets = Outlets.load(settings)
    shown = [Shown(site, process.create_crawler(outlets.spiders[site.name])) for site in SITES]
    opening = Text(f"A newsroom of {len(SITES)} invented outlets opens on loopback: crawled, then replayed offline.")
    console.print(opening)
    with _progress(console) as progress:
        with open_newsroom() as newsroom, _environment(newsroom.environment):
            for one in shown:
                await _crawl(process, one, progress)
        replaying = progress.add_task("replaying, offline", total=len(shown))
        for one in shown:  # the newsroom is closed: whatever is read now comes from the archive
            if one.folder is not None:
                one.verdict = await replay(process, one.folder, settings, outlets)
            progress.advance(replaying)
    report = Group(_table(shown), *_told(shown, Path(settings["ARCHIVE_DIR"]), time.monotonic() - began))
    console.print(report, soft_wrap=True)
    status = 0 if all(one.proved for one in shown) else 1
    return status, Group(opening, progress.get_renderable(), report)


def draw(shown: Group, file: str) -> None:
    """Draw what the terminal showed into an SVG file."""
    console = Console(record=True, file=StringIO(), width=84, force_terminal=True)
    console.print("[bold]$ make demo[/]")
    console.print(shown, soft_wrap=True)
    svg = console.export_svg(title="pressmark")
    # A picture fetches nothing: the reader's own fixed-width font serves.
    Path(file).write_text(re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL), encoding="utf-8")


async def _crawl(process: AsyncCrawlerProcess, one: Shown, progress: Progress) -> None:
    bar = progress.add_task(f"crawling {one.site.host}", total=one.site.expected)

    def advance(**_: Any) -> None:
        progress.advance(bar)

    one.crawler.signals.connect(advance, signals.item_scraped)
    arguments = {"start": one.site.start} if one.site.start else {}
    await process.crawl(one.crawler, **arguments)
    recorder = one.crawler.get_extension(Recorder)
    if recorder is not None and recorder.failure is not None:
        raise recorder.failure
    one.folder = recorder.crawl.folder if recorder else None


def _progress(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """These environment variables for a while, and none that would lead a crawl past the newsroom."""
    kept = dict(os.environ)
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY"):
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _table(shown: list[Shown]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("outlet", no_wrap=True)
    table.add_column("layout", no_wrap=True)
    for name in ("pages", "bytes", "articles"):
        table.add_column(name, justify="right")
    table.add_column("replay", no_wrap=True)
    for one in shown:
        stats = one.crawler.stats
        size = sum(path.stat().st_size for path in one.folder.glob("*.warc.gz")) if one.folder else 0
        table.add_row(
            one.site.host,
            "WordPress" if one.site.imitates == "site" else one.site.imitates,
            str(stats.get_value("downloader/response_count", 0)),
            f"{size:,}",
            f"{one.articles} of {one.site.expected}",
            "[green]the same[/]" if one.proved else "[red]different[/]",
        )
    return table


def _told(shown: list[Shown], archive: Path, seconds: float) -> Iterator[Text]:
    """What differs, and where everything lies."""
    for one in shown:
        for difference in one.verdict.differences if one.verdict else ():
            yield Text(f"{one.site.name}: {difference}", style="red")
    yield Text(f"Every exchange is kept as WARC, byte for byte. It took {seconds:.0f} seconds, and lies in:")
    for one in shown:
        yield Text(f"  {one.folder}", style="cyan")
    yield Text(f"The log is {archive / 'demo.log'}. To replay one again, with .venv activated:")
    yield Text(f"  scrapy replay {shlex.quote(str(shown[0].folder))}", style="bold")
