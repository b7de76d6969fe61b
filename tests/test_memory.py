"""A crawl fetches what is new, is told so by the catalogue, and records what it was told."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from archive.crawl import Crawl
from archive.records import read_records
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from tests.running import crawl, scrapy
from tests.test_replay import URLS, page

HOST = "https://www.lamp.test"
NEW = f"{HOST}/2026/03/05/the-keepers-meet-for-day-5/"
START = ("-a", f"start={HOST}/index.xml")
# The same pages at addresses that name no day: looks at them count from when they were found.
UNDATED = {re.sub(r"/2026/03/\d\d/", "/news/", url): body for url, body in URLS.items()}


class Outlet:
    """A sitemap that names two others, one of which grows; each has an ETag, and says when it has not changed."""

    def __init__(self, urls: Mapping[str, bytes] = URLS) -> None:
        self.urls = urls
        self.listed = {"old": list(urls)[:2], "new": list(urls)[2:]}

    def pages(self) -> dict[str, object]:
        parts = {f"{HOST}/{name}.xml": self.part(name) for name in self.listed}
        named = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in parts)
        index = f"<sitemapindex>{named}</sitemapindex>"
        return {f"{HOST}/index.xml": conditional(lambda: index), **parts, **self.urls, NEW: page("Day 5", "Day 5,")}

    def part(self, name: str) -> object:
        return conditional(
            lambda: "".join(["<urlset>", *(f"<url><loc>{url}</loc></url>" for url in self.listed[name]), "</urlset>"])
        )


def conditional(body: Callable[[], str]) -> object:
    def answer(request: Request) -> Answer:
        content = body().encode()
        tag = f'"{len(content)}"'
        headers = (("Content-Type", "application/xml"), ("ETag", tag))
        if request.header("If-None-Match") == tag:
            return Answer(status=304, headers=headers)
        return Answer(headers=headers, body=content)

    return answer


@pytest.fixture
def outlet() -> Outlet:
    return Outlet()


def asked(newsroom: Newsroom) -> Counter[str]:
    """What was asked for since the last call of this, robots.txt aside."""
    counted = Counter(one.request.target for one in newsroom.log if one.request.target != "/robots.txt")
    newsroom.log.clear()
    return counted


def replays(folder: Path) -> None:
    for command in ("replay", "verify"):
        run = scrapy(command, folder)
        assert run.returncode == 0, run.stdout + run.stderr


def statistics(folder: Path) -> dict[str, int]:
    return dict(Crawl.open(folder).manifest["statistics"])


def test_what_earlier_crawls_hold_is_not_fetched_again(tmp_path: Path, outlet: Outlet) -> None:
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        first = crawl(tmp_path, "site", *START, environment=newsroom.environment)
        assert asked(newsroom).total() == 3 + len(URLS)
        outlet.listed["new"].append(NEW)
        second = crawl(tmp_path, "site", *START, environment=newsroom.environment)
        assert asked(newsroom) == Counter(["/index.xml", "/old.xml", "/new.xml", NEW.removeprefix(HOST)])
        third = crawl(tmp_path, "site", *START, environment=newsroom.environment)
        assert asked(newsroom) == Counter(["/index.xml", "/old.xml", "/new.xml"])
    assert [line["url"] for line in Crawl.open(second).articles()] == [NEW]
    assert (statistics(second)["articles/known"], statistics(second)["listings/unchanged"]) == (2, 1)
    assert statistics(third)["listings/unchanged"] == 2  # the index, which names others, is always read
    assert list(Crawl.open(third).articles()) == []
    (tmp_path / "catalogue.sqlite").unlink()  # a replay has no need of it
    for folder in (first, second, third):
        replays(folder)


def test_the_memory_is_made_anew_from_the_folders(tmp_path: Path, outlet: Outlet) -> None:
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        crawl(tmp_path, "site", *START, environment=newsroom.environment)
        asked(newsroom)
        for file in tmp_path.glob("catalogue.sqlite*"):
            file.unlink()
        crawl(tmp_path, "site", *START, environment=newsroom.environment)
        assert asked(newsroom) == Counter(["/index.xml", "/old.xml", "/new.xml"])


def test_urls_are_fetched_whatever_is_known_and_so_is_everything_on_request(tmp_path: Path, outlet: Outlet) -> None:
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        crawl(tmp_path, "site", *START, environment=newsroom.environment)
        asked(newsroom)
        url = next(iter(URLS))
        crawl(tmp_path, "site", "-a", f"urls={url}", environment=newsroom.environment)
        assert asked(newsroom) == Counter([url.removeprefix(HOST)])
        crawl(tmp_path, "site", *START, "-s", "ONLY_NEW=0", environment=newsroom.environment)
        assert asked(newsroom).total() == 3 + len(URLS)


def test_what_a_limit_left_out_is_fetched_the_next_time(tmp_path: Path, outlet: Outlet) -> None:
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        crawl(tmp_path, "site", *START, "-a", "limit=3", environment=newsroom.environment)
        asked(newsroom)
        crawl(tmp_path, "site", *START, environment=newsroom.environment)
        left = list(URLS)[2].removeprefix(HOST)  # the newest of a sitemap come first
        assert asked(newsroom) == Counter(["/index.xml", "/old.xml", "/new.xml", left])


def test_pages_are_looked_at_again_when_it_is_time_listed_or_not(tmp_path: Path) -> None:
    outlet = Outlet(UNDATED)
    soon = ("-s", "LOOK_AGAIN=0.001s,21d")
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        crawl(tmp_path, "site", *START, environment=newsroom.environment)
        asked(newsroom)
        outlet.listed = {"old": [], "new": outlet.listed["new"]}
        second = crawl(tmp_path, "site", *START, *soon, environment=newsroom.environment)
        pages = [url.removeprefix(HOST) for url in UNDATED]
        assert asked(newsroom) == Counter(["/index.xml", "/old.xml", "/new.xml", *pages])
        crawl(tmp_path, "site", *START, *soon, environment=newsroom.environment)
        assert asked(newsroom).total() == 3  # once for each time
    replays(second)


def test_a_page_that_failed_is_tried_again_though_its_listing_has_not_changed(tmp_path: Path, outlet: Outlet) -> None:
    url, good = next(iter(URLS.items()))
    answers = iter([Answer(status=500)])
    pages = {**outlet.pages(), url: lambda _request: next(answers, Answer(body=good))}
    given = ("-s", "RETRY_ENABLED=0")
    with Newsroom.for_pages(pages) as newsroom:  # type: ignore[arg-type]
        crawl(tmp_path, "site", *START, *given, environment=newsroom.environment)
        asked(newsroom)
        crawl(tmp_path, "site", *START, *given, environment=newsroom.environment)
        assert asked(newsroom) == Counter(["/index.xml", "/old.xml", "/new.xml", url.removeprefix(HOST)])


def test_what_a_crawl_was_told_stands_in_its_warc_before_it_is_used(tmp_path: Path, outlet: Outlet) -> None:
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        first = crawl(tmp_path, "site", *START, environment=newsroom.environment)
        outlet.listed["new"].append(NEW)
        second = crawl(tmp_path, "site", *START, environment=newsroom.environment)
    told = list(Crawl.open(second).told())
    (links,) = [one for one in told if one["question"] == "links"]
    assert (links["about"], links["answer"]) == (f"{HOST}/new.xml", list(URLS)[:1:-1])
    listings = {one["about"]: one["answer"] for one in told if one["question"] == "listing"}
    assert f"{HOST}/index.xml" not in listings  # where a crawl starts is always read
    originals = {one.url: one.record_id for one in Crawl.open(first).captures()}
    assert listings[f"{HOST}/old.xml"]["stands_at"][0] == originals[f"{HOST}/old.xml"]


def test_a_catalogue_that_is_damaged_stops_the_crawl_before_it_has_a_folder(tmp_path: Path, outlet: Outlet) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"no database at all" * 100)
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        run = scrapy("crawl", "site", *START, "-s", f"ARCHIVE_DIR={tmp_path}", environment=newsroom.environment)
        assert run.returncode == 1
        assert run.stderr.splitlines()[-1].startswith("pressmark: ")
        assert "`scrapy catalogue rebuild`" in run.stderr
        assert not list(tmp_path.glob("crawls/*/*"))
        assert scrapy("catalogue", "rebuild", "-s", f"ARCHIVE_DIR={tmp_path}").returncode == 0
        crawl(tmp_path, "site", *START, environment=newsroom.environment)


def test_a_changed_article_is_a_new_capture_in_the_crawl_that_found_it(tmp_path: Path) -> None:
    url = next(iter(UNDATED))
    pages = Outlet(UNDATED).pages()
    with Newsroom.for_pages(pages) as newsroom:  # type: ignore[arg-type]
        first = crawl(tmp_path, "site", *START, environment=newsroom.environment)
    with Newsroom.for_pages({**pages, url: page("Corrected", "Day 1, corrected,")}) as newsroom:  # type: ignore[dict-item]
        second = crawl(tmp_path, "site", *START, "-s", "LOOK_AGAIN=0.001s", environment=newsroom.environment)
    texts = [{line["url"]: line["text"] for line in Crawl.open(folder).articles()} for folder in (first, second)]
    assert [one for one in texts[0] if texts[0][one] != texts[1][one]] == [url]
    assert json.dumps(texts[1]).count("corrected") > 0


def test_a_listing_that_has_not_changed_is_a_revisit_that_needs_no_other_folder(tmp_path: Path, outlet: Outlet) -> None:
    with Newsroom.for_pages(outlet.pages()) as newsroom:  # type: ignore[arg-type]
        first = crawl(tmp_path, "site", *START, environment=newsroom.environment)
        second = crawl(tmp_path, "site", *START, environment=newsroom.environment)
    original = next(one for one in Crawl.open(first).captures() if one.url == f"{HOST}/old.xml")
    revisits = [record for record in read_records(Crawl.open(second).warcs()[0]) if record.type == "revisit"]
    (revisit,) = [record for record in revisits if record.url == f"{HOST}/old.xml"]
    assert len(revisits) == 2
    assert str(revisit.header("WARC-Profile")).endswith("/server-not-modified")
    assert revisit.header("WARC-Refers-To") == original.record_id
    assert revisit.header("WARC-Refers-To-Target-URI") == original.url
    assert revisit.header("WARC-Payload-Digest") == original.payload_digest
    assert revisit.block.startswith(b"HTTP/1.1 304 ")
    again = next(one for one in Crawl.open(second).captures() if one.url == f"{HOST}/old.xml")
    assert (again.status, again.body, again.refers_to and again.refers_to[0]) == (304, b"", original.record_id)
    shutil.rmtree(first)
    replays(second)
    before = {path.name: path.read_bytes() for path in second.iterdir()}
    assert scrapy("rebuild", second).returncode == 0
    assert {path.name: path.read_bytes() for path in second.iterdir()} == before


def test_a_listing_that_failed_twice_is_passed_over_and_the_replay_knows_it(tmp_path: Path, outlet: Outlet) -> None:
    pages = {**outlet.pages(), f"{HOST}/old.xml": Answer(status=404)}
    with Newsroom.for_pages(pages) as newsroom:  # type: ignore[arg-type]
        for _ in range(2):
            crawl(tmp_path, "site", *START, environment=newsroom.environment)
        asked(newsroom)
        third = crawl(tmp_path, "site", *START, environment=newsroom.environment)
        assert asked(newsroom) == Counter(["/index.xml", "/new.xml"])
    assert statistics(third)["listings/passed_over"] == 1
    replays(third)


def test_a_host_that_forbids_its_pages_is_left_alone_for_a_while(tmp_path: Path, outlet: Outlet) -> None:
    pages = {**outlet.pages(), **{url: Answer(status=403) for url in URLS}}
    given = (*START, "-s", "LOOK_AGAIN=0.001s,21d")
    with Newsroom.for_pages(pages) as newsroom:  # type: ignore[arg-type]
        for _ in range(2):
            crawl(tmp_path, "site", *given, environment=newsroom.environment)
        asked(newsroom)
        outlet.listed["new"].append(NEW)
        third = crawl(tmp_path, "site", *given, environment=newsroom.environment)
        assert asked(newsroom) == Counter(["/index.xml", "/old.xml", "/new.xml"])
    assert statistics(third)["articles/left_alone"] >= 1
    replays(third)
