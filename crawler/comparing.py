"""Comparing: the articles that a crawl recorded beside those that its replay gives, a pair in memory at a time."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from archive.lines import json_line, sorted_lines

Line = Mapping[str, Any]
_Place = tuple[str, int]


def article_differences(recorded: Iterable[Line], replayed: Iterable[bytes]) -> tuple[int, list[str]]:
    """How many articles were recorded, and each difference in words, in the order of their records."""
    articles = 0
    found: list[tuple[_Place, str]] = []
    for before, now in _pairs(map(json_line, recorded), replayed):
        articles += before is not None
        found += [(_place(before or now or {}), words) for words in _differences(before, now)]
    return articles, [words for _, words in sorted(found, key=itemgetter(0))]


def differing(where: str, before: Line, now: Line) -> list[str]:
    """What two mappings differ in, name by name."""
    names = [*before, *(name for name in now if name not in before)]
    return [
        f"{where}{name}: {_short(before.get(name))} -> {_short(now.get(name))}"
        for name in names
        if before.get(name) != now.get(name)
    ]


def _pairs(recorded: Iterable[bytes], replayed: Iterable[bytes]) -> Iterator[tuple[Line | None, Line | None]]:
    """What was recorded and what was given now of each record, in the order of the records' ids."""
    sides = (_by_record(recorded, 0), _by_record(replayed, 1))
    for _, group in groupby(merge(*sides, key=itemgetter(0, 1)), key=itemgetter(0)):
        pair: list[Line | None] = [None, None]
        for _, side, line in group:
            pair[side] = json.loads(line)
        yield pair[0], pair[1]


def _by_record(lines: Iterable[bytes], side: int) -> Iterator[tuple[str, int, bytes]]:
    return ((_record_id(line), side, line) for line in sorted_lines(lines, Path(tempfile.gettempdir()), _record_id))


def _record_id(line: bytes) -> str:
    return str(json.loads(line).get("record_id"))


def _place(line: Line) -> _Place:
    offset = line.get("offset")
    return str(line.get("warc")), offset if isinstance(offset, int) else -1


def _differences(before: Line | None, now: Line | None) -> list[str]:
    if before is None or now is None:
        line = now or before or {}
        which = "no longer" if now is None else "only now"
        return [f"{line.get('url')}: {which} an article (record {line.get('record_id')})"]
    before, now = ({**line, "extractor": _unversioned(line.get("extractor"))} for line in (before, now))
    return differing(f"{before.get('url')}: ", before, now)


def _unversioned(extractor: Any) -> str:
    """An `extractor` without versions, which a replay reports and does not compare."""
    return re.sub(r"/\S+", "", str(extractor))


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 200 else f"{shown[:160]}... ({len(shown)} characters)"
