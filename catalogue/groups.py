"""Groups: articles that are nearly the same, wire copies above all, and who published first.

Two articles belong together where their signatures agree in at least LIKENESS of their values, and so do
all that such pairs connect. Compared are those alone of which two neighbouring values are equal
(locality-sensitive hashing): of pairs that are only just alike, one in a hundred is missed.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from archive.lines import sorted_lines
from catalogue.catalogue import Catalogue
from catalogue.keys import DAY
from catalogue.schema import articles, contents
from catalogue.search import Held, Wanted, held_by_keys, search
from catalogue.signature import likeness
from catalogue.words import PRESSMARK

LIKENESS = 0.2  # copies edited in four sentences of ten are above; texts that share a sentence or two are below

_COMPARED = 8  # articles of a bucket that each further one is compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Articles that are nearly the same, the first published first.

    `certain` is whether the pages' dates leave no doubt about that: a bare date may mean any time of its day.
    """

    articles: tuple[Held, ...]
    certain: bool

    @property
    def agencies(self) -> list[str]:
        """The agencies that the first credits, then those that others do, by how many."""
        others = Counter(name for held in self.articles for name in held.article.agencies)
        ordered = sorted(others, key=lambda name: (-others[name], name))
        return list(dict.fromkeys((*self.articles[0].article.agencies, *ordered)))

    def as_dict(self) -> dict[str, Any]:
        """The group as plain JSON values."""
        first = self.articles[0].article
        return {
            "first": {"outlet": first.outlet, "url": first.url, "published": first.published},
            "certain": self.certain,
            "agencies": self.agencies,
            "articles": [_member(held, self.articles[0]) for held in self.articles],
        }


def groups(catalogue: Catalogue, wanted: Wanted) -> Generator[Group, None, None]:
    """The groups among the articles that are wanted, in the order of their first; articles alone are no group."""
    found = search(catalogue, wanted)
    with tempfile.TemporaryDirectory() as folder, catalogue.reading() as connection:
        members = _members(connection, sorted_lines(_bands(found), Path(folder), bytes))
    for number in sorted(members):
        held = held_by_keys(catalogue, [key for _, key in sorted(members[number])])
        yield Group(articles=tuple(held), certain=_is_certain(held))


def _bands(found: Iterable[Held]) -> Iterator[bytes]:
    """A line for each two neighbouring values of each article's signature."""
    for number, held in enumerate(found):
        values = array("I", held.signature)
        for one, other in zip(values, (*values[1:], *values[:1]), strict=True):
            yield b"%08x%08x%016x%016x\n" % (one, other, number, held.key & 0xFFFFFFFFFFFFFFFF)


def _members(connection: Connection, lines: Iterator[bytes]) -> dict[int, list[tuple[int, int]]]:
    """The groups: number and key of each article, by the number of the first."""

    @lru_cache(maxsize=20_000)
    def signature(key: int) -> bytes:
        chosen = select(contents.c.signature).join(articles, articles.c.content == contents.c.id)
        return connection.scalar(chosen.where(articles.c.id == key)) or b""

    sets = _Sets()
    for _, bucket in groupby(lines, key=lambda line: line[:16]):
        compared: list[tuple[int, int]] = []
        for line in bucket:
            one = int(line[16:32], 16), _signed(line[32:48])
            roots = {sets.root(other) for other in compared}
            if sets.root(one) in roots:
                continue
            for other in compared:
                if sets.root(one) != sets.root(other) and likeness(signature(one[1]), signature(other[1])) >= LIKENESS:
                    sets.unite(one, other)
            if len(compared) < _COMPARED:
                compared.append(one)
    return sets.all()


class _Sets:
    """Disjoint sets of articles; only those that were united take any room."""

    def __init__(self) -> None:
        self._above: dict[tuple[int, int], tuple[int, int]] = {}

    def root(self, one: tuple[int, int]) -> tuple[int, int]:
        """The first article of the set in which this one is."""
        path = []
        while one in self._above:
            path.append(one)
            one = self._above[one]
        for below in path:
            self._above[below] = one
        return one

    def unite(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        """Make one set of two."""
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first

    def all(self) -> dict[int, list[tuple[int, int]]]:
        """All sets of more than one, by the number of their first article."""
        found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for one in list(self._above):
            root = self.root(one)
            if not found[root[0]]:
                found[root[0]].append(root)
            found[root[0]].append(one)
        return dict(found)


def _signed(digits: bytes) -> int:
    return int.from_bytes(bytes.fromhex(digits.decode()), signed=True)


def _is_certain(held: list[Held]) -> bool:
    first, others = held[0], held[1:]
    published = first.article.published
    if published is None or any(other.article.published is None for other in others):
        return False
    lasts = DAY if len(published) == len("2026-03-01") else 0
    return all(first.dated + lasts < other.dated for other in others)


def _member(held: Held, first: Held) -> dict[str, Any]:
    names = ("outlet", "url", "title", "published", "agencies")
    told = {name: value for name, value in held.article.as_dict().items() if name in (*names, *PRESSMARK)}
    return {**told, "likeness": round(likeness(held.signature, first.signature), 2)}
