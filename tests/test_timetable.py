"""The timetable is read as it is meant, and told when the next visit is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from crawler.arguments import WrongArgument, span
from crawler.outlets import Outlets
from schedule.due import in_turns
from schedule.plan import interval, next_visit
from schedule.timetable import Entry, Timetable
from tests.running import ROOT

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OUTLETS = Outlets.load(Settings({"SPIDER_MODULES": ["spiders"]}))
DW = Entry(name="dw", outlet="dw", jitter=0)


@dataclass(frozen=True)
class Was:
    started: datetime
    failed: bool = False
    new: int = 0


def read(tmp_path: Path, text: str) -> Timetable:
    file = tmp_path / "timetable.toml"
    file.write_text(text, encoding="utf-8")
    return Timetable.read(file, OUTLETS)


def test_the_timetable_that_comes_with_the_project_makes_sense() -> None:
    timetable = Timetable.read(ROOT / "timetable.toml", OUTLETS)
    assert [entry.name for entry in timetable.entries] == ["dw", "france24", "rferl", "upi"]


def test_entries_take_what_they_do_not_say_from_the_defaults(tmp_path: Path) -> None:
    text = """
        processes = 3
        [defaults]
        every = "1h"
        jitter = "20%"
        [outlets.dw]
        [outlets.dw-german]
        outlet = "dw"
        every = "90m"
        arguments = { language = "de", limit = 10 }
        [outlets.lamp]
        outlet = "site"
        arguments.start = "https://www.lamp.test/"
    """
    timetable = read(tmp_path, text)
    dw, german, lamp = timetable.entries
    assert timetable.processes == 3
    assert (dw.every, german.every, german.jitter) == (HOUR, 1.5 * HOUR, 0.2)
    assert german.arguments == {"language": "de", "limit": "10"}
    assert german.recorded == {"language": "de", "limit": 10}
    assert (dw.locks, german.locks, lamp.locks) == (("dw",), ("dw",), ("site-lamp.test",))


def test_entries_that_fetch_from_one_site_take_turns(tmp_path: Path) -> None:
    urls = "https://news.lamp.test/a,https://www.dw.com/en/a-1"
    timetable = read(
        tmp_path,
        f"""
        [outlets.dw]
        [outlets.dw-front]
        outlet = "site"
        arguments = {{ start = "https://www.dw.com/en/" }}
        [outlets.stray]
        outlet = "site"
        arguments = {{ start = "https://www.stray.test/" }}
        [outlets.lamp]
        outlet = "site"
        arguments = {{ start = "https://www.lamp.test/" }}
        [outlets.pages]
        outlet = "site"
        arguments = {{ urls = "{urls}" }}
        """,
    )
    assert [entry.locks for entry in timetable.entries] == [
        ("dw",), ("dw",), ("site-stray.test",), ("site-lamp.test",), ("dw", "site-lamp.test")
    ]  # fmt: skip
    groups = [[entry.name for entry in group] for group in in_turns(timetable.entries)]
    assert sorted(groups) == [["dw", "dw-front", "lamp", "pages"], ["stray"]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[outlets.dw]\n\n[outlets.nowhere]\n", "line 3: no such outlet: nowhere; there are"),
        ("[outlets.dw]\nevery = '1h'\nevry = '2h'\n", "line 3: no such key: evry; there are"),
        ("[outlets.dw]\nevery = 'often'\n", "line 2: every: 'often' is no span of time"),
        ("[outlets.dw]\nevery = 90\n", "line 2: every: 90 is no span of time"),
        ("[outlets.dw]\nevery = '0h'\n", "line 2: every: '0h' is no span of time"),
        ("[outlets.dw]\npages = 0\n", "line 2: pages: 0 is no number from 1 on"),
        ("[outlets.dw]\npages = true\n", "line 2: pages: True is no number"),
        ("[outlets.dw]\njitter = '70%'\n", "line 2: jitter: '70%' is no share"),
        ("[defaults]\nslowest = 'x'\n[outlets.dw]\n", "line 2: slowest: 'x' is no span"),
        ("proceses = 2\n[outlets.dw]\n", "line 1: no such key: proceses; there are defaults, outlets, processes"),
        ("[outlets.dw]\nevery = '1m'\n", "line 1: dw is visited `every` so often, between"),
        ("[outlets.dw]\narguments = {language = 'xx'}\n", "line 2: dw has no edition with language=xx"),
        ("[outlets.dw]\narguments = 'de'\n", "line 2: arguments is a table"),
        ("[outlets.'a b']\noutlet = 'dw'\n", "line 1: 'a b' cannot name an entry"),
        ("[outlets.lamp]\noutlet = 'site'\n", "line 1: site needs -a start=URL"),
        ("processes = 2\n", "line 1: it lists no outlets"),
        ("[outlets.dw\n", "at line 1"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(WrongArgument) as error:
        read(tmp_path, text)
    assert told in str(error.value)
    assert "timetable.toml" in str(error.value)


def test_a_timetable_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongArgument, match="cannot be read: No such file"):
        Timetable.read(tmp_path / "none.toml", OUTLETS)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30 m", 1800), ("1.5h", 5400), ("1d", 86400)])
def test_spans_of_time(text: str, seconds: int) -> None:
    assert span(text).total_seconds() == seconds


def test_an_outlet_that_was_never_visited_is_due() -> None:
    assert next_visit(DW, [], NOON) == NOON


def test_visits_that_find_something_new_come_sooner_and_others_later() -> None:
    found, nothing = [Was(NOON, new=3)] * 30, [Was(NOON)] * 30
    assert interval(DW, found[:1]) == DW.every * 0.8
    assert interval(DW, nothing[:1]) == DW.every * 1.5
    assert (interval(DW, found), interval(DW, nothing)) == (DW.fastest, DW.slowest)
    assert next_visit(DW, [Was(NOON - HOUR, new=1)], NOON) == NOON - HOUR + DW.every * 0.8


def test_after_a_failure_the_pace_is_kept_and_the_wait_doubles_with_each_more() -> None:
    before = [Was(NOON, new=1)]
    assert interval(DW, [Was(NOON, failed=True), *before]) == DW.every * 0.8 * 2
    assert interval(DW, [Was(NOON, failed=True)] * 2 + before) == DW.every * 0.8 * 4
    assert interval(DW, [Was(NOON, failed=True)] * 50) == DW.slowest
    assert interval(DW, [Was(NOON, new=1), Was(NOON, failed=True), *before]) == DW.every * 0.8**2


def test_what_was_missed_is_caught_up_with_once() -> None:
    long_ago = NOON - timedelta(days=40)
    assert next_visit(DW, [Was(long_ago)], NOON) < NOON
    assert next_visit(DW, [Was(NOON), Was(long_ago)], NOON) > NOON


def test_a_visit_of_the_future_is_passed_over() -> None:
    ahead = [Was(NOON + timedelta(days=400)), Was(NOON - timedelta(days=2))]
    assert next_visit(DW, ahead, NOON) < NOON


def test_clocks_that_differ_by_minutes_make_no_second_visit() -> None:
    assert next_visit(DW, [Was(NOON + timedelta(minutes=10))], NOON) > NOON + HOUR


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.floats(0, 0.5))  # noqa: DTZ001
def test_jitter_stays_within_its_share_and_is_the_same_when_asked_again(moment: datetime, jitter: float) -> None:
    when = moment.replace(tzinfo=UTC)
    entry = Entry(name="dw", outlet="dw", jitter=jitter)
    following = next_visit(entry, [Was(when)], when)
    assert following == next_visit(entry, [Was(when)], when + HOUR)
    pace = interval(entry, [Was(when)])
    assert (
        pace * (1 - jitter) - timedelta(microseconds=1)
        <= following - when
        <= pace * (1 + jitter) + timedelta(microseconds=1)
    )


def test_jitter_spreads_outlets_that_were_visited_at_once() -> None:
    times = {next_visit(Entry(name=f"one-{n}", outlet="dw"), [Was(NOON)], NOON) for n in range(20)}
    assert len(times) == 20
