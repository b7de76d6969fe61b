"""Progress: a bar that tells, in a terminal, how far a crawl has come."""

from __future__ import annotations

import atexit
import logging
import sys
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from crawler.figures import Figures, is_watched

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn
    from scrapy.crawler import Crawler

EVERY = 0.25  # seconds between two looks at the figures
NARROW = 70  # columns of a terminal; in fewer the outlet's name and the bar itself are left out


class ProgressBar:
    """Draws the bar on standard error, below the log; nothing where that is no terminal, or with PROGRESS=0."""

    def __init__(self, crawler: Crawler, console: Console) -> None:
        from rich.progress import Progress

        self._crawler = crawler
        self._console = console
        self._display = Progress(*_columns(console.width), console=console, auto_refresh=False)
        self._looking = AsyncioLoopingCall(self._look)
        self._pace, self._began = _Pace(), monotonic()
        self._handlers: list[tuple[logging.StreamHandler[TextIO], TextIO]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressBar:
        if not (crawler.settings.getbool("PROGRESS") and sys.stderr.isatty() and is_watched(crawler)):
            raise NotConfigured
        from rich.console import Console  # what draws is loaded only where somebody sees it

        extension = cls(crawler, Console(stderr=True))
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def spider_opened(self) -> None:
        assert self._crawler.spider is not None
        self._display.add_task(self._crawler.spider.name, total=None, told="")
        self._log_above()
        atexit.register(self._display.stop)  # the cursor comes back also when the engine is given no time to stop
        self._display.start()
        self._looking.start(EVERY)

    def engine_stopped(self) -> None:
        if self._looking.running:
            self._looking.stop()
            figures = Figures.of(self._crawler)
            took = timedelta(seconds=round(monotonic() - self._began))
            self._show(figures, total=figures.done, pace=f"in {took}")
        self._display.stop()
        for handler, stream in self._handlers:
            handler.setStream(stream)

    def _look(self) -> None:
        figures = Figures.of(self._crawler)
        self._show(figures, total=figures.found, pace=self._pace.told(figures, monotonic()))

    def _show(self, figures: Figures, *, total: int, pace: str) -> None:
        told = " · ".join([*_parts(figures), *filter(None, [pace])])
        self._display.update(self._display.tasks[0].id, completed=figures.done, total=total, told=told)
        self._display.refresh()

    def _log_above(self) -> None:
        """Let the log be written by the console, which knows where the bar stands."""
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                self._handlers.append((handler, handler.stream))
                handler.setStream(_Above(self._console))


class _Above:
    """A stream whose lines appear above the bar, as they are: a terminal breaks long ones itself."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, text: str) -> int:
        from rich.text import Text

        self._console.print(Text(text), end="", soft_wrap=True)
        return len(text)

    def flush(self) -> None:
        """What is printed is out."""


class _Pace:
    """How fast article pages get done, over the last half minute."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque(maxlen=round(30 / EVERY))

    def told(self, figures: Figures, now: float) -> str:
        """Article pages a second, and the time to go until all that were found are done; pauses delay that."""
        self._looks.append((now, figures.done))
        since, before = self._looks[0]
        seconds = now - since
        if figures.done == before or seconds < 1:
            return ""
        rate = (figures.done - before) / seconds
        to_go = max((figures.found - figures.done) / rate, *figures.pauses.values(), 0.0)
        return f"{rate:.1f}/s · {timedelta(seconds=round(to_go))} to go"


def _columns(width: int) -> list[ProgressColumn]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

    told = TextColumn("{task.fields[told]}", markup=False)
    if width < NARROW:
        return [MofNCompleteColumn(), told]
    bar = BarColumn(bar_width=max(5, min(30, width // 6)))
    return [TextColumn("{task.description}", markup=False), bar, MofNCompleteColumn(), told]


def _parts(figures: Figures) -> Iterator[str]:
    """What the figures tell beside the bar."""
    yield f"{figures.pages} pages"
    yield f"{figures.articles} articles"
    if figures.new is not None:
        yield f"{figures.new} new"
    if figures.pauses:
        host, seconds = max(figures.pauses.items(), key=lambda pause: pause[1])
        more = f" and {len(figures.pauses) - 1} more" if len(figures.pauses) > 1 else ""
        yield f"{host}{more} paused for {seconds:.0f}s"
