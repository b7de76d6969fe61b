"""A replay is offline, proves what is the same, and tells what is not."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from newsroom.server import Newsroom
from tests.running import LOOPBACK, ROOT, crawl, scrapy

PAGE = """<!doctype html><html lang="en"><head><title>{title} | The Lamp</title></head><body><main><article>
<h1>{title}</h1>{paragraphs}</article></main></body></html>"""
SENTENCE = (
    "The lighthouse keepers of the northern coast met on Tuesday to agree on a common lamp, as they do each spring."
)


def page(title: str, words: str) -> bytes:
    paragraphs = "".join(f"<p>{SENTENCE} {words} {number}.</p>" for number in ("one", "two", "three", "four"))
    return PAGE.format(title=title, paragraphs=paragraphs).encode()


URLS = {
    f"https://www.lamp.test/2026/03/{day:02}/the-keepers-meet-for-day-{day}/": page(
        f"The keepers meet for day {day}", f"Day {day},"
    )
    for day in range(1, 5)
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Newsroom.for_pages(URLS) as newsroom:
        archive = tmp_path_factory.mktemp("archive")
        folder = crawl(archive, "site", "-a", f"urls={','.join(URLS)}", environment=newsroom.environment)
    assert len((folder / "articles.jsonl").read_text().splitlines()) == len(URLS)
    return folder


@pytest.fixture
def copy(recorded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(recorded, tmp_path / recorded.name))


def rewrite(folder: Path, before: bytes, after: bytes) -> None:
    """Rewrite words on the pages of a folder's WARC, into records that are valid in themselves."""
    (warc,) = folder.glob("*.warc.gz")
    rewritten = io.BytesIO()
    writer = WARCWriter(rewritten, gzip=True, warc_version="1.1")
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            record.raw_stream = io.BytesIO(record.raw_stream.read().replace(before, after))
            record.length = None
            for header in ("WARC-Block-Digest", "WARC-Payload-Digest", "Content-Length"):
                record.rec_headers.remove_header(header)
            writer.write_record(record)
    warc.write_bytes(rewritten.getvalue())


def test_a_replay_needs_no_network(recorded: Path) -> None:
    """Whatever connects or resolves a name ends the process at once."""
    guard = (
        "import os, sys\n"
        "def forbid(event, arguments):\n"
        "    if event in {'socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname'}:\n"
        "        os.write(2, f'{event} {arguments}'.encode()); os._exit(99)\n"
        "sys.addaudithook(forbid)\n"
        "from scrapy.cmdline import execute\n"
        f"execute(['scrapy', 'replay', {str(recorded)!r}])\n"
    )
    run = subprocess.run([sys.executable, "-c", guard], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "the same: 4 articles\n", "")


