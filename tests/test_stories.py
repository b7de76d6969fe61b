"""Every story of the newsroom comes out of its page as it was written, field by field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.capture import Capture
from crawler.article import Article
from crawler.extraction import extract
from crawler.profile import Profile
from crawler.profiles.dw import DW
from crawler.profiles.france24 import FRANCE24
from crawler.profiles.pangea import PANGEA
from crawler.profiles.upi import UPI
from newsroom.outlet import DemoSite
from newsroom.sites import SITES
from newsroom.stories import Story

PROFILES: dict[str, tuple[Profile, ...]] = {"dw": DW, "rferl": PANGEA, "upi": UPI, "france24": FRANCE24, "site": ()}
STORIES = [(site, story) for site in SITES for story in site.stories]
STARTED = datetime(2026, 3, 15, tzinfo=UTC)


def read(site: DemoSite, story: Story, *profiles: Profile) -> Article:
    capture = Capture(url=site.url(story.path), started=STARTED)
    found = extract(site.page(story).body, capture, profiles, site.name)
    assert isinstance(found, Article), found
    return found


def told(article: Article | Story) -> dict[str, object]:
    names = ["title", "lead", "authors", "agencies", "dateline", "captions", "tags", "language", "access"]
    return {"text": article.text.split("\n\n"), **{name: getattr(article, name) for name in names}}


@pytest.mark.parametrize(("site", "story"), STORIES, ids=[story.path for _, story in STORIES])
def test_a_story_comes_out_of_its_page_as_it_was_written(site: DemoSite, story: Story) -> None:
    article = read(site, story, *PROFILES[site.imitates])
    assert told(article) == told(story)
    assert article.published == story.published.isoformat()
    assert article.modified == (story.modified.isoformat() if story.modified else None)


@pytest.mark.parametrize(("site", "story"), STORIES, ids=[story.path for _, story in STORIES])
def test_without_its_profile_a_storys_title_and_body_are_found_all_the_same(site: DemoSite, story: Story) -> None:
    article = read(site, story)
    missing = set(story.text.split("\n\n")) - set(article.text.split("\n\n"))
    assert article.title == story.title
    assert missing <= {story.lead, f"{story.dateline} {story.dash}"}  # where only the layout tells what they are
