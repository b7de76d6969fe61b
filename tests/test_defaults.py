"""What a crawl does when nobody told it otherwise: gentle to others, closed to what may harm."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from archive.crawl import Crawl
from newsroom.messages import Answer
from newsroom.server import Newsroom
from tests.running import LOOPBACK, ROOT, crawl, scrapy
from tests.test_replay import URLS


def test_a_host_is_fetched_from_once_a_second_at_most(tmp_path: Path) -> None:
    with Newsroom.for_pages(URLS) as newsroom:
        given = ("-a", f"urls={','.join(list(URLS)[:3])}", "-s", f"ARCHIVE_DIR={tmp_path}")
        run = scrapy("crawl", "site", *given, environment=newsroom.environment)
        times = [one.request.time for one in newsroom.log]
    assert run.returncode == 0, run.stderr
    assert len(times) == 4  # robots.txt is one of them
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.95


def test_a_crawl_names_itself_and_asks_for_a_contact(tmp_path: Path) -> None:
    with Newsroom.for_pages(URLS) as newsroom:
        crawl(tmp_path, "site", "-a", f"urls={next(iter(URLS))}", environment=newsroom.environment)
        agents = {one.request.header("User-Agent") for one in newsroom.log}
        encodings = {one.request.header("Accept-Encoding") for one in newsroom.log}
    (agent,) = agents
    assert agent is not None
    assert agent.startswith("pressmark/")
    assert "contact" in agent
    assert encodings == {"gzip, deflate, br"}


def test_a_certificate_of_nobody_we_trust_is_refused(tmp_path: Path) -> None:
    url = next(iter(URLS))
    with Newsroom.for_pages(URLS) as newsroom:
        environment = {**newsroom.environment, "SSL_CERT_FILE": os.devnull}
        folder = crawl(tmp_path, "site", "-a", f"urls={url}", environment=environment, expect=1)
    errors = {capture.error for capture in Crawl.open(folder).captures()}
    assert errors
    assert None not in errors


def test_a_body_that_is_too_long_is_recorded_as_truncated(tmp_path: Path) -> None:
    url = "https://www.lamp.test/2026/03/01/a-page-without-an-end/"
    body = Answer(headers=(("Content-Type", "text/html"),), body=b"<p>on and on" * (1 << 20), chunk=1 << 16)
    with Newsroom.for_pages({url: body}) as newsroom:
        folder = crawl(tmp_path, "site", "-a", f"urls={url}", environment=newsroom.environment)
    (capture,) = [capture for capture in Crawl.open(folder).captures() if capture.purpose == "article"]
    assert capture.truncated == "length"
    assert 10 << 20 <= len(capture.response) < 12 << 20


@pytest.mark.parametrize("name", ["REMOTE_CONTROL_ENABLED", "TELNETCONSOLE_ENABLED", "PRIVATE_ADDRESSES_ALLOWED"])
def test_doors_into_the_crawler_are_shut(name: str) -> None:
    assert not get_project_settings().getbool(name)


def test_no_list_of_public_suffixes_is_ever_fetched() -> None:
    """A cookie asks for it: whatever resolves a name ends the process."""
    script = (
        "import os, sys\n"
        "forbidden = {'socket.connect', 'socket.getaddrinfo'}\n"
        "sys.addaudithook(lambda event, _: os._exit(99) if event in forbidden else None)\n"
        "from crawler.cookies import OfflineCookiesMiddleware, cookies\n"
        "from scrapy import Request\n"
        "from scrapy.http import Response\n"
        "middleware = OfflineCookiesMiddleware()\n"
        "request = Request('https://news.example.co.uk/')\n"
        "cookie = {'Set-Cookie': 'a=1; Domain=example.co.uk'}\n"
        "middleware.process_response(request, Response(request.url, headers=cookie))\n"
        "print(cookies._is_public_domain('co.uk'), cookies._is_public_domain('example.co.uk'))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "True False\n"), run.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("ARCHIVE_DIR", "elsewhere"), ("USER_AGENT", "mine"), ("DOWNLOAD_DELAY", "2.5"), ("EXTRACTION_PROCESSES", "0")],
)
def test_a_users_settings_can_come_from_the_environment(name: str, value: str) -> None:
    run = scrapy("settings", "--get", name, environment={f"PRESSMARK_{name}": value})
    assert run.stdout.strip() == value
    run = scrapy("settings", "--get", name, "-s", f"{name}=7", environment={f"PRESSMARK_{name}": value})
    assert run.stdout.strip() == "7"


def test_no_secret_reaches_the_manifest(tmp_path: Path) -> None:
    secret = 'DEFAULT_REQUEST_HEADERS={"X-Api-Key": "hush", "Accept": "text/html"}'
    with Newsroom.for_pages(URLS) as newsroom:
        proxied = newsroom.proxy.replace("http://", "http://user:hushhush@")
        environment = {**newsroom.environment, "http_proxy": proxied, "https_proxy": proxied}
        given = ("-a", f"urls={next(iter(URLS))}", "-s", secret)
        folder = crawl(tmp_path, "site", *given, environment=environment)
    manifest = (folder / "crawl.json").read_text()
    assert "hush" not in manifest
    assert "(masked)" in manifest
    captures = list(Crawl.open(folder).captures())
    assert not [capture for capture in captures if b"roxy-Auth" in capture.request]


def test_a_crawl_does_not_load_what_it_does_not_use(tmp_path: Path) -> None:
    with Newsroom.for_pages(URLS) as newsroom:
        told = {**newsroom.environment, "PYTHONPROFILEIMPORTTIME": "1"}
        given = ("-a", f"urls={next(iter(URLS))}", "-s", f"ARCHIVE_DIR={tmp_path}", *LOOPBACK)
        run = scrapy("crawl", "site", *given, environment=told)
        wanted = scrapy("crawl", "site", *given, "-s", "REMOTE_CONTROL_ENABLED=1", environment=told)
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}
    assert "scrapy.core.engine" in loaded
    assert loaded & {"aiohttp", "botocore", "ray", "rich", "sqlalchemy"} == set()
    assert "Remote control HTTP server listening" in wanted.stderr
