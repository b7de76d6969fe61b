"""Data sets of Parquet hold what the crawl folders hold, value by value, and only ever whole files."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from archive.crawl import Crawl
from archive.growing import lock
from archive.record import read_date
from catalogue.export import Chosen, Exported, export
from crawler.parquet import ARTICLES, CAPTURES, VERSION
from tests.archives import DAY, FEED, HOUR, asked, listed, told, visit, write
from tests.running import ROOT, scrapy
from tests.samples import NOON

A, B, C = (f"https://news.test/{name}" for name in "abc")
DATES = ("published", "modified")


def archive(root: Path) -> Path:
    """Crawls of three outlets: articles with and without dates, errors, a page that comes again, half a sign."""
    words = {
        A: told("Gulls return.", published="2026-02-27T23:30:00-05:00", authors=["Ada Morrow", "Bo Lind"], tags=["x"]),
        B: told("Half a \ud83d pair.", published="2026-02-28", modified="2026-03-01T08:00:00"),
        C: told("No date at all.", section="Harbour", captions=["One", "Two"]),
    }
    exchanges = [listed(), *(asked(url) for url in words), asked(f"{A}?again"), asked("https://news.test/gone", None)]
    visit(root, NOON, exchanges, words)
    visit(root, NOON + DAY, [listed(), asked(A)], {A: told("Gulls leave.", published="2026-02-27T23:30:00-05:00")})
    visit(root, NOON + HOUR, [asked(A)], {A: told("Another town's.", outlet="[::1]")}, outlet="site")
    return root


def exported(root: Path, target: Path, *complaints: str, **chosen: Any) -> Exported:
    said: list[str] = []
    done = export(root, target, Chosen(**chosen), said.append)
    assert len(said) == len(complaints)
    assert all(words in line for words, line in zip(complaints, said, strict=True))
    return done


def files(target: Path) -> dict[str, bytes]:
    return {str(path.relative_to(target)): path.read_bytes() for path in sorted(target.glob("*/**/*.parquet"))}


def lines(root: Path) -> list[dict[str, Any]]:
    """The articles of all crawls."""
    paths = sorted(root.glob("crawls/*/*/articles.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def as_rows(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Articles as rows have them, in the order of their places."""
    rows = []
    for article in articles:
        row = {name: value for name, value in article.items() if name not in DATES}
        row["captured"] = read_date(article["captured"])
        row["text"], row["title"] = (article[name].replace("\ud83d", "?") for name in ("text", "title"))
        for name in DATES:
            value = article[name]
            moment = datetime.fromisoformat(value) if value else None
            row[name] = moment.astimezone(UTC) if moment and moment.tzinfo else None
            row[f"{name}_day"] = moment.date() if moment else None
            row[f"{name}_text"] = value
        row["day"] = date.fromisoformat((article["published"] or article["captured"])[:10])
        rows.append(row)
    return in_order(rows)


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["warc"], row["offset"]))


