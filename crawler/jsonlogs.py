"""JSON logs: one object a line, for machines that gather logs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from crawler.arguments import WrongArgument

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

OBJECTS = ("crawler", "spider", "taskName")  # what Scrapy and Python hand to the log beside its words


def log_as_json(settings: BaseSettings) -> None:
    """Have everything logged as JSON from the first line on; WrongArgument where LOG_FILE cannot be written.

    Scrapy then installs no handler of its own; LOG_FILE, LOG_LEVEL and the like mean what they always do.
    """
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    if not settings.getbool("LOG_ENABLED"):
        return
    handler = _handler(settings)
    handler.setLevel(settings.get("LOG_LEVEL"))
    handler.setFormatter(_formatter())
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)


def tell(message: str) -> bool:
    """Log a command's last word, where standard error takes JSON; False where it does not."""
    told = any(getattr(handler, "stream", None) is sys.stderr for handler, _ in _handlers())
    if told:
        logging.getLogger("pressmark").critical(message)
    return told


def tell_always(name: str, value: str) -> None:
    """Give every line from now on this key and value."""
    for _, formatter in _handlers():
        formatter.static_fields[name] = value


def _handler(settings: BaseSettings) -> logging.Handler:
    file = settings.get("LOG_FILE")
    if not file:
        return logging.StreamHandler()
    mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
    try:
        return logging.FileHandler(file, mode=mode, encoding=settings.get("LOG_ENCODING"))
    except OSError as error:
        raise WrongArgument(f"LOG_FILE={file} cannot be written: {error.strerror}") from error


def _formatter() -> JsonFormatter:
    return JsonFormatter(
        ["levelname", "name", "message", "exc_info"],
        timestamp="time",
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
        static_fields={"outlet": None, "crawl": None},
        reserved_attrs=[*RESERVED_ATTRS, *OBJECTS],
    )


def _handlers() -> Iterator[tuple[logging.Handler, JsonFormatter]]:
    for handler in logging.root.handlers:
        if isinstance(handler.formatter, JsonFormatter):
            yield handler, handler.formatter
