"""A catalogue, or a folder to be added, that is damaged, strange, locked, written by many at once: one clear line."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from archive.errors import ArchiveError, CrawlNotFound
from catalogue.catalogue import Catalogue, rebuild
from catalogue.errors import CatalogueBusy, CatalogueError, CatalogueMissing, CatalogueUnreadable, CatalogueUnwritable
from catalogue.search import Wanted, search
from tests.archives import HOUR, asked, told, visit, visited
from tests.running import ROOT, scrapy
from tests.samples import NOON

A = "https://news.test/a"
FILE = "catalogue.sqlite"


def ask(root: Path) -> None:
    with Catalogue.open(root) as catalogue:
        catalogue.catch_up()
        catalogue.known("gazette", [A])
        list(search(catalogue, Wanted(words="gulls")))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"this is no database at all" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(path.read_bytes()[:4096] + bytes(len(path.read_bytes()) - 4096)),
        lambda path: sqlite3.connect(path).executescript("DROP TABLE pages"),
        lambda path: sqlite3.connect(path).executescript("UPDATE about SET value = 'pressmark catalogue 9'"),
        lambda path: sqlite3.connect(path).executescript("UPDATE about SET value = 'x' WHERE name = 'signature'"),
        lambda path: sqlite3.connect(path).executescript("DROP TABLE about"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_refused_and_can_be_rebuilt(tmp_path: Path, damage: object) -> None:
    visited(tmp_path, {A: told("Gulls.")})
    rebuild(tmp_path)
    with Catalogue.open(tmp_path) as catalogue:
        whole = list(catalogue.dump())
    damage(tmp_path / FILE)  # type: ignore[operator]
    with pytest.raises(CatalogueUnreadable, match="`scrapy catalogue rebuild` writes it anew") as caught:
        ask(tmp_path)
    assert "\n" not in str(caught.value)
    assert rebuild(tmp_path) == []
    with Catalogue.open(tmp_path) as catalogue:
        assert list(catalogue.dump()) == whole


def test_an_empty_file_becomes_a_catalogue(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    ask(tmp_path)


def test_a_catalogue_that_is_written_for_too_long_is_told(tmp_path: Path) -> None:
    folder = visited(tmp_path, {A: told("Gulls.")})
    with Catalogue.open(tmp_path, patience=0.1) as catalogue:
        other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueBusy, match="being written by another process"):
            catalogue.add(folder)
        assert catalogue.known("gazette", [A]) == {}  # readers do not wait
        other.execute("ROLLBACK")
        other.close()
        assert catalogue.add(folder)


def test_a_catalogue_in_use_is_not_replaced(tmp_path: Path) -> None:
    visited(tmp_path, {A: told("Gulls.")})
    with Catalogue.open(tmp_path) as catalogue:
        with pytest.raises(CatalogueBusy, match="in use by another process"):
            rebuild(tmp_path, patience=0.1)
        catalogue.catch_up()
        assert catalogue.known("gazette", [A])
    rebuild(tmp_path, patience=0.1)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [FILE, f"{FILE}.lock", "crawls"]


def catch_up(root: Path) -> None:
    with Catalogue.open(root) as catalogue:
        assert catalogue.catch_up() == []


def test_many_processes_may_add_at_once(tmp_path: Path) -> None:
    for number in range(12):
        visited(tmp_path, {A: told(f"Gulls {number}.")}, NOON + number * HOUR)
    rebuild(tmp_path)
    with Catalogue.open(tmp_path) as catalogue:
        whole = list(catalogue.dump())
    (tmp_path / FILE).unlink()
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=catch_up, args=(tmp_path,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    with Catalogue.open(tmp_path) as catalogue:
        assert list(catalogue.dump()) == whole


KILLED = """
import os, sys
from pathlib import Path
from catalogue import adding
from catalogue.catalogue import Catalogue
real = adding.derive_articles
def die(*arguments):
    real(*arguments)
    os.kill(os.getpid(), 9)
adding.derive_articles = die
with Catalogue.open(Path(sys.argv[1])) as catalogue:
    catalogue.catch_up()
"""


def test_a_kill_while_adding_leaves_all_or_nothing(tmp_path: Path) -> None:
    visited(tmp_path, {A: told("Gulls.")})
    run = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, check=False, capture_output=True)
    assert run.returncode == -9
    with Catalogue.open(tmp_path) as catalogue:
        assert catalogue.visits("gazette", 1) == []
        assert catalogue.catch_up() == []
        assert catalogue.known("gazette", [A])


def test_without_a_catalogue_or_a_place_for_it_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing, match="`scrapy catalogue rebuild` makes one"):
        Catalogue.open(tmp_path, create=False)
    (tmp_path / "file").touch()
    with pytest.raises(CatalogueUnwritable, match="cannot be made"):
        Catalogue.open(tmp_path / "file" / "archive")
    (tmp_path / FILE).mkdir()
    with pytest.raises(CatalogueError):
        Catalogue.open(tmp_path)


READING = """
import os, sys
from pathlib import Path
from catalogue.catalogue import Catalogue
from catalogue.search import Wanted, search
root = Path(sys.argv[1])
if os.geteuid() == 0:  # nothing is read-only to root
    os.setresuid(65534, 65534, 65534)
