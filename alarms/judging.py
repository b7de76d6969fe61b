"""Judging: which alarms stand after an outlet's last visit. A pure function of its visits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from alarms.outages import SilenceWatch, TroubleWatch
from alarms.shares import ShareWatch
from alarms.thresholds import EMPTY, OUTAGES
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
    watches = _watches()
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
    words = {kind: next(watch.told for watch in watches[kind] if watch.told) for kind in raised}
    return [Alarm(outlet=outlet, kind=kind, since=raised[kind], words=words[kind] or "") for kind in raised]


def _watches() -> dict[str, Sequence[Watch]]:
    return {
        "silent": [SilenceWatch()],
        "text": [_shorter(bound) for bound in LENGTHS[1:]],
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


def _shorter(bound: int) -> ShareWatch:
    """Watches how many articles have fewer characters than this."""
    classes = [f"articles/length/from_{one:05}" for one in LENGTHS]

    def measure(visit: Visit) -> tuple[int, int]:
        return visit.count(*classes[: LENGTHS.index(bound)]), visit.count(*classes)

    return ShareWatch(measure, f"{{bad}} of the last {{all}} articles have less than {bound} characters")


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
