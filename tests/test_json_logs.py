"""With LOG_JSON=1 every line of the log is one JSON object."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crawler.jsonlogs import _formatter
from newsroom.sites import open_newsroom
from tests.running import LOOPBACK, scrapy

DEMO = ("-s", "SPIDER_MODULES=newsroom.outlets")
KEYS = {"time", "level", "logger", "message", "outlet", "crawl", "exception"}


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_of_a_crawl_is_an_object(tmp_path: Path) -> None:
    with open_newsroom() as newsroom:
        options = ("-s", f"ARCHIVE_DIR={tmp_path}", *DEMO, *LOOPBACK, "-s", "LOG_JSON=1", "-L", "DEBUG")
        run = scrapy("crawl", "demo-dw", *options, environment=newsroom.environment)
    (folder,) = tmp_path.glob("crawls/*/*")
    told = lines(run.stderr)
    assert all(set(line) >= KEYS for line in told)
    assert told[0]["message"].startswith("Scrapy ")
    assert told[0]["outlet"] is None
    assert (told[-1]["outlet"], told[-1]["crawl"], told[-1]["logger"]) == ("demo-dw", str(folder), "scrapy.core.engine")
    assert all(datetime.fromisoformat(line["time"]).tzinfo == UTC for line in told)
    assert {line["level"] for line in told} >= {"DEBUG", "INFO", "WARNING"}


def test_what_cannot_be_done_is_an_object_too(tmp_path: Path) -> None:
    run = scrapy("crawl", "dw", "-s", "LOG_JSON=1", "-s", f"ARCHIVE_DIR={tmp_path}", "-a", "urls=http://127.0.0.1:9/")
    told = lines(run.stderr)
    assert run.returncode == 1
    assert told[-1]["level"] == "CRITICAL"
    assert told[-1]["message"].startswith("no response at all came")
    assert any("Traceback" in (line["exception"] or "") or line["level"] == "ERROR" for line in told)


def test_a_log_file_takes_the_objects(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    with open_newsroom() as newsroom:
        options = ("-s", f"ARCHIVE_DIR={tmp_path}", *DEMO, *LOOPBACK, "-s", "LOG_JSON=1", "-s", f"LOG_FILE={file}")
        run = scrapy("crawl", "demo-dw", *options, environment=newsroom.environment)
    assert run.stderr == ""
    assert "Spider closed (finished)" in [line["message"] for line in lines(file.read_text())]


def test_a_log_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    run = scrapy("crawl", "dw", "-s", "LOG_JSON=1", "-s", f"LOG_FILE={tmp_path}/none/log")
    message = f"pressmark: LOG_FILE={tmp_path}/none/log cannot be written: No such file or directory\n"
    assert (run.returncode, run.stderr) == (2, message)


def test_an_exception_stays_in_one_line() -> None:
    try:
        int("one\ntwo")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 1, "it failed", (), None)
        record.exc_info = __import__("sys").exc_info()
    (line,) = lines(_formatter().format(record))
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("'one\\ntwo'")


@given(st.text(st.characters()), st.dictionaries(st.sampled_from("abcdef"), st.binary() | st.text() | st.none()))
def test_whatever_is_logged_makes_one_line(message: str, beside: dict[str, object]) -> None:
    record = logging.LogRecord("a", logging.INFO, "", 1, message, (), None)
    record.__dict__.update(beside, spider=object())
    text = _formatter().format(record)
    assert text.isascii()
    (line,) = lines(text)
    assert line["message"] == message
    assert "spider" not in line
