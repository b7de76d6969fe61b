"""Ten thousand outlets on paper and in simulation: machines, bytes, requests and cost, from measured constants.

    python -m benchmarks.model [--outlets N] [--measure] [--picture docs/scale.svg]

The closed form says what a day takes; the simulation plays days of visits of a sample of outlets, by the timetable's
own rule, second by second of politeness, and must come to the same. Prices and habits of outlets are assumptions:
fields of Assumptions, each an option here. With `--measure` the constants are measured anew first (a minute).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from math import ceil, exp, log
from pathlib import Path
from statistics import NormalDist, fmean

from benchmarks.constants import Constants, measure
from benchmarks.curves import Curve, draw
from benchmarks.visits import Rhythm, play
from catalogue.memory import look_again
from schedule.plan import LATER, SOONER
from settings import LOOK_AGAIN

DAY = 86_400.0  # seconds
MARKS = tuple(mark.total_seconds() for mark in look_again(LOOK_AGAIN))
FOUND = log(LATER) / (log(LATER) - log(SOONER))  # share of visits that find something, where pace stands still


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is not measured, but taken to be so. Times are seconds, sizes bytes, prices dollars."""

    outlets: int = 10_000
    articles: float = 20.0  # that the median outlet publishes in a day
    spread: float = 1.5  # sigma of the lognormal distribution of outlets around it: the mean is three times the median
    listings: int = 3  # feeds and sitemaps that a visit asks for, beside robots.txt
    listing_bytes: float = 15_000.0  # in the archive, one that has changed
    fastest: float = 1800.0
    slowest: float = DAY
    delay: float = 1.0  # between fetches on a host
    start: float = 3.0  # elapsed seconds in which a crawl is there and gone again
    cores: int = 16  # of a machine
    memory: float = 64e9  # of a machine
    use: float = 0.6  # of its cores, at most, on the average
    machine_month: float = 450.0
    store_month: float = 0.023  # a gigabyte
    database_month: float = 0.12  # a gigabyte
    put: float = 5e-6  # one request
    age: float = 30.0  # days of crawls that the archive holds, for what grows with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one day of all outlets takes."""

    visits: float
    pages: float  # article pages fetched: new ones, and looks at known ones
    new: float
    listings: float  # robots.txt among them
    walked: float  # folders that crawls look at to catch up, where the archive is a day old
    processes: float  # crawls that run at once, on the average
    behind: float  # share of outlets that publish more than a page a second can follow


def rates(given: Assumptions, sample: int) -> list[float]:
    """Articles a second of so many outlets, spread evenly over the distribution."""
    normal = NormalDist(log(given.articles / DAY), given.spread)
    return [exp(normal.inv_cdf((number + 0.5) / sample)) for number in range(sample)]


def interval(rate: float, given: Assumptions) -> float:
    """Where the time between visits comes to rest: what they find neither shortens nor lengthens it any more."""
    return min(max(-log(1 - FOUND) / rate, given.fastest), given.slowest)


def looks(every: float) -> int:
    """How often a known article is fetched again, where marks between two visits fall together."""
    return len({ceil(mark / every) for mark in MARKS})


def closed_form(given: Assumptions, sample: int = 2000) -> Day:
    """A day, worked out."""
    days = [_of_outlet(rate, given) for rate in rates(given, sample)]
    scale = given.outlets / sample
    total = {field.name: sum(getattr(day, field.name) for day in days) * scale for field in fields(Day)}
    return Day(**total | {"behind": fmean(day.behind for day in days)})


def _of_outlet(rate: float, given: Assumptions) -> Day:
    every = interval(rate, given)
    visits, new = DAY / every, rate * DAY
    pages, listings = new * (1 + looks(every)), visits * (given.listings + 1)
    busy = visits * given.start + (pages + listings) * given.delay
    behind = busy > DAY
    share = DAY / busy if behind else 1.0  # what cannot be fetched is fetched never
    return Day(
        visits=visits * share, pages=pages * share, new=new * share, listings=listings * share,
        walked=(visits * share) ** 2, processes=min(busy / DAY, 1.0), behind=float(behind),
    )  # fmt: skip


def simulated(given: Assumptions, sample: int, days: int) -> Day:
    """A day, played: the mean of the last seven."""
    rhythm = Rhythm(
        fastest=given.fastest,
        slowest=given.slowest,
        delay=given.delay,
        start=given.start,
        listings=given.listings + 1,
        marks=MARKS,
    )
    played = [play(rate, rhythm, days, seed) for seed, rate in enumerate(rates(given, sample))]
    scale = given.outlets / sample / 7
    total = {name: sum(getattr(one, name) for one in played) * scale for name in ("visits", "pages", "new", "listings")}
    total["walked"] = sum((one.visits / 7) ** 2 for one in played) * scale * 7
    busy = sum(one.busy for one in played) * scale / DAY
    return Day(**total, processes=busy, behind=fmean(one.busy > 6.9 * DAY for one in played))


