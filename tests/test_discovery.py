"""Listings: whatever a site sends, what can be read of it is read, and the rest is told."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import strategies as st

from crawler.discovery import (
    Listing,
    read_listing,
)

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared" / "data"
SITE = "https://news.lake.test"
NUMBERED = r"/a/(?:[^/]+/)?(?P<id>\d+)\.html$"

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://news.lake.test/</link>
<atom:link rel="self" href="https://news.lake.test/feed"/><image><url>https://news.lake.test/logo.png</url></image>
<item><title>Ferry &amp; pier</title><link> https://news.lake.test/a/1.html?x=1&amp;y=2 </link>
  <pubDate>Mon, 19 May 2014 10:30:00 +0200</pubDate></item>
<item><link><![CDATA[https://news.lake.test/a/2.html?x=1&y=2]]></link></item>
<item><guid>https://news.lake.test/a/3.html</guid></item>
<item><guid isPermaLink="false">https://news.lake.test/?p=4</guid><link>/a/4.html</link></item>
<item><link/><atom:link href="https://news.lake.test/a/5.html"/></item>
</channel></rss>"""

RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.lake.test/"><items><rdf:Seq/></items></channel>
<item rdf:about="https://news.lake.test/a/1"><link>https://news.lake.test/a/1</link><dc:date>2014-05-19T08:30:00Z</dc:date></item>
<item rdf:about="https://news.lake.test/a/2"><dc:date>2014-05-18</dc:date></item></rdf:RDF>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.lake.test/en/">
<link rel="self" href="feed"/>
<entry><link rel="enclosure" href="a.mp3"/><link href="a-1"/><published>2014-05-19T08:30:00+02:00</published>
  <updated>2020-01-01T00:00:00Z</updated><source><link href="https://elsewhere.test/x"/></source></entry>
<entry xml:base="/de/"><link rel="alternate" href="a-2"/><updated>2020-01-01T00:00:00Z</updated></entry></feed>"""

RSS_091 = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.test/rss-0.91.dtd">
<rss version="0.91"><channel><item><title>Caf\xe9</title><link>https://news.lake.test/caf\xe9</link></item></channel></rss>"""

NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">
<url><image:image><image:loc>https://news.lake.test/1.jpg</image:loc></image:image><loc>https://news.lake.test/a/1.html</loc>
 <lastmod>2020-01-01</lastmod><n:news><n:publication_date>2014-05-19T08:30:00.82Z</n:publication_date></n:news></url>
<url><loc>https://news.lake.test/a/2.html</loc><n:news><n:publication_date>2014-05-18</n:publication_date></n:news>
 <video:video><video:publication_date>2011-01-01</video:publication_date></video:video></url></urlset>"""

JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a/1.html",
 "date_published": "2014-05-19T08:30:00Z"}, {"id": "no url"}, {"url": 7}]}"""


def urls(listing: Listing) -> list[str]:
    return [link.url.removeprefix(SITE) for link in listing.links]


def sitemap(*paths: str) -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>{SITE}{path}</loc></url>" for path in paths) + "</urlset>").encode()


def index(*paths: str) -> bytes:
    parts = "".join(f"<sitemap><loc>{SITE}{path}</loc><lastmod>2025-01-01</lastmod></sitemap>" for path in paths)
    return f"<sitemapindex>{parts}</sitemapindex>".encode()


# What is listed


