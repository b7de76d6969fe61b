"""How long a host is left alone: what Retry-After says, and what a host's answers make of its pace."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pace import LONGEST_DELAY, SLOWEST, Pace
from crawler.retry_after import LONGEST, seconds_asked

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 12:00:{:02} GMT"


@pytest.mark.parametrize(
    ("value", "sent", "seconds"),
    [
        ("0", "", 0),
        ("120", "", 120),
        (" 7 ", "", 7),
        ("9" * 5000, "", LONGEST),
        (DATE.format(30), "", 30),
        (DATE.format(30), "no date", 30),
        (DATE.format(30), DATE.format(20), 10),
        (DATE.format(10), DATE.format(20), 0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:30 GMT", 7),
        ("Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:30 GMT", 7),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DATE.format(0), LONGEST),
    ],
)
def test_retry_after_in_its_forms(value: str, sent: str, seconds: float) -> None:
    assert seconds_asked(value, sent, NOW) == seconds


@pytest.mark.parametrize(
    "value", ["", "soon", "-5", "1.5", "1e9", "٣", "1, 2", "0x10", "Sun, 99 Nov 2026 12:00:00 GMT", "2026-11-22"]
)
def test_a_retry_after_that_makes_no_sense_is_none(value: str) -> None:
    assert seconds_asked(value, "", NOW) is None


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2},? [0-9A-Za-z:+ -]{0,40}"), st.text())
def test_no_retry_after_breaks_anything(value: str, sent: str) -> None:
    seconds = seconds_asked(value, sent, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST


def pace(delay: float = 1.0) -> Pace:
    return Pace(own_delay=delay, patience=600)


def test_each_refusal_doubles_the_delay_up_to_a_bound() -> None:
    host, delays = pace(), []
    for now in range(7):
        host.refused(None, sent=now, now=now)
        delays.append(host.delay)
    assert delays == [2, 4, 8, 16, 32, 32, 32]


def test_a_burst_of_refusals_is_one() -> None:
    host = pace()
    for _ in range(16):  # sent together, before any was answered
        host.refused(None, sent=5.0, now=5.1)
    assert host.delay == 2


def test_a_host_recovers_gradually() -> None:
    host = pace()
    for now in range(5):
        host.refused(None, sent=now, now=now)
    delays = [host.delay]
    while host.delay > 1:
        host.answered()
        delays.append(host.delay)
    assert delays == sorted(delays, reverse=True)
    assert 10 < len(delays) < 20
    assert max(later / earlier for earlier, later in pairwise(delays)) < 1


def test_a_host_without_a_delay_is_slowed_down_too() -> None:
    host = pace(0)
    assert host.delay == 0
    host.refused(None, sent=0, now=0)
    assert 0 < host.delay < 0.1


def test_a_crawl_delay_is_the_least_and_is_capped() -> None:
    host = Pace(own_delay=1, patience=600, crawl_delay=5)
    assert host.delay == 5
    host.refused(None, sent=0, now=0)
    assert host.delay == 10
    assert Pace(own_delay=1, patience=600, crawl_delay=1e9).delay == LONGEST_DELAY
    assert Pace(own_delay=300, patience=600, crawl_delay=10).delay == 300


def test_the_longest_pause_holds() -> None:
    host = pace()
    host.refused(30, sent=0, now=0)
    host.refused(5, sent=0, now=1)
    assert host.paused_until == 30
    assert host.delay == 1  # it said what it wants: nothing is added to that


def test_a_host_that_refuses_for_longer_than_our_patience_is_given_up() -> None:
    host = pace()
    host.refused(400, sent=0, now=0)
    assert not host.given_up
    host.refused(300, sent=401, now=401)
    assert host.given_up


def test_an_answer_between_two_refusals_renews_our_patience() -> None:
    host = pace()
    host.refused(400, sent=0, now=0)
    host.answered()
    host.refused(400, sent=401, now=401)
    assert not host.given_up


@given(st.lists(st.tuples(st.booleans(), st.none() | st.floats(0, 1e9), st.floats(0, 1000))))
def test_a_delay_is_never_below_the_hosts_own_nor_without_bound(
    answers: list[tuple[bool, float | None, float]],
) -> None:
    host, now = pace(0.5), 0.0
    for refuses, wait, passed in answers:
        now += passed
        if refuses:
            host.refused(wait, sent=now, now=now)
        else:
            host.answered()
        assert 0.5 <= host.delay <= 0.5 * SLOWEST
