"""Looks: what a crawl asked for, and what came of it, read from its folder.

A crawl fits in memory, of its pages no more than their URLs; the catalogue need not.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from archive.crawl import Crawl
from archive.errors import CrawlUnreadable
from archive.folder import INDEX
from archive.joining import is_exchange_note
from archive.message import header_fields, split_message, status_code
from archive.record import Record, header_safe
from archive.records import open_span, read_span, span_of, warc_name
from archive.told import superseded_in
from crawler.links import clean_url

PURPOSES = ("article", "listing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where a response or revisit stands, and its status."""

    warc: str
    offset: int
    length: int
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of asking for a page or a listing: the end of its chain of redirects and retries."""

    url: str  # as it was asked for, cleaned
    listing: bool
    at: datetime
    answer: Answer | None
    whole: bool  # the answer came to its end

    @property
    def status(self) -> int | None:
        """The last status, or None where no whole answer came."""
        return self.answer.status if self.answer and self.whole else None


@dataclass(slots=True)
class Looks:
    """All of a crawl's looks, the last at each URL, and the URL that each of its answers was asked for by."""

    pages: dict[str, Look]
    listings: dict[str, Look]
    asked: dict[tuple[str, int], str]  # by the place of an article page's record
    indexes: set[str]  # listings that named others: unchanged, they say nothing of those
    tracking: tuple[str, ...] = ()  # the outlet's own parameters that do not tell its pages apart

    @classmethod
    def of(cls, crawl: Crawl) -> Looks:
        """What the crawl in a folder asked for; ArchiveError where the folder is damaged."""
        found = cls({}, {}, {}, set(), tuple(crawl.manifest.get("tracking", ())))
        chains: dict[str, _Chains] = {purpose: _Chains() for purpose in PURPOSES}
        superseded = superseded_in(crawl.warcs()[1:])
        for note, answer in _exchanges(crawl):
            told = note.fields
            if told.get("purpose") in PURPOSES and told["sequence"] not in superseded:
                found._add(chains[told["purpose"]].begun_by(note.url, told, answer), note, answer)
        return found

    def _add(self, url: str, note: Record, answer: Answer | None) -> None:
        listing = note.fields["purpose"] == "listing"
        url = clean_url(url, () if listing else self.tracking)
        whole = "error" not in note.fields and "truncated" not in note.fields
        at = note.date
        look = Look(url=url, listing=listing, at=at, answer=answer, whole=whole)
        (self.listings if listing else self.pages)[url] = look
        if answer and not listing:
            self.asked[answer.warc, answer.offset] = url
        if listing and (named_by := clean_url(note.fields.get("via") or "")) in self.listings:
            self.indexes.add(named_by)


class _Chains:
    """Follows redirects and retries back to the URL with which each chain began."""

    def __init__(self) -> None:
        self._ends: defaultdict[str, deque[str]] = defaultdict(deque)  # a URL -> beginnings of chains that ended there

    def begun_by(self, url: str, told: dict[str, Any], answer: Answer | None) -> str:
        """The URL with which the chain of this exchange began; exchanges come in the order in which they ended."""
        before = url if told.get("attempt", 1) > 1 else header_safe(urldefrag(told.get("via") or "")[0])
        ends = self._ends.get(before)
        beginning = ends.popleft() if ends else url
        if told["purpose"] == "article" or answer is None or answer.status != 200:
            self._ends[url].append(beginning)  # a page may lead on by a refresh; a listing that was had names others
        return beginning


def headers_of(crawl: Crawl, answer: Answer) -> tuple[Record, tuple[tuple[str, str], ...]]:
    """The record of an answer, and its HTTP headers."""
    record = next(read_span(crawl.folder / answer.warc, answer.offset, answer.length))
    return record, header_fields(split_message(record.block)[0])


def _exchanges(crawl: Crawl) -> Iterator[tuple[Record, Answer | None]]:
    """The metadata record and the answer of each exchange, in their order.

    Responses are most of a file, and the index knows where they stand: they are stepped over.
    """
    index = _index(crawl.folder / INDEX)
    for path in crawl.warcs():
        yield from _exchanges_of_file(path, sorted(index[warc_name(path)], key=lambda one: one.offset))


def _exchanges_of_file(path: Path, answers: list[Answer]) -> Iterator[tuple[Record, Answer | None]]:
    start, answer = 0, None
    size = path.stat().st_size
    with open_span(path, 0, size) as file:
        for following in (*answers, Answer(warc="", offset=size, length=0, status=None)):
            if start < following.offset:
                for record in span_of(file, warc_name(path), start, following.offset - start):
                    if record.type in ("response", "revisit"):  # of which the index says nothing
                        answer = _answer(record)
                    elif is_exchange_note(record):
                        yield record, answer
                        answer = None
            answer, start = following, following.offset + following.length


def _answer(record: Record) -> Answer:
    status = status_code(split_message(record.block)[0])
    return Answer(warc=record.warc, offset=record.offset, length=record.length or 0, status=status)


def _index(path: Path) -> dict[str, list[Answer]]:
    """The answers of each file, as `index.cdxj` has them."""
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line.split(" ", 2)[2])
                status = told.get("status", "")
                found[told["filename"]].append(
                    Answer(
                        warc=told["filename"],
                        offset=int(told["offset"]),
                        length=int(told["length"]),
                        status=int(status) if status.isdecimal() else None,
                    )
                )
    except FileNotFoundError:
        return found  # then every record is read
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CrawlUnreadable(f"{path} is damaged; `scrapy rebuild {path.parent}` writes it anew") from error
    return found
