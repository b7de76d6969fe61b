"""Words: an article without its pressmark, as it is kept, and what tells one text from another."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.lines import json_line
from catalogue.keys import key, micros, moment_of
from catalogue.signature import signature

PRESSMARK = ("captured", "record_id", "payload_digest", "warc", "offset")  # what tells one capture from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an article says, as it is kept once however often it was captured."""

    id: int
    words: int
    signature: bytes
    body: bytes

    @classmethod
    def of(cls, article: Mapping[str, Any]) -> Content:
        """The content of a line of `articles.jsonl`."""
        line = json_line({name: value for name, value in article.items() if name not in PRESSMARK})
        return cls(
            id=key("content", line.decode()),
            words=words_key(article),
            signature=signature(article["text"]),
            body=zlib.compress(line),
        )


def words_key(article: Mapping[str, Any]) -> int:
    """The key of an article's words: title, lead and text, white space apart."""
    return key("words", *(" ".join((article[name] or "").split()) for name in ("title", "lead", "text")))


def read_content(body: bytes) -> dict[str, Any]:
    """The article without its pressmark."""
    content: dict[str, Any] = json.loads(zlib.decompress(body))
    return content


def dated(content: Mapping[str, Any], captured: int) -> tuple[int, str]:
    """When an article was published, as microseconds, and the day as its page prints it; else when it was captured.

    A bare date is its first moment in UTC.
    """
    try:
        moment = datetime.fromisoformat(content["published"])
        return micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC)), moment.date().isoformat()
    except (TypeError, ValueError):
        return captured, moment_of(captured).date().isoformat()


def storable(text: str) -> str:
    """Text without halves of surrogate pairs, which no database takes, and without NUL, which PostgreSQL does not."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