def needs(day: Day, given: Assumptions, constants: Constants) -> dict[str, float]:
    """What a day means in machines, bytes, requests and dollars."""
    starting = day.visits * constants.visit_cpu / DAY
    reading = day.pages * (constants.page_cpu + constants.catalogue_cpu) / DAY
    reading += day.listings * constants.page_cpu / 3 / DAY  # a listing is fetched and recorded, and read by no worker
    walking = day.walked * given.age * constants.folder_cpu / DAY
    stored = day.pages * constants.page_bytes + day.visits * constants.visit_bytes
    stored += day.visits * FOUND * given.listings * given.listing_bytes
    by_cores = (starting + reading + walking) / given.cores / given.use
    by_memory = day.processes * 2 * constants.crawl_memory / given.memory
    machines = ceil(max(by_cores, by_memory)) + 1  # and one for the database
    held = 365 * (day.new * constants.catalogue_bytes + (day.pages - day.new) * constants.look_bytes)
    puts = 4 * day.visits  # WARC, index, articles, manifest
    dollars = {
        "machines": machines * given.machine_month * 12,
        "storage": 365 * stored / 1e9 * given.store_month * 6,  # on the average half of the year's bytes, twelve months
        "requests": 365 * puts * given.put,
        "database": held / 1e9 * given.database_month * 6,
    }
    return {
        "visits a second": day.visits / DAY,
        "pages a second": day.pages / DAY,
        "of these new articles": day.new / DAY,
        "outlets that outrun a page a second, %": 100 * day.behind,
        "cores, starting crawls": starting,
        "cores, pages and listings": reading,
        f"cores, catching up after {given.age:g} days": walking,
        f"seconds of one look of `due` after {given.age:g} days": day.visits * given.age * constants.folder_cpu,
        "crawls at once": day.processes,
        "memory of these, GB": day.processes * 2 * constants.crawl_memory / 1e9,
        "machines, the database's among them": machines,
        "terabytes a year": 365 * stored / 1e12,
        "crawl folders a year, millions": 365 * day.visits / 1e6,
        "PUTs a second": puts / DAY,
        "database, statements a second": 20 * day.visits / DAY,  # leases, what it is told, and adding the crawl
        "database, rows a second": (3 * day.pages + day.listings) / DAY,
        "database, terabytes a year": held / 1e12,
        **{f"dollars in the first year, {name}": cost for name, cost in dollars.items()},
    }


def curves(given: Assumptions, constants: Constants) -> Iterator[Curve]:
    """Cores by the days that an archive is old: lines worked out, dots played."""
    days = (1.0, 10.0, 100.0, 1000.0)
    told, dots = (
        [_cores(needs(day, replace(given, age=age), constants), age) for age in days]
        for day in (closed_form(given), simulated(given, 300, 30))
    )
    for name in told[0]:
        line, dotted = (tuple((age, one[name]) for age, one in zip(days, found, strict=True)) for found in (told, dots))
        yield Curve(name=name, line=line, dots=dotted)


def _cores(need: dict[str, float], age: float) -> dict[str, float]:
    return {
        "starting crawls": need["cores, starting crawls"],
        "pages and listings": need["cores, pages and listings"],
        "crawls catching up": need[f"cores, catching up after {age:g} days"],
        "scrapy due, every ten minutes": need[f"seconds of one look of `due` after {age:g} days"] / 600,
    }


def main() -> None:
    """Print both, side by side, and draw the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for field in fields(Assumptions):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--picture", type=Path)
    options = vars(parser.parse_args())
    given = Assumptions(**{field.name: options[field.name] for field in fields(Assumptions)})
    constants = measure() if options["measure"] else Constants()
    print(", ".join(f"{name} {value:g}" for name, value in asdict(constants).items()))
    worked_out = needs(closed_form(given), given, constants)
    played = needs(simulated(given, 300, 30), given, constants)
    print(f"{'':44}{'worked out':>14}{'simulated':>14}")
    for name, value in worked_out.items():
        print(f"{name:44}{value:>14,.1f}{played[name]:>14,.1f}")
    if options["picture"]:
        options["picture"].write_text(
            draw(
                list(curves(given, constants)),
                f"cores for {given.outlets:,} outlets, by the days that their archive is old",
            ),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
