"""What fails visit after visit is tried ever more rarely, and is never forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crawler.tombstones import FIRST, LONGEST, forbidding_hosts, next_try, tries_again

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def visits_of_a_year(every: timedelta) -> list[datetime]:
    """When a listing that is dead is asked for, with a visit of its outlet this often."""
    history: list[tuple[datetime, bool]] = []
    now = START
    while now < START + 365 * DAY:
        if tries_again(history, now):
            history.append((now, False))
        now += every
    return [when for when, _ in history]


def test_a_dead_listing_is_asked_for_some_twenty_times_a_year() -> None:
    for every in (timedelta(minutes=90), DAY):
        tried = visits_of_a_year(every)
        gaps = [later - earlier for earlier, later in pairwise(tried)]
        assert 10 < len(tried) < 30
        assert gaps == sorted(gaps)
        assert gaps[0] == max(every, timedelta(minutes=90))
        assert LONGEST <= gaps[-1] <= LONGEST + every


def test_a_listing_without_a_failure_is_tried_each_time() -> None:
    assert tries_again([], START)
    assert tries_again([(START, True)], START)
    assert next_try([(START, True)]) is None


def test_one_success_clears_it() -> None:
    dead = [(START + n * DAY, False) for n in range(20)]
    assert not tries_again(dead, START + 25 * DAY)
    assert tries_again([*dead, (START + 20 * DAY, True)], START + 20 * DAY)
    after = [*dead, (START + 20 * DAY, True), (START + 21 * DAY, False)]
    assert next_try(after) is None  # it may be an accident
    assert next_try([*after, (START + 22 * DAY, False)]) == START + 22 * DAY + FIRST


def test_a_clock_that_jumped_keeps_nothing_waiting() -> None:
    assert tries_again([(START + 3650 * DAY, False)] * 12, START)


@given(st.lists(st.tuples(st.datetimes(timezones=st.just(UTC)).filter(lambda t: t.year < 9000), st.booleans())))
def test_nothing_is_passed_over_for_longer_than_a_month(visits: list[tuple[datetime, bool]]) -> None:
    visits.sort()
    then = next_try(visits)
    assert then is None or visits[-1][0] < then <= visits[-1][0] + LONGEST


def test_a_visits_statistics_tell_which_hosts_forbid_their_pages() -> None:
    statistics = {
        "articles/blocked": 9,
        "blocked/www.wall.test": 9,
        "forbidden/www.wall.test": 5,
        "served/www.wall.test": 40,
        "forbidden/all.test": 2,
        "forbidden/some.test": 2,
        "served/some.test": 1,
        "served/open.test": 7,
        "robotstxt/forbidden": 3,
    }
    assert forbidding_hosts(statistics) == {
        "all.test": True,
        "open.test": False,
        "some.test": False,
        "www.wall.test": True,
    }
