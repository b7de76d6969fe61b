"""A site that gives each visit new URLs for what it has already told: nothing is doubled, and nothing piles up."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.catalogue import Catalogue, rebuild
from catalogue.history import articles_named, versions
from catalogue.search import Wanted, search
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from tests.archives import DAY, HOUR, asked, told, visit, visited
from tests.gentle import HTML, feed
from tests.running import crawl, scrapy
from tests.samples import NOON
from tests.test_memory import UNDATED as URLS

MARKS = [HOUR, 3 * HOUR, DAY, 7 * DAY]
HOST = "https://www.lamp.test"
STORY = "https://news.test/story-1"


def each_visit_another(root: Path, visits: int) -> list[str]:
    """Visits, an hour apart, that find one article, each at a URL of its own; those URLs."""
    urls = [f"{STORY}?visitor={number}" for number in range(visits)]
    for number, url in enumerate(urls):
        visited(root, {url: told("Gulls return.", canonical_url=STORY)}, NOON + number * HOUR)
    return urls


def test_of_all_urls_of_an_article_the_last_is_followed_alone(tmp_path: Path) -> None:
    urls = each_visit_another(tmp_path, 5)
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.catch_up()
        assert catalogue.owed("gazette", NOON + 30 * DAY, MARKS, 100) == urls[-1:]
        known = catalogue.known("gazette", urls)
        assert [known[url].elsewhere for url in urls] == [True] * 4 + [False]


def test_it_is_one_article_of_one_version(tmp_path: Path) -> None:
    urls = each_visit_another(tmp_path, 5)
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.catch_up()
        assert [one.article.canonical_url for one in search(catalogue, Wanted())] == [STORY]
        (article,) = articles_named(catalogue, STORY)
        assert {key for url in urls for key in articles_named(catalogue, url)} == {article}
        (version,) = versions(catalogue, article)
        assert version.captures == 5
        assert [one.new for one in catalogue.visits("gazette", 9)] == [0, 0, 0, 0, 1]


def test_pages_that_all_claim_one_canonical_url_are_followed_each(tmp_path: Path) -> None:
    urls = [f"https://news.test/story-{number}" for number in range(4)]
    visited(tmp_path, {url: told(f"Words of {url}.", canonical_url="https://news.test/news") for url in urls})
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.catch_up()
        assert catalogue.owed("gazette", NOON + 30 * DAY, MARKS, 100) == urls


def test_the_catalogue_is_the_same_whatever_was_added_first(tmp_path: Path) -> None:
    each_visit_another(tmp_path, 4)
    visited(tmp_path, {STORY: told("Gulls leave.", published="2026-02-27T09:00:00Z")}, NOON + DAY)
    folders = sorted((tmp_path / "crawls" / "gazette").iterdir())
    rebuild(tmp_path)
    with Catalogue.open(tmp_path) as catalogue:
        rebuilt = list(catalogue.dump())
    for seed in range(4):
        random.Random(seed).shuffle(folders)
        (tmp_path / "catalogue.sqlite").unlink()
        with Catalogue.open(tmp_path) as catalogue:
            assert all(map(catalogue.add, folders))
            assert list(catalogue.dump()) == rebuilt


def test_the_outlets_own_tracking_makes_no_new_page(tmp_path: Path) -> None:
    visit(tmp_path, NOON, [asked(STORY)], {STORY: told("Gulls.")}, tracking=["from"])
    tracked = f"{STORY}?from=feed"
    arguments = {"urls": [tracked]}
    visit(tmp_path, NOON + HOUR, [asked(tracked)], {tracked: told("Gulls.")}, arguments=arguments, tracking=["from"])
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.catch_up()
        assert list(catalogue.known("gazette", [STORY, tracked])) == [STORY]
        assert catalogue.known("gazette", [STORY])[STORY].last == NOON + HOUR
        (article,) = articles_named(catalogue, STORY)
        assert articles_named(catalogue, tracked, ["from"]) == [article]


def test_what_was_published_long_ago_is_not_looked_at_again(tmp_path: Path) -> None:
    dates = {"old": "2019-05-04", "week": "2026-02-24T12:00:00Z", "today": "2026-03-01", "unsaid": None}
    urls = {name: f"https://news.test/{name}" for name in dates}
    visited(tmp_path, {urls[name]: told(f"From {name}.", published=date) for name, date in dates.items()})
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.catch_up()

        def owed(after: timedelta) -> set[str]:
            again = catalogue.owed("gazette", NOON + after, MARKS, 100)
            return {name for name, url in urls.items() if url in again}

        assert owed(2 * HOUR) == {"today", "unsaid"}  # a bare date of today may be this moment
        assert owed(30 * DAY) == {"week", "today", "unsaid"}


def given_out(newsroom: Newsroom, archive: Path, *given: str) -> Path:
    options = ("-a", f"start={HOST}/feed.xml", "-s", "LOOK_AGAIN=0.001s,21d", *given)
    return crawl(archive, "site", *options, environment=newsroom.environment)


def outlet_with(mark: str) -> Newsroom:
    """An outlet whose feed marks the same articles otherwise at each visit."""
    visits = iter(range(100))

    def listed(_: Request) -> Answer:
        number = next(visits)
        return feed(*(f"{url.rstrip('/')}{mark}{number}" for url in URLS))

    def article(request: Request) -> Answer:
        path = re.split(r"[;?]", request.target)[0]
        canonical = f'<link rel="canonical" href="{HOST}{path}"></head>'.encode()
        return Answer(headers=HTML, body=URLS[f"{HOST}{path}/"].replace(b"</head>", canonical))

    paths = [url.removeprefix(HOST).rstrip("/") for url in URLS]
    marked = [f"{path}{mark}{number}" for path in paths for number in range(9)]
    return Newsroom.for_pages({f"{HOST}/feed.xml": listed, **{f"{HOST}{path}": article for path in paths + marked}})


@pytest.mark.parametrize("mark", [";jsessionid=1A2B", "?PHPSESSID=1a2b"])
def test_sessions_in_urls_are_not_seen_at_all(tmp_path: Path, mark: str) -> None:
    with outlet_with(mark) as newsroom:
        for _ in range(2):
            given_out(newsroom, tmp_path, "-s", "LOOK_AGAIN=")
        asked = Counter(one.request.target for one in newsroom.log if one.request.target != "/robots.txt")
    assert asked == Counter({"/feed.xml": 2, **{url.removeprefix(HOST).rstrip("/"): 1 for url in URLS}})


def test_urls_that_are_always_new_add_no_work_from_visit_to_visit(tmp_path: Path) -> None:
    with outlet_with("?visitor=") as newsroom:
        folders = []
        fetched = []
        for _ in range(4):
            before = len(newsroom.log)
            folders.append(given_out(newsroom, tmp_path))
            fetched.append(sum("visitor" in one.request.target for one in newsroom.log[before:]))
    assert fetched[0] == len(URLS)
    assert max(fetched) <= 2 * len(URLS)  # what is listed now, and what is followed
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.catch_up()
        assert [one.new for one in catalogue.visits("site", 9)] == [0, 0, 0, len(URLS)]
        assert sorted(one.article.canonical_url for one in search(catalogue, Wanted())) == [
            url.rstrip("/") for url in URLS
        ]
        in_a_month = datetime.now(UTC) + 30 * DAY
        assert len(catalogue.owed("site", in_a_month, MARKS, 100)) == len(URLS)
    assert scrapy("replay", folders[-1]).returncode == 0
