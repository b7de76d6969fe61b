"""What a user may ask of a crawl: the spider arguments of `scrapy crawl`, checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class WrongArgument(ValueError):
    """An argument that cannot be what was meant; the message says which, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The arguments of one crawl, as values. `urls` is None where discovery is asked for."""

    urls: tuple[str, ...] | None = None
    since: date | None = None
    limit: int | None = None
    language: str | None = None
    start: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Arguments:
        """Arguments from their `-a NAME=VALUE` strings; WrongArgument where one makes no sense.

        Names that begin with an underscore are a scheduler's own (scrapyd's `_job`), and no argument.
        """
        given = {name: value for name, value in given.items() if not name.startswith("_")}
        unknown = sorted(set(given) - set(cls.__slots__))
        if unknown:
            raise WrongArgument(f"no such argument: {unknown[0]}; there are {', '.join(cls.__slots__)}")
        readers = {"urls": _urls, "since": partial(day, "since"), "limit": _count, "language": str, "start": _one_url}
        return cls(**{name: _read(readers[name], name, value) for name, value in given.items()})

    def as_dict(self) -> dict[str, Any]:
        """The arguments as the manifest keeps them: JSON values, those that were given alone."""
        values: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        values["urls"] = None if self.urls is None else list(self.urls)
        values["since"] = self.since.isoformat() if self.since else None
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Arguments:
        """The arguments that `as_dict` gave; WrongArgument for what it cannot have given."""
        values = dict(kept)
        if not set(values) <= set(cls.__slots__):
            raise WrongArgument(
                f"the manifest holds arguments that are none: {sorted(set(values) - set(cls.__slots__))}"
            )
        if "urls" in values:
            values["urls"] = tuple(values["urls"])
        if "since" in values:
            values["since"] = date.fromisoformat(values["since"])
        return cls(**values)

    def too_old(self, published: date | str | None) -> bool:
        """Whether something published then is older than `since` asks for; what tells no date is not.

        Pages named by `urls` are wanted whatever they are.
        """
        if self.since is None or self.urls is not None or published is None:
            return False
        day = published[:10] if isinstance(published, str) else published.isoformat()[:10]
        return date.fromisoformat(day) < self.since


def span(text: Any) -> timedelta:
    """A span of time as people write it: `90s`, `30m`, `2h`, `1d`, `2w`; ValueError for anything else."""
    found = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or float(found[1]) == 0:
        raise ValueError(f"{text!r} is no span of time; write 90s, 30m, 2h, 1d or 2w")
    return timedelta(**{_UNITS[found[2]]: float(found[1])})


def _read(reader: Any, name: str, value: str) -> Any:
    try:
        return reader(value)
    except WrongArgument:
        raise
    except (ValueError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise WrongArgument(f"{name}={value}: {why}") from error


def _urls(value: str) -> tuple[str, ...]:
    """URLs from a list (split at a comma that `http` follows) or from a file with one URL a line."""
    if not re.match(r"https?:", value, re.IGNORECASE):
        if not Path(value).is_file():
            raise WrongArgument(f"urls={value} is neither a URL that begins with http:// or https:// nor a file")
        lines = Path(value).read_text(encoding="utf-8-sig").splitlines()
        urls = [line.strip() for line in lines if line.strip()]
    else:
        urls = [url.strip() for url in re.split(r",(?=https?:)", value, flags=re.IGNORECASE)]
    if not urls:
        raise WrongArgument(f"urls={value} names no URL")
    return tuple(_one_url(url) for url in urls)


def _one_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or re.search(r"\s", value):
        raise WrongArgument(f"{value!r} is no URL; one begins with http:// or https:// and names a host")
    _ = parts.port  # raises ValueError when it is no number
    if parts.username is not None:
        raise WrongArgument(
            f"{parts.hostname}: a URL with credentials would put a secret into the archive; leave them out"
        )
    return value


def day(name: str, value: str) -> date:
    """The day that the argument or option of this name gives; WrongArgument where it is none."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise WrongArgument(f"{name}={value} is no date; write it as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise WrongArgument(f"{name}={value} is no date ({error}); write it as YYYY-MM-DD") from error


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise WrongArgument(f"limit={value} is no number of articles; give a whole number of at least 1")
    return int(value)
