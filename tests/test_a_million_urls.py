"""Listings of a million URLs, repeated or not: read in bounded memory, each page fetched once."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from archive.crawl import Crawl
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.running import BY_A_SMALL_ONE, LOOPBACK, scrapy
from tests.test_replay import page

HOST = "http://lamp.test"
START = f"{HOST}/map.xml.gz"
BOUND = 450_000_000  # bytes of the crawling process: 290 MB and 200 MB, as measured


def sitemap(urls: Iterable[str], outer: str = "urlset", inner: str = "url") -> Answer:
    entries = "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls)
    body = gzip.compress(f"<{outer}>{entries}</{outer}>".encode(), 1)
    return Answer(headers=(("Content-Type", "application/gzip"),), body=body)


def crawled(newsroom: Newsroom, archive: Path, *given: str) -> tuple[Path, Counter[str], str]:
    """The folder of a crawl whose memory stayed within bounds, what it asked for, and its log."""
    options = (*given, "-s", f"ARCHIVE_DIR={archive}", *LOOPBACK)
    crawl = ("crawl", "site", "-a", f"start={START}", *options)
    run = scrapy(*crawl, environment=newsroom.environment, before=BY_A_SMALL_ONE)
    assert run.returncode == 0, run.stderr
    found = re.search(r"'memusage/max': (\d+)", run.stderr)
    assert found is not None
    assert int(found[1]) < BOUND
    (folder,) = archive.glob("crawls/*/*")
    return folder, Counter(one.request.target for one in newsroom.log), run.stderr


@pytest.mark.drill
def test_a_listing_that_repeats_a_million_urls_is_read_to_its_end(tmp_path: Path) -> None:
    urls = [f"{HOST}/2026/11/0{day}/s{day}" for day in range(1, 6)]
    pages = {url: page(f"Day {day}", f"Day {day},") for day, url in enumerate(urls, 1)}
    listed = sitemap([*urls[:4] * 225_000, urls[4]])  # the last is new, behind 900,000 that are not
    with Newsroom.for_pages({START: listed, **pages}) as newsroom:
        folder, asked, log = crawled(newsroom, tmp_path)
    assert asked == Counter(["/robots.txt", "/map.xml.gz", *(url.removeprefix(HOST) for url in urls)])
    assert "the rest is not read" not in log
    assert len(list(Crawl.open(folder).articles())) == 5
    replay = scrapy("replay", folder)
    assert (replay.returncode, replay.stdout) == (0, "the same: 5 articles\n")


@pytest.mark.drill
def test_listings_of_half_a_million_different_urls_are_read_one_at_a_time(tmp_path: Path) -> None:
    parts = {
        f"{HOST}/part-{part}.xml.gz": sitemap(
            f"{HOST}/2019/01/0{part}/what-became-of-{number}" for number in range(50_000)
        )
        for part in range(1, 10)
    }
    named = sitemap([*parts, *parts, f"{HOST}/part-1.xml.gz?again"], "sitemapindex", "sitemap")
    again = parts[f"{HOST}/part-1.xml.gz"]
    with Newsroom.for_pages({START: named, **parts, f"{HOST}/part-1.xml.gz?again": again}) as newsroom:
        folder, asked, _ = crawled(newsroom, tmp_path, "-a", "since=2020-01-01")
    assert asked.total() == 12  # robots.txt, the index, its parts, and no page of 2019
    assert Crawl.open(folder).manifest["statistics"]["articles/older"] == 450_000  # each counts once
