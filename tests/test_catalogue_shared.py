"""A catalogue of PostgreSQL's is read, added to and rebuilt by many at once, and each finds it whole."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from catalogue.catalogue import Catalogue, rebuild
from catalogue.errors import CatalogueBusy
from catalogue.search import Wanted, search
from tests.archives import HOUR, content_of, told, visited
from tests.postgres import Server, run
from tests.running import ROOT
from tests.samples import NOON

A = "https://news.test/a"
REBUILDING = """
import os, sys
from pathlib import Path
from catalogue.catalogue import Catalogue, rebuild
real = Catalogue.add
def add(self, folder):
    added = real(self, folder)
    print("added", flush=True)
    sys.stdin.readline()
    return added
Catalogue.add = add
print(rebuild(Path(sys.argv[1]), sys.argv[2], patience=0.5), flush=True)
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    visited(tmp_path, {A: told("Gulls.")})
    return tmp_path


def test_a_reader_sees_one_catalogue_while_another_takes_its_place(archive: Path, base: str) -> None:
    rebuild(archive, base)
    with Catalogue.open(archive, base) as catalogue:
        found = search(catalogue, Wanted())
        assert next(found).article.url == A
        with pytest.raises(CatalogueBusy, match="try again when that has ended"):
            rebuild(archive, base, patience=0.1)
        assert list(found) == []
        with catalogue.reading(), pytest.raises(CatalogueBusy):  # before its first question, too
            rebuild(archive, base, patience=0.1)
        visited(archive, {A: told("Terns.")}, NOON + HOUR)
        assert rebuild(archive, base) == []  # whoever has it open, and does not read right now, is no hindrance
        assert catalogue.known("gazette", [A])[A].last > NOON + HOUR
    assert run(base, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pressmark%'") == [("pressmark",)]


def rebuilding(root: Path, url: str) -> subprocess.Popen[str]:
    """A rebuild that waits after the first folder."""
    begun = subprocess.Popen(
        [sys.executable, "-c", REBUILDING, str(root), url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert begun.stdout is not None
    assert begun.stdout.readline() == "added\n"
    return begun


def test_while_it_is_rebuilt_the_old_one_is_read_and_added_to(archive: Path, base: str) -> None:
    rebuild(archive, base)
    begun = rebuilding(archive, base)
    folder = visited(archive, {A: told("Terns.")}, NOON + HOUR)
    with Catalogue.open(archive, base) as catalogue:
        assert catalogue.known("gazette", [A])[A].last < NOON + HOUR
        assert catalogue.add(folder)
    with pytest.raises(CatalogueBusy, match="the rebuild of the catalogue"):
        rebuild(archive, base, patience=0.1)
    assert begun.communicate("\n", timeout=60)[0] == "[]\n"
    with Catalogue.open(archive, base) as catalogue:
        catalogue.catch_up()  # what was added meanwhile was added to the old one
    added = content_of(archive, base)
    rebuild(archive, base)
    assert content_of(archive, base) == added


def test_a_rebuild_that_is_killed_leaves_the_old_one(archive: Path, base: str) -> None:
    rebuild(archive, base)
    whole = content_of(archive, base)
    begun = rebuilding(archive, base)
    begun.kill()
    begun.communicate()
    assert content_of(archive, base) == whole
    assert rebuild(archive, base) == []
    assert content_of(archive, base) == whole
    assert run(base, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pressmark%'") == [("pressmark",)]


def catch_up(root: Path, url: str) -> None:
    with Catalogue.open(root, url) as catalogue:
        assert catalogue.catch_up() == []


def test_many_processes_may_make_it_and_add_at_once(archive: Path, base: str, postgres: Server) -> None:
    for number in range(1, 8):
        visited(archive, {A: told(f"Gulls {number}.")}, NOON + number * HOUR)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=catch_up, args=(archive, base)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 3
    other = postgres.new()
    rebuild(archive, other)
    assert content_of(archive, base) == content_of(archive, other)


def test_who_waits_too_long_to_write_is_told(archive: Path, base: str) -> None:
    with Catalogue.open(archive, base, patience=0.1) as catalogue, psycopg.connect(base) as other:
        other.execute("LOCK TABLE pressmark.about IN EXCLUSIVE MODE")
        with pytest.raises(CatalogueBusy, match="in use by another process"):
            catalogue.catch_up()
        assert catalogue.known("gazette", [A]) == {}  # readers do not wait
        other.rollback()
        assert catalogue.catch_up() == []
        assert catalogue.known("gazette", [A])
