"""SQLite and PostgreSQL give the same answers to everything that a catalogue is asked."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalogue import fts5, tsvector
from catalogue.catalogue import Catalogue
from catalogue.errors import WrongQuery
from catalogue.groups import groups
from catalogue.history import articles_named, edits, versions
from catalogue.holdings import holdings, missing
from catalogue.index import query_of
from catalogue.search import ORDERS, Wanted, search
from tests.archives import DAY, FEED, HOUR, asked, listed, told, visit, visited
from tests.postgres import Server
from tests.samples import NOON

URLS = [f"https://news.test/{number}?q=é" for number in range(6)]
OUTLETS = ("gazette", "courier")
MARKS = [HOUR, 3 * HOUR, DAY, 7 * DAY]
WORDS = (
    "Gulls",
    "ferry",
    "café",
    "CAFE",
    "Möwen",
    "渡輪明日",
    "it's",
    "AT&T",
    "O'Neil\\",
    "100,5",
    "naïve",
    "x" * 3000,
)


def an_article(chance: random.Random, url: str) -> dict[str, Any]:
    sentences = [" ".join(chance.choices(WORDS, k=chance.randrange(1, 9))) for _ in range(chance.randrange(1, 4))]
    return told(
        ". ".join(sentences),
        canonical_url=chance.choice([url, url, URLS[0], f"{url}\0\ud83d"]),
        published=chance.choice([None, "2026-02-28", "2026-03-01T23:30:00-05:00", "no date"]),
        modified=chance.choice([None, "2026-03-02"]),
        authors=tuple(chance.sample(["Ada Quill", "Bo Marsh", "Zoë\0"], chance.randrange(3))),
        agencies=tuple(chance.sample(["AP", "dpa"], chance.randrange(2))),
        language=chance.choice([None, "de", "DE-at", "en", "e"]),
    )


def some_crawls(root: Path, chance: random.Random) -> list[Path]:
    folders = []
    for number in range(chance.randrange(4, 12)):
        statuses = [chance.choice([200, 200, 200, 301, 404, 429, 503, None]) for _ in URLS]
        looks = [asked(url, status) for url, status in zip(URLS, statuses, strict=True)]
        feed = listed(FEED, chance.choice([200, 304, 503]), f'ETag: "{number}"')
        read = [url for url, status in zip(URLS, statuses, strict=True) if status == 200]
        folders.append(
            visit(
                root,
                NOON + chance.randrange(400) * HOUR,
                [feed, *looks],
                {url: an_article(chance, url) for url in read},
                outlet=chance.choice(OUTLETS),
                arguments=chance.choice([{}, {"limit": 3}]),
                status=chance.choice(["finished", "finished", "interrupted"]),
            )
        )
    return folders


def everything(catalogue: Catalogue) -> Iterator[Any]:
    """An answer to each question."""
    held = holdings(catalogue)
    yield astuple(held)[1:], missing(catalogue)
    for outlet in OUTLETS:
        yield catalogue.known(outlet, URLS)
        yield [catalogue.owed(outlet, NOON + hours * HOUR, MARKS, most) for hours in (0, 30, 500) for most in (2, 99)]
        yield catalogue.tries(outlet, FEED, 4), catalogue.validators(outlet, FEED)
        yield catalogue.visits(outlet, 20), catalogue.visits(outlet, 3, arguments={"limit": 3})
        yield list(edits(catalogue, outlet)), list(edits(catalogue, outlet, date(2026, 3, 2), date(2026, 3, 9)))
    for wanted in (
        Wanted(),
        Wanted(outlet="gazette", language="de"),
        Wanted(since=date(2026, 3, 1), until=date(2026, 3, 2)),
        Wanted(words="gulls cafe"),
        Wanted(words='"gulls ferry" OR mow*', author="quill"),
        Wanted(words="it's AT&T", agency="ap"),
        Wanted(words="o'neil\\"),
        Wanted(words="x" * 3000),
    ):
        for order in ORDERS:
            yield wanted, order, list(search(catalogue, wanted, order))
    yield list(groups(catalogue, Wanted()))
    for url in URLS:
        yield [(article, list(versions(catalogue, article))) for article in articles_named(catalogue, url)]


@pytest.mark.parametrize("seed", range(6))
def test_both_give_the_same_answers(tmp_path: Path, postgres: Server, seed: int) -> None:
    chance = random.Random(seed)
    folders = some_crawls(tmp_path, chance)
    with Catalogue.open(tmp_path) as one, Catalogue.open(tmp_path, postgres.new()) as other:
        one.catch_up()
        for folder in random.Random(seed + 1).sample(folders, len(folders)):  # in another order
            assert other.add(folder)
        for mine, yours in zip(everything(one), everything(other), strict=True):
            assert mine == yours
        assert [_cut(line) for line in one.dump()] == list(other.dump())


def _cut(line: str) -> str:
    """A line of a dump with its word as long as PostgreSQL keeps it."""
    return line.replace("x" * 3000, "x" * 500) if line.startswith("word ") else line


def test_an_article_of_more_words_than_a_tsvector_holds_is_found(tmp_path: Path, postgres: Server) -> None:
    visited(tmp_path, {URLS[0]: told(" ".join(f"word{number:09}" for number in range(90_000)))})
    with Catalogue.open(tmp_path, postgres.new()) as catalogue:
        catalogue.catch_up()
        assert len(list(search(catalogue, Wanted(words="word000089999")))) == 1
        assert list(search(catalogue, Wanted(words="gulls"))) == []


words = st.sampled_from(["gull", "gulls", "ferry", "café", '"gulls ferry"', '"ferry gu"', '""', '"it\'s"', "渡輪"])
phrases = st.builds(
    "".join, st.tuples(st.sampled_from(["", "", "^"]), words, st.sampled_from(["", "", " *", " + gulls"]))
)
columns = st.sampled_from(["", "", "title : ", "{title authors} : ", "- text : ", "-{text agencies} : "])
near = st.builds("NEAR({} {}{})".format, words, words, st.sampled_from(["", ", 2", ", 50"]))
parts = st.builds("{}{}".format, columns, st.one_of(phrases, near))


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.builds("{} {} {}".format, inner, st.sampled_from(["AND", "OR", "NOT"]), inner)
    return st.one_of(st.builds("{}({})".format, columns, joined), joined, st.builds("{} {}".format, parts, parts))


queries = st.recursive(parts, _more, max_leaves=6)
texts = st.lists(st.sampled_from(["gulls", "gull", "ferry", "CAFÉ", "it's", "渡輪", ".", "gulp"]), max_size=5).map(
    " ".join
)
COLUMNS = ("title", "text", "authors", "agencies")


@pytest.fixture(scope="module")
def matches(postgres: Server) -> Iterator[Callable[[list[str], str], bool]]:
    """Whether PostgreSQL finds what holds these words by this tsquery."""
    import psycopg

    asking = "SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:

        def found(held: list[str], query: str) -> bool:
            row = connection.execute(asking, (held, query)).fetchone()
            return row is not None and row[0] is True

        yield found


def checked(words: str) -> str | None:
    """The query that these words are, or None where FTS5 takes it for none."""
    query = query_of(words)
    assert query is not None
    try:
        fts5.check(query)
    except WrongQuery:
        return None
    return query


@settings(max_examples=400)
@given(queries, st.lists(st.tuples(texts, texts, texts, texts), min_size=1, max_size=4))
@example('gulls NOT ("" OR ferry)', [("gulls", "", "", "")])
@example("NEAR", [("near", "", "", "")])
def test_what_fts5_finds_is_among_what_postgresql_finds(
    matches: Callable[[list[str], str], bool], words: str, articles: list[tuple[str, ...]]
) -> None:
    query = checked(words)
    if query is None:
        return
    held = [dict(zip(COLUMNS, values, strict=True)) for values in articles]
    found = fts5.matching(query, dict(enumerate(held)))
    wider = tsvector.wider(query)
    for number, values in enumerate(held):
        lexemes = tsvector.lexemes(fts5.words_of(values))
        assert number not in found or matches(lexemes, wider), (query, wider)


@given(st.text())
def test_any_words_are_a_query_or_are_told_to_be_none(words: str) -> None:
    query = checked(words)
    if query is not None:
        tsvector.wider(query)
