"""A catalogue of PostgreSQL's that is damaged, out of reach or full: one clear line, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.catalogue import Catalogue, rebuild
from catalogue.errors import CatalogueError, CatalogueMissing, CatalogueUnreachable, CatalogueUnreadable
from catalogue.holdings import missing
from catalogue.search import Wanted, search
from crawler.arguments import WrongArgument
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.archives import HOUR, content_of, told, visited
from tests.postgres import PASSWORD, Server, run, server
from tests.running import LOOPBACK, crawl, scrapy
from tests.samples import NOON
from tests.test_due import FEED, HOST
from tests.test_replay import URLS

A = "https://news.test/a"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    visited(tmp_path, {A: told("Gulls.")})
    return tmp_path


def ask(root: Path, url: str) -> None:
    with Catalogue.open(root, url) as catalogue:
        catalogue.catch_up()
        catalogue.known("gazette", [A])
        list(search(catalogue, Wanted(words="gulls")))


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE pressmark.pages",
        "DROP TABLE pressmark.about",
        "DROP TABLE pressmark.words",
        "ALTER TABLE pressmark.crawls DROP COLUMN digest",
        "UPDATE pressmark.about SET value = 'pressmark catalogue 1' WHERE name = 'format'",
        "UPDATE pressmark.about SET value = 'x' WHERE name = 'signature'",
    ],
)
def test_a_catalogue_that_cannot_be_read_is_refused_and_can_be_rebuilt(archive: Path, base: str, damage: str) -> None:
    rebuild(archive, base)
    whole = content_of(archive, base)
    run(base, damage)
    with pytest.raises(CatalogueUnreadable, match="`scrapy catalogue rebuild` writes it anew") as caught:
        ask(archive, base)
    assert "\n" not in str(caught.value)
    assert rebuild(archive, base) == []
    assert content_of(archive, base) == whole


def catalogue(url: str, *arguments: str, root: Path, expect: int = 1) -> str:
    """The one line of a complaint of `scrapy catalogue`."""
    options = ("-s", f"ARCHIVE_DIR={root}")
    told_by = scrapy("catalogue", *arguments, *options, environment={"PRESSMARK_CATALOGUE_URL": url})
    assert told_by.returncode == expect, told_by.stdout + told_by.stderr
    assert PASSWORD not in told_by.stdout + told_by.stderr
    if expect:
        assert told_by.stderr.count("\n") == 1, told_by.stderr
    return told_by.stdout + told_by.stderr


def complaint(root: Path, url: str) -> str:
    """The one line that is told where a catalogue cannot be used."""
    with pytest.raises(CatalogueError) as caught:
        ask(root, url)
    told_by = str(caught.value)
    assert PASSWORD not in told_by
    assert "\n" not in told_by
    return told_by


def test_a_server_that_cannot_be_reached_is_told(archive: Path, postgres: Server, base: str) -> None:
    nobody = base.replace(f":{postgres.port}/", ":9/")
    assert "start its server, or mend CATALOGUE_URL" in catalogue(nobody, root=archive)
    assert "password authentication failed" in complaint(archive, base.replace(PASSWORD, "wrong"))
    assert 'database "nowhere" does not exist' in complaint(archive, postgres.url("nowhere"))
    with pytest.raises(CatalogueMissing, match="there is none in"):
        Catalogue.open(archive, base, create=False)
    told_by = catalogue(base, "rebuild", root=archive, expect=0)
    assert f"postgresql://pressmark@127.0.0.1:{postgres.port}/" in told_by
    assert "1 articles" in told_by


@pytest.mark.parametrize("url", ["data", "postgresql://", "mysql://user@host/archive", "sqlite://"])
def test_a_url_of_no_database_is_told(archive: Path, url: str) -> None:
    with pytest.raises(WrongArgument, match="CATALOGUE_URL is no URL of a database"):
        Catalogue.open(archive, url)


def test_a_url_that_makes_no_sense_is_not_shown(archive: Path) -> None:
    url = f"postgresql://user:{PASSWORD}@host:port/base"
    assert "CATALOGUE_URL is no URL of a database" in catalogue(url, root=archive, expect=2)


def test_sqlite_may_lie_elsewhere(archive: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/elsewhere/my.sqlite"
    rebuild(archive, url)
    ask(archive, url)
    assert not (archive / "catalogue.sqlite").exists()


def test_who_may_only_read_reads_and_is_told_so(archive: Path, postgres: Server, base: str) -> None:
    run(
        base,
        f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'",
        "ALTER DEFAULT PRIVILEGES FOR ROLE pressmark GRANT USAGE ON SCHEMAS TO reader",
        "ALTER DEFAULT PRIVILEGES FOR ROLE pressmark GRANT SELECT ON TABLES TO reader",
    )
    rebuild(archive, base)
    rebuild(archive, base)
    reader = base.replace("pressmark:", "reader:")
    try:
        assert len(content_of(archive, reader)) > 5
        with pytest.raises(CatalogueError, match="grant it that"):
            rebuild(archive, reader)
        visited(archive, {A: told("Terns.")}, NOON + HOUR)
        assert "permission denied" in complaint(archive, reader)
        run(base, "REVOKE ALL ON ALL TABLES IN SCHEMA pressmark FROM reader")
        assert "grant it that" in complaint(archive, reader)
    finally:
        run(base, "DROP OWNED BY reader", "DROP ROLE reader")


def test_a_database_of_another_encoding_is_told(archive: Path, postgres: Server) -> None:
    postgres.run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    assert "make a database WITH ENCODING 'UTF8'" in complaint(archive, postgres.url("latin"))


def test_a_database_that_may_only_be_read_is_told(archive: Path, base: str) -> None:
    rebuild(archive, base)
    folder = visited(archive, {A: told("Terns.")}, NOON + HOUR)
    name = base.rpartition("/")[2]
    run(base, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "name the primary server" in complaint(archive, base)
    with Catalogue.open(archive, base) as read:
        assert [folder for folder, _ in missing(read)] == [folder]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom.for_pages({f"{HOST}/feed.xml": FEED, **URLS}) as newsroom:
        yield newsroom


class Stopping:
    """A feed that is answered when the server of the catalogue is gone."""

    def __init__(self, started: Server) -> None:
        self._started = started

    def __call__(self, request: object) -> Answer:  # noqa: ARG002
        self._started.stop()
        return FEED


def test_a_server_that_goes_away_is_no_trouble_between_questions_and_stops_a_crawl_that_asks(tmp_path: Path) -> None:
    with server() as started:
        url = started.new()
        visited(tmp_path, {A: told("Gulls.")})
        with Catalogue.open(tmp_path, url) as catalogue:
            catalogue.catch_up()
            started.stop()
            with pytest.raises(CatalogueUnreachable, match="start its server"):
                catalogue.known("gazette", [A])
            started.start()
            assert catalogue.known("gazette", [A])
        with Newsroom.for_pages({f"{HOST}/feed.xml": Stopping(started), **URLS}) as newsroom:
            options = ("-a", f"start={HOST}/feed.xml", "-s", f"CATALOGUE_URL={url}")
            folder = crawl(tmp_path, "site", *options, environment=newsroom.environment, expect=1)
        assert json.loads((folder / "crawl.json").read_text())["status"] == "interrupted"
        started.start()
        with Newsroom.for_pages({f"{HOST}/feed.xml": FEED, **URLS}) as newsroom:
            resumed = scrapy("resume", folder, *options[2:], *LOOPBACK, environment=newsroom.environment)
        assert resumed.returncode == 0, resumed.stderr
        assert len((folder / "articles.jsonl").read_text().splitlines()) == len(URLS)


def test_no_password_is_recorded(tmp_path: Path, base: str, newsroom: Newsroom) -> None:
    environment = {**newsroom.environment, "PRESSMARK_CATALOGUE_URL": base}
    folder = crawl(tmp_path, "site", "-a", f"start={HOST}/feed.xml", environment=environment)
    for path in folder.iterdir():
        data = path.read_bytes()
        if path.name.endswith(".gz"):
            data = subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout
        assert PASSWORD.encode() not in data


@pytest.mark.drill
def test_a_server_whose_disk_is_full_is_told_and_nothing_is_lost(archive: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    with server() as started:
        small = started.folder / "small"
        small.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=12m,mode=700,uid=65534,gid=65534", "tmpfs", str(small)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("no disk may be mounted here")
        try:
            started.run(f"CREATE TABLESPACE small LOCATION '{small}'", "CREATE DATABASE full_one TABLESPACE small")
            url = started.url("full_one")
            rebuild(archive, url)
            whole = content_of(archive, url)
            words = " ".join(f"{number:x}" for number in range(400_000))
            folder = visited(archive, {f"{A}{number}": told(words[number:]) for number in range(9)}, NOON + HOUR)
            with (
                Catalogue.open(archive, url) as catalogue,
                pytest.raises(CatalogueError, match="make room at the server"),
            ):
                catalogue.add(folder)
            assert content_of(archive, url) == whole
        finally:
            started.run("DROP DATABASE IF EXISTS full_one WITH (FORCE)", "DROP TABLESPACE IF EXISTS small")
            subprocess.run(["umount", str(small)], check=True)
