"""A newsroom redesigns its pages overnight, and its crawls say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from archive.crawl import Crawl
from newsroom import Newsroom
from newsroom.answers import Content
from newsroom.layouts import layout
from newsroom.listings import link, rdf
from newsroom.sites import SITES
from newsroom.stories import Story
from tests.running import LOOPBACK, scrapy
from tests.test_alarm_delivery import webhook

SITE = next(site for site in SITES if site.imitates == "dw")
DEMO = ("-s", "SPIDER_MODULES=newsroom.outlets")
DAILY = 12  # articles
BODY = "\n\n".join(story.body.strip() for story in SITE.stories[:3])
SECRET = "the-desk-s-own-token"


def stories(day: int) -> list[Story]:
    """A day's stories: the newsroom's own, told again and again."""
    found = []
    for number in range(DAILY):
        story = SITE.stories[number % len(SITE.stories)]
        path = f"/en/a-story/a-{72000000 + day * 100 + number}"
        found.append(replace(story, path=path, layout="dw_2023", body=BODY))
    return found


def before(story: Story) -> bytes:
    return layout("dw_2023").page(story, host=SITE.host, others=SITE.stories[:3]).encode()


def after(story: Story) -> bytes:
    """The redesign: no layout that is known, no date, and the rest of the text behind a click."""
    text = "".join(f"<p>{escape(part)}</p>" for part in story.text.split("\n\n")[:4])
    return f"<html><body><h1>{escape(story.title)}</h1><article>{text}</article></body></html>".encode()


def pages(day: int, *, redesigned: bool) -> Mapping[str, Content]:
    """What the outlet serves on a day: a feed of that day's articles, and these."""
    todays = stories(day)
    feed = rdf([link(SITE.url(story.path), story) for story in todays], title="Hafenkurier")
    articles = {SITE.url(story.path): after(story) if redesigned else before(story) for story in todays}
    return {SITE.feeds[0]: feed, **articles}


def visit(archive: Path, day: int, place: str, *, redesigned: bool = False) -> str:
    """The log of a day's crawl."""
    options = ("-s", f"ARCHIVE_DIR={archive}", *DEMO, *LOOPBACK, "-s", "LOOK_AGAIN=")
    with Newsroom.for_pages(pages(day, redesigned=redesigned)) as newsroom:
        environment = {**newsroom.environment, "PRESSMARK_ALARM_URLS": place, "no_proxy": "127.0.0.1"}
        run = scrapy("crawl", SITE.name, *options, environment=environment)
    assert run.returncode == 0, run.stderr
    return run.stderr


@pytest.mark.drill
def test_a_redesign_raises_alarms_once_and_they_are_gone_when_it_is_mended(tmp_path: Path) -> None:
    with webhook() as (host, told):
        place = f"json://{host}/{SECRET}"
        logs = [visit(tmp_path, day, place) for day in range(4)]
        assert "Alarm:" not in "".join(logs)
        assert scrapy("alarms", "-s", f"ARCHIVE_DIR={tmp_path}").stdout == ""

        log = visit(tmp_path, 4, place, redesigned=True)
        for kind in ("dates", "profile"):
            assert re.search(rf"ERROR: Alarm: {SITE.name}: {kind}: (\d+) of the last \1 articles", log), log
        assert f"ERROR: Alarm: {SITE.name}: text: " in log
        (first,) = told
        assert first["title"].startswith(f"pressmark: {SITE.name}: ")
        standing = scrapy("alarms", SITE.name, "-s", f"ARCHIVE_DIR={tmp_path}")
        assert standing.returncode == 1
        assert [line.split(", since")[0] for line in standing.stdout.splitlines()] == [
            f"{SITE.name}: {kind}" for kind in ("text", "dates", "leads", "profile")
        ]

        assert "Alarm:" not in visit(tmp_path, 5, place, redesigned=True)  # told once
        assert "Alarm:" not in visit(tmp_path, 6, place)
        assert len(told) == 1
    assert scrapy("alarms", "-s", f"ARCHIVE_DIR={tmp_path}").returncode == 0
    assert SECRET not in "".join(logs) + log
    for folder in tmp_path.glob("crawls/*/*"):
        assert SECRET not in str(Crawl.open(folder).manifest)
        assert not [record for record in Crawl.open(folder).captures() if SECRET.encode() in record.request]


def test_alarms_of_an_outlet_that_was_never_crawled_are_refused(tmp_path: Path) -> None:
    run = scrapy("alarms", "gazette", "-s", f"ARCHIVE_DIR={tmp_path}")
    assert (run.returncode, run.stderr) == (
        2,
        f"pressmark: no crawl of gazette is in {tmp_path}/crawls; there are none\n",
    )


def test_folders_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    manifests = ("{", "[]", '{"format": "none"}', '{"format": "pressmark 1", "outlet": "dw", "status": 1}')
    for number, manifest in enumerate(manifests):
        folder = tmp_path / "crawls" / "dw" / f"20260314T06000{number}Z"
        folder.mkdir(parents=True)
        (folder / "crawl.json").write_text(manifest)
    run = scrapy("alarms", "-s", f"ARCHIVE_DIR={tmp_path}")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
