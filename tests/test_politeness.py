"""Each host is fetched from at the pace that it asks for, and left alone when it says so."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from archive.crawl import Crawl, Exchange
from crawler.resuming import failed, resumed
from newsroom.answers import in_turn
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.archives import asked as asked_for
from tests.archives import visit
from tests.gentle import (
    FEEDS,
    SPIDERS,
    TOO_MANY,
    WWW,
    asked,
    at_first,
    feed,
    gaps,
    refusal,
    robots,
    stories,
    story,
)
from tests.running import LOOPBACK, crawl, scrapy
from tests.samples import NOON
from tests.test_kill import Running, wait_for

ONE_BY_ONE = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
OTHER = "https://www.other.test"
CLOCK = "Sun, 06 Nov 1994 08:49:{}"


def urls(pages: Mapping[str, object]) -> tuple[str, str]:
    return ("-a", f"urls={','.join(url for url in pages if not url.endswith('.txt'))}")


def replayed(folder: Path) -> str:
    replay = scrapy("replay", folder, *(SPIDERS if folder.parent.name == "gentle" else ()))
    assert replay.returncode == 0, replay.stdout + replay.stderr
    return replay.stdout


def test_a_crawl_delay_for_us_alone_is_kept(tmp_path: Path) -> None:
    rules = "User-agent: otherbot\nCrawl-delay: 0\n\nUser-agent: Pressmark\nCrawl-delay: 0.3\n"
    pages = {f"{WWW}/robots.txt": robots(rules), **stories(4)}
    with Newsroom.for_pages(pages) as newsroom:
        crawl(tmp_path, "site", *urls(pages), environment=newsroom.environment)
        found = gaps(newsroom, WWW)
    assert len(found) == 4
    assert min(found) >= 0.29


def test_a_redirected_request_waits_at_the_host_it_goes_to(tmp_path: Path) -> None:
    away = {f"{OTHER}/{number}": refusal(301, "0", ("Location", f"{WWW}/story-{number}")) for number in range(1, 5)}
    pages = {f"{WWW}/robots.txt": robots("User-agent: *\nCrawl-delay: 0.3\n"), **stories(4), **away}
    with Newsroom.for_pages(pages) as newsroom:
        crawl(tmp_path, "site", *urls(away), environment=newsroom.environment)
        found = gaps(newsroom, WWW)
    assert len(found) == 4
    assert min(found) >= 0.29


@pytest.mark.parametrize(
    "asks",
    [
        refusal(429, "1"),
        refusal(503, CLOCK.format("38 GMT"), ("Date", CLOCK.format("37 GMT"))),
        refusal(403, "1"),
    ],
    ids=["seconds", "date", "forbidden"],
)
def test_retry_after_pauses_a_host(tmp_path: Path, asks: Answer) -> None:
    pages = at_first([asks], stories(5))
    with Newsroom.for_pages(pages) as newsroom:
        folder = crawl(tmp_path, "site", *urls(pages), *ONE_BY_ONE, environment=newsroom.environment)
        assert gaps(newsroom, WWW)[1] >= 0.99
        assert len(asked(newsroom, WWW)) == (6 if asks.status == 403 else 7)
    statistics = Crawl.open(folder).manifest["statistics"]
    assert statistics.get("retry/count", 0) == (0 if asks.status == 403 else 1)
    assert "the same" in replayed(folder)


def test_a_pause_holds_listings_and_robots_txt_too(tmp_path: Path) -> None:
    pages = {
        f"{FEEDS}/robots.txt": in_turn(refusal(503, "1"), robots("")),
        f"{FEEDS}/one.xml": in_turn(refusal(503, "1"), feed(f"{WWW}/story-1")),
        f"{FEEDS}/two.xml": feed(f"{WWW}/story-2"),
        **stories(2),
    }
    with Newsroom.for_pages(pages) as newsroom:
        folder = crawl(tmp_path, "gentle", *SPIDERS, environment=newsroom.environment)
        assert asked(newsroom, FEEDS) == ["/robots.txt", "/robots.txt", "/one.xml", "/one.xml", "/two.xml"]
        robots_again, _, one_again, _ = gaps(newsroom, FEEDS)
    assert robots_again >= 0.99
    assert one_again >= 0.99
    assert len(list(Crawl.open(folder).articles())) == 2


def test_a_host_that_asks_for_longer_than_a_crawl_waits_is_given_up(tmp_path: Path) -> None:
    others = stories(3, OTHER)
    pages = {**at_first([refusal(429, "86400")], stories(20)), **others}
    with Newsroom.for_pages(pages) as newsroom:
        given = (*urls(pages), *ONE_BY_ONE, "-s", f"ARCHIVE_DIR={tmp_path}")
        run = scrapy("crawl", "site", *LOOPBACK, *given, environment=newsroom.environment)
        assert len(asked(newsroom, WWW)) == 2  # robots.txt is one of them
        assert len(asked(newsroom, OTHER)) == 4
    assert run.returncode == 0
    assert run.stderr.count("is given up for this crawl") == 1
    (folder,) = tmp_path.glob("crawls/site/*")
    opened = Crawl.open(folder)
    assert opened.status == "finished"
    assert opened.manifest["statistics"]["given_up/www.gentle.test"] == 20  # the retry is one of them
    assert replayed(folder) == "the same: 3 articles\n"
    assert scrapy("verify", folder).returncode == 0


def ended_in_a_pause(newsroom: Newsroom, given: tuple[str, ...]) -> None:
    """Begin a crawl, and end it when one host has asked for a pause and the other three pages are there."""
    running = Running("crawl", "site", *LOOPBACK, *given, environment=newsroom.environment)
    wait_for(newsroom, 6, running)
    running.end(signal.SIGTERM)
    running.status()


def test_a_paused_host_keeps_no_other_waiting_and_its_pause_ends_with_the_crawl(tmp_path: Path) -> None:
    """Also with more requests waiting for it than a crawl has places for."""
    pages = {**at_first([refusal(429, "500")], stories(40)), **stories(3, OTHER)}
    with Newsroom.for_pages(pages) as newsroom:
        given = (*urls(pages), *ONE_BY_ONE, "-s", f"ARCHIVE_DIR={tmp_path}")
        ended_in_a_pause(newsroom, given)
        assert len(asked(newsroom, WWW)) == 2  # robots.txt is one of them
        assert len(asked(newsroom, OTHER)) == 4
    (folder,) = tmp_path.glob("crawls/site/*")
    assert Crawl.open(folder).status == "interrupted"
    assert replayed(folder) == "the same: 3 articles\n"


def test_a_pause_outlives_the_crawl_that_was_asked_for_it(tmp_path: Path) -> None:
    pages = {**at_first([refusal(429, "500")], stories(9)), **stories(3, OTHER)}
    with Newsroom.for_pages(pages) as newsroom:
        given = (*urls(pages), *ONE_BY_ONE, "-s", f"ARCHIVE_DIR={tmp_path}")
        ended_in_a_pause(newsroom, given)
        newsroom.log.clear()
        (folder,) = tmp_path.glob("crawls/site/*")
        options = (*LOOPBACK, *ONE_BY_ONE, "-s", "HOST_PATIENCE=100", "-L", "INFO")
        run = scrapy("resume", folder, *options, environment=newsroom.environment)
        assert (run.returncode, asked(newsroom, WWW)) == (0, [])
    assert "www.gentle.test asked for a pause, which goes on for 4" in run.stderr
    assert replayed(folder) == "the same: 3 articles\n"


def test_what_asked_for_a_pause_is_known_however_often_a_crawl_goes_on(tmp_path: Path) -> None:
    refusals = [asked_for(f"{WWW}/1", 429, "Retry-After: 500", attempt=number) for number in (1, 2, 3)]
    folder = visit(tmp_path, NOON, [*refusals, asked_for(f"{OTHER}/1", 404)], status="interrupted")
    for _ in range(3):
        crawl_again, held, asking = resumed(folder, 2, {429}, NOON, 1 << 30)
        assert [one.status for one in held] == [404]
        assert [one.header("Retry-After") for one in asking] == ["500"] * 3
        crawl_again.close("interrupted", {}, NOON)


def test_a_host_without_a_delay_still_gets_no_more_at_once_than_is_said(tmp_path: Path) -> None:
    pages = {url: replace(answer, wait=0.1) for url, answer in stories(4).items() if isinstance(answer, Answer)}
    with Newsroom.for_pages(pages) as newsroom:
        crawl(tmp_path, "site", *urls(pages), *ONE_BY_ONE, environment=newsroom.environment)
        assert min(gaps(newsroom, WWW)[1:]) >= 0.09


@pytest.mark.parametrize("throttle", [(), ("-s", "AUTOTHROTTLE_ENABLED=1", "-s", "AUTOTHROTTLE_START_DELAY=0.1")])
def test_refusals_slow_a_host_down(tmp_path: Path, throttle: tuple[str, ...]) -> None:
    pages = at_first([TOO_MANY, TOO_MANY], stories(4))
    given = (*ONE_BY_ONE, "-s", "DOWNLOAD_DELAY=0.1", *throttle)
    with Newsroom.for_pages(pages) as newsroom:
        folder = crawl(tmp_path, "site", *urls(pages), *given, environment=newsroom.environment)
        found = gaps(newsroom, WWW)
    assert found[0] >= 0.09
    assert found[1] >= 0.19
    assert found[2] >= 0.39
    assert len(list(Crawl.open(folder).articles())) == 4
    assert "the same" in replayed(folder)


def test_forbidden_pages_turn_an_outlet_to_feeds_only(tmp_path: Path) -> None:
    listed = [f"{WWW}/story-{number}" for number in range(1, 31)]
    pages = {
        f"{FEEDS}/one.xml": feed(*listed[:15]),
        f"{FEEDS}/two.xml": feed(*listed[15:]),
        **at_first([story(1), story(2)], dict.fromkeys(listed, refusal(403, "no date"))),
    }
    with Newsroom.for_pages(pages) as newsroom:
        given = (*SPIDERS, *ONE_BY_ONE, "-s", f"ARCHIVE_DIR={tmp_path}")
        run = scrapy("crawl", "gentle", *LOOPBACK, *given, environment=newsroom.environment)
        assert len(asked(newsroom, WWW)) == 1 + 2 + 5
        assert asked(newsroom, FEEDS) == ["/robots.txt", "/one.xml", "/two.xml"]
    assert run.returncode == 0
    assert run.stderr.count("forbids its article pages (status 403, 5 in a row)") == 1
    (folder,) = tmp_path.glob("crawls/gentle/*")
    statistics = Crawl.open(folder).manifest["statistics"]
    assert statistics["articles/blocked"] == statistics["blocked/www.gentle.test"] == 23
    assert statistics["forbidden/www.gentle.test"] == 5
    assert statistics["served/www.gentle.test"] == 2
    assert replayed(folder) == "the same: 2 articles\n"


def test_pages_that_a_user_names_are_asked_for_however_many_are_forbidden(tmp_path: Path) -> None:
    pages = {f"{WWW}/story-{number}": refusal(403, "never") for number in range(1, 9)}
    with Newsroom.for_pages(pages) as newsroom:
        crawl(tmp_path, "site", *urls(pages), *ONE_BY_ONE, environment=newsroom.environment)
        assert len(asked(newsroom, WWW)) == 9


def test_what_was_not_asked_for_is_asked_for_when_a_crawl_goes_on() -> None:
    """A chain that ends in a refusal of ours is fetched anew, whole; so is a page that was never sent for."""
    one = Exchange(
        sequence=1,
        attempt=1,
        method="GET",
        url=f"{WWW}/1",
        body_digest="",
        status=503,
        error=None,
        purpose="article",
        warc="",
        offset=0,
        length=0,
    )
    chain = [one, replace(one, sequence=2, status=None, attempt=2, error="crawler.refusals.HostGivenUp")]
    page = replace(one, sequence=3, url=f"{WWW}/2", status=None, error="crawler.refusals.PagesBlocked")
    had = replace(one, sequence=4, url=f"{WWW}/3", status=200)
    anew = failed([*chain, page, had], 2, frozenset({503}))
    assert {exchange.sequence for exchange in anew} == {1, 2, 3}