def by_duckdb(target: Path, name: str) -> list[dict[str, Any]]:
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        found = database.execute(
            f"SELECT * FROM read_parquet('{target}/{name}/**/*.parquet', hive_partitioning = true)"
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def by_polars(target: Path, name: str) -> list[dict[str, Any]]:
    return pl.scan_parquet(target / name, hive_partitioning=True).collect().to_dicts()


READERS = {"duckdb": by_duckdb, "polars": by_polars}


@pytest.mark.parametrize("reader", READERS)
def test_every_value_of_every_article_is_there(tmp_path: Path, reader: str) -> None:
    exported(archive(tmp_path / "archive"), tmp_path / "sets")
    rows = in_order(READERS[reader](tmp_path / "sets", "articles"))
    assert rows == as_rows(lines(tmp_path / "archive"))
    assert set(rows[0]) == {*ARTICLES.types, "day"}


@pytest.mark.parametrize("reader", READERS)
def test_every_exchange_is_there(tmp_path: Path, reader: str) -> None:
    root = archive(tmp_path / "archive")
    exported(root, tmp_path / "sets")
    rows = READERS[reader](tmp_path / "sets", "captures")
    assert set(rows[0]) == {*CAPTURES.types, "day"}
    kept = {
        (f"{crawl.outlet}/{crawl.folder.name}", capture.sequence): capture
        for crawl in map(Crawl.open, root.glob("crawls/*/*"))
        for capture in crawl.captures()
    }
    assert {(row["crawl"], row["sequence"]) for row in rows} == set(kept)
    assert len(rows) == len(kept)
    for row in rows:
        capture = kept[row["crawl"], row["sequence"]]
        for name in ("url", "method", "purpose", "via", "status", "error", "truncated", "attempt", "ip"):
            assert row[name] == getattr(capture, name), name
        for name in ("record_id", "payload_digest", "warc", "offset", "length"):
            assert row[name] == getattr(capture, name), name
        assert (row["captured"], row["day"]) == (capture.started, capture.started.date())
        assert row["size"] == (len(capture.body) if row["kind"] == "response" else None)
    assert {row["kind"] for row in rows} == {"response", "revisit", "error"}
    (first, *_) = (row for row in rows if row["purpose"] == "listing")
    assert (first["url"], first["clean_url"], first["outlet"]) == (FEED, FEED, "gazette")


def test_a_file_tells_its_schema_and_its_version(tmp_path: Path) -> None:
    exported(archive(tmp_path / "archive"), tmp_path / "sets")
    for columns in (ARTICLES, CAPTURES):
        for path in (tmp_path / "sets" / columns.name).rglob("*.parquet"):
            file = pq.ParquetFile(path)
            assert file.schema_arrow.metadata[VERSION] == f"{columns.name} 1".encode()
            assert [*file.schema_arrow.names] == [name for name in columns.types if name != "outlet"]
            group = file.metadata.row_group(0)
            chunks = [group.column(number) for number in range(group.num_columns)]
            by_dictionary = {chunk.path_in_schema for chunk in chunks if chunk.has_dictionary_page}
            assert by_dictionary == {name for name in columns.repeated if name != "outlet"}


def test_a_partition_is_the_day_that_the_page_prints_and_an_outlets_name_is_escaped(tmp_path: Path) -> None:
    exported(archive(tmp_path / "archive"), tmp_path / "sets")
    assert [*files(tmp_path / "sets")] == [
        "articles/outlet=%5B%3A%3A1%5D/day=2026-03-01/site-20260301T130000Z.parquet".replace(
            "%5B%3A%3A1%5D", "%5B%3A%3A1%5D"
        ),
        "articles/outlet=gazette/day=2026-02-27/gazette-20260301T120000Z.parquet",
        "articles/outlet=gazette/day=2026-02-27/gazette-20260302T120000Z.parquet",
        "articles/outlet=gazette/day=2026-02-28/gazette-20260301T120000Z.parquet",
        "articles/outlet=gazette/day=2026-03-01/gazette-20260301T120000Z.parquet",
        "captures/outlet=gazette/day=2026-03-01/gazette-20260301T120000Z.parquet",
        "captures/outlet=gazette/day=2026-03-02/gazette-20260302T120000Z.parquet",
        "captures/outlet=site/day=2026-03-01/site-20260301T130000Z.parquet",
    ]


def test_again_doubles_nothing_and_adds_what_is_new(tmp_path: Path) -> None:
    root, target = archive(tmp_path / "archive"), tmp_path / "sets"
    assert exported(root, target) == Exported(written=3)
    before = files(target)
    assert exported(root, target) == Exported(known=3)
    visit(root, NOON + 2 * DAY, [listed(), asked(B)], {B: told("Two now.", published="2026-02-28")})
    assert exported(root, target) == Exported(written=1, known=3)
    after = files(target)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2
    assert len(by_duckdb(target, "articles")) == len(lines(root))


def test_a_crawl_that_changed_takes_its_old_rows_away(tmp_path: Path) -> None:
    """As one does that is resumed: its articles may come to stand under other days."""
    root, target = tmp_path / "archive", tmp_path / "sets"
    folder = visit(root, NOON, [asked(A)], {A: told("One.", published="2026-02-27")}, status="shutdown")
    exported(root, target)
    crawl = Crawl.resume(folder)
    write(crawl, NOON + HOUR, [asked(A)], {A: told("One.", published="2026-02-26")})
    assert exported(root, target) == Exported(waiting=1)
    assert len(by_duckdb(target, "captures")) == 1
    crawl.close("finished", {}, NOON + DAY)
    assert exported(root, target) == Exported(written=1)
    assert [row["day"] for row in by_duckdb(target, "articles")] == [date(2026, 2, 26)]
    assert [row["sequence"] for row in by_duckdb(target, "captures")] == [1, 2]


def test_crawls_are_chosen_by_outlet_and_by_the_day_on_which_they_began(tmp_path: Path) -> None:
    root = archive(tmp_path / "archive")
    choices: list[tuple[dict[str, Any], set[str]]] = [
        ({"outlet": "site"}, {"site-20260301T130000Z"}),
        ({"since": date(2026, 3, 2)}, {"gazette-20260302T120000Z"}),
        ({"until": date(2026, 3, 1), "outlet": "gazette"}, {"gazette-20260301T120000Z"}),
        ({"outlet": "nobody"}, set()),
    ]
    for number, (chosen, crawls) in enumerate(choices):
        exported(root, tmp_path / str(number), **chosen)
        assert {Path(name).stem for name in files(tmp_path / str(number))} == crawls


def test_damaged_crawls_are_named_and_the_others_exported(tmp_path: Path) -> None:
    root, target = archive(tmp_path / "archive"), tmp_path / "sets"
    first, second, third = sorted(root.glob("crawls/*/*"))
    (warc,) = first.glob("*.warc.gz")
    damaged = bytearray(warc.read_bytes())
    damaged[len(damaged) // 2] ^= 255
    warc.write_bytes(damaged)
    articles = second / "articles.jsonl"
    articles.write_bytes(articles.read_bytes().replace(b"2026-02-27", b"2026-0227-"))
    (third / "crawl.json").write_text("{")
    run = scrapy("export", "-o", target, "-s", f"ARCHIVE_DIR={root}")
    assert run.returncode == 1
    said = [
        f"{warc.name} is damaged at byte ",
        f"{articles} is not what was written; ",
        f"{third / 'crawl.json'} is torn or no JSON; ",
    ]
    for line, words in zip(run.stderr.splitlines(), said, strict=True):
        assert line.startswith(f"pressmark: {words}")
    assert files(target) == {}
    shutil.rmtree(root)
    archive(root)
    assert exported(root, target) == Exported(written=3)


def test_a_full_disk_is_told_and_what_is_there_is_whole(tmp_path: Path) -> None:
    """A limit on file sizes stands for the disk: the same error comes from the same write."""
    root, target = archive(tmp_path / "archive"), tmp_path / "sets"
    long = told(os.urandom(60_000).hex(), published="2026-03-03")
    visit(root, NOON + 2 * DAY, [asked(A)], {A: long})
    command = [sys.executable, "-m", "scrapy", "export", "-o", str(target), "-s", f"ARCHIVE_DIR={root}"]
    limited = f"ulimit -f 40; exec {shlex.join(command)}"
    run = subprocess.run(["bash", "-c", limited], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 1, run.stderr
    assert run.stderr.count("\n") == 1
    assert run.stderr.startswith(f"pressmark: {target}")
    assert "cannot be written: File too large; what was exported before is whole; " in run.stderr
    assert len(by_duckdb(target, "articles")) == 4
    assert exported(root, target) == Exported(written=2, known=2)
    assert len(by_duckdb(target, "articles")) == 6


@pytest.mark.parametrize("call", ["rename", "fsync"])
@pytest.mark.parametrize("number", [1, 3, 5, 8])
@pytest.mark.drill
def test_killed_anywhere_it_comes_to_the_same_files(tmp_path: Path, call: str, number: int) -> None:
    tracer = shutil.which("strace") or pytest.skip("strace is not installed")
    if subprocess.run([tracer, "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    root, target = archive(tmp_path / "archive"), tmp_path / "sets"
    fault = f"inject={call}:signal=KILL:when={number}"
    command = [tracer, "-f", "-q", "-o", os.devnull, "-e", fault, sys.executable, "-m", "scrapy", "export"]
    options = ["-o", str(target), "-s", f"ARCHIVE_DIR={root}"]
    run = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    for path in target.glob("[a-z]*/**/*.parquet"):
        pq.read_table(path)
    exported(root, target)
    exported(root, tmp_path / "at once")
    assert files(target) == files(tmp_path / "at once")
    assert not (target / ".making").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([], 2, "needs one: -o FOLDER"),
        (["-o", "{}/sets", "dw"], 2, "export takes options alone"),
        (["-o", "{}/sets", "--since", "soon"], 2, "--since=soon is no date"),
        (["-o", "{}/file"], 1, "/file/.exported cannot be written: Not a directory; "),
        (["-o", "{}/crawls/sets"], 1, "/crawls/sets lies among the crawls of the archive; name a folder outside of "),
    ],
)
def test_what_cannot_be_is_told_in_one_line(tmp_path: Path, arguments: list[str], status: int, says: str) -> None:
    (tmp_path / "file").write_text("no folder")
    run = scrapy("export", *(one.format(tmp_path) for one in arguments), "-s", f"ARCHIVE_DIR={tmp_path}")
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (status, "", 1)
    assert says in run.stderr


def test_two_do_not_export_to_one_folder(tmp_path: Path) -> None:
    (tmp_path / "sets" / ".exported").mkdir(parents=True)
    with (tmp_path / "sets" / ".exported" / "lock").open("ab") as file:
        assert lock(file)
        run = scrapy("export", "-o", tmp_path / "sets", "-s", f"ARCHIVE_DIR={tmp_path}")
    assert run.returncode == 1
    assert (
        run.stderr
        == f"pressmark: another process is exporting to {tmp_path}/sets; run this again when that has ended\n"
    )
