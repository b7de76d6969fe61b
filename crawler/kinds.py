"""Kinds: what the value of a setting must be, told before anything starts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.settings import default_settings

from crawler.arguments import WrongArgument

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

# What a user meets; none of it may be negative.
_MET: dict[str, type] = {
    **dict.fromkeys(("LOG_JSON", "ONLY_NEW", "PRIVATE_ADDRESSES_ALLOWED", "PROGRESS", "REVISIT_ACROSS_CRAWLS"), bool),
    **dict.fromkeys(("CLOSESPIDER_BYTECOUNT", "CLOSESPIDER_PAGECOUNT", "DOWNLOAD_MAXSIZE"), int),
    **dict.fromkeys(("EXTRACTION_PROCESSES", "WARC_MAX_SIZE"), int),
    **dict.fromkeys(("CLOSESPIDER_TIMEOUT", "DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT"), float),
    **dict.fromkeys(("EXTRACTION_TIMEOUT", "HOST_PATIENCE", "ROBOTSTXT_MAX_AGE"), float),
}
# All others of Scrapy's are of the kind of their defaults, but for two.
_SCRAPYS = {name: type(value) for name, value in vars(default_settings).items() if name.isupper()}
_EXPECTED: dict[str, type] = {**_SCRAPYS, "DNS_TIMEOUT": float, "TELNETCONSOLE_ENABLED": bool, **_MET}
_KINDS = {bool: "0 or 1", int: "a whole number", float: "a number"}


def check_settings(settings: BaseSettings | None) -> None:
    """WrongArgument where a setting has a value that it cannot have."""
    assert settings is not None
    for name, kind in _EXPECTED.items():
        if kind in _KINDS and not _is_sound(name, settings, kind):
            least = " of at least 0" if name in _MET and kind is not bool else ""
            raise WrongArgument(f"{name}={settings[name]} makes no sense; it is {_KINDS[kind]}{least}")
    level = settings["LOG_LEVEL"]
    if level not in logging.getLevelNamesMapping() and not isinstance(level, int):
        raise WrongArgument(f"LOG_LEVEL={level} makes no sense; there are DEBUG, INFO, WARNING, ERROR and CRITICAL")


def _is_sound(name: str, settings: BaseSettings, kind: type) -> bool:
    read: Any = {bool: settings.getbool, int: settings.getint, float: settings.getfloat}[kind]
    try:
        return bool(read(name) >= 0) or name not in _MET
    except (ValueError, TypeError):
        return False