def test_rss_items_are_read_wherever_they_keep_their_address() -> None:
    listing = read_listing(RSS, f"{SITE}/feed", "application/rss+xml")
    assert listing.kind == "rss"
    assert listing.warnings == ()
    assert urls(listing) == ["/a/1.html?x=1&y=2", "/a/2.html?x=1&y=2", "/a/3.html", "/a/4.html", "/a/5.html"]
    assert listing.links[0].published == datetime(2014, 5, 19, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    assert listing.links[1].published is None


def test_rss_of_1999_is_read_in_its_own_encoding_and_without_its_dtd() -> None:
    listing = read_listing(RSS_091, f"{SITE}/feed")
    assert (listing.kind, urls(listing), listing.warnings) == ("rss", ["/café"], ())


def test_rdf_items_are_read_with_their_dublin_core_dates() -> None:
    listing = read_listing(RDF, f"{SITE}/rdf")
    assert (listing.kind, urls(listing)) == ("rdf", ["/a/1", "/a/2"])
    assert [link.published for link in listing.links] == [datetime(2014, 5, 19, 8, 30, tzinfo=UTC), date(2014, 5, 18)]


def test_atom_links_follow_their_bases_and_updated_is_no_publication_date() -> None:
    listing = read_listing(ATOM, "https://elsewhere.test/feed")
    assert (listing.kind, urls(listing)) == ("atom", ["/en/a-1", "/de/a-2"])
    assert [link.published is None for link in listing.links] == [False, True]


def test_a_news_sitemap_gives_publication_dates_and_keeps_its_order() -> None:
    listing = read_listing(NEWS, f"{SITE}/news.xml", article_url=NUMBERED)
    assert (listing.kind, urls(listing)) == ("news sitemap", ["/a/1.html", "/a/2.html"])
    assert listing.links[1].published == date(2014, 5, 18)


def test_lastmod_is_never_taken_for_a_publication_date() -> None:
    body = sitemap("/a/1.html").replace(b"</loc>", b"</loc><lastmod>2020-01-01</lastmod>")
    assert read_listing(body, f"{SITE}/s.xml").links[0].published is None


def test_a_json_feed_is_a_feed_too() -> None:
    listing = read_listing(JSON_FEED, f"{SITE}/feed.json")
    assert (listing.kind, urls(listing)) == ("json", ["/a/1.html", "/7"])


def test_a_text_sitemap_is_one_url_a_line() -> None:
    listing = read_listing(b"https://news.lake.test/a/1\r\nno url\r\nhttps://news.lake.test/a/2\n", f"{SITE}/s.txt")
    assert (listing.kind, urls(listing)) == ("text", ["/a/1", "/a/2"])


@pytest.mark.parametrize("body", [RSS, RDF, ATOM, NEWS, RSS_091, JSON_FEED])
def test_gzip_makes_no_difference_even_twice(body: bytes) -> None:
    plain = read_listing(body, f"{SITE}/x")
    for zipped in (gzip.compress(body), gzip.compress(gzip.compress(body))):
        assert read_listing(zipped, f"{SITE}/x") == plain


@pytest.mark.parametrize("body", [RSS, RDF, ATOM, NEWS, JSON_FEED])
def test_a_byte_order_mark_makes_no_difference(body: bytes) -> None:
    assert read_listing(b"\xef\xbb\xbf" + body, f"{SITE}/x") == read_listing(body, f"{SITE}/x")


def test_utf_16_is_read_and_ascii_that_calls_itself_utf_16_too() -> None:
    declared = RSS.replace(b'"utf-8"', b'"utf-16"', 1)
    assert urls(read_listing(declared.decode().encode("utf-16"), SITE)) == urls(read_listing(RSS, SITE))
    assert urls(read_listing(declared, SITE)) == urls(read_listing(RSS, SITE))


# In which order


def test_the_parts_of_an_index_stand_by_their_number() -> None:
    names = ("1", "10", "2", "latest", "sections", "videos")
    listing = read_listing(index(*(f"/s_{name}.xml.gz" for name in names)), f"{SITE}/sitemap.xml")
    assert listing.kind == "sitemap index"
    assert urls(listing) == ["/s_latest.xml.gz", "/s_1.xml.gz", "/s_2.xml.gz", "/s_10.xml.gz"]
    assert all(link.listing and link.published is None for link in listing.links)


def test_parts_named_after_a_month_stand_newest_first_and_tell_their_last_day() -> None:
    listing = read_listing(index("/tags.xml", "/contents_202310.xml", "/contents_202402.xml"), f"{SITE}/i.xml")
    assert urls(listing) == ["/contents_202402.xml", "/contents_202310.xml"]
    assert [link.last_day for link in listing.links] == [date(2024, 3, 1), date(2023, 11, 1)]  # a day for time zones


def test_wordpress_counts_from_the_oldest() -> None:
    parts = [
        "/page-sitemap.xml",
        "/post-sitemap.xml",
        "/post-sitemap2.xml",
        "/post-sitemap10.xml",
        "/post_tag-sitemap.xml",
    ]
    listing = read_listing(index(*parts), f"{SITE}/sitemap_index.xml")
    assert urls(listing) == ["/post-sitemap10.xml", "/post-sitemap2.xml", "/post-sitemap.xml", "/page-sitemap.xml"]
    assert urls(read_listing(sitemap("/old", "/new"), f"{SITE}/post-sitemap2.xml")) == ["/new", "/old"]


def test_articles_stand_by_the_number_their_outlet_gives_them() -> None:
    body = sitemap("/a/99.html", "/about", "/a/slug/1000.html?utm_source=x", "/a/x/100.html")
    ordered = ["/a/slug/1000.html?utm_source=x", "/a/x/100.html", "/a/99.html", "/about"]
    assert urls(read_listing(body, f"{SITE}/s.xml", article_url=NUMBERED)) == ordered


def test_articles_without_a_number_stand_by_the_date_in_their_urls() -> None:
    body = sitemap("/2014/05/18/a", "/b", "/2014/05/19/c")
    assert urls(read_listing(body, f"{SITE}/s.xml")) == ["/2014/05/19/c", "/2014/05/18/a", "/b"]


# What is wrong with it


LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 12))


