"""A night's budget, in pages, bytes and seconds, ends a crawl cleanly, and the rest is fetched another time."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.crawl import Crawl
from newsroom.server import Newsroom
from tests.gentle import stories
from tests.running import crawl, scrapy

MANY = stories(40)


@pytest.mark.parametrize(
    ("budget", "status", "concurrency"),
    [
        ("CLOSESPIDER_PAGECOUNT=10", "closespider_pagecount", 1),
        ("CLOSESPIDER_PAGECOUNT=10", "closespider_pagecount", 16),
        ("CLOSESPIDER_BYTECOUNT=9000", "closespider_bytecount", 16),
        ("CLOSESPIDER_TIMEOUT=1", "closespider_timeout", 1),
    ],
)
def test_a_budget_ends_a_crawl_cleanly(tmp_path: Path, budget: str, status: str, concurrency: int) -> None:
    delay = ("-s", "DOWNLOAD_DELAY=0.4") if "TIMEOUT" in budget else ()
    given = ("-a", f"urls={','.join(MANY)}", "-s", f"CONCURRENT_REQUESTS_PER_DOMAIN={concurrency}", "-s", budget)
    with Newsroom.for_pages(MANY) as newsroom:
        folder = crawl(tmp_path, "site", *given, *delay, environment=newsroom.environment)
        read = Crawl.open(folder)
        articles = len(list(read.articles()))
        assert read.status == status
        assert articles < len(MANY)
        assert not list(folder.glob("*.open"))
        assert scrapy("verify", folder).returncode == 0
        replay = scrapy("replay", folder)
        assert (replay.returncode, replay.stdout) == (0, f"the same: {articles} articles\n")
        if "PAGECOUNT" not in budget:  # a budget in pages shapes the result, and holds for the crawl as a whole
            on = ("-s", "PRIVATE_ADDRESSES_ALLOWED=1", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
            assert scrapy("resume", folder, *on, environment=newsroom.environment).returncode == 0
            assert Crawl.open(folder).status == "finished"
            assert len(list(Crawl.open(folder).articles())) == len(MANY)
