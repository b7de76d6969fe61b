"""Pages: which captures of an archive are article pages, by the settings under which they were captured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w3lib.html import get_meta_refresh

from archive.errors import UndecodableBody

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from archive.capture import Capture

_HEAD = 4096  # bytes in which a page says that it refreshes


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRules:
    """What of a crawl's settings decides whether a running crawl hands a response to its spider."""

    limit: int  # bytes of a decoded body
    refresh: float  # seconds; a page that refreshes sooner is a redirect; below 0 none is
    statuses: frozenset[int]  # beside 2xx
    all_statuses: bool

    @classmethod
    def of(cls, settings: BaseSettings) -> PageRules:
        """The rules by a manifest's settings, or by those of this run."""
        follows = settings.getbool("METAREFRESH_ENABLED", True) and settings.getbool("REDIRECT_ENABLED", True)
        return cls(
            limit=settings.getint("DOWNLOAD_MAXSIZE", 10 << 20),
            refresh=settings.getfloat("METAREFRESH_MAXDELAY", 5) if follows else -1,
            statuses=frozenset(map(int, settings.getlist("HTTPERROR_ALLOWED_CODES"))),
            all_statuses=settings.getbool("HTTPERROR_ALLOW_ALL"),
        )

    def article_pages(self, captures: Iterable[Capture]) -> Iterator[Capture]:
        """The captures whose pages may hold an article.

        In a crawl of ours those are the pages that were asked for as articles; in anybody's WARC, whatever
        came as HTML. Errors, redirects and truncated pages are none: a running crawl passes them over too.
        """
        for capture in captures:
            wanted = capture.purpose == "article" if capture.sequence else is_html(capture)
            if wanted and self._whole(capture) and not self._refreshes(capture):
                yield capture

    def _whole(self, capture: Capture) -> bool:
        status = capture.status
        if status is None or capture.error or capture.truncated or capture.header("Location"):
            return False
        return 200 <= status < 300 or self.all_statuses or status in self.statuses

    def _refreshes(self, capture: Capture) -> bool:
        """Whether Scrapy follows the page's meta refresh instead of handing the page on."""
        try:
            head = capture.beginning(_HEAD).decode("latin-1")
        except UndecodableBody:
            return False
        if "http-equiv" not in head.lower():
            return False
        seconds, url = get_meta_refresh(head, capture.url, "latin-1", ignore_tags=("noscript",))
        return url is not None and seconds is not None and seconds < self.refresh


def is_html(capture: Capture) -> bool:
    """Whether this is an answer to a GET that calls itself HTML, or nothing."""
    kind = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
    return capture.method == "GET" and kind in {"", "text/html", "application/xhtml+xml"}
