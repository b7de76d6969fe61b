"""Wire copies fall into one group, and stories of their own into none."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue.catalogue import Catalogue, rebuild
from catalogue.groups import LIKENESS, groups
from catalogue.search import Wanted
from catalogue.signature import likeness, phrases, signature
from newsroom.sites import SITES
from tests.archives import told, visited
from tests.running import SHARED, scrapy
from tests.samples import NOON
from tests.wirecopies import wire_copy

STORIES = {story.title: story.text for site in SITES for story in site.stories if len(story.text.split()) > 60}
SHARES = (0.1, 0.2, 0.3, 0.4)


def test_the_stories_and_their_wire_copies_are_as_many_groups_as_stories(tmp_path: Path) -> None:
    chance = random.Random(20260301)
    for number, share in enumerate((0, *SHARES)):
        texts = {
            f"https://paper{number}.test/{place}": told(
                wire_copy(text, share, chance) if number else text,
                published=f"2026-03-01T{10 + (number + place) % 5}:00:00Z",
                agencies=("WPI",) if (number + place) % 5 == 0 else ("Paper",) * (number == 4),
            )
            for place, text in enumerate(STORIES.values())
        }
        visited(tmp_path, texts, NOON + number * timedelta(hours=1), outlet=f"paper{number}")
    rebuild(tmp_path)
    with Catalogue.open(tmp_path) as catalogue:
        found = list(groups(catalogue, Wanted()))
    members = [{held.article.url.rpartition("/")[2] for held in group.articles} for group in found]
    assert sorted(map(sorted, members)) == sorted([str(place)] for place in range(len(STORIES)))
    for group in found:
        assert len(group.articles) == 5
        published = [held.article.published or "" for held in group.articles]
        assert published == sorted(published)
        assert group.certain
        assert group.agencies == ["WPI", "Paper"][: len(group.agencies)]
        assert group.agencies[0] == "WPI"
    firsts = [group.articles[0].article.published or "" for group in found]
    assert firsts == sorted(firsts)


def test_the_seeds_are_five_groups_of_one(tmp_path: Path) -> None:
    golds = sorted((SHARED / "seeds" / "gold").glob("*.json"))
    if not golds:
        pytest.skip("the seeds are not at hand")
    texts = ["\n\n".join(json.loads(path.read_text(encoding="utf-8"))["body"]) for path in golds]
    words = {f"https://seeds.test/{number}": told(text) for number, text in enumerate(texts)}
    visited(tmp_path, words)
    chance = random.Random(1)
    copies = {f"https://copies.test/{number}": told(wire_copy(text, 0.4, chance)) for number, text in enumerate(texts)}
    visited(tmp_path, copies, outlet="copies")
    rebuild(tmp_path)
    with Catalogue.open(tmp_path) as catalogue:
        assert list(groups(catalogue, Wanted(outlet="gazette"))) == []
        found = [{held.article.url[-1] for held in group.articles} for group in groups(catalogue, Wanted())]
    assert sorted(map(sorted, found)) == [[str(number)] for number in range(len(texts))]
    assert len(texts) == 5


def test_a_signature_is_a_function_of_the_text() -> None:
    text = "The ferry sails at noon. Gulls have come back to the pier, and nobody knows why.\n\n渡輪黎明開出。"
    assert signature(text).hex()[:32] == "59e9e87c40e3e4c7e82c464a725db61d"
    assert signature(text) == signature(text.upper())
    moved = "Gulls have come back to the pier, and nobody knows why. The ferry sails at noon.\n\n渡輪黎明開出。"
    assert likeness(signature(text), signature(moved)) == 1.0
    assert signature("") == signature(" … !\n") == b""
    assert likeness(b"", b"") == 0.0
    assert phrases("One two three four. Two! 渡輪黎明") == {
        "one two three",
        "two three four",
        "two",
        "渡 輪 黎",
        "輪 黎 明",
    }


def test_likeness_is_near_the_share_of_common_phrases() -> None:
    chance = random.Random(7)
    texts = list(STORIES.values())
    for text in texts:
        copy = wire_copy(text, 0.4, chance)
        mine, theirs = phrases(text), phrases(copy)
        assert abs(likeness(signature(text), signature(copy)) - len(mine & theirs) / len(mine | theirs)) < 0.2
        assert all(likeness(signature(text), signature(other)) < LIKENESS / 2 for other in texts if other != text)


def test_who_was_first_is_certain_only_where_the_dates_say_so(tmp_path: Path) -> None:
    text = next(iter(STORIES.values()))
    dates = {
        "apart": ("2026-03-01", "2026-03-02T08:00:00Z"),
        "same day": ("2026-03-01", "2026-03-01T08:00:00Z"),
        "none": (None, "2026-03-01T08:00:00Z"),
        "moments": ("2026-03-01T08:00:00Z", "2026-03-01T08:00:01Z"),
        "equal": ("2026-03-01T08:00:00Z", "2026-03-01T09:00:00+01:00"),
    }
    certain = {}
    for name, pair in dates.items():
        root = tmp_path / name
        visited(root, {f"https://news.test/{n}": told(text, published=day) for n, day in enumerate(pair)})
        rebuild(root)
        with Catalogue.open(root) as catalogue:
            (group,) = groups(catalogue, Wanted())
        certain[name] = group.certain
    assert certain == {"apart": True, "same day": False, "none": False, "moments": True, "equal": False}


def test_a_thousand_equal_pages_are_one_group(tmp_path: Path) -> None:
    text = next(iter(STORIES.values()))
    visited(tmp_path, {f"https://news.test/{number}": told(text) for number in range(1000)})
    rebuild(tmp_path)
    run = scrapy("articles", "--groups", "-s", f"ARCHIVE_DIR={tmp_path}")
    (line,) = run.stdout.splitlines()
    group = json.loads(line)
    assert group["first"]["url"] == "https://news.test/0"
    assert {one["likeness"] for one in group["articles"]} == {1.0}
    assert len(group["articles"]) == 1000
    assert {"record_id", "payload_digest", "warc", "offset"} <= set(group["articles"][0])
