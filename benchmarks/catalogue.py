"""What the catalogue of ten million captures takes: size, memory, and the time of each question.

    python -m benchmarks.catalogue [--millions N] [--crawl PAGES] [--folder FOLDER] [--url postgresql://...]

The tables are filled directly, in the order of their keys: an outlet whose pages were looked at to the end of the
schedule but for the newest, one whose pages were all looked at once, and each page an article of two
short paragraphs. Then one crawl is added from its folder. Questions are put by a process of its own, whose peak of
memory is told; times are the median of many, of a machine that may be doing other things. With a URL, the same rows are
copied to an empty database of PostgreSQL's, and both are asked.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Boolean, select

from archive.lines import json_line
from catalogue.catalogue import Catalogue
from catalogue.database import FILE
from catalogue.groups import groups
from catalogue.index import index_of, values_of
from catalogue.keys import article_key, key, micros, name_key, page_key
from catalogue.schema import articles, contents, metadata
from catalogue.search import Wanted, search
from catalogue.signature import signature
from catalogue.words import read_content
from crawler.article import Article
from tests.archives import asked, listed, told, visit

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=400)
MARKS = [timedelta(hours=hours) for hours in (1, 3, 8, 24, 72, 168, 504)]
LOOKS = (0, 1, 8, 72, 504)  # hours after the first at which a page was looked at
STEADY, ONCE = "steady", "once"
CRAWLS = 12_000
_WORDS = "gulls ferry pier harbour council water storm market bridge school river border talks vote night".split()  # noqa: SIM905


def main() -> None:
    """Fill a catalogue, add a crawl, and have the questions put."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--millions", type=float, default=10.0, help="of captures")
    parser.add_argument("--crawl", type=int, default=500, help="pages of the crawl that is added")
    parser.add_argument("--folder", type=Path, help="where the catalogue is made, and kept")
    parser.add_argument("--url", help="of an empty database, which is asked too")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        _ask(given.ask, given.url)
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="pressmark-bench-"))
    try:
        if not (folder / FILE).exists():
            _fill(folder, round(given.millions * 1e6))
        if given.url:
            _copy(folder, given.url)
        for url in (None, given.url) if given.url else (None,):
            print(f"\n{'PostgreSQL' if url else 'SQLite'}")
            _add(folder, url, given.crawl)
            asking = [sys.executable, "-m", "benchmarks.catalogue", "--ask", str(folder)]
            subprocess.run([*asking, "--url", url] if url else asking, check=True)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


