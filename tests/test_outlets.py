"""The outlets' facts, against real URLs and pages where they are at hand; and the docs' example, run as it stands."""

from __future__ import annotations

import csv
import gzip
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler.arguments import WrongArgument
from crawler.discovery import clean_url, page_links
from crawler.spider import NewsSpider
from newsroom.server import Newsroom
from tests.running import ROOT, SHARED, crawl

DOC = ROOT / "docs" / "adding-an-outlet.md"
NAMES = ["dw", "france24", "rferl", "site", "upi"]
NAMED = [name for name in NAMES if name != "site"]


@cache
def outlet(name: str) -> type[NewsSpider]:
    spider = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]})).load(name)
    assert issubclass(spider, NewsSpider)
    return spider


def is_article(name: str, url: str) -> bool:
    spider = outlet(name)
    return re.search(spider.article_url, clean_url(url, spider.tracking)) is not None


def test_these_outlets_there_are() -> None:
    assert sorted(SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]})).list()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_outlet_is_facts_in_one_short_file(name: str) -> None:
    text = (ROOT / "spiders" / f"{name}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
    assert "def " not in text


@pytest.mark.parametrize("name", NAMED)
def test_every_edition_has_whole_addresses_on_the_outlets_own_domains(name: str) -> None:
    spider = outlet(name)
    for language in spider.languages:
        host = spider.editions.get(language, "")
        for listing in (*spider.feeds, *spider.sitemaps, *spider.sections):
            parts = urlsplit(listing.replace("{language}", language).replace("{host}", host))
            assert parts.scheme == "https"
            assert any(f".{parts.hostname}".endswith(f".{domain}") for domain in spider.allowed_domains), parts
            assert "{" not in parts.geturl()


@pytest.mark.parametrize("name", NAMED)
def test_an_edition_that_does_not_exist_is_refused_by_name(name: str) -> None:
    with pytest.raises(WrongArgument, match="tlh"):
        outlet(name).check({"language": "tlh"})
    assert outlet(name).check({"language": outlet(name).languages[-1]}).language == outlet(name).languages[-1]


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("dw", "https://www.dw.com/en/an-invented-story/a-70000001"),
        ("dw", "https://amp.dw.com/en/an-invented-story/a-70000001?maca=en-rss-en-all-1573-rdf#top"),
        ("dw", "https://www.dw.com/a-70000001"),
        ("rferl", "https://www.rferl.org/a/an-invented-story/33000001.html?withmediaplayer=1"),
        ("rferl", "https://www.rferl.org/a/33000001.html"),
        ("rferl", "https://www.svoboda.org/amp/33000001.html"),
        ("upi", "https://www.upi.com/Top_News/US/2020/06/02/An-invented-story/5951591096889/?tt=1"),
        ("upi", "https://www.upi.com/Odd_News/2014/05/19/An-invented-story/UPI-84211400500000/"),
        ("upi", "https://www.upi.com/amp/Odd_News/2014/05/19/An-invented-story/84211400500000/"),
        ("france24", "https://www.france24.com/en/20200604-an-invented-story"),
        ("france24", "https://www.france24.com/fr/europe/20200604-une-histoire-inventée"),
        ("france24", "https://amp.france24.com/ar/20200604-قصة"),
        ("france24", "https://www.france24.com/en/201504010-an-invented-story"),
    ],
)
def test_an_articles_url_is_known_in_all_its_forms(name: str, url: str) -> None:
    assert is_article(name, url)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("dw", "https://www.dw.com/en/top-stories/s-9097"),
        ("dw", "https://www.dw.com/en/an-invented-film/av-70000001"),
        ("dw", "https://www.dw.com/en/an-invented-film/video-70000001"),
        ("dw", "https://www.dw.com/en/invented-pictures/g-70000001"),
        ("rferl", "https://www.rferl.org/z/952"),
        ("rferl", "https://www.rferl.org/p/5373.html"),
        ("upi", "https://www.upi.com/Top_News/2020/"),
        ("upi", "https://www.upi.com/Top_News/p40/"),
        ("upi", "https://www.upi.com/Top_News/US/2020/06/02/An-invented-story/5951591096889/ph3/"),
        ("france24", "https://www.france24.com/en/tag/bird-flu/"),
        ("france24", "https://www.france24.com/en/video/20200604-an-invented-film"),
        ("france24", "https://www.france24.com/fr/vidéo/20200604-un-film-inventé"),
    ],
)
def test_what_holds_no_article_is_left_out(name: str, url: str) -> None:
    assert not is_article(name, url)


