"""Listings at their worst, front pages, and the real sitemaps of an outlet."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import (
    MAX_INFLATED,
    USUAL_PLACES,
    find_feeds,
    inflate,
    page_links,
    read_listing,
    robots_sitemaps,
)
from tests.test_discovery import (
    LAUGHS,
    LISTINGS,
    MUTATIONS,
    NUMBERED,
    PAGE,
    RFERL,
    ROOT,
    RSS,
    SITE,
    WALK,
    needs_sitemaps,
    sitemap,
    urls,
)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (RSS.replace(b"&amp;y", b"&y"), ["/a/1.html?x=1&y=2", "/a/2.html?x=1&y=2"]),
        (RSS.replace(b"Ferry &amp;", b"Ferry &nbsp;"), ["/a/1.html?x=1&y=2", "/a/2.html?x=1&y=2"]),
        (RSS.replace(b"Ferry", b"\xff\x00\x0b"), ["/a/1.html?x=1&y=2", "/a/2.html?x=1&y=2"]),
        (RSS.replace(b"Ferry", b"<b>"), ["/a/2.html?x=1&y=2", "/a/3.html"]),
        (RSS.replace(b'"utf-8"', b'"klingon"'), ["/a/1.html?x=1&y=2", "/a/2.html?x=1&y=2"]),
        (RSS[: RSS.index(b"/a/3.html") + 4], ["/a/1.html?x=1&y=2", "/a/2.html?x=1&y=2"]),
        (b"\n<br/>Warning: line 3\n" + RSS, ["/a/1.html?x=1&y=2", "/a/2.html?x=1&y=2"]),
    ],
)
def test_malformed_xml_yields_what_can_be_read(body: bytes, read: list[str]) -> None:
    listing = read_listing(body, f"{SITE}/feed")
    assert listing.kind == "rss"
    assert urls(listing)[:2] == read
    assert "/a/3" not in urls(listing)  # torn off


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (RSS.replace(b"&amp;y", b"&y"), "malformed XML"),
        (RSS[:-40], "malformed XML"),
        (b"junk" + RSS, "before the XML"),
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither"),
        (b'{"message": "not found"}', "JSON"),
        (b"[" * 100_000, "neither"),
        (b'{"items":' + b"[" * 100_000, "JSON"),
        (b"<!doctype html><title>404</title>", "a web page stands where"),
        (b"<rss><channel><item><title>x</title></item></channel></rss>", "without a usable URL"),
        (gzip.compress(RSS)[:-30], "breaks off"),
        (gzip.compress(RSS)[:40] + b"xxxxxxxx" * 9, "gzip"),
    ],
)
def test_each_warning_names_the_listing_and_says_what_is_wrong(body: bytes, word: str) -> None:
    listing = read_listing(body, f"{SITE}/feed.xml", "application/xml")
    assert any(word in warning for warning in listing.warnings), listing.warnings
    assert all(warning.startswith(f"{SITE}/feed.xml: ") and "\n" not in warning for warning in listing.warnings)


def test_an_empty_listing_can_be_told() -> None:
    listing = read_listing(b"<rss><channel/></rss>", f"{SITE}/feed")
    assert (listing.kind, listing.links) == ("rss", ())


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">'
        + LAUGHS
        + b"]><rss><item><link>&a11;</link></item></rss>",
        b'<!DOCTYPE r [<!ENTITY a "https://evil.test/">]><rss><item><link>&a;</link></item></rss>',
        b'<!DOCTYPE r [<!ENTITY a "https://evil.test/">] ><feed><entry><link href="&a;"/></entry></feed>',
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><item><link>&a;</link></item></rss>',
        b'<!DOC<!DOCTYPE r [<!ENTITY b "">]>TYPE r [<!ENTITY a "https://evil.test/">]><rss><item><link>&a;</link></item></rss>',
        '<!DOCTYPE r [<!ENTITY a "https://evil.test/">]><rss><item><link>&a;</link></item></rss>'.encode("utf-16"),
    ],
    ids=["billion laughs", "text", "attribute", "file", "nested", "utf-16"],
)
def test_entities_of_a_listing_are_never_expanded(body: bytes) -> None:
    listing = read_listing(body, f"{SITE}/feed")
    assert not [link for link in listing.links if "evil" in link.url or "root:" in link.url or "ha" in link.url]


def test_a_gzip_bomb_is_cut_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (MAX_INFLATED * 4), 9)
    inflated, complaints = inflate(bomb)
    assert len(inflated) == MAX_INFLATED
    assert "more than 52,428,800 bytes" in complaints[0]


def test_a_listing_without_end_is_read_to_the_limit() -> None:
    listing = read_listing(sitemap(*(f"/a/{number}.html" for number in range(50_001))), f"{SITE}/s.xml")
    assert len(listing.links) == 50_000
    assert "more than 50,000 entries" in listing.warnings[0]


@pytest.mark.parametrize(
    "body",
    [
        b"<sitemapindex><sitemap><loc>https://news.lake.test/" + b"20" * 3000 + b".xml</loc></sitemap></sitemapindex>",
        b"<rss>&" + b"<![CDATA[" * 100_000,
        b"<rss>" + b"<item>" * 100_000,
        b"<!DOCTYPE x [<!ENTITY " * 50_000,
        b"<!doctype html>" + b"<a href='?x'>" * 100_000,
    ],
    ids=["a number of 6,000 digits", "open CDATA", "nested items", "open declarations", "a page of links"],
)
def test_a_trap_is_walked_out_of(body: bytes) -> None:
    assert len(read_listing(body, f"{SITE}/feed").links) <= 1


@given(st.sampled_from(LISTINGS), MUTATIONS, st.booleans())
def test_no_mutation_of_a_listing_makes_it_raise(
    body: bytes, mutations: list[tuple[int, int, bytes]], zipped: bool
) -> None:
    body = gzip.compress(body) if zipped else body
    for at, removed, put in mutations:
        body = body[:at] + put + body[at + removed :]
    listing = read_listing(body, f"{SITE}/feed", article_url=NUMBERED)
    assert all(link.url.lower().startswith("http") for link in listing.links)


@given(st.binary(max_size=300))
def test_no_bytes_make_a_listing_raise(body: bytes) -> None:
    read_listing(body, f"{SITE}/feed", "text/html; charset=utf-16")
    robots_sitemaps(body, SITE)
    find_feeds(b"<link rel=alternate type=application/rss+xml href=" + body, SITE)


def test_a_front_page_names_its_feeds() -> None:
    assert find_feeds(PAGE, f"{SITE}/") == (
        f"{SITE}/en/feed",
        "https://feeds.lake.test/atom",
        f"{SITE}/feed.json",
    )


def test_a_page_gives_links_of_its_own_site_that_look_like_articles() -> None:
    assert [link.url for link in page_links(PAGE, f"{SITE}/")] == [
        f"{SITE}/en/ferry-runs-aground-off-the-pier",
        "https://blog.lake.test/2024/05/19/storm-%C3%BCber-nacht/",
    ]


def test_an_outlets_own_pattern_decides_which_links_of_a_page_are_articles() -> None:
    found = page_links(PAGE, f"{SITE}/", article_url=r"^https://elsewhere\.test/")
    assert [link.url for link in found] == ["https://elsewhere.test/2024/05/19/x/"]


def test_a_feed_that_is_a_page_is_read_as_one_and_told() -> None:
    listing = read_listing(PAGE, f"{SITE}/feed", "text/html")
    assert (listing.kind, len(listing.links)) == ("html", 2)
    assert "a web page stands where" in listing.warnings[0]
    assert read_listing(PAGE, f"{SITE}/en/", "application/xhtml+xml").warnings == ()


def test_robots_txt_names_sitemaps_in_any_case_and_line_ending() -> None:
    robots = b"\xef\xbb\xbfSitemap: https://news.lake.test/a.xml\r\nUser-agent: *\rSITEMAP:/b.xml # here\nsitemap: \n"
    assert robots_sitemaps(robots, f"{SITE}/robots.txt") == (f"{SITE}/a.xml", f"{SITE}/b.xml")
    assert robots_sitemaps(robots) == (f"{SITE}/a.xml",)


def test_the_usual_places_are_paths() -> None:
    assert all(place.startswith("/") for place in USUAL_PLACES)
    assert len(set(USUAL_PLACES)) == len(USUAL_PLACES)


@needs_sitemaps
def test_two_hundred_thousand_real_urls_are_read_newest_first_one_part_at_a_time() -> None:
    walk = subprocess.run(
        [sys.executable, "-c", WALK, str(RFERL), NUMBERED, "resident"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    total, first, last, peak = (int(number) for number in walk.stdout.split())
    assert (total, first, last) == (199_499, 20_000, 19_499)
    assert peak < 150_000_000  # bytes over the interpreter's own; about 50 MB as measured


@needs_sitemaps
def test_the_real_index_leaves_out_what_holds_no_articles() -> None:
    listing = read_listing((RFERL / "sitemap.xml").read_bytes(), "https://www.rferl.org/sitemap.xml")
    names = [link.url.rpartition("_")[2].removesuffix(".xml.gz") for link in listing.links]
    assert names == ["latest", "news", *(str(number) for number in range(1, 11))]


@needs_sitemaps
def test_a_real_part_that_breaks_off_yields_what_came() -> None:
    body = (RFERL / "sitemap_8_1.xml.gz").read_bytes()[:300_000]
    listing = read_listing(body, "https://www.rferl.org/sitemap_8_1.xml.gz", article_url=NUMBERED)
    assert 5_000 < len(listing.links) < 20_000
    assert len(listing.warnings) == 2


def test_inflating_stops_at_the_first_damage() -> None:
    assert inflate(zlib.compress(b"x"))[0] == zlib.compress(b"x")  # no gzip
    assert inflate(gzip.compress(b"one") + gzip.compress(b"two"))[0] == b"onetwo"
    assert inflate(gzip.compress(b"one") + b"trailing rubbish") == (b"one", [])