def _fill(folder: Path, captures: int) -> None:
    once = captures // 20
    steady = (captures - once) // len(LOOKS)
    with Catalogue.open(folder):
        pass
    database = sqlite3.connect(folder / FILE, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -4000000")  # KiB: keys come in no order
    began = time.monotonic()
    database.execute("BEGIN")
    crawls = ((n, f"{STEADY}/{n:06}", "", STEADY, _crawl(n), _crawl(n) + 1, "finished", 0, "{}") for n in range(CRAWLS))
    database.executemany(
        "INSERT INTO crawls (id, folder, digest, outlet, started, ended, status, failed, arguments, pages, articles,"
        " new) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 500, 500, 100)",
        crawls,
    )
    pages = sorted(
        [(page_key(STEADY, _url(STEADY, n)), STEADY, n) for n in range(steady)]
        + [(page_key(ONCE, _url(ONCE, n)), ONCE, n) for n in range(once)]
    )
    total = {STEADY: steady, ONCE: once}
    database.executemany(
        "INSERT INTO pages (id, outlet, listing, url, since, last, span, status, elsewhere)"
        " VALUES (?, ?, 0, ?, ?, ?, ?, 200, 0)",
        (_page(one, outlet, n, total[outlet]) for one, outlet, n in pages),
    )
    database.executemany(
        "INSERT INTO looks (page, crawl, at, status) VALUES (?, ?, ?, 200)",
        ((one, *look) for one, outlet, n in pages for look in _looks(outlet, n, total[outlet])),
    )
    del pages
    _fill_articles(database, total)
    database.execute("COMMIT")
    database.close()
    size = (folder / FILE).stat().st_size
    print(
        f"{captures:,} captures of {steady + once:,} pages: {size / 1e9:.2f} GB, {size / captures:.0f} bytes a capture"
    )
    print(f"filled in {time.monotonic() - began:.0f} s")


def _fill_articles(database: sqlite3.Connection, total: dict[str, int]) -> None:
    chance = random.Random(1)
    keys = sorted(
        (article_key(outlet, _url(outlet, n)), outlet, n) for outlet, count in total.items() for n in range(count)
    )
    for one, outlet, n in keys:
        url = _url(outlet, n)
        text = "\n\n".join(" ".join(chance.choices(_WORDS, k=40)) + "." for _ in range(2))
        article = {"url": url, "canonical_url": url, "outlet": outlet, "title": f"{text[:40]} {n}", "text": text}
        line = json_line({**_EMPTY, **article})
        content = key("content", url)
        looks = _looks(outlet, n, total[outlet])
        database.execute(
            "INSERT INTO contents (id, words, signature, body) VALUES (?, ?, ?, ?)",
            (content, content, signature(text) if n % 100 == 0 else chance.randbytes(512), zlib.compress(line, 1)),
        )
        name, page = name_key(url), page_key(outlet, url)
        database.executemany(
            "INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (one, at, _record(one, crawl), crawl, content, page, name, _DIGEST, f"{outlet}-{crawl:022}.warc.gz", n)
                for crawl, at in looks
            ],
        )
        first, last = looks[0], looks[-1]
        database.execute(
            "INSERT INTO articles (id, outlet, canonical_url, crawl, first, last, record_id, dated, day, content,"
            " versions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, date(?, 'unixepoch'), ?, 1)",
            (one, outlet, url, *first, last[1], _record(one, last[0]), first[1], first[1] // 1_000_000, content),
        )
        database.execute("INSERT INTO names VALUES (?, ?)", (name, one))
        if n % 100 == 0:  # the index of all words would take most of the benchmark's time
            values = (one, article["title"], text, "", "")
            database.execute("INSERT INTO words(rowid, title, text, authors, agencies) VALUES (?, ?, ?, ?, ?)", values)


_EMPTY = dict.fromkeys(Article.__slots__) | {name: [] for name in ("authors", "agencies", "tags", "captions")}
_DIGEST = "sha1:3WAMTI3R46ABH5RDAPA3AUVT6MJ76YBJ"


def _record(article: int, crawl: int) -> str:
    digits = f"{article & 0xFFFFFFFFFFFFFFFF:016x}{crawl:016x}"
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}>"


def _url(outlet: str, number: int) -> str:
    return f"https://www.{outlet}.test/en/world/what-became-of-the-story-of-the-day/a-{number:08}"


def _crawl(number: int) -> int:
    return micros(START + (NOW - START) * number / CRAWLS)


def _looks(outlet: str, number: int, total: int) -> list[tuple[int, int]]:
    """Crawl and moment of each look at a page."""
    first = START + (NOW - START) * number / total
    moments = (first + timedelta(hours=hours) for hours in (LOOKS if outlet == STEADY else LOOKS[:1]))
    crawls = {int((moment - START) / (NOW - START) * CRAWLS): moment for moment in moments if moment < NOW}
    return [(crawl, micros(moment)) for crawl, moment in crawls.items()]


def _page(one: int, outlet: str, number: int, total: int) -> tuple[Any, ...]:
    looks = _looks(outlet, number, total)
    first, last = looks[0][1], looks[-1][1]
    return (one, outlet, _url(outlet, number), first, last, last - first)


