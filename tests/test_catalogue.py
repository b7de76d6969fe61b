"""The catalogue is a function of the crawl folders, and knows what crawls ask of it."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.crawl import Crawl
from catalogue.catalogue import Catalogue, crawl_folders, rebuild
from catalogue.due import Seen, due
from catalogue.holdings import missing
from tests.archives import DAY, FEED, HOUR, asked, listed, lose_catalogue, told, visit, visited, write
from tests.samples import NOON, page

MARKS = [HOUR, 3 * HOUR, DAY, 7 * DAY]
A, B, C = (f"https://news.test/{name}" for name in "abc")


def a_year(root: Path) -> list[Path]:
    """Folders that touch everything: versions, failures, redirects, retries, validators, twins, other arguments."""
    text = {A: told("Gulls return."), B: told("Ferry sails.", authors=("Ada Quill",))}
    return [
        visited(root, text),
        visit(root, NOON + HOUR, [listed(FEED, 304), asked(A, 503), asked(A, 503, attempt=2), asked(C, 404)]),
        visited(root, {A: told("Gulls leave.")}, NOON + DAY),
        visited(root, {A: told("Gulls return.")}, NOON + 2 * DAY, status="interrupted"),
        visit(root, NOON + 3 * DAY, [asked(B, 301), asked(C, via=B)], {C: told("Ferry stops.", canonical_url=B)}),
        visited(root, {A: told("Gulls return.", published="2026-03-01")}, NOON + 4 * DAY, arguments={"urls": [A]}),
        visited(root, {A: told("Another paper's gulls.")}, NOON, outlet="courier"),
    ]


def content(root: Path, url: str | None) -> list[str]:
    with Catalogue.open(root, url) as catalogue:
        return list(catalogue.dump())


def test_any_order_of_adding_gives_what_a_rebuild_gives(tmp_path: Path, url: str | None) -> None:
    folders = a_year(tmp_path)
    assert rebuild(tmp_path, url) == []
    rebuilt = content(tmp_path, url)
    assert sum(line.startswith("articles ") for line in rebuilt) == 3
    for seed in range(6):
        random.Random(seed).shuffle(folders)
        lose_catalogue(tmp_path, url)
        with Catalogue.open(tmp_path, url) as catalogue:
            for folder in folders + folders[:3]:
                assert catalogue.add(folder)
        assert content(tmp_path, url) == rebuilt


def test_deleting_the_catalogue_loses_nothing(tmp_path: Path, url: str | None) -> None:
    a_year(tmp_path)
    with Catalogue.open(tmp_path, url) as catalogue:
        assert catalogue.catch_up() == []
    before = content(tmp_path, url)
    lose_catalogue(tmp_path, url)
    rebuild(tmp_path, url)
    assert content(tmp_path, url) == before


def test_a_crawl_that_was_interrupted_and_resumed_counts_as_it_ended(tmp_path: Path, url: str | None) -> None:
    visited(tmp_path, {B: told("Ferry sails.")})
    folder = visit(tmp_path, NOON + DAY, [listed(), asked(A), asked(B, 503)], {A: told("Gulls.")}, status="interrupted")
    rebuild(tmp_path, url)
    crawl = Crawl.resume(folder)
    crawl.supersede([3])
    with Catalogue.open(tmp_path, url) as catalogue:
        assert catalogue.known("gazette", [B])[B].status == 503
        assert not catalogue.add(folder)  # it is running again
        text = {B: told("Ferry stops."), A: told("Gulls, and terns.")}
        write(crawl, NOON + DAY + HOUR, [asked(A), asked(B)], text)
        crawl.close("finished", {}, NOON + DAY + 2 * HOUR)
        assert catalogue.add(folder)
        assert catalogue.known("gazette", [B])[B].status == 200
    added = content(tmp_path, url)
    rebuild(tmp_path, url)
    assert content(tmp_path, url) == added
    assert not [line for line in added if "Gulls." in line]


def test_what_a_resumed_crawl_fetches_anew_does_not_count(tmp_path: Path, url: str | None) -> None:
    folder = visit(tmp_path, NOON, [listed(), asked(A, 503), asked(B)], status="interrupted")
    crawl = Crawl.resume(folder)
    crawl.supersede([2])
    crawl.close("finished", {}, NOON + HOUR)
    with Catalogue.open(tmp_path, url) as catalogue:
        assert catalogue.add(folder)
        assert list(catalogue.known("gazette", [A, B])) == [B]


def test_a_folder_that_was_rebuilt_counts_as_it_is_now(tmp_path: Path, url: str | None) -> None:
    visited(tmp_path, {B: told("Bells ring.")})
    folder = visited(tmp_path, {A: told("Gulls."), B: told("Bells rang.")}, NOON + DAY)
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        first, second = Crawl.open(folder).articles()
        Crawl.from_warcs(folder).rebuild([{**first, **told("Terns.", canonical_url=C)}])
        assert second["url"] == B
        assert catalogue.catch_up() == []
    added = content(tmp_path, url)
    rebuild(tmp_path, url)
    assert content(tmp_path, url) == added
    assert not [line for line in added if line.startswith("word ['gulls'")]


def test_what_is_still_written_is_passed_over(tmp_path: Path, url: str | None) -> None:
    crawl = Crawl.create(tmp_path, outlet="gazette", started=NOON, description={"arguments": {}}, max_size=1 << 30)
    write(crawl, NOON, [asked(A)])
    with Catalogue.open(tmp_path, url) as catalogue:
        assert not catalogue.add(crawl.folder)
        crawl.close("finished", {}, NOON)
        assert catalogue.add(crawl.folder)
        assert list(catalogue.known("gazette", [A, B])) == [A]


def test_a_crawl_catches_up_with_its_own_outlet_alone(tmp_path: Path, url: str | None) -> None:
    """Every folder costs a look: an outlet's crawls do not begin later because of all the others'."""
    visit(tmp_path, exchanges=[listed()])
    visit(tmp_path, exchanges=[listed()], outlet="herald")
    with Catalogue.open(tmp_path, url) as catalogue:
        assert catalogue.catch_up("gazette") == []
        assert [path.parent.name for path, _ in missing(catalogue)] == ["herald"]
        assert catalogue.catch_up() == []
        assert missing(catalogue) == []


def test_a_page_is_what_was_asked_for(tmp_path: Path, url: str | None) -> None:
    moved = "https://news.test/moved?x=1"
    visit(
        tmp_path,
        NOON,
        [
            asked(A, 503),
            asked(B, 302),
            asked(A, 200, attempt=2),
            asked(moved, 500, via=B),
            asked(moved, 404, via=B, attempt=2),
            asked(f"{C}?utm_source=feed#part", 200, via="urls"),
            page(url="https://news.test/robots.txt", purpose="robots"),
        ],
        arguments={"urls": [C]},
    )
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        known = catalogue.known("gazette", [A, B, C, moved, "https://news.test/robots.txt"])
        assert {url: seen.status for url, seen in known.items()} == {A: 200, B: 404, C: 200}
        assert known[B].last == NOON + timedelta(seconds=4)
        assert catalogue.known("courier", [A]) == {}


def test_two_chains_through_one_page_are_told_apart(tmp_path: Path, url: str | None) -> None:
    through, end = "https://news.test/wall", "https://news.test/end"
    chain = [asked(A, 302), asked(B, 302), asked(through, 302, via=A), asked(through, 302, via=B)]
    visit(tmp_path, NOON, [*chain, asked(end, 200, via=through), asked(end, 410, via=through)])
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        known = catalogue.known("gazette", [A, B, through, end])
        assert {url: seen.status for url, seen in known.items()} == {A: 200, B: 410}


def test_a_page_that_fails_is_known_since_when(tmp_path: Path, url: str | None) -> None:
    for hours, status in ((0, 503), (1, 200), (2, 503), (3, None), (4, 429)):
        visit(tmp_path, NOON + hours * HOUR, [asked(A, status)])
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        seen = Seen(since=NOON + 2 * HOUR, last=NOON + 4 * HOUR, status=429)
        assert catalogue.known("gazette", [A]) == {A: seen}


def test_validators_are_those_of_a_crawl_that_followed_all_it_was_told(tmp_path: Path, url: str | None) -> None:
    first = visit(tmp_path, NOON, [listed(FEED, 200, 'ETag: "1"', "Last-Modified: Sun, 01 Mar 2026 12:00:00 GMT")])
    tagged = ['ETag: "2"']
    visit(tmp_path, NOON + HOUR, [listed(FEED, 304, *tagged)])
    visit(tmp_path, NOON + 2 * HOUR, [listed(FEED, 200, *tagged)], status="interrupted")
    bounds: list[dict[str, Any]] = [{"limit": 3}, {"since": "2026-03-01"}, {"urls": [A]}]
    for number, arguments in enumerate(bounds, 3):
        visit(tmp_path, NOON + number * HOUR, [listed(FEED, 200, *tagged)], arguments=arguments)
    visit(tmp_path, NOON + 6 * HOUR, [listed(FEED, 200, *tagged), listed(f"{FEED}/part", 200, via=FEED)])
    visit(tmp_path, NOON + 7 * HOUR, [listed(FEED, 200, *tagged, truncated="disconnect")])
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        known = catalogue.validators("gazette", FEED)
        assert known is not None
        assert (known.etag, known.last_modified) == ('"1"', "Sun, 01 Mar 2026 12:00:00 GMT")
        record = next(Crawl.open(first).captures())
        assert known.stands_at == (record.record_id, FEED, "2026-03-01T12:00:00.123456Z", record.payload_digest)
        assert catalogue.validators("gazette", f"{FEED}/part") is None
        assert catalogue.validators("courier", FEED) is None
        catalogue.add(visit(tmp_path, NOON + DAY, [listed(FEED, 200)]))
        assert catalogue.validators("gazette", FEED) is None


def test_tries_of_a_listing_are_told_the_oldest_first(tmp_path: Path, url: str | None) -> None:
    for hours, status in ((0, 200), (1, 304), (2, 404), (3, 503)):
        visit(tmp_path, NOON + hours * HOUR, [listed(FEED, status)])
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        tries = [(NOON + HOUR, True), (NOON + 2 * HOUR, False), (NOON + 3 * HOUR, False)]
        assert catalogue.tries("gazette", FEED, 3) == tries
        assert catalogue.tries("courier", FEED, 3) == []


def test_visits_tell_what_was_new(tmp_path: Path, url: str | None) -> None:
    visited(tmp_path, {A: told("Gulls."), B: told("Gulls again.", canonical_url=A)})
    visit(tmp_path, NOON + HOUR, [listed(FEED, 304)])
    visited(tmp_path, {A: told("Terns."), C: told("Ferry.")}, NOON + DAY, arguments={"limit": 2})
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        visits = catalogue.visits("gazette", 10)
        assert [(one.pages, one.articles, one.new) for one in visits] == [
            (2, 2, 1),
            (0, 0, 0),
            (2, 2, 1),
        ]
        assert [one.started for one in visits] == [NOON + DAY, NOON + HOUR, NOON]
        assert visits[0].folder in crawl_folders(tmp_path)
        assert [one.arguments for one in catalogue.visits("gazette", 1)] == [{"limit": 2}]
        assert len(catalogue.visits("gazette", 10, arguments={})) == 2


TIMES = [0, 0, 2, 3, 30, 200]  # hours at which visits are made, two of them at one and the same moment
outcomes = st.tuples(*(st.sampled_from(["passed over", 200, 301, 404, 429, 503, None]) for _ in TIMES))


@settings(max_examples=8)
@given(st.lists(outcomes, min_size=20, max_size=40), st.lists(st.integers(0, 800), min_size=5, max_size=5))
def test_what_is_owed_is_what_is_due(
    tmp_path_factory: pytest.TempPathFactory, pages: list[tuple[Any, ...]], nows: list[int]
) -> None:
    root = tmp_path_factory.mktemp("archive")
    urls = [f"https://news.test/{number}" for number in range(len(pages))]
    for number, hours in enumerate(TIMES):
        looks = [
            asked(url, page[number]) for url, page in zip(urls, pages, strict=True) if page[number] != "passed over"
        ]
        visit(root, NOON + hours * HOUR, looks)
    with Catalogue.open(root) as catalogue:
        catalogue.catch_up()
        known = catalogue.known("gazette", urls)
        for now in (NOON + hours * HOUR for hours in (*TIMES, *nows)):
            owed = catalogue.owed("gazette", now, MARKS, 100)
            assert set(owed) == {url for url, seen in known.items() if due(seen, now, MARKS)}
            assert catalogue.owed("gazette", now, MARKS, 3) == owed[:3]
        assert catalogue.owed("gazette", now, [], 10) == []


def test_a_page_is_due_once_for_each_mark_that_went_by() -> None:
    def when(last: timedelta, status: int | None = 200, failing: timedelta | None = None) -> list[int]:
        seen = Seen(since=NOON + (failing or timedelta(0)), last=NOON + last, status=status)
        return [hours for hours in range(200) if due(seen, NOON + hours * HOUR, MARKS)][:1]

    assert when(timedelta(0)) == [1]
    assert when(HOUR) == [3]
    assert when(5 * HOUR) == [24]
    assert when(2 * DAY, 404) == [168]
    assert when(7 * DAY) == []
    assert when(timedelta(0), 503, timedelta(0)) == [1]  # at once, that is: from the next moment on
    assert when(HOUR, 503, timedelta(0)) == [3]
    assert when(2 * DAY, None, 2 * DAY) == [49]
    assert when(9 * DAY, None, 2 * DAY) == []


def test_a_thousand_questions_are_one(tmp_path: Path, url: str | None) -> None:
    urls = [f"https://news.test/{number}" for number in range(40)]
    visit(tmp_path, NOON, [asked(url) for url in urls])
    with Catalogue.open(tmp_path, url) as catalogue:
        catalogue.catch_up()
        many = [f"https://news.test/{number}" for number in range(100_000)]
        assert sorted(catalogue.known("gazette", many)) == sorted(urls)
        assert catalogue.known("gazette", []) == {}
