"""Retry-After: how long a server asks to be left alone (RFC 9110, 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 10.0 * 365 * 24 * 3600  # seconds; beyond it, a number only gets harder to print


def seconds_asked(value: str, sent: str, now: datetime) -> float | None:
    """The seconds that a Retry-After asks to wait; None where it makes no sense.

    A date is taken relative to `sent`, the response's own Date: what the server meant, whatever its clock
    shows. Only where that is missing or no date does our clock, `now`, stand in.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]+", value):
        return min(float(value), LONGEST)
    until = _http_date(value)
    if until is None:
        return None
    return min(max((until - (_http_date(sent) or now)).total_seconds(), 0.0), LONGEST)


def _http_date(value: str) -> datetime | None:
    """The date that any of HTTP's three forms tells (RFC 9110, 5.6.7); all of them begin with the weekday."""
    if not re.match(r"\s*[A-Za-z]{3}", value):
        return None
    try:
        found = parsedate_to_datetime(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
