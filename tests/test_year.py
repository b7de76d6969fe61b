"""A year of one outlet's life, visit by visit: it grows, edits, deletes, fails, changes its layout and its rules."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from statistics import median

import pytest
from scrapy.utils.project import get_project_settings

from archive.crawl import Crawl
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from schedule.due import prepared, turns
from tests.running import LOOPBACK, ROOT, scrapy

HOST = "http://www.lamp.test"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = datetime(2028, 1, 1, tzinfo=UTC)  # a leap year
OUTAGE = (datetime(2028, 5, 2, tzinfo=UTC), datetime(2028, 5, 12, tzinfo=UTC))
REDESIGN = datetime(2028, 7, 10, tzinfo=UTC)
FORBIDDEN = (datetime(2028, 9, 5, tzinfo=UTC), datetime(2028, 9, 14, tzinfo=UTC))
LISTED = 25  # articles that the feed names at a time
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def visits() -> list[datetime]:
    """When the outlet is visited: every five days or so, and densely about what is strange in a calendar."""
    regular = [YEAR + n * timedelta(days=5, hours=7) for n in range(1, 70)]
    dense = [
        *(datetime(2028, 2, 28, 22, tzinfo=UTC) + n * 26 * HOUR for n in range(3)),  # the leap day
        *(datetime(2028, 3, 25, 0, 30, tzinfo=UTC) + n * 25 * HOUR for n in range(3)),  # clocks go forward
        *(datetime(2028, 10, 28, 0, 30, tzinfo=UTC) + n * 25 * HOUR for n in range(3)),  # clocks go back
        datetime(2028, 12, 31, 23, 59, 58, tzinfo=UTC),  # the visit ends in the next year
    ]
    times = [moment for moment in sorted([*regular, *dense]) if moment.year == 2028]
    return [one for before, one in zip([YEAR, *times], times, strict=False) if one - before > 24 * HOUR]


@dataclass
class Story:
    """One article: published, perhaps corrected some hours later, perhaps deleted some days later."""

    number: int

    @property
    def published(self) -> datetime:
        return YEAR + self.number * timedelta(days=1, hours=5)

    @property
    def url(self) -> str:
        return f"{HOST}/{self.published:%Y/%m/%d}/story-{self.number}-of-the-lamp/"

    @property
    def corrected(self) -> datetime | None:
        return self.published + 6 * DAY if self.number % 5 == 0 else None

    @property
    def deleted(self) -> datetime | None:
        return self.published + 12 * DAY if self.number % 17 == 3 else None

    def page(self, now: datetime) -> Answer:
        if now < self.published or (self.deleted and now >= self.deleted):
            return Answer(status=404 if now < self.published else 410, headers=HTML, body=b"<h1>Not here</h1>")
        keeper = "Oda Brandt" if self.corrected and now >= self.corrected else "Ada Brandt"
        told = [
            f"Story {self.number} of the lamp begins at dusk, when {keeper} climbs the stairs with a can of oil.",
            f"She counts {self.number} steps, as she has on every evening of the year, and writes the number down.",
            "The harbor master says that nobody has asked for the book in eleven years, and that it is kept dry.",
        ]
        date = self.published.isoformat()
        head = f"<title>Story {self.number} | Lamp</title><meta property='article:published_time' content='{date}'>"
        clutter = f"<aside>Seen {now.timestamp():.0f} times</aside>"  # never the same twice, and no version
        if now < REDESIGN:
            body = f"<main><h1>Story {self.number}</h1>{''.join(f'<p>{one}</p>' for one in told)}</main>{clutter}"
        else:
            blocks = "".join(f"<div class='b'><p>{one}</p></div>" for one in told)
            body = (
                f"{clutter}<article><header><h1>Story {self.number}</h1></header><section>{blocks}</section></article>"
            )
        return Answer(headers=HTML, body=f"<html><head>{head}</head><body>{body}</body></html>".encode())


@dataclass
class Outlet:
    """The outlet at a moment; `now` is set by whoever moves through the year."""

    now: datetime = YEAR
    stories: list[Story] = field(default_factory=lambda: [Story(number) for number in range(310)])

    def pages(self) -> dict[str, object]:
        stories = {story.url: self.up(lambda story=story: story.page(self.now)) for story in self.stories}
        return {f"{HOST}/robots.txt": self.up(self.robots), f"{HOST}/feed.xml": self.feed, **stories}

    def up(self, answer: object) -> object:
        def answered(_: Request) -> Answer:
            return Answer(status=500) if OUTAGE[0] <= self.now < OUTAGE[1] else answer()  # type: ignore[operator]

        return answered

    def robots(self) -> Answer:
        rule = "Disallow: /2" if FORBIDDEN[0] <= self.now < FORBIDDEN[1] else "Disallow: /admin"
        return Answer(headers=(("Content-Type", "text/plain"),), body=f"User-agent: *\n{rule}\n".encode())

    def feed(self, request: Request) -> Answer:
        if OUTAGE[0] <= self.now < OUTAGE[1]:
            return Answer(status=500)
        items = "".join(
            f"<item><link>{one.url}</link><pubDate>{format_datetime(one.published)}</pubDate></item>"
            for one in reversed(self.published()[-LISTED:])
        )
        body = f"<rss version='2.0'><channel><title>Lamp</title>{items}</channel></rss>".encode()
        tag = f'"{len(self.published())}"'
        headers = (("Content-Type", "application/rss+xml"), ("ETag", tag))
        same = request.header("If-None-Match") == tag
        return Answer(status=304, headers=headers) if same else Answer(headers=headers, body=body)

    def published(self) -> list[Story]:
        return [story for story in self.stories if story.published <= self.now]


@dataclass
class Year:
    """What came of the year."""

    archive: Path
    options: list[str]
    looks: Counter[str]
    asked_while_forbidden: int
    stories: list[Story]
    memory: list[int]  # bytes at most, by visit


def lived(folder: Path) -> Year:
    (folder / "timetable.toml").write_text(
        f'[outlets.lamp]\noutlet = "site"\nslowest = "1d"\njitter = "0%"\narguments = {{ start = "{HOST}/feed.xml" }}\n'
    )
    options = ["-s", f"ARCHIVE_DIR={folder / 'archive'}", "-s", f"TIMETABLE={folder / 'timetable.toml'}", *LOOPBACK]
    options += ["-s", "RETRY_ENABLED=0"]
    outlet, looks, forbidden = Outlet(), Counter[str](), 0
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        for outlet.now in visits():
            visit(outlet.now, options, newsroom.environment)
            targets = [one.request.target for one in newsroom.log if one.request.target.startswith("/2028/")]
            assert len(targets) == len(set(targets)), f"twice in one visit, {outlet.now}"
            looks.update(targets)
            forbidden += len(targets) if FORBIDDEN[0] <= outlet.now < FORBIDDEN[1] else 0
            newsroom.log.clear()
    return Year(folder / "archive", options, looks, forbidden, outlet.published(), list(peaks(folder / "archive")))


def visit(moment: datetime, options: list[str], environment: dict[str, str]) -> None:
    """One look at the timetable at that moment, in a time zone with summer time."""
    clock = {"TEST_MOMENT": moment.isoformat(), "PYTHONPATH": str(ROOT / "tests" / "clock"), "TZ": "Europe/Berlin"}
    run = subprocess.run(
        [sys.executable, "-m", "scrapy", "due", *options],
        cwd=ROOT,
        env={**os.environ, **environment, **clock},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "lamp ran in" in run.stdout or OUTAGE[0] <= moment < OUTAGE[1], f"{moment}: {run.stdout}{run.stderr}"


def peaks(archive: Path) -> Iterator[int]:
    for log in sorted((archive / "logs" / "lamp").iterdir()):
        if found := re.search(r"'memusage/max': (\d+)", log.read_text(encoding="utf-8")):
            yield int(found[1])


def nothing_is_lost_and_no_article_is_there_twice(year: Year) -> None:
    run = scrapy("articles", *year.options)
    assert run.returncode == 0, run.stderr
    urls = [json.loads(line)["url"] for line in run.stdout.splitlines()]
    assert sorted(urls) == sorted(story.url for story in year.stories)


def pages_are_looked_at_again_as_often_as_declared_and_no_more(year: Year) -> None:
    marks = len(get_project_settings().getlist("LOOK_AGAIN"))
    assert max(year.looks.values()) <= 1 + marks
    old = [story for story in year.stories if story.published < datetime(2028, 11, 1, tzinfo=UTC)]
    looks = [year.looks[story.url.removeprefix(HOST)] for story in old]
    assert min(looks) >= 2  # what was found late, behind an outage, is looked at again as an older article is
    assert median(looks) >= 3
    assert year.asked_while_forbidden == 0


def corrections_are_versions_and_clutter_is_none(year: Year) -> None:
    for story in year.stories[:60:3]:
        run = scrapy("history", story.url, "--format", "json", *year.options)
        assert run.returncode == 0
        versions = run.stdout.count('"record_id"')
        assert versions == (2 if story.corrected else 1), (story.url, run.stdout)


def every_visit_is_whole_and_replays_the_same(year: Year) -> None:
    folders = sorted((year.archive / "crawls" / "site").iterdir())
    assert len(folders) == len(visits())
    run = scrapy("verify", *folders)
    assert run.returncode == 0, run.stdout + run.stderr
    for folder in folders[::7]:
        replay = scrapy("replay", folder)
        assert replay.returncode == 0, replay.stdout + replay.stderr
    assert sum(1 for folder in folders for _ in Crawl.open(folder).articles()) <= sum(year.looks.values())


def memory_and_file_handles_stay_flat(year: Year) -> None:
    assert median(year.memory[-10:]) < 1.15 * median(year.memory[:10])
    settings = get_project_settings()
    settings.setdict({"ARCHIVE_DIR": str(year.archive), "TIMETABLE": str(year.archive.parent / "timetable.toml")})
    root, read, visitor = prepared(settings, [])
    entries = read().entries
    for _ in range(20):
        turns(root, entries, visitor, YEAR)
    handles, memory = len(os.listdir("/proc/self/fd")), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # noqa: PTH208
    for n in range(200):
        turns(root, entries, visitor, YEAR + n * DAY)
    assert len(os.listdir("/proc/self/fd")) == handles  # noqa: PTH208
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < memory + 20_000


@pytest.mark.drill
def test_a_year_of_visits_loses_nothing(tmp_path: Path) -> None:
    year = lived(tmp_path)
    nothing_is_lost_and_no_article_is_there_twice(year)
    pages_are_looked_at_again_as_often_as_declared_and_no_more(year)
    corrections_are_versions_and_clutter_is_none(year)
    every_visit_is_whole_and_replays_the_same(year)
    memory_and_file_handles_stay_flat(year)
