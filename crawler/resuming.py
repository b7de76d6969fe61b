"""Resuming: what a killed crawl holds, and what of it must be fetched anew."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

from archive.capture import Capture
from archive.crawl import Crawl, Exchange
from archive.told import superseded_in

# What was not sent at all, for its host's sake.
NOT_ASKED = {"crawler.refusals.HostGivenUp", "crawler.refusals.PagesBlocked"}
# Errors that a second fetch would only repeat: they are answers.
FINAL_ERRORS = {"crawler.addresses.PrivateAddressRefused", "scrapy.exceptions.DownloadCancelledError"}


LAST = 100  # of a host's exchanges: once it has asked for a pause, only what is under way still comes


def resumed(
    folder: Path, retry_times: int, retry_codes: Iterable[int], robots_since: datetime, max_size: int
) -> tuple[Crawl, list[Exchange], list[Capture]]:
    """The crawl of `folder`, open to be written to again, the exchanges that it holds, and what asked it to wait.

    What ended in failure is fetched anew, and so is a robots.txt from before `robots_since` (RFC 9309, 2.4); both are
    marked as superseded. What the folder holds is read when nobody else can write it any more.
    """
    crawl = Crawl.resume(folder, max_size=max_size)
    recorded = list(crawl.exchanges(superseded=True))
    anew_before = superseded_in(crawl.warcs()[1:])
    exchanges = [one for one in recorded if one.sequence not in anew_before]
    superseded = {one.sequence for one in failed(exchanges, retry_times, frozenset(retry_codes))}
    superseded |= {
        one.sequence for one in exchanges if one.purpose == "robots" and crawl.load(one).started < robots_since
    }
    crawl.supersede(superseded)
    return crawl, [one for one in exchanges if one.sequence not in superseded], list(_asking(crawl, recorded))


def _asking(crawl: Crawl, recorded: Iterable[Exchange]) -> Iterator[Capture]:
    """The newest answers of each host that may ask to be left alone, by a Retry-After."""
    last: defaultdict[str | None, deque[Exchange]] = defaultdict(lambda: deque(maxlen=LAST))
    for exchange in recorded:
        last[urlsplit(exchange.url).hostname].append(exchange)
    for exchanges in last.values():
        for one in exchanges:
            if one.status is not None and one.status >= 300:
                answer = crawl.load(one)
                if answer.header("Retry-After") is not None:
                    yield answer


def failed(exchanges: Iterable[Exchange], retry_times: int, retry_codes: frozenset[int]) -> Iterator[Exchange]:
    """The exchanges of chains that ended in failure with their retries used up.

    A chain is a first attempt and its retries. One that a kill cut short between two attempts goes on
    where it was.
    """
    by_request = sorted(exchanges, key=lambda one: (one.method, one.url, one.body_digest, one.sequence))
    for _, group in groupby(by_request, key=lambda one: (one.method, one.url, one.body_digest)):
        chain: list[Exchange] = []
        for exchange in group:
            if exchange.attempt == 1:
                chain = []
            chain.append(exchange)
            ended = exchange.attempt > retry_times or exchange.error in NOT_ASKED
            if ended and _fails(exchange, retry_codes):
                yield from chain


def _fails(exchange: Exchange, retry_codes: frozenset[int]) -> bool:
    if exchange.error is not None:
        return exchange.error not in FINAL_ERRORS
    return exchange.status in retry_codes