with Catalogue.open(root) as catalogue:
    print([held.article.url for held in search(catalogue, Wanted())])
    try:
        catalogue.catch_up()
    except Exception as error:
        print(type(error).__name__, error)
"""


def test_an_archive_that_cannot_be_written_to_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "archive"
        visited(root, {A: told("Gulls.")})
        rebuild(root)
        visited(root, {A: told("Terns.")}, NOON + HOUR)
        root.chmod(0o555)
        Path(folder).chmod(0o755)
        run = [sys.executable, "-c", READING, str(root)]
        told_by = subprocess.run(run, cwd=ROOT, check=False, capture_output=True, text=True)
        root.chmod(0o755)
    lines = told_by.stdout.splitlines()
    assert lines[0] == f"['{A}']", told_by.stderr
    assert lines[1].startswith("CatalogueUnwritable")
    assert "cannot be written to" in lines[1]


def catalogue(root: Path, *arguments: str, expect: int) -> str:
    run = scrapy("catalogue", *arguments, "-s", f"ARCHIVE_DIR={root}")
    assert run.returncode == expect, run.stdout + run.stderr
    return run.stdout + run.stderr


def test_the_command_says_what_is_in_it_and_what_is_missing(tmp_path: Path) -> None:
    assert "makes one" in catalogue(tmp_path, expect=1)
    visited(tmp_path, {A: told("Gulls.")})
    visited(tmp_path, {A: told("Terns.")}, NOON + HOUR)
    told_by = catalogue(tmp_path, "rebuild", expect=0)
    for line in (
        "2 crawls, the newest of 2026-03-01 13:05:00 UTC",
        "1 articles",
        "2 versions",
        "2 captures",
        "1 pages",
    ):
        assert line in told_by
    assert catalogue(tmp_path, expect=0) == told_by
    folder = visit(tmp_path, NOON + 2 * HOUR, [asked(A)])
    assert "3 crawls" in catalogue(tmp_path, expect=0)  # it has been added
    (folder / "index.cdxj").write_text("x")
    told_by = catalogue(tmp_path, "rebuild", expect=1)
    assert f"pressmark: not in the catalogue: {folder / 'index.cdxj'} is damaged" in told_by
    shutil.rmtree(folder)
    catalogue(tmp_path, "rebuild", expect=0)
    assert "takes nothing, or the word rebuild" in catalogue(tmp_path, "mend", expect=2)
    assert "there is no archive" in catalogue(tmp_path / "nowhere", "rebuild", expect=2)
    (tmp_path / FILE).write_bytes(b"x" * 5000)
    assert "`scrapy catalogue rebuild` writes it anew" in catalogue(tmp_path, expect=1)


def test_a_folder_elsewhere_is_none_of_this_archive(tmp_path: Path) -> None:
    folder = visit(tmp_path / "other", NOON, [asked(A)])
    with Catalogue.open(tmp_path / "this") as catalogue:
        with pytest.raises(CrawlNotFound, match="is no crawl folder of the archive"):
            catalogue.add(folder)
        with pytest.raises(CrawlNotFound):
            catalogue.add(tmp_path / "this" / "crawls" / "gazette" / "nothing")


def test_damaged_folders_are_named_and_the_others_added(tmp_path: Path) -> None:
    folders = [visited(tmp_path, {A: told("Gulls.")}, NOON + number * HOUR) for number in range(8)]
    (folders[0] / "crawl.json").write_text('{"format": "pressmark crawl 9"}')
    (folders[1] / "articles.jsonl").write_bytes((folders[1] / "articles.jsonl").read_bytes()[:-20])
    whole = (folders[2] / "articles.jsonl").read_text()
    (folders[2] / "articles.jsonl").write_text(whole.replace('"text"', '"texx"'))
    (folders[3] / "index.cdxj").write_text("no index at all\n")
    next(folders[4].glob("*.warc.gz")).unlink()
    warc = next(folders[5].glob("*.warc.gz"))
    warc.write_bytes(warc.read_bytes()[:-30])
    (folders[6] / "index.cdxj").unlink()  # this can be done without
    complaints = rebuild(tmp_path)
    assert len(complaints) == 6
    for complaint, words in zip(
        complaints, ("format", "articles.jsonl", "no article", "index.cdxj", "missing", "damaged"), strict=True
    ):
        assert words in complaint, complaint
        assert "\n" not in complaint
    with Catalogue.open(tmp_path) as catalogue:
        assert [one.folder for one in catalogue.visits("gazette", 10)] == [folders[7], folders[6]]


@pytest.mark.parametrize(
    ("captured", "says"), [("yesterday", "no WARC-Date"), ("2026-99-01T00:00:00Z", "month"), (None, "no article")]
)
def test_an_article_that_was_tampered_with_is_told(tmp_path: Path, captured: str | None, says: str) -> None:
    folder = visited(tmp_path, {A: told("Gulls.")})
    line = json.loads((folder / "articles.jsonl").read_text())
    text = json.dumps({**line, "captured": captured}) + "\n"
    (folder / "articles.jsonl").write_text(text)
    manifest = json.loads((folder / "crawl.json").read_text())
    manifest["files"]["articles.jsonl"]["size"] = len(text)
    (folder / "crawl.json").write_text(json.dumps(manifest))
    with Catalogue.open(tmp_path) as catalogue, pytest.raises(ArchiveError, match=says):
        catalogue.add(folder)
