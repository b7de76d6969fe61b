"""The five invented outlets: what can be found there, and what stands on their pages."""

from __future__ import annotations

import gzip
import http.client
import ssl
from collections.abc import Iterator
from html import escape
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from lxml import etree

from newsroom import Newsroom
from newsroom.outlet import DemoSite
from newsroom.sites import SITES, open_newsroom
from newsroom.stories import Story


@pytest.fixture(scope="module")
def demo() -> Iterator[Newsroom]:
    with open_newsroom() as newsroom:
        yield newsroom


def got(newsroom: Newsroom, url: str, **headers: str) -> tuple[int, str]:
    """Status and text at this URL, through the tunnel."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=str(newsroom.certificate))
    client = http.client.HTTPSConnection("127.0.0.1", newsroom.port, timeout=10, context=context)
    client.set_tunnel(parts.netloc)
    client.request("GET", parts._replace(scheme="", netloc="").geturl(), headers=headers)
    response = client.getresponse()
    body = response.read()
    client.close()
    if response.headers["Content-Encoding"] == "br":
        body = brotli.decompress(body)
    return response.status, (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


def linked(newsroom: Newsroom, url: str) -> set[str]:
    """All URLs that a listing names, and those that its sitemaps name."""
    status, text = got(newsroom, url)
    assert status == 200, url
    if not text.startswith("<?xml"):
        return {urljoin(url, link.get("href") or "") for link in html(text).iter("a")}
    tree = etree.fromstring(text.encode())
    names = ("loc", "link", "about")
    elements = [element for element in tree.iter() if etree.QName(element).localname in names]
    urls = {(element.text or element.get("href") or "").strip() for element in elements}
    if etree.QName(tree).localname == "sitemapindex":
        return {found for part in urls for found in linked(newsroom, part)}
    return urls


def listings(site: DemoSite) -> tuple[str, ...]:
    found = ("/", "/feed/", "/feed/atom/", "/wp-sitemap.xml") if site.start else ()
    return (*site.feeds, *site.sitemaps, *site.sections, *map(site.url, found))


def html(text: str) -> etree._Element:
    return etree.fromstring(text, etree.HTMLParser())


def bare(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


each_site = pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
each_story = pytest.mark.parametrize(
    ("site", "story"), [(site, story) for site in SITES for story in site.stories], ids=lambda value: str(value)[-40:]
)


@each_site
def test_every_article_of_an_outlet_can_be_found_by_its_listings(site: DemoSite, demo: Newsroom) -> None:
    found = {bare(url) for listing in listings(site) for url in linked(demo, listing)}
    moved = {site.url(story.moved_from): site.url(story.path) for story in site.stories if story.moved_from}
    assert set(site.articles) <= {moved.get(url, url) for url in found}


@each_site
def test_every_article_of_an_outlet_is_served(site: DemoSite) -> None:
    with open_newsroom() as newsroom:
        for url, story in site.articles.items():
            status, text = got(newsroom, url)
            if status == 503:
                status, text = got(newsroom, url)
            assert status == 200, url
            assert escape(story.title) in text


@each_site
def test_every_outlet_asks_for_patience(site: DemoSite, demo: Newsroom) -> None:
    assert "Crawl-delay: 0.2" in got(demo, site.url("/robots.txt"))[1]


@each_story
def test_a_page_holds_its_article_and_more(site: DemoSite, story: Story) -> None:
    page = html(site.page(story).body.decode())
    texts = {
        " ".join("".join(map(str, element.itertext())).split())
        for element in page.iter("p", "h1", "h2", "li", "div", "span", "blockquote")
    }
    wanted = [story.title, *story.text.split("\n\n")]
    assert not [text for text in wanted if text not in texts]
    assert len("".join(map(str, page.itertext()))) > len(story.text) * 1.1


def test_a_story_is_its_words_without_marks_and_clutter() -> None:
    story = next(story for site in SITES for story in site.stories if story.title.startswith("Rostrum harbor"))
    lines = [" ".join(line.split()[:4]) for line in story.text.split("\n\n")]
    assert lines == [
        "For eleven weeks no",
        "The freighter Alba Noor",
        "Rostrum lives off its",
        '"We kept the cranes',
        "Insurers want answers",
        "Not everybody is celebrating.",
        "The authority says a",
        "Who decided against a",
        "Why was the spare",
        "What will next winter",
        "Back to normal by",
        "Forty-two ships are waiting",
    ]
    assert story.captions[1:] == ("The icebreaker Sturmvogel spent the winter in dock",)
    assert "the *icebreaker*" in story.body
    assert "the icebreaker Sturmvogel" in story.text


def test_the_seeds_clutter_is_all_there() -> None:
    pages = "\n".join(site.page(story).body.decode() for site in SITES for story in site.stories)
    clutter = """
        Skip to content | Skip to main menu | Accessibility links | Breaking News | Advertisement | Read more | Image:
        | po/lv (AP, Reuters) | Edited by: | 16x9 Image | Based on reporting by | undesirable organization | Share
        | Latest Headlines | Text by | Date created : | Latest update : | newsletter | cookies | Don't miss | Related
        | License Photo | shares | Follow us on | Recent Posts | Leave a Reply | RELATED | Also Read:"""
    assert not [words.strip() for words in clutter.split("|") if words.strip() not in pages]


def test_a_story_is_revised_between_two_fetches_of_it() -> None:
    site, story = next((site, story) for site in SITES for story in site.stories if story.revised)
    assert story.twin
    with open_newsroom() as newsroom:
        pages = [got(newsroom, site.url(path))[1] for path in (story.twin, story.path, story.path)]
    assert [story.revised[0] in page for page in pages] == [True, False, False]
    assert [escape(story.revised[1]) in page for page in pages] == [False, True, True]
    assert story.revision().modified != story.modified
    assert story.revision().text != story.text


def test_the_troubles_of_the_road_are_there(demo: Newsroom) -> None:
    steppe = "https://www.steppenwind.test"
    assert got(demo, f"{steppe}/a/33700180.html")[0] == 301
    assert got(demo, f"{steppe}/a/a-story-that-was-withdrawn/33700099.html")[0] == 404
    assert "Disallow: /en/internal/" in got(demo, "https://www.hafenkurier.test/robots.txt")[1]


@pytest.mark.parametrize(("encoding", "host"), [("gzip", "www.hafenkurier.test"), ("br", "www.phare24.test")])
def test_pages_are_packed(encoding: str, host: str, demo: Newsroom) -> None:
    url = next(iter(next(site for site in SITES if site.host == host).articles))
    assert got(demo, url, **{"Accept-Encoding": "gzip, deflate, br"})[0] == 200
    head = demo.log[-1].head.decode("latin-1")
    assert f"Content-Encoding: {encoding}\r\n" in head


def test_the_unknown_outlet_sends_chunks(demo: Newsroom) -> None:
    assert got(demo, "https://www.globalmirror.test/")[0] == 200
    assert b"Transfer-Encoding: chunked\r\n" in demo.log[-1].head
