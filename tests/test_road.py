"""The whole road, from listings to articles and back from the archive, on the newsroom's invented outlets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from archive.crawl import Crawl
from newsroom.messages import Exchange
from newsroom.outlet import DemoSite
from newsroom.sites import SITES, open_newsroom
from newsroom.stories import Story
from tests.running import crawl, scrapy

pytestmark = pytest.mark.xdist_group("road")  # in one process: what is crawled once is crawled once

DEMO = ("-s", "SPIDER_MODULES=newsroom.outlets")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Path], list[Exchange]]]:
    """All five outlets crawled once, and what their server saw."""
    archive = tmp_path_factory.mktemp("archive")
    folders = {}
    with open_newsroom() as newsroom:
        for site in SITES:
            arguments = ["-a", f"start={site.start}"] if site.start else []
            folders[site.name] = crawl(archive, site.name, *DEMO, *arguments, environment=newsroom.environment)
        yield folders, newsroom.log


def articles(folder: Path) -> dict[str, dict[str, object]]:
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["url"]: line for line in map(json.loads, lines)}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_every_article_of_an_outlet_is_read_clean(
    crawled: tuple[dict[str, Path], list[Exchange]], site: DemoSite
) -> None:
    found = articles(crawled[0][site.name])
    assert sorted(found) == sorted(site.articles)
    for url, story in site.articles.items():
        told = {name: found[url][name] for name in ("title", "lead", "text", "authors", "access")}
        versions = [expected(version) for version in ([story, story.revision()] if story.revised else [story])]
        assert told in versions, url


def expected(story: Story) -> dict[str, object]:
    return {
        "title": story.title,
        "lead": story.lead,
        "text": story.text,
        "authors": list(story.authors),
        "access": story.access,
    }


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_a_replay_yields_the_same_articles(crawled: tuple[dict[str, Path], list[Exchange]], site: DemoSite) -> None:
    replay = scrapy("replay", crawled[0][site.name], *DEMO)
    assert (replay.returncode, replay.stdout) == (0, f"the same: {site.expected} articles\n"), replay.stdout


def test_extract_and_rebuild_write_the_same_bytes(
    crawled: tuple[dict[str, Path], list[Exchange]], tmp_path: Path
) -> None:
    folder = crawled[0]["demo-upi"]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert scrapy("extract", folder, "-o", tmp_path / "out.jsonl").returncode == 0
    assert (tmp_path / "out.jsonl").read_bytes() == before["articles.jsonl"]
    for name in ("articles.jsonl", "index.cdxj", "crawl.json"):
        (folder / name).unlink()
    assert scrapy("rebuild", folder).returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_robots_txt_forbids_is_not_fetched(crawled: tuple[dict[str, Path], list[Exchange]]) -> None:
    """Also not by the requests that wait for robots.txt side by side."""
    assert not [one.request.target for one in crawled[1] if "/en/internal/" in one.request.target]
    assert Crawl.open(crawled[0]["demo-dw"]).manifest["statistics"]["robotstxt/forbidden"] == 1


def test_crawl_delay_keeps_fetches_apart(crawled: tuple[dict[str, Path], list[Exchange]]) -> None:
    times = [one.request.time for one in crawled[1] if one.request.host == "www.hafenkurier.test"]
    assert len(times) > 5
    after_robots = times[1:]  # the fetch of robots.txt itself is the first
    assert min(later - earlier for earlier, later in pairwise(after_robots)) > 0.15


def test_a_listing_that_cannot_be_had_is_in_the_statistics(tmp_path: Path) -> None:
    with open_newsroom() as newsroom:
        environment = newsroom.environment
        folder = crawl(tmp_path, "dw", environment=environment, expect=1)
    assert Crawl.open(folder).manifest["statistics"]["listings/failed"] == 3


def test_articles_carry_every_key_and_their_pressmark(crawled: tuple[dict[str, Path], list[Exchange]]) -> None:
    keys = (  # noqa: SIM905
        "url canonical_url outlet title lead text authors agencies published modified dateline section tags language "
        "image captions access captured record_id payload_digest warc offset extractor"
    ).split()
    for folder in crawled[0].values():
        captures = {capture.record_id: capture for capture in Crawl.open(folder).captures()}
        for article in articles(folder).values():
            assert list(article) == keys
            capture = captures[str(article["record_id"])]
            marked = (article["url"], article["payload_digest"], article["warc"], article["offset"])
            assert marked == (capture.url, capture.payload_digest, capture.warc, capture.offset)


def test_limit_is_obeyed_before_anything_is_asked_for(tmp_path: Path) -> None:
    with open_newsroom() as newsroom:
        folder = crawl(tmp_path, "demo-dw", *DEMO, "-a", "limit=2", environment=newsroom.environment)
        asked = {one.request.target for one in newsroom.log}
    assert list(articles(folder)) == [*SITES[0].articles][:2]
    assert len([target for target in asked if "/a-" in target]) == 2


def test_since_leaves_out_what_is_older(tmp_path: Path) -> None:
    with open_newsroom() as newsroom:
        folder = crawl(tmp_path, "demo-france24", *DEMO, "-a", "since=2026-03-01", environment=newsroom.environment)
        asked = [one.request.target for one in newsroom.log]
    assert all(str(article["published"]) >= "2026-03-01" for article in articles(folder).values())
    assert 0 < len(articles(folder)) < SITES[3].expected
    assert not [target for target in asked if "2014" in target]  # told by the URL, and by the sitemap's name
    assert scrapy("replay", folder, *DEMO).returncode == 0


def test_urls_are_fetched_as_given_without_discovery(tmp_path: Path) -> None:
    site = SITES[2]
    twin = site.url(next(story.twin for story in site.stories if story.twin))
    given = [f"{twin}?tps=1", site.url("/Top_News/"), site.url("/nowhere")]
    file = tmp_path / "urls.txt"
    file.write_text("\n".join(given), encoding="utf-8")
    with open_newsroom() as newsroom:
        folder = crawl(tmp_path, "upi", "-a", f"urls={file}", environment=newsroom.environment)
        asked = [one.request.url for one in newsroom.log if not one.request.target.endswith("/robots.txt")]
    assert sorted(asked) == sorted(given)
    assert list(articles(folder)) == [given[0]]
