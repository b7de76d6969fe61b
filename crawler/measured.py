"""Measured: what Prometheus is told of a crawl, each metric by its name; docs/observing.md lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler.drift import LENGTHS
from crawler.figures import Figures
from crawler.places import archive_of
from crawler.recording import Recorder
from crawler.visits import visits

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

EARLIER = 200  # folders of an outlet among which its last success is looked for

# Metrics that are statistics, name for name: what each part of a statistic's name behind the prefix is, and the help.
COUNTED = (
    ("responses", "status", "downloader/response_status_count/", "Responses by HTTP status, retries included"),
    ("download_errors", "error", "downloader/exception_type_count/", "Requests that got no whole response"),
    ("retries", None, "retry/count", "Requests that were sent again after a failure"),
    ("articles", "extractor", "articles/by/", "Articles by the profile that read them, or generic"),
    ("articles_again", None, "articles/again", "Articles that earlier crawls hold, looked at again"),
    ("articles_lacking", "part", "articles/without/", "Articles without a title, date, lead or body"),
    ("articles_known", None, "articles/known", "Links left out because earlier crawls hold their articles"),
    ("articles_requested", None, "articles/requested", "Article pages asked for"),
    ("pages_without_article", "reason", "articles/none/", "Pages that hold no article, by the reason"),
    ("pages_forbidden", "host", "forbidden/", "Article pages that a host forbade"),
    ("pages_not_asked", "host", "blocked/", "Article pages not asked for, because their host forbids them"),
    ("robots_unreachable", "host", "robots/unreachable/", "Times that a robots.txt could not be had"),
)


class CrawlCollector(Collector):
    """Reads a crawl's statistics whenever it is asked; nothing is counted twice."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        recorder = crawler.get_extension(Recorder)
        assert recorder is not None
        self._crawl = recorder.crawl
        assert crawler.spider is not None
        self._outlet = crawler.spider.name
        self._last_success = _last_success(archive_of(crawler.settings), self._outlet)

    def collect(self) -> Iterable[Metric]:
        """All metrics, as they stand now."""
        told = self._crawler.stats.get_stats()
        for name, label, prefix, words in COUNTED:
            yield self._counter(name, words, label, _parts(told, prefix))
        yield self._counter("listings", "Listings by what came of them", "outcome", _listings(told))
        size = sum(path.stat().st_size for path in self._crawl.folder.glob("*.warc.gz*"))
        yield self._counter("recorded_bytes", "Bytes of the crawl's WARC files, compressed", None, {"": size})
        yield self._lengths(_parts(told, "articles/length/from_"))
        yield from self._moments(told)
        yield from self._now()
        yield self._gauge("alarm", "1 where this alarm stands after the crawl", "alarm", _parts(told, "alarms/"))

    def _now(self) -> Iterator[Metric]:
        figures = Figures.of(self._crawler)
        waiting = {"": figures.found - figures.done}
        yield self._gauge("pages_waiting", "Article pages that are known and not done yet", None, waiting)
        words = "Seconds for which a host has still to be left alone"
        yield self._gauge("host_paused_seconds", words, "host", figures.pauses)

    def _moments(self, told: Mapping[str, Any]) -> Iterator[Metric]:
        started, ended = told.get("start_time"), told.get("finish_time")
        running = {"": int(ended is None)}
        yield self._gauge("crawl_running", "1 while the crawl runs", None, running)
        since = {"": started.timestamp()} if started else {}
        yield self._gauge("crawl_start_timestamp_seconds", "When the crawl began", None, since)
        if ended and self._crawl.status == "finished" and told.get("downloader/response_count"):
            self._last_success = ended.timestamp()
        success = {} if self._last_success is None else {"": self._last_success}
        words = "When a crawl of this outlet last came to its end, with any response"
        yield self._gauge("last_success_timestamp_seconds", words, None, success)

    def _lengths(self, classes: Mapping[str, float]) -> Metric:
        """A histogram without a sum, for lengths are counted by classes."""
        metric = HistogramMetricFamily(
            "pressmark_article_length_characters", "Characters of the articles' texts", labels=["outlet"]
        )
        counts = accumulate(classes.get(f"{bound:05}", 0) for bound in LENGTHS)
        bounds = [*(f"{bound - 1}.0" for bound in LENGTHS[1:]), "+Inf"]
        metric.add_metric([self._outlet], buckets=list(zip(bounds, counts, strict=True)), sum_value=None)
        return metric

    def _counter(self, name: str, words: str, label: str | None, values: Mapping[str, float]) -> Metric:
        return self._filled(CounterMetricFamily, name, words, label, values)

    def _gauge(self, name: str, words: str, label: str | None, values: Mapping[str, float]) -> Metric:
        return self._filled(GaugeMetricFamily, name, words, label, values)

    def _filled(self, kind: Any, name: str, words: str, label: str | None, values: Mapping[str, float]) -> Metric:
        labels = ["outlet"] if label is None else ["outlet", label]
        metric: Metric = kind(f"pressmark_{name}", words, labels=labels)
        for part, value in sorted(values.items()):
            metric.add_metric([self._outlet, part][: len(labels)], value)  # type: ignore[attr-defined]
        return metric


def _parts(told: Mapping[str, Any], prefix: str) -> dict[str, float]:
    """The statistics whose names begin so, by the rest of their names; a whole name is always there, if with 0."""
    found = {name.removeprefix(prefix): float(value) for name, value in told.items() if name.startswith(prefix)}
    return found if prefix.endswith(("/", "_")) else {"": found.get("", 0.0)}


def _listings(told: Mapping[str, Any]) -> dict[str, float]:
    counts = _parts(told, "listings/")
    if "empty" in counts:  # an empty listing is one that was read
        counts["read"] -= counts["empty"]
    return counts


def _last_success(root: Path, outlet: str) -> float | None:
    ended = [visit.ended.timestamp() for visit in visits(root, outlet, EARLIER) if visit.succeeded]
    return max(ended, default=None)
