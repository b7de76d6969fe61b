"""LogContext: says in each line of a JSON log which outlet is crawled, and into which folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from crawler.figures import is_watched
from crawler.jsonlogs import tell_always
from crawler.recording import Recorder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LogContext:
    """Tells the log as soon as each of the two is known."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LogContext:
        if not (crawler.settings.getbool("LOG_JSON") and is_watched(crawler)):
            raise NotConfigured
        assert crawler.spider is not None
        tell_always("outlet", crawler.spider.name)
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        return extension

    def spider_opened(self) -> None:
        recorder = self._crawler.get_extension(Recorder)
        tell_always("crawl", str(recorder.crawl.folder) if recorder else str(self._crawler.settings["REPLAY_FOLDER"]))
