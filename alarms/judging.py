"""Judging: which alarms stand after an outlet's last visit. A pure function of its visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from alarms.outages import SilenceWatch, TroubleWatch
from alarms.shares import ShareWatch
from alarms.thresholds import EMPTY, GROUP, GROUPS, OUTAGES
from crawler.drift import LENGTHS
from crawler.visits import Visit

KINDS = ("silent", "text", "dates", "titles", "leads", "bodies", "profile", "pages", "blocked", "listings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What is wrong with an outlet: `since` is the start of the visit that raised it."""

    outlet: str
    kind: str
    since: datetime
    words: str


class Watch(Protocol):
    """Looks at an outlet's visits, oldest first; `told` is what is wrong after the last of them, if anything is."""

    told: str | None

    def take(self, visit: Visit) -> None:
        """Look at the next visit."""


def alarms(visits: Iterable[Visit]) -> list[Alarm]:
    """The alarms that stand after the last of these visits, oldest first and all of one outlet and its arguments.

    An alarm stands from the visit that raised it until one at which it is gone. So whatever was raised by
    the last visit itself is new, and nothing has to be remembered between two visits.
    """
    lengths = _Lengths()
    watches = _watches(lengths)
    raised: dict[str, datetime] = {}
    outlet = ""
    for visit in visits:
        outlet = visit.outlet
        for kind in KINDS:
            for watch in watches[kind]:
                watch.take(visit)
            if not any(watch.told for watch in watches[kind]):
                raised.pop(kind, None)
            elif kind not in raised:
                raised[kind] = visit.started
        if "text" not in raised:
            lengths.add(visit)
    words = {kind: next(watch.told for watch in watches[kind] if watch.told) for kind in raised}
    return [Alarm(outlet=outlet, kind=kind, since=raised[kind], words=words[kind] or "") for kind in raised]


def _watches(lengths: _Lengths) -> dict[str, Sequence[Watch]]:
    return {
        "silent": [SilenceWatch()],
        "text": [
            ShareWatch(lengths.shorter(2), "{bad} of the last {all} articles are less than half as long as usual"),
            ShareWatch(lengths.shorter(1), "{bad} of the last {all} articles are shorter than most"),
        ],
        "dates": [_lacking("date")],
        "titles": [_lacking("title")],
        "leads": [_lacking("lead")],
        "bodies": [_lacking("body")],
        "profile": [ShareWatch(_by_generic, "{bad} of the last {all} articles are laid out as no profile knows")],
        "pages": [ShareWatch(_without_article, "{bad} of the last {all} pages hold no article that can be read")],
        "blocked": [
            TroubleWatch(_refusing_hosts, "{count} hosts refuse pages, or ask to be left alone", in_a_row=1),
            ShareWatch(_forbidden, "{bad} of the last {all} article pages are forbidden"),
            ShareWatch(_refused, "{bad} of the last {all} responses are 401, 403, 429 or 451"),
            TroubleWatch(_robots, "robots.txt of {count} hosts cannot be had", in_a_row=OUTAGES),
        ],
        "listings": [
            TroubleWatch(_failed_listings, "{count} listings cannot be had", in_a_row=OUTAGES),
            TroubleWatch(_empty_listings, "{count} listings list nothing", in_a_row=EMPTY),
        ],
    }


def _lacking(part: str) -> ShareWatch:
    def measure(visit: Visit) -> tuple[int, int]:
        return visit.count(f"articles/without/{part}"), visit.count("articles/by")

    return ShareWatch(measure, f"{{bad}} of the last {{all}} articles have no {part}")


def _by_generic(visit: Visit) -> tuple[int, int]:
    return visit.count("articles/by/generic"), visit.count("articles/by")


def _without_article(visit: Visit) -> tuple[int, int]:
    none = visit.count("articles/none")
    return none, none + visit.count("articles/by")


def _forbidden(visit: Visit) -> tuple[int, int]:
    forbidden = visit.count("forbidden")
    return forbidden, forbidden + visit.count("served")


def _refused(visit: Visit) -> tuple[int, int]:
    status = "downloader/response_status_count"
    return visit.count(*(f"{status}/{code}" for code in (401, 403, 429, 451))), visit.count(status)


def _refusing_hosts(visit: Visit) -> int | None:
    """Hosts that pages, or anything, were no more asked for; None where no article page was asked for at all."""
    hosts = {name.partition("/")[2] for name in visit.statistics if name.startswith(("blocked/", "given_up/"))}
    return len(hosts) or (0 if _forbidden(visit)[1] else None)


def _robots(visit: Visit) -> int:
    return sum(name.startswith("robots/unreachable/") for name in visit.statistics)


def _failed_listings(visit: Visit) -> int:
    return visit.count("listings/failed", "listings/passed_over")


def _empty_listings(visit: Visit) -> int:
    return visit.count("listings/empty")


class _Lengths:
    """How long an outlet's articles usually are, by the classes in which they are counted."""

    def __init__(self) -> None:
        self._counted: Counter[int] = Counter()

    def add(self, visit: Visit) -> None:
        """Add a visit's articles."""
        self._counted.update(_classes(visit))

    def shorter(self, steps: int) -> Callable[[Visit], tuple[int, int]]:
        """Measures how many of a visit's articles are by so many classes shorter than the median."""

        def measure(visit: Visit) -> tuple[int, int]:
            classes = _classes(visit)
            if self._counted.total() < GROUP * GROUPS:
                return 0, 0
            below = self._median() - steps
            return sum(count for one, count in classes.items() if one <= below), classes.total()

        return measure

    def _median(self) -> int:
        half = self._counted.total() / 2
        return next(one for one in range(len(LENGTHS)) if sum(self._counted[below] for below in range(one + 1)) > half)


def _classes(visit: Visit) -> Counter[int]:
    counts = {number: visit.count(f"articles/length/from_{bound:05}") for number, bound in enumerate(LENGTHS)}
    return Counter({number: count for number, count in counts.items() if count})
