"""Alarms reach webhooks and mailboxes, and their addresses reach neither log nor archive."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from alarms.delivery import Delivery
from alarms.judging import Alarm
from crawler.arguments import WrongArgument
from tests.running import scrapy

SINCE = datetime(2026, 3, 14, 6, tzinfo=UTC)
ALARMS = [
    Alarm(outlet="gazette", kind="dates", since=SINCE, words="12 of the last 12 articles have no date"),
    Alarm(outlet="gazette", kind="text", since=SINCE, words="articles are shorter – much shorter"),
]


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook's host and port, and what it was told."""
    told: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", told
        finally:
            server.shutdown()
            thread.join()


class Mailbox:
    """Takes e-mails."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 taken"


def test_a_webhook_is_told() -> None:
    with webhook() as (host, told):
        Delivery.to(f"json://{host}/hook").send(ALARMS)
    (one,) = told
    assert one["title"] == "pressmark: gazette: dates, text"
    assert one["message"].splitlines() == [
        "gazette: dates: 12 of the last 12 articles have no date",
        "gazette: text: articles are shorter – much shorter",
    ]


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[int]:
    """An SMTP server's port."""
    loop = asyncio.SelectorEventLoop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(mailbox), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


def test_a_mailbox_gets_an_email() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        url = f"mailto://127.0.0.1:{port}?from=crawler@gazette.test&to=desk@gazette.test&mode=insecure"
        Delivery.to(url).send(ALARMS)
    (message,) = mailbox.messages
    assert message["Subject"] == "pressmark: gazette: dates, text"
    assert "desk@gazette.test" in message["To"]
    body = message.get_body(("plain", "html"))
    assert body is not None
    assert "12 of the last 12 articles have no date" in body.get_content()


def test_a_place_that_fails_is_told_and_keeps_no_other_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with webhook(500) as (failing, _), webhook() as (host, told):
        gone = "json://user:hunter2@127.0.0.1:9/hidden-path"
        Delivery.to(f"{gone}, json://:s3cret@{failing}/token-7, json://{host}/").send(ALARMS)
    assert len(told) == 1
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert [message[:22] for message in errors] == ["Number 1 of ALARM_URLS", "Number 2 of ALARM_URLS"]
    for secret in ("hunter2", "hidden-path", "s3cret", "token-7"):
        assert secret not in caplog.text


@pytest.mark.parametrize("urls", ["nonsense", "json://", "foo://host/", " , "])
def test_a_place_that_nobody_knows_is_refused_without_repeating_it(urls: str) -> None:
    with pytest.raises(WrongArgument) as told:
        Delivery.to(urls)
    assert str(told.value) == "ALARM_URLS names a place that Apprise does not know; see docs/observing.md"


def test_a_crawl_does_not_start_with_such_a_place(tmp_path: Path) -> None:
    environment = {"PRESSMARK_ALARM_URLS": "jsosn://user:hunter2@gazette.test"}
    run = scrapy("crawl", "dw", "-s", f"ARCHIVE_DIR={tmp_path}", "--nolog", environment=environment)
    assert run.returncode == 2
    assert run.stderr == "pressmark: ALARM_URLS names a place that Apprise does not know; see docs/observing.md\n"
    assert not list(tmp_path.glob("crawls/*/*"))
