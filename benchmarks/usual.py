"""The usual pipeline: Scrapy as installed, with trafilatura called in the callback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import trafilatura

from benchmarks.stock import Stock


class Usual(Stock):
    """Fetches what a file names, and reads it where it stands."""

    name = "usual"

    def parse(self, response: Any) -> Iterator[dict[str, Any]]:
        document = trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True)
        if document is not None:
            yield {name: value for name, value in document.as_dict().items() if isinstance(value, str)}