def _copy(folder: Path, url: str) -> None:
    """Fill a database of PostgreSQL's with the rows of the file."""
    database = sqlite3.connect(folder / FILE)
    with Catalogue.open(folder, url) as catalogue, psycopg.connect(url) as connection:
        connection.execute("SET search_path TO pressmark")
        for table in (table for table in metadata.sorted_tables if table.name != "about"):
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            flags = [number for number, column in enumerate(table.columns) if isinstance(column.type, Boolean)]
            with connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN".encode()) as copy:
                for row in database.execute(f"SELECT {columns} FROM {table.name}"):
                    copy.write_row([bool(one) if number in flags else one for number, one in enumerate(row)])
        connection.execute("SELECT setval('crawls_id_seq', (SELECT max(id) FROM crawls))")
        connection.commit()
        with catalogue.database.writing() as writing:
            for (article,) in database.execute("SELECT rowid FROM words"):
                chosen = select(contents.c.body).join(articles, articles.c.content == contents.c.id)
                body = writing.scalar(chosen.where(articles.c.id == article))
                assert body is not None
                index_of(writing).add(writing, article, values_of(read_content(body)))
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
        print(f"{catalogue.database.size() / 1e9:.2f} GB in PostgreSQL")


def _add(folder: Path, url: str | None, pages: int) -> None:
    """One more crawl, half of whose pages are known."""
    text = " ".join(_WORDS * 30)
    urls = [_url(STEADY, n if n % 200 == 0 else n + 10**7) for n in range(0, pages * 100, 100)]
    words = {url: told(f"{text} {number}") for number, url in enumerate(urls)}
    shutil.rmtree(folder / "crawls", ignore_errors=True)
    crawl = visit(folder, NOW, [listed(), *map(asked, urls)], words, outlet=STEADY)
    with Catalogue.open(folder, url) as catalogue:
        began = time.monotonic(), time.process_time()
        catalogue.add(crawl)
        took = time.monotonic() - began[0], time.process_time() - began[1]
    print(f"a crawl of {pages} articles is added in {took[0]:.2f} s ({took[1]:.2f} s of CPU)")


def _ask(folder: Path, url: str | None) -> None:
    """Put the questions."""
    chance = random.Random(2)
    with Catalogue.open(folder, url) as catalogue:
        steady = [_url(STEADY, chance.randrange(10**6)) for _ in range(500 * 40)]
        parts = iter([steady[at : at + 500] for at in range(0, len(steady), 500)])
        visits = catalogue.visits(STEADY, 10)
        assert len(visits) == 10
        _time("known(), 500 URLs at random", 40, lambda: catalogue.known(STEADY, next(parts)))
        _time("owed(), pages followed to their end", 5, lambda: catalogue.owed(STEADY, NOW, MARKS, 1000))
        _time("owed(), pages looked at once, all due", 5, lambda: catalogue.owed(ONCE, NOW, MARKS, 1000))
        _time("validators()", 100, lambda: catalogue.validators(STEADY, "https://news.test/feed"))
        _time("visits(), 40", 20, lambda: catalogue.visits(STEADY, 40))
        _time("articles of a day", 5, lambda: _count(search(catalogue, Wanted(since=_day(100), until=_day(100)))))
        _time("articles by two words", 5, lambda: _count(search(catalogue, Wanted(words="gulls ferry"), "url"), 1000))
        _time("articles, the first 1,000 of all", 3, lambda: _count(search(catalogue, Wanted()), 1000))
        _time("groups of a day", 1, lambda: _count(groups(catalogue, Wanted(since=_day(100), until=_day(100)))))
        print(f"{'peak of memory so far':44} {_peak() / 1024:10.0f} MB")
        million = [_url(STEADY, n) for n in range(10**6)]
        _time("known(), one million URLs", 1, lambda: catalogue.known(STEADY, million))
    print(f"{'peak of memory with those answers':44} {_peak() / 1024:10.0f} MB")


def _peak() -> int:
    """KiB; getrusage would tell that of the process that started this one, where it was higher."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def _day(number: int) -> Any:
    return (START + timedelta(days=number)).date()


def _count(found: Iterator[Any], most: int | None = None) -> int:
    count = 0
    for count, _ in enumerate(found, 1):
        if count == most:
            break
    return count


def _time(name: str, times: int, ask: Callable[[], Any]) -> None:
    taken = []
    for _ in range(times):
        began = time.monotonic()
        ask()
        taken.append(time.monotonic() - began)
    print(f"{name:44} {statistics.median(taken) * 1000:10.1f} ms")


if __name__ == "__main__":
    main()
