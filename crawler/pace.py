"""Pace: how fast one host may be fetched from, by what it asked for and how it answered."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_DELAY = 120.0  # seconds; what is longer is taken as this, as Common Crawl's news crawler does
SHORTEST_SLOW = 0.01  # seconds; the delay that is doubled first where there is none
SLOWEST = 32.0  # times its own delay is as slow as a host gets
RECOVERY = 0.75  # of what it was slowed down by is left after each answer that is none of these:
REFUSALS = (429, 503)


@dataclass(slots=True, kw_only=True)
class Pace:
    """A host's delay and pause. Times are seconds of one steady clock, and all of them are given.

    A refusal is a 429 or 503, or whatever comes with a Retry-After. One without doubles the host's delay;
    each other answer takes a quarter of that off again. `patience` are the seconds that a host may go
    on refusing, pauses that it asks for included, before it is given up.
    """

    own_delay: float  # as the settings have it
    patience: float
    crawl_delay: float = 0.0
    paused_until: float = 0.0
    given_up: bool = field(default=False, init=False)
    _slowed: float = field(default=1.0, init=False)
    _slowed_at: float = field(default=float("-inf"), init=False)
    _refused_since: float | None = field(default=None, init=False)

    @property
    def delay(self) -> float:
        """Seconds from one answer to the next request, at least."""
        usual = max(self.own_delay, min(self.crawl_delay, LONGEST_DELAY))
        if self._slowed == 1.0:
            return usual
        return max(usual, min(max(usual, SHORTEST_SLOW) * self._slowed, LONGEST_DELAY))

    def refused(self, wait: float | None, *, sent: float, now: float) -> None:
        """Take a refusal of a request that was sent then, and asks for `wait` seconds; None where it does not say."""
        if self._refused_since is None:
            self._refused_since = now
        if wait is not None:
            self.paused_until = max(self.paused_until, now + wait)
        elif sent >= self._slowed_at:  # requests that were under way at the last step could not know of it
            self._slowed = min(self._slowed * 2, SLOWEST)
            self._slowed_at = now
        self.given_up = self.given_up or max(self.paused_until, now) - self._refused_since > self.patience

    def answered(self) -> None:
        """Take any other answer."""
        self._slowed = max(self._slowed * RECOVERY, 1.0)
        self._refused_since = None
