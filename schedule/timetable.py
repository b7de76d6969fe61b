"""Timetable: which outlets are crawled, how often, and within what bounds; one TOML file tells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.arguments import WrongArgument, span
from crawler.links import site_of

if TYPE_CHECKING:
    from crawler.outlets import Outlets

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timetable: an outlet, how it is crawled, and how often.

    `every` is how often it is visited to begin with; the next visit comes sooner, down to `fastest`, where visits
    find something new, and later, up to `slowest`, where they do not. `jitter` is a share of that time. The budget
    of a visit is `pages`, `megabytes` and `minutes`, None for no bound. `locks` name the sites that it fetches from:
    two visits must not hold the same one at once.
    """

    name: str
    outlet: str
    arguments: Mapping[str, str] = field(default_factory=dict)  # as `scrapy crawl -a` takes them
    recorded: Mapping[str, Any] = field(default_factory=dict)  # the same as a manifest keeps them
    every: timedelta = timedelta(hours=2)
    fastest: timedelta = timedelta(minutes=15)
    slowest: timedelta = timedelta(days=1)
    jitter: float = 0.1
    pages: int | None = None
    megabytes: int | None = None
    minutes: int | None = 120
    locks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """All entries, and how many visits there may be at once."""

    entries: tuple[Entry, ...]
    processes: int = 2

    @classmethod
    def read(cls, path: Path, outlets: Outlets) -> Timetable:
        """The timetable in this file; WrongArgument, with the line, at the first thing in it that makes no sense."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise WrongArgument(f"the timetable {path} cannot be read: {why}; docs/schedule.md shows one") from error
        try:
            told = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise WrongArgument(f"{path}: {error}") from error
        try:
            return _timetable(told, outlets)
        except _Nonsense as error:
            raise WrongArgument(f"{path}, line {_line(text, error.place)}: {error}") from error


class _Nonsense(Exception):
    """Something in the timetable makes no sense; `place` are the keys that lead to it."""

    def __init__(self, place: tuple[str, ...], why: str) -> None:
        super().__init__(why)
        self.place = place


def _share(given: Any) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", given.strip()) if isinstance(given, str) else None
    if found is None or float(found[1]) > 50:
        raise ValueError(f"{given!r} is no share of time; write 0% to 50%")
    return float(found[1]) / 100


def _count(given: Any) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise ValueError(f"{given!r} is no number from 1 on")
    return given


_KEYS = {
    "every": span,
    "fastest": span,
    "slowest": span,
    "jitter": _share,
    "pages": _count,
    "megabytes": _count,
    "minutes": _count,
}


def _timetable(told: Mapping[str, Any], outlets: Outlets) -> Timetable:
    _known((), told, {"processes", "defaults", "outlets"})
    defaults = dict(_values(("defaults",), _table((), told, "defaults")))
    listed = _table((), told, "outlets")
    if not listed:
        raise _Nonsense(("outlets",), "it lists no outlets; add [outlets.dw], say")
    entries = tuple(_entry(name, _table(("outlets",), listed, name), defaults, outlets) for name in listed)
    return Timetable(entries=entries, processes=_value((), told, "processes", _count) if "processes" in told else 2)


def _entry(name: str, told: Mapping[str, Any], defaults: Mapping[str, Any], outlets: Outlets) -> Entry:
    place = ("outlets", name)
    if not _NAME.fullmatch(name):
        raise _Nonsense(place, f"{name!r} cannot name an entry: letters, digits, and . _ - are what it takes")
    given = dict(_values(place, {key: value for key, value in told.items() if key not in {"outlet", "arguments"}}))
    outlet = told.get("outlet", name)
    if outlet not in outlets.spiders:
        there_are = ", ".join(sorted(outlets.spiders))
        raise _Nonsense(
            (*place, *(["outlet"] if "outlet" in told else [])), f"no such outlet: {outlet}; there are {there_are}"
        )
    arguments = _table(place, told, "arguments")
    written = {key: str(value) for key, value in arguments.items()}
    try:
        recorded = outlets.spiders[outlet].check(written).as_dict()
    except WrongArgument as error:
        raise _Nonsense((*place, "arguments") if arguments else place, str(error)) from error
    locks = _locks(outlet, recorded, outlets)
    entry = Entry(name=name, outlet=outlet, arguments=written, recorded=recorded, locks=locks, **{**defaults, **given})
    if not entry.fastest <= entry.every <= entry.slowest:
        raise _Nonsense(place, f"{name} is visited `every` so often, between `fastest` and `slowest`, which it is not")
    return entry


def _locks(outlet: str, recorded: Mapping[str, Any], outlets: Outlets) -> tuple[str, ...]:
    """A lock for each site that a visit fetches from: the first outlet that declares it, or `site-` and its domain."""
    given = [recorded["start"]] if recorded.get("start") else recorded.get("urls") or []
    domains = [urlsplit(url).hostname or "" for url in given] or outlets.spiders[outlet].allowed_domains
    sites = {site_of(domain) for domain in domains}
    owners = {
        site: name
        for name in sorted(outlets.spiders, reverse=True)
        for site in sites & {site_of(domain) for domain in outlets.spiders[name].allowed_domains}
    }
    return tuple(sorted({owners.get(site, f"site-{site}") for site in sites})) or (outlet,)


def _values(place: tuple[str, ...], told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    _known(place, told, set(_KEYS) | ({"outlet", "arguments"} if place[0] == "outlets" else set()))
    for key in told:
        yield key, _value(place, told, key, _KEYS[key])


def _value(place: tuple[str, ...], told: Mapping[str, Any], key: str, read: Any) -> Any:
    try:
        return read(told[key])
    except ValueError as error:
        raise _Nonsense((*place, key), f"{key}: {error}") from error


def _table(place: tuple[str, ...], told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = told.get(key, {})
    if not isinstance(table, dict):
        raise _Nonsense((*place, key), f"{key} is a table: [{'.'.join((*place, key))}]")
    return table


def _known(place: tuple[str, ...], told: Mapping[str, Any], keys: set[str]) -> None:
    for key in told:
        if key not in keys:
            raise _Nonsense((*place, key), f"no such key: {key}; there are {', '.join(sorted(keys))}")


def _line(text: str, place: tuple[str, ...]) -> int:
    """The number of the line where a key stands, or else of the nearest above it that is found."""
    table: tuple[str, ...] = ()
    best, number_of_best = 0, 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            here = table
        elif key := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            here = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        common = next(
            (n for n, (one, other) in enumerate(zip(here, place, strict=False)) if one != other),
            min(len(here), len(place)),
        )
        if common > best:
            best, number_of_best = common, number
    return number_of_best
