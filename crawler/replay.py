"""Replay: the same spider once more, offline, and the proof that it gives the same articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from archive.crawl import Crawl
from archive.errors import CrawlBusy, CrawlUnreadable
from crawler.again import again
from crawler.arguments import Arguments
from crawler.comparing import article_differences, differing
from crawler.description import repeatable, versions
from crawler.replaying import Replayer

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.settings import Settings

    from crawler.outlets import Outlets
    from crawler.profile import Profile

# A crawl that was closed early is over with the last exchange that it holds.
_LIMITS = ("ERRORCOUNT", "ITEMCOUNT", "PAGECOUNT", "PAGECOUNT_NO_ITEM", "TIMEOUT", "TIMEOUT_NO_ITEM")
# No limit on concurrency: the next answer's request must never wait behind a full slot. No delays: nobody is
# fetched from.
_REPLAYING = {
    "DOWNLOAD_HANDLERS": {"http": "crawler.handlers.ReplayDoor", "https": "crawler.handlers.ReplayDoor"},
    "EXTENSIONS": {
        "crawler.replaying.Replayer": 0,
        "crawler.memory.RecordedMemory": 0,
        "crawler.workers.ExtractionPool": 0,
        "crawler.progress.ProgressBar": 0,
    },
    "CONCURRENT_REQUESTS": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1_000_000,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_SLOTS": {},
    "DOWNLOAD_TIMEOUT": 0,
    "AUTOTHROTTLE_ENABLED": False,
    **{f"CLOSESPIDER_{what}": 0 for what in _LIMITS},
    "FEEDS": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a replay proved: how many articles were compared, and each difference, in words."""

    articles: int
    differences: tuple[str, ...]
    changed_versions: tuple[str, ...]  # of code and dependencies, since the recording


async def replay(runner: AsyncCrawlerRunner, folder: Path, settings: Settings, outlets: Outlets) -> Verdict:
    """Run the crawl of `folder` again from its archive, and compare.

    Raises ArchiveError where it cannot be replayed: damaged (naming the record), still being written,
    killed and not resumed, or of an outlet that nobody knows here.
    """
    crawl = Crawl.open(folder)
    if crawl.status == "running":
        raise CrawlBusy(f"{folder} is still being written; replay it when its crawl has ended")
    if crawl.status == "killed":
        raise CrawlUnreadable(f"the crawl in {folder} was killed; `scrapy resume {folder}` mends it")
    crawl.check_whole()
    if crawl.outlet not in outlets.spiders:
        raise CrawlUnreadable(f"{folder} is a crawl of {crawl.outlet}, an outlet that is not known here")
    replaying = {**_REPLAYING, "REPLAY_FOLDER": folder}
    crawler = Crawler(outlets.spiders[crawl.outlet], again(settings, crawl, replaying, fetches=False))
    await runner.crawl(crawler, arguments=Arguments.from_dict(crawl.manifest["arguments"]))
    replayer = crawler.get_extension(Replayer)
    assert replayer is not None
    if replayer.failure is not None:
        raise replayer.failure
    return _verdict(crawl, replayer, crawler.stats.get_stats(), outlets.spiders[crawl.outlet].profiles)


def _verdict(crawl: Crawl, replayer: Replayer, statistics: Mapping[str, Any], profiles: Iterable[Profile]) -> Verdict:
    articles, differences = article_differences(crawl.articles(), replayer.articles())
    differences += [f"asked for, and not in the archive: {url}" for url in replayer.missing]
    if crawl.status == "finished":
        differences += [
            f"in the archive, and not asked for: {one.method} {one.url} (exchange {one.sequence})"
            for one in replayer.unasked()
        ]
        differences += differing("statistics: ", crawl.manifest["statistics"], repeatable(statistics))
    changed = differing("", crawl.manifest["versions"], versions(profiles))
    return Verdict(articles=articles, differences=tuple(differences), changed_versions=tuple(changed))
