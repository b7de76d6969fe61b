"""What pressmark's commands share: Scrapy's command with one clear line for an error, and a status that tells."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from abc import abstractmethod
from collections.abc import Coroutine, Mapping
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from archive.errors import ArchiveError, CrawlNotFound
from archive.places import is_remote
from crawler.arguments import WrongArgument
from crawler.kinds import check_settings
from crawler.places import archive_of, handed_over

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import BaseSettings
    from twisted.internet.defer import Deferred

T = TypeVar("T")


class PressmarkCommand(ScrapyCommand):
    """A command that ends in `0`, in `1` for what went wrong, or in `2` for what was asked wrongly."""

    requires_project = True
    requires_crawler_process = False
    summary: ClassVar[str] = ""
    status_of_archive_errors: ClassVar[int] = 1

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            super().process_options(args, opts)
            check_settings(self.settings)
        except (UsageError, WrongArgument) as error:
            raise SystemExit(complain(str(error), 2)) from error
        assert self.settings is not None
        if not opts.loglevel and self.settings.getpriority("LOG_LEVEL") != SETTINGS_PRIORITIES["cmdline"]:
            self.settings.set("LOG_LEVEL", "CRITICAL", priority="cmdline")  # a command says itself what there is to say
        set_up_log(self.settings)
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # what is written is the same everywhere
        if self.requires_crawler_process:
            set_up_loop(self.settings)

    def short_desc(self) -> str:
        return self.summary

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            no_options(args)
            self.exitcode = self.go(args, opts)
        except WrongArgument as error:
            self.exitcode = complain(str(error), 2)
        except CrawlNotFound as error:
            self.exitcode = complain(str(error), 2)
        except ArchiveError as error:
            self.exitcode = complain(str(error), self.status_of_archive_errors)
        except KeyboardInterrupt:
            output = getattr(opts, "output", None)
            self.exitcode = complain(
                "interrupted" + (f"; {output} is not whole" if output not in (None, "-") else ""), 130
            )
        except BrokenPipeError:  # `scrapy crawls | head`
            sys.stderr.close()
            self.exitcode = 1
        except OSError as error:
            self.exitcode = complain(refused(error), self.status_of_archive_errors)

    @abstractmethod
    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do it, and return the exit status."""


def refused(error: OSError) -> str:
    """What the operating system refuses, in one line."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def set_up_loop(settings: BaseSettings | None) -> None:
    """Make the event loop that the settings name: Scrapy would make another one first, and leave that behind unclosed.

    Python closes such a loop whenever it gets to that, and complains where that is at its own end.
    """
    assert settings is not None
    if path := settings["ASYNCIO_EVENT_LOOP"]:
        asyncio.set_event_loop(load_object(path)())


def set_up_log(settings: BaseSettings | None) -> None:
    """Make the log JSON where LOG_JSON asks for that; else Scrapy sets it up."""
    assert settings is not None
    if not settings.getbool("LOG_JSON"):
        return
    from crawler.jsonlogs import log_as_json

    try:
        log_as_json(settings)
    except WrongArgument as error:
        raise SystemExit(complain(str(error), 2)) from error


def no_options(args: list[str]) -> None:
    """Scrapy takes an option that it does not know for an argument."""
    for arg in args:
        if arg.startswith("-") and arg != "-":
            raise WrongArgument(f"no such option: {arg}")


def add_on(parser: argparse.ArgumentParser) -> None:
    """Let a command run on many machines."""
    parser.add_argument("--on", metavar="CLUSTER", help="ray (a cluster on this machine) or ray://HOST:PORT")


def complain(message: str, status: int) -> int:
    """Print one clear line to standard error (or log it, where the log is JSON), and return `status`."""
    from crawler.jsonlogs import tell

    if not tell(message):
        sys.stderr.write(f"pressmark: {message}\n")
    return status


def tell_lacking(why: str) -> None:
    """Tell what the catalogue lacks, and why; what it holds is shown all the same."""
    complain(f"not in the catalogue: {why}", 0)


def run_in_reactor(process: AsyncCrawlerProcess, work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that runs crawls to its end, and return what it returns, or raise what it raises."""
    from twisted.internet import reactor

    _load_client()
    outcome: Deferred[T] = deferred_from_coro(work)
    kept: list[T | Failure] = []
    outcome.addBoth(kept.append)
    outcome.addBoth(lambda _: reactor.callLater(0, _stop, reactor))
    process.start(stop_after_crawl=False)
    if not kept:
        raise KeyboardInterrupt
    if isinstance(kept[0], Failure):
        kept[0].raiseException()
    return cast("T", kept[0])


