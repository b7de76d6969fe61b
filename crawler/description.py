"""What is written down of a crawl so that it can be run again, and what of it a replay must repeat."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

from scrapy.settings import BaseSettings

if TYPE_CHECKING:
    from crawler.profile import Profile

VERSION = "0.1.0"

# Settings that shape the articles of a crawl: kept in its manifest, and used again by its replay.
SHAPING = re.compile(
    r"(CLOSESPIDER_(ERRORCOUNT|ITEMCOUNT|PAGECOUNT)|COMPRESSION_ENABLED|COOKIES_ENABLED|DEFAULT_REQUEST_HEADERS"
    r"|DEPTH_LIMIT|DOWNLOAD_FAIL_ON_DATALOSS|DOWNLOAD_MAXSIZE|HTTPERROR_ALLOW_ALL|HTTPERROR_ALLOWED_CODES"
    r"|METAREFRESH_(ENABLED|IGNORE_TAGS|MAXDELAY)|ONLY_NEW|REDIRECT_(ENABLED|MAX_TIMES)"
    r"|RETRY_(ENABLED|EXCEPTIONS|HTTP_CODES|TIMES)|ROBOTSTXT_(OBEY|PARSER|USER_AGENT)|URLLENGTH_LIMIT|USER_AGENT)$"
)
MASK = "(masked)"
SECRET = re.compile("KEY|TOKEN|SECRET|PASSWORD|AUTHORIZATION|COOKIE$")

# What the articles depend on, beside our own code.
PACKAGES = [
    "scrapy",
    "twisted",
    "trafilatura",
    "htmldate",
    "courlan",
    "justext",
    "lxml",
    "cssselect",
    "dateparser",
    "python-dateutil",
    "protego",
    "w3lib",
    "parsel",
    "tld",
    "tldextract",
    "brotli",
]

# Statistics that a replay must repeat; sizes, times and log counts are the run's own.
REPEATABLE = re.compile(
    r"articles/|listings/|robots/|(given_up|blocked|forbidden|served)/"
    r"|downloader/(request|response|exception)_count|downloader/response_status_count/"
    r"|downloader/exception_type_count/|retry/|robotstxt/|httperror/|offsite/|item_scraped_count$|spider_exceptions/"
)


def shaping_settings(settings: BaseSettings) -> dict[str, Any]:
    """The settings that shape the result, secrets masked, as JSON values."""
    return {name: masked(name, _plain(settings[name])) for name in sorted(settings) if SHAPING.match(name)}


def versions(profiles: Iterable[Profile]) -> dict[str, str]:
    """Versions of pressmark, of Python, and of what the articles depend on: code, profiles and packages."""
    found = {
        "pressmark": VERSION,
        "code": code_digest(),
        "profiles": " ".join(profile.label for profile in profiles),
        "python": python_version(),
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


@cache
def code_digest(rooms: tuple[str, ...] = ("archive", "crawler", "spiders")) -> str:
    """A digest of our own source in these rooms: it changes with any change of code."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(path for room in rooms for path in (root / room).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def repeatable(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """The statistics that a replay must repeat."""
    return {name: value for name, value in sorted(statistics.items()) if REPEATABLE.match(name)}


def masked(name: str, value: Any) -> Any:
    """`value`, without what is secret in it: no secret is kept in an archive."""
    if SECRET.search(name.upper()) and not isinstance(value, bool | int):
        return MASK
    if isinstance(value, dict):
        return {key: masked(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked("", inner) for inner in value]
    if isinstance(value, str):
        return re.sub(r"(?<=://)[^/@\s]+@", f"{MASK}@", value)
    return value


def _plain(value: Any) -> Any:
    """A setting's value in JSON's types: classes by their dotted names, mappings and sequences as such."""
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, Mapping | BaseSettings):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