def test_a_command_that_starts_no_crawl_leaves_no_event_loop_behind(recorded: Path) -> None:
    told = ("-X", "dev", "-m", "scrapy", "resume", str(recorded))
    run = subprocess.run([sys.executable, *told], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "there is nothing to resume" in run.stdout
    assert "unclosed event loop" not in run.stderr


def test_a_page_that_was_rewritten_shows_field_by_field(copy: Path) -> None:
    rewrite(copy, b"a common lamp", b"a common bell")
    replay = scrapy("replay", copy)
    assert replay.returncode == 1
    assert "/2026/03/01/the-keepers-meet-for-day-1/: text: " in replay.stdout
    assert "common lamp" in replay.stdout
    assert "common bell" in replay.stdout


def test_an_article_that_was_altered_shows(copy: Path) -> None:
    lines = [json.loads(line) for line in (copy / "articles.jsonl").read_text().splitlines()]
    told, lines[1]["title"] = lines[1]["title"], "Something else"
    (copy / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    replay = scrapy("replay", copy)
    assert replay.returncode == 1
    assert f'"Something else" -> "{told}"' in replay.stdout


def test_damage_is_told_by_its_record(copy: Path) -> None:
    (warc,) = copy.glob("*.warc.gz")
    torn = bytearray(warc.read_bytes())
    torn[len(torn) // 2] ^= 1
    warc.write_bytes(torn)
    replay = scrapy("replay", copy)
    assert replay.returncode == 2
    assert replay.stderr.startswith(f"pressmark: {warc.name} is damaged at byte ")
    assert replay.stderr.count("\n") == 1


def test_articles_that_are_gone_are_no_difference(copy: Path) -> None:
    (copy / "articles.jsonl").unlink()
    run = scrapy("replay", copy)
    told = f"pressmark: {copy / 'articles.jsonl'} is missing; `scrapy rebuild {copy}` writes it anew\n"
    assert (run.returncode, run.stdout, run.stderr) == (2, "", told)


def test_a_request_that_was_not_archived_is_a_difference(copy: Path) -> None:
    manifest = json.loads((copy / "crawl.json").read_text())
    manifest["arguments"]["urls"].append("https://www.lamp.test/never-fetched/")
    (copy / "crawl.json").write_text(json.dumps(manifest))
    replay = scrapy("replay", copy)
    assert replay.returncode == 1
    assert "asked for, and not in the archive: https://www.lamp.test/never-fetched/" in replay.stdout


def test_what_nobody_asks_for_any_more_is_told(copy: Path) -> None:
    manifest = json.loads((copy / "crawl.json").read_text())
    dropped = manifest["arguments"]["urls"].pop(0)
    (copy / "crawl.json").write_text(json.dumps(manifest))
    replay = scrapy("replay", copy)
    assert replay.returncode == 1
    assert f"in the archive, and not asked for: GET {dropped}" in replay.stdout
    assert f"{dropped}: no longer an article" in replay.stdout


@pytest.mark.parametrize("setting", ["USER_AGENT=other", "ROBOTSTXT_OBEY=0", "DOWNLOAD_MAXSIZE=10"])
def test_what_shapes_the_result_cannot_be_overridden(recorded: Path, setting: str) -> None:
    replay = scrapy("replay", recorded, "-s", setting)
    assert replay.returncode == 2
    assert "shapes the result" in replay.stderr


@pytest.mark.parametrize("settings", [("LOG_LEVEL=ERROR",), ("EXTRACTION_PROCESSES=0",), ("EXTRACTION_PROCESSES=2",)])
def test_what_cannot_shape_the_result_can_be_overridden(recorded: Path, settings: tuple[str, ...]) -> None:
    options = [part for setting in settings for part in ("-s", setting)]
    assert scrapy("replay", recorded, *options).returncode == 0


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "America/Los_Angeles", "LANG": "de_DE.UTF-8"},
    ],
)
def test_hash_seed_time_zone_and_locale_make_no_difference(recorded: Path, environment: dict[str, str]) -> None:
    assert scrapy("replay", recorded, environment=environment).returncode == 0


def test_an_interrupted_crawls_unasked_pages_are_no_difference(tmp_path: Path) -> None:
    with Newsroom.for_pages(URLS) as newsroom:
        archive = (
            "-s",
            f"ARCHIVE_DIR={tmp_path}",
            *LOOPBACK,
            "-s",
            "CLOSESPIDER_PAGECOUNT=2",
            "-s",
            "CONCURRENT_REQUESTS=1",
        )
        scrapy("crawl", "site", "-a", f"urls={','.join(URLS)}", *archive, environment=newsroom.environment)
    (folder,) = tmp_path.glob("crawls/site/*")
    assert json.loads((folder / "crawl.json").read_text())["status"] == "closespider_pagecount"
    replay = scrapy("replay", folder)
    assert replay.returncode == 0, replay.stdout


def test_a_crawl_may_refer_to_an_earlier_one_when_asked(tmp_path: Path) -> None:
    with Newsroom.for_pages(URLS) as newsroom:
        first = crawl(tmp_path, "site", "-a", f"urls={','.join(URLS)}", environment=newsroom.environment)
        asked = ("-a", f"urls={','.join(URLS)}", "-s", "REVISIT_ACROSS_CRAWLS=1")
        second = crawl(tmp_path, "site", *asked, environment=newsroom.environment)
    manifest = json.loads((second / "crawl.json").read_text())
    assert manifest["needs"] == [f"../{first.name}"]
    assert (second / "index.cdxj").read_text().count("warc/revisit") == len(URLS)
    assert scrapy("verify", second).returncode == 0
    assert scrapy("replay", second).returncode == 0
    # Sorted: articles stand in the order in which their pages arrived.
    texts = [sorted(json.loads(line)["text"] for line in (one / "articles.jsonl").open()) for one in (first, second)]
    assert texts[0] == texts[1]
    first.rename(tmp_path / "elsewhere")
    assert scrapy("verify", second).returncode == 1
    replay = scrapy("replay", second)
    assert replay.returncode == 2
    assert first.name in replay.stderr
