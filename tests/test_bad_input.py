"""What goes wrong ends in one clear line and the right status, with what was recorded intact."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from archive.crawl import Crawl
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from tests.lab import PAGE, lab, message
from tests.running import LOOPBACK, ROOT, crawl, scrapy
from tests.test_replay import URLS

HOST = "https://www.lamp.test"
RSS = "<rss version='2.0'><channel><title>Lamp</title>{items}</channel></rss>"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["crawl"], "takes one outlet"),
        (["crawl", "nowhere"], "no such outlet: nowhere; there are dw,"),
        (["crawl", "dw", "upi"], "takes one outlet"),
        (["crawl", "dw", "--fast"], "no such option: --fast"),
        (["crawl", "dw", "-a", "limit"], "-a NAME=VALUE"),
        (["crawls", "-s", "LOG_LEVEL"], "-s NAME=VALUE"),
        (["crawl", "dw", "-a", "since=soon"], "YYYY-MM-DD"),
        (["crawl", "dw", "-a", "urls=no-such-file"], "nor a file"),
        (["crawl", "dw", "-a", "language=xx"], "there are en"),
        (["crawl", "upi", "-a", "language=de"], "there are en"),
        (["crawl", "dw", "-a", "start=https://a.test/"], "start=URL is for"),
        (["crawl", "site"], "needs -a start=URL"),
        (["replay"], "takes one crawl folder"),
        (["replay", "/nowhere"], "there is no such folder"),
        (["replay", "tests"], "neither crawl.json nor WARC files"),
        (["rebuild"], "takes one crawl folder"),
        (["extract"], "takes crawl folders or WARC files"),
        (["extract", "/nowhere"], "no such file or folder: /nowhere"),
        (["extract", "tests", "-o", "out.doc"], ".parquet"),
        (["extract", "tests", "-o", "/nowhere/out.jsonl"], "cannot be written"),
        (["extract", "tests", "--outlet", "nowhere"], "no such outlet: nowhere"),
        (["crawls", "extra"], "takes no argument"),
        (["demo", "extra"], "takes no argument"),
        (["replay", "README.md"], "it is a file"),
        (["alarms", "-s", "ARCHIVE_DIR=/nowhere"], "there is no archive /nowhere"),
        (["export", "-o", "out", "-s", "ARCHIVE_DIR=/nowhere"], "there is no archive /nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_asked_wrongly_is_one_line_and_status_2(arguments: list[str], words: str) -> None:
    run = scrapy(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("pressmark: ")
    assert words in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_crawl_folder_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "crawl.json").write_text(json.dumps({"format": "pressmark crawl 99"}))
    replay = scrapy("replay", tmp_path)
    assert replay.returncode == 2
    assert "has the format 'pressmark crawl 99'" in replay.stderr


def test_an_archive_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    run = scrapy("crawl", "dw", "-s", f"ARCHIVE_DIR={tmp_path / 'file'}", "-a", "urls=https://a.test/", *LOOPBACK)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith(f"pressmark: {tmp_path}/file/crawls/dw cannot be written")
    assert "Traceback" not in run.stderr


def test_a_full_disk_stops_the_crawl_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    """A limit on file sizes stands for the disk: the same error comes from the same write."""
    pages: dict[str, list[list[object]]] = {
        f"/{number}": [[message("200 OK", "Content-Type: text/html", body=PAGE + bytes(range(256)) * 200)]]
        for number in range(30)
    }
    with lab(pages) as server:
        urls = ",".join(f"{server.url}{path}" for path in pages)
        command = [
            sys.executable,
            "-m",
            "scrapy",
            "crawl",
            "site",
            "-a",
            f"urls={urls}",
            "-s",
            f"ARCHIVE_DIR={tmp_path}",
            *LOOPBACK,
        ]
        limited = f"ulimit -f 40; exec {shlex.join(command)}"
        run = subprocess.run(
            ["bash", "-c", limited], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
        )
    assert run.returncode == 1, run.stderr
    assert run.stderr.splitlines()[-1].startswith("pressmark: ")
    assert "File too large" in run.stderr.splitlines()[-1]
    (folder,) = tmp_path.glob("crawls/site/*")
    kept = [capture for capture in Crawl.open(folder).captures() if capture.purpose == "article"]
    assert 0 < len(kept) < 30
    assert all(capture.status == 200 for capture in kept)
    assert "killed" in scrapy("crawls", "-s", f"ARCHIVE_DIR={tmp_path}").stdout


def listing_words(tmp_path: Path, answer: Answer | bytes, target: str = "/feed.xml") -> tuple[Path, str]:
    """The crawl and the log of `site` begun at a listing that is not what it should be."""
    pages = {f"{HOST}{target}": answer, **URLS}
    with Newsroom.for_pages(pages) as newsroom:
        run = scrapy(
            *("crawl", "site", "-a", f"start={HOST}{target}", "-s", f"ARCHIVE_DIR={tmp_path}", *LOOPBACK),
            environment=newsroom.environment,
        )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    (folder,) = tmp_path.glob("crawls/site/*")
    return folder, run.stderr


def test_a_feed_that_is_html_is_told_and_its_links_are_taken(tmp_path: Path) -> None:
    links = "".join(f'<a href="{url}">A story of the lamp keepers</a>' for url in URLS)
    folder, log = listing_words(
        tmp_path, Answer(headers=(("Content-Type", "text/html"),), body=f"<html><body>{links}".encode())
    )
    assert f"{HOST}/feed.xml: a web page stands where a feed or sitemap should" in log
    assert len(list(Crawl.open(folder).articles())) == len(URLS)


def test_malformed_xml_yields_what_can_be_read(tmp_path: Path) -> None:
    items = "".join(f"<item><link>{url}</link></item>" for url in URLS)
    folder, log = listing_words(tmp_path, RSS.format(items=items).replace("</channel>", "<broken").encode())
    assert f"{HOST}/feed.xml: " in log
    assert len(list(Crawl.open(folder).articles())) == len(URLS)


def test_an_empty_listing_is_an_error_in_the_statistics(tmp_path: Path) -> None:
    folder, log = listing_words(tmp_path, RSS.format(items="").encode())
    assert f"Nothing is listed in {HOST}/feed.xml" in log
    assert Crawl.open(folder).manifest["statistics"]["listings/empty"] == 1


def test_a_wrong_or_missing_encoding_is_read_all_the_same(tmp_path: Path) -> None:
    sentence = "Смотрители маяков северного побережья собрались во вторник, чтобы договориться об общей лампе на весну."
    paragraphs = "".join(f"<p>{sentence} Встреча номер {n}.</p>" for n in range(5))
    pages = {}
    for number, (header, encoding) in enumerate(
        [
            ("text/html; charset=utf-8", "windows-1251"),
            ("text/html", "windows-1251"),
            ("text/html; charset=nonsense", "utf-8"),
            ("text/html", "utf-8"),
            ("text/html", "utf-16"),
        ]
    ):
        meta = f'<meta charset="{encoding}">' if encoding == "windows-1251" else ""
        body = f"<html><head>{meta}<title>Лампа</title></head><body><article><h1>Лампа</h1>{paragraphs}"
        pages[f"{HOST}/{number}"] = Answer(headers=(("Content-Type", header),), body=body.encode(encoding))
    with Newsroom.for_pages(pages) as newsroom:
        folder = crawl(tmp_path, "site", "-a", f"urls={','.join(pages)}", environment=newsroom.environment)
    articles = {article["url"]: article for article in Crawl.open(folder).articles()}
    assert articles.pop(f"{HOST}/0")  # the header has the last word, as in browsers, whatever that makes of the page
    assert {article["title"] for article in articles.values()} == {"Лампа"}
    assert {url for url, article in articles.items() if sentence in article["text"]} == set(pages) - {f"{HOST}/0"}


def test_an_empty_page_is_no_article(tmp_path: Path) -> None:
    url = f"{HOST}/2026/03/01/an-empty-page/"
    with Newsroom.for_pages({url: Answer(headers=(("Content-Type", "text/html"),), body=b"")}) as newsroom:
        folder = crawl(tmp_path, "site", "-a", f"urls={url}", environment=newsroom.environment)
    assert Crawl.open(folder).manifest["statistics"]["articles/none/empty"] == 1
    assert scrapy("replay", folder).returncode == 0


def test_private_addresses_are_refused(tmp_path: Path) -> None:
    addresses = ["127.0.0.1", "localhost", "[::1]", "10.0.0.7", "169.254.169.254", "0.0.0.0", "2130706433"]
    urls = [f"http://{address}/" for address in addresses]
    given = ("-a", f"urls={','.join(urls)}", "-s", f"ARCHIVE_DIR={tmp_path}", "-s", "DOWNLOAD_DELAY=0")
    run = scrapy("crawl", "site", *given)
    assert run.returncode == 1
    (folder,) = tmp_path.glob("crawls/site/*")
    errors = {capture.url: capture.error for capture in Crawl.open(folder).captures()}
    assert {url: errors[url] for url in urls} == dict.fromkeys(urls, "crawler.addresses.PrivateAddressRefused")
    assert set(errors.values()) == {"crawler.addresses.PrivateAddressRefused"}, run.stderr


def test_a_redirect_into_the_own_network_is_refused(tmp_path: Path) -> None:
    """The proxy on loopback is exempt, the private address that a site behind it redirects to is not."""
    inward = Answer(status=302, headers=(("Location", "http://10.0.0.7/secret"),))
    with Newsroom.for_pages({f"{HOST}/": inward}) as newsroom:
        given = ("-a", f"urls={HOST}/", "-s", f"ARCHIVE_DIR={tmp_path}", "-s", "DOWNLOAD_DELAY=0")
        scrapy("crawl", "site", *given, environment=newsroom.environment)
    (folder,) = tmp_path.glob("crawls/site/*")
    errors = {capture.url: capture.error for capture in Crawl.open(folder).captures()}
    assert errors[f"{HOST}/"] is None
    assert errors["http://10.0.0.7/secret"] == "crawler.addresses.PrivateAddressRefused"


def test_a_private_address_in_disguise_is_refused_behind_a_proxy_too(tmp_path: Path) -> None:
    hosts = ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0", "[::127.0.0.1]", "[64:ff9b::7f00:1]"]
    urls = [f"http://{host}/" for host in hosts]
    with Newsroom.for_pages({f"http://{host.strip('[]')}/": Answer(body=b"secret") for host in hosts}) as newsroom:
        given = ("-a", f"urls={','.join(urls)}", "-s", f"ARCHIVE_DIR={tmp_path}", "-s", "DOWNLOAD_DELAY=0")
        run = scrapy("crawl", "site", *given, environment=newsroom.environment)
        assert newsroom.log == []
    assert run.returncode == 1
    (folder,) = tmp_path.glob("crawls/site/*")
    assert {capture.url for capture in Crawl.open(folder).captures()} >= set(urls)


def test_an_index_that_names_ever_new_indexes_ends(tmp_path: Path) -> None:
    count = iter(range(1000))

    def index(request: Request) -> Answer:
        more = f"<sitemap><loc>{HOST}/index-{next(count)}.xml</loc></sitemap>"
        return Answer(
            headers=(("Content-Type", "application/xml"),), body=f"<sitemapindex>{more}</sitemapindex>".encode()
        )

    pages = {f"{HOST}/index-{number}.xml": index for number in range(20)}
    with Newsroom.for_pages({f"{HOST}/index.xml": index, **pages}) as newsroom:
        given = ("-a", f"start={HOST}/index.xml", "-s", f"ARCHIVE_DIR={tmp_path}", *LOOPBACK)
        run = scrapy("crawl", "site", *given, environment=newsroom.environment)
    assert run.returncode == 0
    assert "an index that deep is a trap" in run.stderr
    assert len(newsroom.log) == 4  # robots.txt, and three indexes


def test_a_rebuild_that_cannot_read_a_page_replaces_nothing(tmp_path: Path) -> None:
    long = f"{HOST}/long"
    words = "<p>The lamp was lit at dusk, <b>as it was</b> every day, and the keeper wrote down the hour.</p>" * 8_000
    page = Answer(body=f"<title>The lamp</title><article>{words}</article>".encode())
    with Newsroom.for_pages({long: page, **URLS}) as newsroom:
        folder = crawl(tmp_path, "site", "-a", f"urls={','.join([long, *URLS])}", environment=newsroom.environment)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    hurried = ("-s", "EXTRACTION_TIMEOUT=0.01")  # the long page takes some fifty times as much
    run = scrapy("rebuild", folder, *hurried)
    assert run.returncode == 1
    assert "nothing was written anew" in run.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    run = scrapy("extract", folder, *hurried)
    assert run.returncode == 1
    assert f"pressmark: {long} (record <urn:uuid:" in run.stderr
    assert "no article is read, for it took more than 0.01 CPU seconds" in run.stderr
    assert long not in run.stdout


def test_a_missing_warc_file_is_told_by_its_name(tmp_path: Path) -> None:
    with Newsroom.for_pages(URLS) as newsroom:
        given = ("-a", f"urls={','.join(URLS)}", "-s", "WARC_MAX_SIZE=2000")
        folder = crawl(tmp_path, "site", *given, environment=newsroom.environment)
    gone = sorted(folder.glob("*.warc.gz"))[1]
    gone.unlink()
    for command, status in (("replay", 2), ("extract", 1), ("rebuild", 1)):
        run = scrapy(command, folder)
        assert (run.returncode, run.stderr.count("\n")) == (status, 1), run.stderr
        assert gone.name in run.stderr or "lacks a WARC file" in run.stderr


@pytest.mark.parametrize(
    "setting",
    [
        *("DOWNLOAD_DELAY=soon", "HOST_PATIENCE=-1", "ONLY_NEW=maybe", "EXTRACTION_PROCESSES=-1", "WARC_MAX_SIZE=1G"),
        *(
            "PROGRESS=maybe",
            "LOG_JSON=yes",
            "LOG_LEVEL=loud",
            "AUTOTHROTTLE_ENABLED=perhaps",
            "CONCURRENT_REQUESTS=few",
        ),
    ],
)
def test_a_setting_that_makes_no_sense_is_told(setting: str) -> None:
    run = scrapy("crawl", "dw", "-s", setting)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert setting in run.stderr


def test_what_a_crawls_own_settings_let_through_is_extracted_again(tmp_path: Path) -> None:
    url = next(iter(URLS))
    refreshing = URLS[url].replace(b"<head>", b'<head><meta http-equiv="refresh" content="1; url=/elsewhere">')
    with Newsroom.for_pages(
        {url: Answer(status=404, headers=(("Content-Type", "text/html"),), body=refreshing)}
    ) as newsroom:
        given = ("-a", f"urls={url}", "-s", "METAREFRESH_ENABLED=0", "-s", "HTTPERROR_ALLOW_ALL=1")
        folder = crawl(tmp_path, "site", *given, environment=newsroom.environment)
    run = scrapy("extract", folder)
    assert run.stdout == (folder / "articles.jsonl").read_text(encoding="utf-8") != ""
