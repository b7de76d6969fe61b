"""Real pages, served under their own host names on loopback, go the whole road into WARC and articles."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest
from w3lib.url import safe_url_string

from archive.crawl import Crawl
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.running import SHARED, crawl, scrapy

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real pages in {SHARED}")
NO_ARTICLES = {"https://www.slobodnaevropa.org/a/30657941.html"}  # a radio program without a text
HTML = (("Content-Type", "text/html; charset=utf-8"),)
READ_BY = {
    "dw": "dw",
    "france24": "france24",
    "rfi": "france24",
    "upi": "upi",
    "rferl": "rferl",
    "voa": "rferl",
    "rfa": "rferl",
}


def real_pages() -> dict[str, dict[str, bytes]]:
    """Article pages by the outlet whose spider reads them: URL and bytes."""
    pages: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
    with (SHARED / "pages" / "index.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["outlet"] in READ_BY and row["url"]:
                pages[READ_BY[row["outlet"]]][row["url"]] = gzip.decompress(
                    (SHARED / "pages" / row["file"]).read_bytes()
                )
    return pages


@pytest.mark.parametrize("outlet", ["dw", "france24", "rferl", "upi"])
def test_real_pages_of_an_outlet_go_the_whole_road(tmp_path: Path, outlet: str) -> None:
    pages = real_pages()[outlet]
    file = tmp_path / "urls.txt"
    file.write_text("\n".join(pages), encoding="utf-8")
    with Newsroom.for_pages({url: Answer(headers=HTML, body=body) for url, body in pages.items()}) as newsroom:
        folder = crawl(tmp_path, outlet, "-a", f"urls={file}", environment=newsroom.environment)
    kept = {capture.content(1 << 24) for capture in Crawl.open(folder).captures() if capture.purpose == "article"}
    assert kept == set(pages.values())
    lines = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["url"] for line in lines} == {safe_url_string(url) for url in pages} - NO_ARTICLES
    assert all(line["title"] and line["text"] and line["published"] for line in lines)
    assert not [line["url"] for line in lines if line["extractor"].startswith("generic")]
    assert scrapy("replay", folder).returncode == 0
    (warc,) = folder.glob("*.warc.gz")
    assert scrapy("extract", warc, "-o", tmp_path / "out.jsonl", "--outlet", outlet).returncode == 0
    assert (tmp_path / "out.jsonl").read_bytes() == (folder / "articles.jsonl").read_bytes()


def test_the_real_sitemap_set_is_followed_newest_first(tmp_path: Path) -> None:
    sitemaps = SHARED / "sitemaps" / "rferl"
    served = {f"https://www.rferl.org/{path.name}": path.read_bytes() for path in sitemaps.iterdir()}
    with Newsroom.for_pages(served) as newsroom:
        folder = crawl(tmp_path, "rferl", "-a", "limit=300", environment=newsroom.environment)
        asked = [one.request.target for one in newsroom.log]
    articles = [int(target.rpartition("/")[2].removesuffix(".html")) for target in asked if target.startswith("/a/")]
    assert len(articles) == 300
    parts = [target for target in asked if target.startswith("/sitemap_8_") and target[11].isdigit()]
    assert parts in ([], ["/sitemap_8_1.xml.gz"])  # as few as the limit needs
    assert Crawl.open(folder).manifest["statistics"]["articles/requested"] == 300
