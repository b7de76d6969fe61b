"""Kinds: what the value of a setting must be, told before anything starts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.settings import default_settings

from crawler.arguments import WrongArgument

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_OURS: dict[str, type] = {
    **dict.fromkeys(("LOG_JSON", "ONLY_NEW", "PRIVATE_ADDRESSES_ALLOWED", "PROGRESS", "REVISIT_ACROSS_CRAWLS"), bool),
    **dict.fromkeys(("CLOSESPIDER_BYTECOUNT", "EXTRACTION_PROCESSES", "WARC_MAX_SIZE"), int),
    **dict.fromkeys(("EXTRACTION_TIMEOUT", "HOST_PATIENCE", "ROBOTSTXT_MAX_AGE"), float),
}
_SCRAPYS: dict[str, type] = {  # as its defaults are; a few whole numbers among them may be fractions
    **{name: type(value) for name, value in vars(default_settings).items() if name.isupper()},
    **dict.fromkeys(("CLOSESPIDER_TIMEOUT", "DNS_TIMEOUT", "DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT"), float),
    "TELNETCONSOLE_ENABLED": bool,
}
_KINDS = {bool: "0 or 1", int: "a whole number", float: "a number"}
_MAY_BE_NEGATIVE = ("DEPTH_PRIORITY", "REDIRECT_PRIORITY_ADJUST", "RETRY_PRIORITY_ADJUST")


def check_settings(settings: BaseSettings | None) -> None:
    """WrongArgument where a setting has a value that it cannot have."""
    assert settings is not None
    for name, kind in (_SCRAPYS | _OURS).items():
        if kind in _KINDS and not _is_sound(name, settings, kind):
            raise WrongArgument(f"{name}={settings[name]} makes no sense; it is {_KINDS[kind]}")
    level = settings["LOG_LEVEL"]
    if level not in logging.getLevelNamesMapping() and not isinstance(level, int):
        raise WrongArgument(f"LOG_LEVEL={level} makes no sense; there are DEBUG, INFO, WARNING, ERROR and CRITICAL")


def _is_sound(name: str, settings: BaseSettings, kind: type) -> bool:
    read: Any = {bool: settings.getbool, int: settings.getint, float: settings.getfloat}[kind]
    try:
        return bool(read(name) >= 0) or name in _MAY_BE_NEGATIVE
    except (ValueError, TypeError):
        return False
