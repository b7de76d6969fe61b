"""Keys: 64 bits that stand for what they are the hash of, and moments as whole numbers.

Among ten million names, the chance that any two share a key is one in four hundred thousand.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta

DAY = 86_400_000_000  # microseconds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def key(*parts: str) -> int:
    """The key of these parts, in this order: a signed number of 64 bits."""
    named = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(named, digest_size=8).digest(), signed=True)


def page_key(outlet: str, url: str, *, listing: bool = False) -> int:
    """The key of a page as an outlet's crawls ask for it, or of a listing."""
    return key("listing" if listing else "page", outlet, url)


def article_key(outlet: str, canonical_url: str) -> int:
    """The key of an article."""
    return key("article", outlet, canonical_url)


def name_key(url: str) -> int:
    """The key of a URL by which an article may be asked for."""
    return key("name", url)


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(count: int) -> datetime:
    """The moment, UTC, so many microseconds after the beginning of 1970."""
    return _EPOCH + timedelta(microseconds=count)


def midnight(day: date) -> int:
    """The beginning of a day in UTC, as microseconds since 1970."""
    return micros(datetime.combine(day, time(), tzinfo=UTC))
