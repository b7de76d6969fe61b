"""Delivery: alarms on their way to people, by webhook, e-mail or whatever else Apprise knows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from apprise import Apprise, NotifyType

from alarms.judging import Alarm
from crawler.arguments import WrongArgument

logger = logging.getLogger(__name__)

TALKATIVE = ("apprise", "urllib3", "requests", "charset_normalizer")  # they log addresses, and these may hold secrets


class Delivery:
    """The places that alarms are sent to."""

    def __init__(self, places: Apprise) -> None:
        self._places = places

    @classmethod
    def to(cls, urls: str) -> Delivery:
        """Send to these URLs, between commas or spaces; WrongArgument where Apprise knows what none of them is.

        The complaint does not repeat them: they hold passwords.
        """
        places = Apprise()
        with _discreet():
            known = places.add(urls)
        if not known or not len(places):
            raise WrongArgument("ALARM_URLS names a place that Apprise does not know; see docs/observing.md")
        return cls(places)

    def send(self, alarms: Sequence[Alarm]) -> None:
        """Send alarms to all places; one that does not take them is told in the log, and changes nothing else."""
        title = f"pressmark: {alarms[0].outlet}: {', '.join(alarm.kind for alarm in alarms)}"
        body = "\n".join(f"{alarm.outlet}: {alarm.kind}: {alarm.words}" for alarm in alarms)
        for number, place in enumerate(self._places, start=1):
            with _discreet():
                taken = place.notify(body=body, title=title, notify_type=NotifyType.WARNING)
            if not taken:
                why = "`apprise -vv -b test URL` tells why"
                logger.error("Number %d of ALARM_URLS (%s) did not take the alarm; %s", number, place.service_name, why)


@contextmanager
def _discreet() -> Iterator[None]:
    """Let nobody write an address into the log."""
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