BREAKERS = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!DOCTYPE x [",
    b"<!ENTITY a 'b'>",
    b"</item>",
    b"<item>",
    b"\x00",
]
MUTATIONS = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(0, 40), st.binary(max_size=6) | st.sampled_from(BREAKERS)), max_size=6
)
LISTINGS = [RSS, RDF, ATOM, NEWS, RSS_091, JSON_FEED, index("/s_1.xml", "/s_2023.xml")]


# Pages

PAGE = """<!doctype html><html><head><base href="/en/"><title>The Lake</title>
<link rel="alternate" type="application/rss+xml" title="The Lake" href="feed">
<link rel="alternate" type="application/rss+xml" title="Comments on The Lake" href="/comments/feed/">
<link rel="alternate" type="application/json+oembed" href="/oembed"><link rel="alternate" hreflang="de" href="/de/">
<link rel="ALTERNATE HOME" type="Application/Atom+XML" href="//feeds.lake.test/atom">
<link rel="alternate" type="application/feed+json" href="/feed.json"></head><body>
<a href="/en/tag/ferries-of-the-great-grey-lake">Ferries</a><a>no href</a><a href="http://[">broken</a>
<a href="ferry-runs-aground-off-the-pier?utm_source=home#top">Ferry</a>
<a href="ferry-runs-aground-off-the-pier">again</a>
<a href="https://blog.lake.test/2024/05/19/storm-über-nacht/">Storm</a><a href="https://elsewhere.test/2024/05/19/x/">x</a>
</body></html>""".encode()


# The real sitemaps of an outlet, where they are at hand

RFERL = REAL / "sitemaps" / "rferl"
needs_sitemaps = pytest.mark.skipif(not RFERL.is_dir(), reason=f"the real sitemaps are not at {RFERL}")

WALK = """
import resource, sys
from pathlib import Path
from crawler.discovery import read_listing
folder, pattern = Path(sys.argv[1]), sys.argv[2]
read = lambda url: read_listing((folder / url.rpartition("/")[2]).read_bytes(), url, article_url=pattern)
index = read("https://www.rferl.org/sitemap.xml")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
numbers = []
for part in index.links:
    if part.url.rpartition("_")[2][0].isdigit():
        found = [int(link.url.rpartition("/")[2].removesuffix(".html")) for link in read(part.url).links]
        assert found == sorted(found, reverse=True), part.url
        numbers.append(len(found))
peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
print(sum(numbers), numbers[0], numbers[-1], peak)
"""