def run_crawl(process: AsyncCrawlerProcess, crawler: Crawler, **arguments: Any) -> int:
    """Run a crawl that is recorded, and return its exit status."""
    from crawler.recording import Recorder

    _load_client()
    try:
        root = archive_of(crawler.settings)
        _tell_others(handed_over(root), None)
    except WrongArgument as error:
        return complain(str(error), 2)
    except ArchiveError as error:
        return complain(str(error), 1)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what fails is told once, here
    task: Any = process.crawl(crawler, **arguments)
    process.start()
    status = _outcome(task, crawler)
    if not is_remote(root) or not task.done() or task.cancelled() or task.exception():
        return status
    recorder = crawler.get_extension(Recorder)
    return hand_over(recorder.crawl.folder, root) or status if recorder is not None else status


def _load_client() -> None:
    """Load Scrapy's HTTP client now: some of its modules look through the whole stack, which is still short."""
    for name in ("tls", "contextfactory"):
        import_module(f"scrapy.core.downloader.{name}")


def hand_over(folder: Path, root: Path) -> int:
    """Hand over this folder's crawl, if it is closed, and others that wait; 1 where that fails for this one."""
    for number in (signal.SIGINT, signal.SIGTERM):  # who interrupts this loses nothing
        signal.signal(number, signal.SIG_DFL)
    try:
        return _tell_others(handed_over(root), folder)
    except ArchiveError as error:
        return complain(str(error), 1)


def _tell_others(outcomes: Mapping[Path, ArchiveError | None], folder: Path | None) -> int:
    """Tell what went wrong with each folder; 1 where that was this one."""
    told = {one: complain(str(error), 1) for one, error in outcomes.items() if error is not None}
    return told.get(folder.resolve(), 0) if folder else 0


def _outcome(task: Any, crawler: Crawler) -> int:
    """The exit status of a crawl that is over, what went wrong told."""
    from crawler.recording import Recorder

    error = task.exception() if task.done() and not task.cancelled() else None
    if error is not None:
        return _told(error)
    recorder = crawler.get_extension(Recorder)
    kept = f" {recorder.crawl.folder}" if recorder is not None else ""
    if not task.done():
        return complain(f"interrupted twice: the crawl{kept} was not closed; `scrapy resume{kept}` goes on with it", 1)
    if recorder is not None and (stopped := recorder.failure or recorder.interruption):
        return complain(str(stopped), 1)
    if crawler.stats.get_value("finish_reason") == "shutdown":
        return complain(f"interrupted; `scrapy resume{kept}` goes on with it", 0)
    if not crawler.stats.get_value("downloader/response_count"):
        return complain("no response at all came" + (f"; what was tried is in{kept}" if kept else ""), 1)
    return 0


def _told(error: BaseException) -> int:
    """The exit status of what ended a crawl, told where it is none of our own mistakes."""
    if isinstance(error, WrongArgument):
        return complain(str(error), 2)
    if isinstance(error, ArchiveError):
        return complain(str(error), 1)
    if isinstance(error, OSError):
        return complain(refused(error), 1)
    raise error


def _stop(reactor: Any) -> None:
    if reactor.running:
        reactor.stop()
