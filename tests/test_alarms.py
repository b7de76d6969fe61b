"""An outlet that changes for the worse raises an alarm, once; ordinary ups and downs raise none."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alarms.judging import KINDS, Alarm, alarms
from alarms.shares import surely_at_least
from crawler.visits import Visit

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


def visit(hour: float, statistics: dict[str, int], **changed: int) -> Visit:
    """A visit so many hours after the first, with these statistics."""
    return Visit(
        outlet="gazette",
        folder=Path(f"{hour}"),
        started=BEGAN + timedelta(hours=hour),
        ended=BEGAN + timedelta(hours=hour, minutes=5),
        status="finished",
        arguments={},
        statistics=statistics | changed,
    )


def usual(articles: int = 12, *, dateless: int = 0, short: int = 1) -> dict[str, int]:
    """The statistics of a good visit."""
    return {
        "downloader/response_count": articles + 5,
        "downloader/response_status_count/200": articles + 5,
        "listings/read": 3,
        "served/www.gazette.test": articles + 1,
        "articles/by/gazette-2020": articles,
        "articles/none/video": 1,
        "articles/without/date": dateless,
        "articles/length/from_00500": short,
        "articles/length/from_02000": articles - short,
    }


def days(count: int, statistics: dict[str, int] | None = None, *, first: int = 0) -> list[Visit]:
    return [visit(2.0 * number, statistics or usual()) for number in range(first, first + count)]


REDESIGNS = {
    "dates": {"articles/without/date": 12},
    "titles": {"articles/without/title": 12},
    "leads": {"articles/without/lead": 12},
    "bodies": {"articles/without/body": 12},
    "profile": {"articles/by/gazette-2020": 0, "articles/by/generic": 12},
    "pages": {"articles/by/gazette-2020": 0, "articles/none/consent wall": 12},
    "text": {"articles/length/from_02000": 0, "articles/length/from_00250": 12},
    "blocked": {"served/www.gazette.test": 0, "forbidden/www.gazette.test": 5, "blocked/www.gazette.test": 7},
}


@pytest.mark.parametrize(("kind", "change"), REDESIGNS.items(), ids=REDESIGNS)
def test_one_bad_night_of_an_outlet_with_a_past_is_enough(kind: str, change: dict[str, int]) -> None:
    (alarm,) = [one for one in alarms([*days(6), visit(12, usual() | change)]) if one.kind == kind]
    assert (alarm.outlet, alarm.since) == ("gazette", BEGAN + timedelta(hours=12))
    assert alarm.words


@pytest.mark.parametrize("change", REDESIGNS.values(), ids=REDESIGNS)
def test_without_a_past_nothing_is_unusual(change: dict[str, int]) -> None:
    assert alarms([*days(2), visit(4, usual() | change)]) == []
    assert alarms(days(30, usual() | change)) == []


@pytest.mark.parametrize(("kind", "change"), REDESIGNS.items(), ids=REDESIGNS)
def test_an_alarm_stands_until_it_is_gone_and_is_raised_again_after_that(kind: str, change: dict[str, int]) -> None:
    bad = usual() | change
    visits = [*days(6), *days(40, bad, first=6)]
    assert since(visits, kind) == visits[6].started
    visits += days(1, first=46)
    assert since(visits, kind) is None
    visits += [*days(20, first=47), *days(1, bad, first=67)]
    assert since(visits, kind) == visits[-1].started


def test_the_bad_visits_before_it_was_gone_are_held_against_nobody() -> None:
    visits = [*days(6), *days(2, usual(dateless=12), first=6)]
    assert since(visits, "dates") is not None
    assert [since([*visits, *days(more, usual(5), first=8)], "dates") for more in range(1, 6)] == [None] * 5


def since(visits: Iterable[Visit], kind: str) -> datetime | None:
    return next((alarm.since for alarm in alarms(visits) if alarm.kind == kind), None)


def test_visits_with_few_articles_are_taken_together() -> None:
    visits = days(20, usual(2))
    bad = usual(2, dateless=2)
    raised = [since([*visits, *days(count, bad, first=20)], "dates") for count in range(1, 4)]
    assert raised == [None, None, visits[0].started + timedelta(hours=44)]


def test_halved_articles_are_told_from_usual_ones() -> None:
    halved = {"articles/length/from_02000": 0, "articles/length/from_01000": 12}
    assert since([*days(8), *days(4, usual() | halved, first=8)], "text") is not None


def test_silence_is_measured_by_the_longest_there_was() -> None:
    """Nights are silent, and weekends."""
    silence = {"listings/unchanged": 3}
    hours = [hour for hour in range(24 * 20) if hour % 24 >= 7 and hour // 24 % 7 < 5]
    visits = [visit(hour, usual() if hour in hours else silence) for hour in range(24 * 20)]
    assert [end for end in range(5, len(visits), 5) if since(visits[:end], "silent")] == []
    silent = [visit(hour, silence) for hour in range(24 * 20, 24 * 28)]
    raised = since([*visits, *silent], "silent")
    weekend, last = timedelta(hours=56), visits[hours[-1]].started
    assert raised == last + weekend * 2 + timedelta(hours=1)
    assert since([*visits, *silent, visit(24 * 28, usual(1))], "silent") is None


def test_articles_that_are_looked_at_again_are_not_new() -> None:
    again = usual() | {"articles/again": 12}
    assert since([*days(6), *days(5, again, first=6)], "silent") is not None


@pytest.mark.parametrize(
    ("kind", "change", "visits"),
    [
        ("listings", {"listings/failed": 1}, 3),
        ("listings", {"listings/empty": 2}, 2),
        ("blocked", {"robots/unreachable/www.gazette.test": 1}, 3),
    ],
)
def test_an_outage_is_an_ordinary_bad_day_until_it_lasts(kind: str, change: dict[str, int], visits: int) -> None:
    bad = usual() | change
    assert since([*days(8), *days(visits - 1, bad, first=8)], kind) is None
    assert since([*days(8), *days(visits, bad, first=8)], kind) is not None
    assert since([*days(8), *days(visits, bad, first=8), *days(1, first=12)], kind) is None


def test_a_listing_that_always_fails_is_no_news() -> None:
    assert alarms(days(50, usual() | {"listings/failed": 1})) == []


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    share=st.sampled_from([0.0, 0.02, 0.1, 0.3, 0.5, 0.8, 1.0]),
    busy=st.sampled_from([1, 4, 15, 80]),
)
def test_ordinary_ups_and_downs_raise_nothing(seed: int, share: float, busy: int) -> None:
    chance = random.Random(seed)
    visits = [visit(2.0 * number, ordinary(chance, share, busy)) for number in range(150)]
    assert [alarms(visits[:end]) for end in (20, 60, 100, 150)] == [[], [], [], []]


def ordinary(chance: random.Random, share: float, busy: int) -> dict[str, int]:
    """A visit of an outlet some of whose articles lack this or that, more of them on some days than on others."""
    articles = chance.randint(0, 2 * busy)
    todays = min(1.0, max(0.0, share + chance.uniform(-0.1, 0.1) * (0 < share < 1)))

    def some(chances: float) -> int:
        return sum(chance.random() < chances for _ in range(articles))

    short = some(todays)
    long = min(some(0.2), articles - short)
    parts = {f"articles/without/{part}": some(todays) for part in ("date", "lead", "body", "title")}
    generic = some(todays)
    return usual(0, short=0) | {
        "articles/by/gazette-2020": articles - generic,
        "articles/by/generic": generic,
        "articles/none/video": some(todays / 2),
        "articles/length/from_00500": short,
        "articles/length/from_04000": long,
        "articles/length/from_02000": articles - long - short,
        "served/www.gazette.test": articles,
        "forbidden/www.gazette.test": some(0.02),
        "listings/failed": int(chance.random() < 0.03),
        "downloader/response_status_count/200": articles + 5,
        "downloader/response_status_count/404": some(0.1),
        "downloader/response_status_count/429": some(0.02),
        **parts,
    }


@given(
    st.lists(
        st.dictionaries(st.sampled_from(sorted({*usual(), "articles/without/date", "given_up/a"})), st.integers(0, 50))
    )
)
def test_whatever_statistics_say_is_judged(statistics: list[dict[str, int]]) -> None:
    """Also where an older version counted otherwise, and parts are more than the whole."""
    visits = [visit(number, one) for number, one in enumerate(statistics)]
    found: list[Alarm] = alarms(visits)
    assert {alarm.kind for alarm in found} <= set(KINDS)
    assert {alarm.since for alarm in found} <= {one.started for one in visits}
    assert alarms(visits) == found


@given(st.integers(1, 500), st.data())
def test_a_share_is_surely_less_than_it_looks(of: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, of))
    assert -1e-9 <= surely_at_least(bad, of) <= bad / of + 1e-9
    if bad < of:
        assert surely_at_least(bad, of) < surely_at_least(bad + 1, of)
