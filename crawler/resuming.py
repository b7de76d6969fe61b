"""Resuming: what a killed crawl holds, and what of it must be fetched anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from archive.crawl import Crawl, Exchange

# What was not sent at all, for its host's sake.
NOT_ASKED = {"crawler.refusals.HostGivenUp", "crawler.refusals.PagesBlocked"}
# Errors that a second fetch would only repeat: they are answers.
FINAL_ERRORS = {"crawler.addresses.PrivateAddressRefused", "scrapy.exceptions.DownloadCancelledError"}


def resumed(
    folder: Path, retry_times: int, retry_codes: Iterable[int], robots_since: datetime, max_size: int
) -> tuple[Crawl, list[Exchange]]:
    """The crawl of `folder`, open to be written to again, and the exchanges that it holds.

    What ended in failure is fetched anew, and so is a robots.txt from before `robots_since` (RFC 9309, 2.4); both are
    marked as superseded. What the folder holds is read when nobody else can write it any more.
    """
    crawl = Crawl.resume(folder, max_size=max_size)
    exchanges = list(crawl.exchanges())
    superseded = {one.sequence for one in failed(exchanges, retry_times, frozenset(retry_codes))}
    superseded |= {
        one.sequence for one in exchanges if one.purpose == "robots" and crawl.load(one).started < robots_since
    }
    crawl.supersede(superseded)
    return crawl, [one for one in exchanges if one.sequence not in superseded]


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