# Real pages, where they are at hand

PAGES = SHARED / "pages"
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason=f"the real pages are not at {PAGES}")


def real_urls() -> list[tuple[str, str]]:
    with (PAGES / "index.tsv").open(encoding="utf-8") as lines:
        return [(row["outlet"], row["url"]) for row in csv.DictReader(lines, delimiter="\t") if row["url"]]


@needs_pages
def test_real_article_urls_match_their_outlets_and_real_listings_do_not() -> None:
    for name, url in real_urls():
        if name in NAMED:
            assert is_article(name, url), url
        elif name == "listing":
            assert not any(is_article(one, url) for one in NAMED), url


@needs_pages
@pytest.mark.parametrize(
    ("name", "page", "url", "articles"),
    [
        ("dw", "2020_dw_top-stories", "https://www.dw.com/en/top-stories/s-9097", 55),
        ("france24", "2020_f24_home_en", "https://www.france24.com/en/", 42),
        ("france24", "2020_f24_home_ar", "https://www.france24.com/ar/", 36),
        ("france24", "2020_f24_tag_bird-flu", "https://www.france24.com/en/tag/bird-flu/", 24),
        ("upi", "2020_upi_top-news", "https://www.upi.com/Top_News/", 30),
        ("upi", "2020_upi_topics", "https://www.upi.com/topic/", 57),
        ("rferl", "2020_voa_learningenglish_home", "https://learningenglish.voanews.com/", 39),
    ],
)
def test_real_section_pages_give_the_outlets_articles(name: str, page: str, url: str, articles: int) -> None:
    html = gzip.decompress((PAGES / "listing" / f"{page}.html.gz").read_bytes())
    spider = outlet(name)
    found = [link.url for link in page_links(html, url, article_url=spider.article_url, tracking=spider.tracking)]
    assert len(found) == articles
    assert len(set(found)) == len(found)
    assert not any("?" in link or "#" in link for link in found)


# The example of the docs

ARTICLE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2026-05-0{day}T08:00:00+00:00"></head><body><article><h1>{title}</h1>
<p>The ferry between the two shores of the lake will stop at the old pier again from next week, its owner said.</p>
<p>Repairs had taken two winters, because the timber had to come across the ice and the ice did not hold.</p>
<p>Passengers who had walked the long way round were given the first tickets, and a cup of soup each.</p>
</article></body></html>"""


def example() -> str:
    return DOC.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]


def test_the_docs_example_is_fewer_than_forty_lines() -> None:
    assert len(example().splitlines()) < 40


def test_the_docs_name_every_fact_of_an_outlet() -> None:
    facts = set(NewsSpider.__annotations__) - {"generic"}
    table = set(re.findall(r"`(\w+)`", DOC.read_text(encoding="utf-8").split("## A whole example")[0]))
    assert facts <= table


def test_the_docs_example_crawls_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "written_spiders").mkdir()
    (tmp_path / "written_spiders" / "__init__.py").touch()
    (tmp_path / "written_spiders" / "lakeside.py").write_text(example(), encoding="utf-8")
    site = "https://www.lakeside-courier.test"
    item = f"<item><link>{site}/en/town/ferry-100002?from=feed</link></item>"
    lines = "".join(
        f"<url><loc>{site}/en/town/{name}</loc></url>"
        for name in ("pier-100001", "g100009", "ferry-100002", "ice-100003")
    )
    pages = {
        f"{site}/en/feed": f"<rss><channel>{item}</channel></rss>",
        f"{site}/en/sitemap.xml": f"<urlset>{lines}</urlset>",
        **{
            f"{site}/en/town/{name}": ARTICLE.format(title=f"News of the {name}", day=day)
            for day, name in enumerate(("pier-100001", "ferry-100002", "ice-100003"), 1)
        },
    }
    with Newsroom.for_pages({url: page.encode() for url, page in pages.items()}) as newsroom:
        environment = {**newsroom.environment, "PYTHONPATH": str(tmp_path)}
        modules = ("-s", "SPIDER_MODULES=written_spiders")
        folder = crawl(tmp_path / "data", "lakeside", *modules, "-a", "limit=2", environment=environment)
    articles = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(article["url"].rpartition("/")[2] for article in articles) == ["ferry-100002", "ice-100003"]
    assert {article["outlet"] for article in articles} == {"lakeside"}
