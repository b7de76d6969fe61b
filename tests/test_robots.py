"""robots.txt as RFC 9309 has it: what it says, and what it means when it cannot be had."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.robotstxt import ProtegoRobotParser

from archive.crawl import Crawl
from crawler.robots import LONGEST, _readable
from newsroom.answers import Content, in_turn
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.gentle import FEEDS, HTML, SPIDERS, WWW, asked, feed, robots, stories, story
from tests.running import LOOPBACK, crawl, scrapy
from tests.test_kill import Running, wait_for

SHUT = "User-agent: *\nDisallow: /story-1\n"


def moved(where: str) -> Answer:
    return Answer(status=302, headers=(*HTML, ("Location", where)))


def crawled(tmp_path: Path, pages: dict[str, Content], expect: int = 0) -> tuple[list[str], dict[str, Any]]:
    """What www.gentle.test was asked for beside robots.txt, and the statistics; the replay must repeat them."""
    found, statistics = crawled_hosts(tmp_path, pages, [WWW], expect)
    return found[WWW], statistics


def crawled_hosts(
    tmp_path: Path, pages: dict[str, Content], hosts: list[str], expect: int = 0
) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """The same of several hosts, each with the same two stories, in one crawl."""
    served = {url: page for host in hosts for url, page in stories(2, host).items()}
    with Newsroom.for_pages({**served, **pages}) as newsroom:
        given = ("-a", f"urls={','.join(served)}")
        folder = crawl(tmp_path, "site", *given, environment=newsroom.environment, expect=expect)
        found = {host: sorted(one for one in asked(newsroom, host) if one != "/robots.txt") for host in hosts}
    replay = scrapy("replay", folder)
    assert replay.returncode == 0, replay.stdout
    return found, Crawl.open(folder).manifest["statistics"]


def test_a_client_error_means_that_there_are_no_rules(tmp_path: Path) -> None:
    answers = {f"https://{status}.test": Answer(status=status, headers=HTML) for status in (401, 403, 404, 410, 451)}
    pages: dict[str, Content] = {f"{host}/robots.txt": answer for host, answer in answers.items()}
    found, statistics = crawled_hosts(tmp_path, pages, list(answers))
    assert found == {host: ["/story-1", "/story-2"] for host in answers}
    assert not [name for name in statistics if name.startswith("robots/unreachable/")]


def test_nothing_is_fetched_where_robots_txt_is_unreachable(tmp_path: Path) -> None:
    answers = {f"https://{status}.test": Answer(status=status, headers=HTML) for status in (500, 503, 429)}
    pages: dict[str, Content] = {f"{host}/robots.txt": answer for host, answer in answers.items()}
    found, statistics = crawled_hosts(tmp_path, pages, list(answers))
    assert found == {host: [] for host in answers}
    assert [statistics[f"robots/unreachable/{status}.test"] for status in (500, 503, 429)] == [1, 1, 1]
    assert statistics["robotstxt/forbidden"] == 6


def test_a_host_that_hangs_up_has_an_unreachable_robots_txt_and_is_no_response(tmp_path: Path) -> None:
    found, statistics = crawled(tmp_path, {f"{WWW}/robots.txt": Answer(raw=b"", ending="close")}, expect=1)
    assert found == []
    assert statistics["robots/unreachable/www.gentle.test"] == 1
    assert statistics["robotstxt/forbidden"] == 2


def test_it_is_told_once_and_other_hosts_go_on(tmp_path: Path) -> None:
    pages = {
        f"{FEEDS}/one.xml": feed(f"{WWW}/story-1", f"{WWW}/story-2"),
        f"{FEEDS}/two.xml": feed(f"{WWW}/story-3"),
        f"{WWW}/robots.txt": Answer(status=500, headers=HTML),
        **stories(3),
    }
    with Newsroom.for_pages(pages) as newsroom:
        given = (*SPIDERS, "-s", f"ARCHIVE_DIR={tmp_path}")
        run = scrapy("crawl", "gentle", *LOOPBACK, *given, environment=newsroom.environment)
        assert asked(newsroom, FEEDS) == ["/robots.txt", "/one.xml", "/two.xml"]
        assert asked(newsroom, WWW) == ["/robots.txt"] * 3  # retried, as everything else
    assert run.returncode == 0
    assert run.stderr.count("nothing is fetched from that host") == 1


def test_an_error_that_passes_is_none(tmp_path: Path) -> None:
    found, _ = crawled(tmp_path, {f"{WWW}/robots.txt": in_turn(Answer(status=500, headers=HTML), robots(SHUT))})
    assert found == ["/story-2"]


def test_five_redirects_are_followed_also_to_other_hosts(tmp_path: Path) -> None:
    hops = {f"https://hop.test/{n}": moved(f"https://hop.test/{n + 1}") for n in range(1, 4)}
    pages = {f"{WWW}/robots.txt": moved("https://hop.test/1"), **hops, "https://hop.test/4": moved(f"{WWW}/rules")}
    found, _ = crawled(tmp_path, {**pages, f"{WWW}/rules": robots(SHUT)})
    assert found == ["/rules", "/story-2"]


def test_redirects_without_end_are_as_good_as_none(tmp_path: Path) -> None:
    found, _ = crawled(tmp_path, {f"{WWW}/robots.txt": moved("https://hop.test/"), "https://hop.test/": moved("/")})
    assert found == ["/story-1", "/story-2"]


def test_hosts_outside_the_outlet_are_asked_for_their_rules_too(tmp_path: Path) -> None:
    pages = {f"{FEEDS}/robots.txt": robots("User-agent: *\nDisallow: /one.xml\n"), f"{FEEDS}/two.xml": feed()}
    with Newsroom.for_pages({**pages, f"{FEEDS}/one.xml": feed()}) as newsroom:
        crawl(tmp_path, "gentle", *SPIDERS, environment=newsroom.environment)
        assert asked(newsroom, FEEDS) == ["/robots.txt", "/two.xml"]


def test_odd_bytes_do_not_hide_a_rule(tmp_path: Path) -> None:
    bodies = {
        "https://bom.test": b"\xef\xbb\xbf" + SHUT.encode(),
        "https://not-utf-8.test": b"# caf\xe9 \xff\xfe\n" + SHUT.encode() + b"Disallow: /\xff\nDisallow: /st\xffory\n",
        "https://crlf.test": SHUT.replace("\n", "\r\n").encode(),
        "https://too-long.test": SHUT.encode() + b"# so it goes on\n" * 40_000 + b"Disallow: /story-2\n",
    }
    pages: dict[str, Content] = {f"{host}/robots.txt": robots(body) for host, body in bodies.items()}
    found, _ = crawled_hosts(tmp_path, pages, list(bodies))
    assert found == {host: ["/story-2"] for host in bodies}


def test_a_page_in_place_of_robots_txt_holds_no_rules(tmp_path: Path) -> None:
    found, statistics = crawled(tmp_path, {f"{WWW}/robots.txt": story(9)})
    assert found == ["/story-1", "/story-2"]
    assert "robots/unreachable/www.gentle.test" not in statistics


@pytest.mark.parametrize("concurrency", [1, 16])
def test_robots_txt_that_grew_old_is_asked_for_again_and_a_replay_repeats_that(
    tmp_path: Path, concurrency: int
) -> None:
    pages = {f"{WWW}/robots.txt": robots("User-agent: *\nDisallow: /no-story\n"), **stories(6)}
    given = ("-s", "ROBOTSTXT_MAX_AGE=0", "-s", f"CONCURRENT_REQUESTS={concurrency}")
    with Newsroom.for_pages(pages) as newsroom:
        named = ("-a", f"urls={','.join(list(pages)[1:])}")
        folder = crawl(tmp_path, "site", *named, *given, environment=newsroom.environment)
        assert asked(newsroom, WWW).count("/robots.txt") == 6
    replay = scrapy("replay", folder)
    assert (replay.returncode, replay.stdout) == (0, "the same: 6 articles\n")


SHUT_2, SHUT_3 = (f"User-agent: *\nDisallow: /story-{number}\n" for number in (2, 3))


@pytest.mark.parametrize(
    ("rules", "fetched", "concurrency"),
    [
        (("", "", SHUT_3), "1245", 1),
        ((SHUT_2, ""), "12345", 1),
        (("", SHUT_2, "", SHUT_3, ""), "1345", 1),
        (("", SHUT_2, "", SHUT_3, ""), "", 16),
    ],
    ids=["forbidden-later", "allowed-later", "changing", "at-once"],
)
def test_what_rules_forbid_while_a_crawl_runs_its_replay_knows(
    tmp_path: Path, rules: tuple[str, ...], fetched: str, concurrency: int
) -> None:
    pages = {f"{WWW}/robots.txt": in_turn(*map(robots, rules)), **stories(5)}
    given = ("-s", "ROBOTSTXT_MAX_AGE=0", "-s", f"CONCURRENT_REQUESTS={concurrency}")
    with Newsroom.for_pages(pages) as newsroom:
        named = ("-a", f"urls={','.join(list(pages)[1:])}")
        folder = crawl(tmp_path, "site", *named, *given, environment=newsroom.environment)
        found = sorted(target[-1] for target in asked(newsroom, WWW) if target != "/robots.txt")
    assert concurrency > 1 or found == list(fetched)
    replay = scrapy("replay", folder)
    assert (replay.returncode, replay.stdout) == (0, f"the same: {len(found)} articles\n")


def test_what_is_archived_already_is_given_whatever_the_rules_are_when_a_crawl_goes_on(tmp_path: Path) -> None:
    rules = [""]
    pages = {f"{WWW}/robots.txt": lambda _: robots("User-agent: *\n" + rules[-1]), **stories(3)}
    with Newsroom.for_pages(pages) as newsroom:
        named = ("-a", f"urls={','.join(list(pages)[1:])}", "-s", f"ARCHIVE_DIR={tmp_path}")
        slowly = (*LOOPBACK, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", "-s", "DOWNLOAD_DELAY=1")
        running = Running("crawl", "site", *named, *slowly, environment=newsroom.environment)
        wait_for(newsroom, 2, running)
        running.end(signal.SIGTERM)
        running.status()
        (folder,) = tmp_path.glob("crawls/site/*")
        rules += [f"Disallow: {target}\n" for target in asked(newsroom, WWW) if target != "/robots.txt"]
        run = scrapy("resume", folder, *LOOPBACK, "-s", "ROBOTSTXT_MAX_AGE=0", environment=newsroom.environment)
        assert run.returncode == 0, run.stderr
    assert rules[-1]
    assert len(list(Crawl.open(folder).articles())) == 3
    replay = scrapy("replay", folder)
    assert (replay.returncode, replay.stdout) == (0, "the same: 3 articles\n")


def test_no_rule_is_cut_in_two() -> None:
    line = b"Disallow: /private/archive\n"
    body = line * (LONGEST // len(line) + 9)
    read = _readable(body)
    assert len(read) <= LONGEST
    assert set(read.split(b"\n")) == {line.strip()}
    assert _readable(line) == line


@given(st.binary() | st.text().map(str.encode), st.text(max_size=40))
def test_no_robots_txt_breaks_its_reader(body: bytes, path: str) -> None:
    rules = ProtegoRobotParser(_readable(body), None)
    assert rules.allowed(f"https://www.gentle.test/{path}", "pressmark/0.1") in (True, False)
    delay = rules.crawl_delay("pressmark/0.1")
    assert delay is None or delay >= 0
