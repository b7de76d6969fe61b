"""SITES: the five invented outlets, each with the listings, the markup and the troubles of a real one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from newsroom.answers import Content, Site
from newsroom.listings import Link, atom, link, news_sitemap, rdf, robots, rss, sitemap, sitemap_index, zipped
from newsroom.outlet import DemoSite, busy_once, listing_page
from newsroom.server import Newsroom
from newsroom.stories import Story, read_stories

Contents = Mapping[str, Mapping[str, Content]]


def open_newsroom() -> Newsroom:
    """All five outlets behind one proxy, as if nobody had fetched anything yet."""
    sites: dict[str, Site] = {}
    for site in SITES:
        sites |= site.open()
    return Newsroom(sites)


def _links(site: DemoSite, stories: Iterable[Story], suffix: str = "") -> list[Link]:
    return [link(site.url(story.path) + suffix, story) for story in stories]


def _stray(url: str, title: str) -> Link:
    """A listing's line that leads to no article."""
    when = datetime(2026, 3, 9, tzinfo=UTC)
    return Link(url=url, title=title, published=when, modified=when)


def _hafenkurier(site: DemoSite) -> Contents:
    """RDF on a host of its own; one page is busy at first, one link is forbidden, one is a video."""
    first, second, third, german, birds, old = site.stories
    strays = [
        _stray(site.url("/en/harbor-live-stream/video-71000900"), "Harbor live"),
        _stray(site.url("/en/internal/draft-of-the-annual-report/a-71000999"), "Draft of the annual report"),
    ]
    feed = rdf([*_links(site, (first, second, third, german, old)), *strays], title="Hafenkurier: all")
    news = news_sitemap(_links(site, (first, second, birds)), name="Hafenkurier", language="en")
    section = listing_page("dw_2023", site.stories[:5], title="Top stories", host=site.host)
    return {
        "rss.hafenkurier.test": {"/rdf/rss-en-all": feed},
        site.host: {
            "/robots.txt": robots("Disallow: /en/internal/", "Disallow: /search", sitemaps=site.sitemaps),
            "/en/news-sitemap.xml": news,
            "/en/top-stories/s-9097": section,
            "/en/internal/draft-of-the-annual-report/a-71000999": site.page(first),
            third.path: busy_once(site.page(third)),
        },
    }


def _steppenwind(site: DemoSite) -> Contents:
    """A sitemap index out of order with gzipped parts; a moved page, a page that is gone, a radio program."""
    water, road, teachers, released, russian, persian = site.stories
    moved_from = [link(site.url(teachers.moved_from or ""), teachers)]
    strays = [
        _stray(site.url("/a/a-story-that-was-withdrawn/33700099.html"), "A story that was withdrawn"),
        _stray(site.url("/a/33700055.html"), "Morning Program"),
    ]
    parts = {
        "/sitemap_8_1.xml.gz": _links(site, (water, road)),
        "/sitemap_8_10.xml.gz": _links(site, (russian, persian)),
        "/sitemap_8_2.xml.gz": [*moved_from, *_links(site, (released,))],
        "/sitemap_8_latest.xml.gz": _links(site, (water, road)),
        "/sitemap_8_sections.xml.gz": [_stray(site.url("/z/400"), "Karvia")],
        "/sitemap_8_videos.xml.gz": [_stray(site.url("/v/33700044.html"), "A video")],
    }
    news = news_sitemap(_links(site, (water,)), name="Radio Steppe Wind", language="en")
    index = sitemap_index(site.url(path) for path in (*parts, "/sitemap_8_news.xml.gz"))
    return {
        site.host: {
            **{path: zipped(sitemap(lines)) for path, lines in parts.items()},
            "/sitemap_8_news.xml.gz": zipped(news),
            "/sitemap.xml": index,
            "/robots.txt": robots("Disallow: /s?", sitemaps=site.sitemaps),
            "/api/zbqiml-vomx-tpeqkmy": rss([*_links(site, (water, road)), *strays], title="News - Radio Steppe Wind"),
            "/z/400": listing_page("pangea", (water, released), title="Karvia", host=site.host),
            "/a/33700055.html": listing_page("pangea", (water, road), title="Morning Program", host=site.host),
        }
    }


def _wirepost(site: DemoSite) -> Contents:
    """Tracking parameters, an AMP twin, a photo page, and one story under two sections that is revised."""
    island, bridge, goose, sponge, old = site.stories
    more = (
        f'<a href="{island.twin}?tps=1">{island.title}</a> <a href="/amp{bridge.path}">{bridge.title}</a> '
        f'<a href="{bridge.path}ph2/">Photos</a> <a href="/topic/Bridges/">Topic: Bridges</a> <a href="p2">Next</a>'
    )
    feed = rss(_links(site, (island, bridge, goose, sponge), "?spt=su&or=tn"), title="Wirepost: news")
    return {
        "rss.wirepost.test": {"/news/news.rss": feed},
        site.host: {
            "/robots.txt": robots("Disallow: /search"),
            "/Top_News/": listing_page("upi_2020", (island, bridge, old), title="Top News", host=site.host, more=more),
            "/Top_News/p2": listing_page("upi_2020", (old,), title="Top News, page 2", host=site.host),
            "/Odd_News/": listing_page("upi_2020", (goose,), title="Odd News", host=site.host),
            f"/amp{bridge.path}": site.page(bridge),
            f"{bridge.path}ph2/": listing_page("upi_2020", (), title="Photo 2 of 2", host=site.host),
        },
    }


