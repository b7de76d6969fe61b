"""Articles are found by what people ask for, each in its newest version, in the order that was asked for."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalogue.catalogue import Catalogue, rebuild
from catalogue.errors import WrongQuery
from catalogue.search import Wanted, search
from crawler.article import Article
from tests.archives import DAY, told, visited
from tests.running import ROOT, scrapy
from tests.samples import NOON
from tests.test_extract import rows_of

URLS = [f"https://news.test/{name}" for name in "abcdef"]
A, B, C, D, E, F = URLS


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("archive")
    old = {A: told("Gulls left the pier.", published="2026-02-28T23:30:00-05:00")}
    visited(root, old)
    words = {
        A: told("Gulls return to the pier.", published="2026-02-28T23:30:00-05:00", authors=("Ada Quill", "Bo Marsh")),
        B: told(
            "The café doesn't open; AT&T said so.", published="2026-02-28", agencies=("AP", "AFP"), language="en-GB"
        ),
        C: told("Die Möwen kehren zurück.", published="2026-03-01T00:30:00+02:00", language="de"),
        D: told(
            "No date on this one. Ferry pier.", authors=("Ada Marsh",), language="de-AT", lead="No date\non this one."
        ),
        E: told("渡輪明日開出", title=None, published="2026-02-28", language="zh", captions=("One", "Two")),
        F: told("Half a \ud83d pair, gulls and ferry.", published="9999-12-31T23:59:00-12:00", tags=("t",)),
    }
    visited(root, words, NOON + DAY)
    visited(root, {A: told("Another paper.")}, NOON, outlet="courier")
    assert rebuild(root) == []
    return root


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(archive: Path, request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("postgres").new()
    assert rebuild(archive, url) == []
    return url


def found(root: Path, url: str | None, order: str = "published", **wanted: Any) -> list[str]:
    with Catalogue.open(root, url) as catalogue:
        articles = [held.article for held in search(catalogue, Wanted(outlet="gazette", **wanted), order)]
    return [article.url[-1] for article in articles]


def test_articles_come_by_date_and_url_unless_asked_otherwise(archive: Path, url: str | None) -> None:
    assert found(archive, url) == ["b", "e", "c", "a", "d", "f"]
    assert found(archive, url, "url") == list("abcdef")
    assert found(archive, url, "captured") == list("abcdef")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pier", "ad"),
        ("PIER gulls", "a"),
        ("gull", ""),
        ("left", ""),  # in an older version alone
        ("mowen", "c"),
        ("café", "b"),
        ("doesn't AT&T", "b"),
        ('"return to the"', "a"),
        ("gulls NOT ferry", "a"),
        ("(gulls OR ferry) NOT pier", "f"),
        ("pie*", "ad"),
        ("NEAR(gulls pier, 5)", "a"),
        ("渡輪*", "e"),
        ("title : gulls", "af"),
        ("quill", ""),  # an author, and no word
        ("", ""),
    ],
)
def test_words_are_whole_and_all_of_them_must_be_there(
    archive: Path, url: str | None, words: str, expected: str
) -> None:
    assert sorted(found(archive, url, words=words)) == list(expected)


@pytest.mark.parametrize("words", ['"open', "AND", "a AND", "(a", "a ^", "NEAR(", "nothing : x", "*"])
def test_a_query_that_is_none_is_told(archive: Path, url: str | None, words: str) -> None:
    with Catalogue.open(archive, url) as catalogue, pytest.raises(WrongQuery, match="no full-text query"):
        search(catalogue, Wanted(words=words))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"author": "ada quill"}, "a"),
        ({"author": "Marsh"}, "ad"),
        ({"author": "quill bo"}, ""),
        ({"agency": "AP"}, "b"),
        ({"agency": "AP", "words": "cafe"}, "b"),
        ({"language": "de"}, "cd"),
        ({"language": "DE-at"}, "d"),
        ({"language": "e"}, ""),
        ({"since": date(2026, 3, 1)}, "cdf"),
        ({"until": date(2026, 2, 28)}, "abe"),
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 2)}, "d"),
        ({"since": date(9999, 12, 31)}, "f"),
    ],
)
def test_articles_are_chosen_by_what_they_say_of_themselves(
    archive: Path, url: str | None, wanted: dict[str, Any], expected: str
) -> None:
    assert sorted(found(archive, url, **wanted)) == list(expected)


def test_each_article_is_the_one_that_its_folder_holds(archive: Path, url: str | None) -> None:
    environment = {"PRESSMARK_CATALOGUE_URL": url or ""}
    run = scrapy("articles", "--outlet", "gazette", "-s", f"ARCHIVE_DIR={archive}", environment=environment)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    (folder,) = archive.glob("crawls/gazette/20260302T*")
    assert sorted(lines) == sorted((folder / "articles.jsonl").read_text(encoding="utf-8").splitlines())
    assert [json.loads(line)["url"][-1] for line in lines] == ["b", "e", "c", "a", "d", "f"]


def test_articles_are_written_as_asked(archive: Path, tmp_path: Path) -> None:
    options = ("-s", f"ARCHIVE_DIR={archive}", "--until", "2026-03-31")
    for name in ("a.csv", "a.parquet", "a.jsonl"):
        assert scrapy("articles", "-o", tmp_path / name, *options).returncode == 0
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 6
    assert rows_of(tmp_path / "a.parquet") == lines
    assert scrapy("articles", "-o", tmp_path / "all.csv", *options[:2]).returncode == 0
    assert "Half a ? pair" in (tmp_path / "all.csv").read_text(encoding="utf-8")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [list(row) for row in rows] == [list(line) for line in lines]
    assert [row["text"] for row in rows] == [line["text"] for line in lines]
    assert next(row["captions"] for row in rows if row["url"] == E) == "One | Two"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "articles.txt"], "articles.txt"),
        (["--format", "parquet"], "name one with -o"),
        (["--since", "yesterday"], "--since=yesterday is no date"),
        (["--words", '"open'], "no full-text query"),
        (["gulls"], "words go with --words"),
        (["--groups", "--format", "csv"], "one group a line"),
        (["-o", "/nowhere/a.csv"], "/nowhere/a.csv cannot be written"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_one_line(archive: Path, arguments: list[str], says: str) -> None:
    run = scrapy("articles", *arguments, "-s", f"ARCHIVE_DIR={archive}")
    assert run.returncode == 2
    assert says in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_wrong_query_overwrites_nothing(archive: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.csv"
    kept.write_text("kept")
    assert scrapy("articles", "--words", "a AND", "-o", kept, "-s", f"ARCHIVE_DIR={archive}").returncode == 2
    assert kept.read_text() == "kept"


def test_many_articles_keep_their_order(tmp_path: Path) -> None:
    words = {
        f"https://news.test/{number:04}": told(
            f"Story {number}.", published=str(date(2026, 1, 1) + timedelta(number % 7))
        )
        for number in range(1200)
    }
    visited(tmp_path, words)
    rebuild(tmp_path)
    with Catalogue.open(tmp_path) as catalogue:
        articles = [held.article for held in search(catalogue, Wanted())]
    assert len(articles) == 1200
    assert all(isinstance(article, Article) for article in articles)
    assert [(one.published, one.url) for one in articles] == sorted((one.published, one.url) for one in articles)


def test_what_crawls_have_found_since_is_there_without_a_word(archive: Path, tmp_path: Path) -> None:
    """A crawl by hand adds nothing to the catalogue: whoever asks it next does."""
    shutil.copytree(archive / "crawls", tmp_path / "crawls")
    run = scrapy("articles", "-s", f"ARCHIVE_DIR={tmp_path}")
    assert (run.returncode, run.stderr, run.stdout.count("\n")) == (0, "", 7)
    visited(tmp_path, {A: told("A newer word.")}, NOON + 3 * DAY)
    assert "A newer word." in scrapy("articles", "--outlet", "gazette", "-s", f"ARCHIVE_DIR={tmp_path}").stdout
    assert "newer word" in scrapy("history", A, "-s", f"ARCHIVE_DIR={tmp_path}").stdout
    (folder,) = tmp_path.glob("crawls/courier/*")
    (folder / "articles.jsonl").write_text("{}\n")
    (folder / "crawl.json").write_text((folder / "crawl.json").read_text() + " ")
    run = scrapy("articles", "-s", f"ARCHIVE_DIR={tmp_path}")
    assert run.returncode == 0
    assert run.stderr.startswith("pressmark: not in the catalogue: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has such a device")
@pytest.mark.parametrize("arguments", [["articles"], ["history", A]])
def test_a_full_disk_behind_standard_output_is_told_and_the_catalogue_is_not_blamed(
    archive: Path, arguments: list[str]
) -> None:
    command = [sys.executable, "-m", "scrapy", *arguments, "-s", f"ARCHIVE_DIR={archive}"]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode != 0
    assert "No space left on device" in run.stderr
    assert "damaged" not in run.stderr


@pytest.mark.parametrize("coding", ["ascii", "latin-1"])
def test_what_is_written_is_utf_8_whatever_the_terminal_is(archive: Path, coding: str) -> None:
    command = [sys.executable, "-m", "scrapy", "articles", "-s", f"ARCHIVE_DIR={archive}"]
    environment = {**os.environ, "PYTHONIOENCODING": coding, "PYTHONUTF8": "0"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b"")
    assert "渡輪明日開出" in run.stdout.decode()


def test_an_interrupted_command_says_in_one_line_what_is_not_whole(tmp_path: Path) -> None:
    visited(tmp_path, {A: told("Gulls. " * 40_000)})  # more than a pipe holds
    os.mkfifo(pipe := tmp_path / "pipe.jsonl")
    command = [sys.executable, "-m", "scrapy", "articles", "-o", str(pipe), "-s", f"ARCHIVE_DIR={tmp_path}"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    with pipe.open("rb", buffering=0) as reader:
        assert reader.read(1)  # the command is in the middle of writing, and waits for somebody to read more
        process.send_signal(signal.SIGINT)
        reader.readall()
        complaint = process.communicate(timeout=60)[1]
    assert (process.returncode, complaint) == (130, f"pressmark: interrupted; {pipe} is not whole\n")
