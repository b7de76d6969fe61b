"""Replay: the same spider once more, offline, and the proof that it gives the same articles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from archive.crawl import Crawl
from archive.errors import CrawlBusy, CrawlUnreadable
from crawler.again import again
from crawler.arguments import Arguments
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
    replaying = {**_REPLAYING, "REPLAY_FOLDER": str(folder)}
    crawler = Crawler(outlets.spiders[crawl.outlet], again(settings, crawl, replaying, fetches=False))
    await runner.crawl(crawler, arguments=Arguments.from_dict(crawl.manifest["arguments"]))
    replayer = crawler.get_extension(Replayer)
    assert replayer is not None
    if replayer.failure is not None:
        raise replayer.failure
    return _verdict(crawl, replayer, crawler.stats.get_stats(), outlets.spiders[crawl.outlet].profiles)


def _verdict(crawl: Crawl, replayer: Replayer, statistics: Mapping[str, Any], profiles: Iterable[Profile]) -> Verdict:
    recorded = {line.get("record_id"): line for line in crawl.articles()}
    differences = list(_article_differences(recorded, replayer.articles))
    differences += [f"asked for, and not in the archive: {url}" for url in replayer.missing]
    if crawl.status == "finished":
        differences += [
            f"in the archive, and not asked for: {one.method} {one.url} (exchange {one.sequence})"
            for one in replayer.unasked()
        ]
        differences += _differing("statistics: ", crawl.manifest["statistics"], repeatable(statistics))
    changed = _differing("", crawl.manifest["versions"], versions(profiles))
    return Verdict(articles=len(recorded), differences=tuple(differences), changed_versions=tuple(changed))


def _article_differences(recorded: Mapping[Any, Any], replayed: Mapping[Any, str]) -> Iterator[str]:
    for record in dict.fromkeys((*recorded, *replayed)):
        before = recorded.get(record)
        now = json.loads(replayed[record]) if record in replayed else None
        if before is None or now is None:
            url, which = (now or before or {})["url"], "no longer" if now is None else "only now"
            yield f"{url}: {which} an article (record {record})"
            continue
        before, now = ({**line, "extractor": _unversioned(line["extractor"])} for line in (before, now))
        yield from _differing(f"{before['url']}: ", before, now)


def _unversioned(extractor: str) -> str:
    """An `extractor` without versions, which a replay reports and does not compare."""
    return re.sub(r"/\S+", "", extractor)


def _differing(where: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    names = [*before, *(name for name in now if name not in before)]
    return [
        f"{where}{name}: {_short(before.get(name))} -> {_short(now.get(name))}"
        for name in names
        if before.get(name) != now.get(name)
    ]


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 200 else f"{shown[:160]}... ({len(shown)} characters)"