def _phare(site: DemoSite) -> Contents:
    """A sitemap index by month, a news sitemap, and a feed that also carries the other edition."""
    ferry, solar, lagoon, french, old = site.stories
    index = sitemap_index(site.url(f"/sitemaps/en/contents_{month}.xml") for month in ("201409", "202603"))
    return {
        site.host: {
            "/robots.txt": robots("Disallow: /en/search", sitemaps=site.sitemaps),
            "/en/rss": rss(_links(site, (ferry, solar, french)), title="Phare 24: English"),
            "/fr/rss": rss(_links(site, (french,)), title="Phare 24 : français"),
            "/sitemaps/en/index.xml": index,
            "/sitemaps/en/contents_202603.xml": sitemap(_links(site, (ferry, solar, lagoon))),
            "/sitemaps/en/contents_201409.xml": sitemap(_links(site, (old,))),
            "/sitemaps/en/news.xml": news_sitemap(_links(site, (ferry,)), name="Phare 24", language="en"),
        }
    }


def _mirror(site: DemoSite) -> Contents:
    """Nothing is known beforehand: the front page tells of feeds, robots.txt of a sitemap index."""
    volcano, clock, shade, *_ = site.stories
    comments = [_stray(site.url(volcano.path) + "#comment-7", "By a reader on: Volcano observatory")]
    posts, categories = site.url("/wp-sitemap-posts-post-1.xml"), site.url("/wp-sitemap-taxonomies-category-1.xml")
    more = '<a href="/about/">About</a> <a href="/category/world/">World</a> <a href="/page/2/">Older posts</a>'
    front = listing_page("wordpress", (volcano, clock, shade), title="Global Mirror", host=site.host, more=more)
    world = listing_page("wordpress", (volcano, shade), title="World Archives", host=site.host)
    return {
        site.host: {
            "/": front,
            "/about/": listing_page("wordpress", (), title="About - Global Mirror", host=site.host),
            "/category/world/": world,
            "/feed/atom/": atom(_links(site, site.stories[:4]), title="Global Mirror"),
            "/feed/": rss(_links(site, site.stories[:4]), title="Global Mirror"),
            "/comments/feed/": rss(comments, title="Comments for Global Mirror"),
            "/robots.txt": robots("Disallow: /wp-admin/", sitemaps=[site.url("/wp-sitemap.xml")]),
            "/wp-sitemap.xml": sitemap_index([posts, categories]),
            "/wp-sitemap-posts-post-1.xml": sitemap(_links(site, site.stories)),
            "/wp-sitemap-taxonomies-category-1.xml": sitemap([_stray(site.url("/category/world/"), "World")]),
        }
    }


SITES = (
    DemoSite(
        name="demo-dw",
        imitates="dw",
        host="www.hafenkurier.test",
        stories=read_stories("dw", outlet="Hafenkurier", layout="dw_2023", language="en"),
        feeds=("https://rss.hafenkurier.test/rdf/rss-en-all",),
        sitemaps=("https://www.hafenkurier.test/en/news-sitemap.xml",),
        sections=("https://www.hafenkurier.test/en/top-stories/s-9097",),
        contents=_hafenkurier,
        encodings=("gzip", "br"),
    ),
    DemoSite(
        name="demo-rferl",
        imitates="rferl",
        host="www.steppenwind.test",
        stories=read_stories("pangea", outlet="Radio Steppe Wind", layout="pangea", language="en", dash="—"),
        feeds=("https://www.steppenwind.test/api/zbqiml-vomx-tpeqkmy",),
        sitemaps=("https://www.steppenwind.test/sitemap.xml",),
        contents=_steppenwind,
        encodings=("gzip",),
    ),
    DemoSite(
        name="demo-upi",
        imitates="upi",
        host="www.wirepost.test",
        stories=read_stories("upi", outlet="Wirepost International", layout="upi_2020", language="en"),
        feeds=("https://rss.wirepost.test/news/news.rss",),
        sections=("https://www.wirepost.test/Top_News/", "https://www.wirepost.test/Odd_News/"),
        contents=_wirepost,
    ),
    DemoSite(
        name="demo-france24",
        imitates="france24",
        host="www.phare24.test",
        stories=read_stories("france24", outlet="Phare 24", layout="france24_2019", language="en"),
        feeds=("https://www.phare24.test/en/rss",),
        sitemaps=(
            "https://www.phare24.test/sitemaps/en/index.xml",
            "https://www.phare24.test/sitemaps/en/news.xml",
        ),
        contents=_phare,
        encodings=("br", "gzip"),
    ),
    DemoSite(
        name="demo-site",
        imitates="site",
        host="www.globalmirror.test",
        stories=read_stories("wordpress", outlet="Global Mirror", layout="wordpress", language="en-US"),
        start="https://www.globalmirror.test/",
        contents=_mirror,
        encodings=("gzip", "br"),
        chunk=1024,
    ),
)
