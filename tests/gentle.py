"""A newsroom of feeds and pages for tests of politeness, and what its log tells of one host."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from newsroom.answers import Content, ready
from newsroom.messages import Answer, Request
from newsroom.server import Newsroom
from tests.test_replay import page

HTML = (("Content-Type", "text/html; charset=utf-8"),)
SPIDERS = ("-s", "SPIDER_MODULES=tests.lab_spiders")
FEEDS = "https://feeds.harbour.test"
WWW = "https://www.gentle.test"
TOO_MANY = Answer(status=429, headers=HTML, body=b"<p>Not so fast.</p>")


def story(number: int) -> Answer:
    return Answer(headers=HTML, body=page(f"Story number {number}", f"Number {number},"))


def stories(count: int, host: str = WWW) -> dict[str, Content]:
    return {f"{host}/story-{number}": story(number) for number in range(1, count + 1)}


def at_first(answers: list[Answer], pages: dict[str, Content]) -> dict[str, Content]:
    """Pages of which the first that are asked for, whichever they are, get these answers."""
    waiting = list(answers)

    def unless_waiting(content: Content) -> Callable[[Request], Answer]:
        return lambda request: waiting.pop(0) if waiting else ready(content, request)

    return {url: unless_waiting(content) for url, content in pages.items()}


def feed(*urls: str) -> Answer:
    items = "".join(f"<item><title>A story</title><link>{url}</link></item>" for url in urls)
    rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'
    return Answer(headers=(("Content-Type", "application/rss+xml"),), body=rss.encode())


def refusal(status: int, retry_after: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status=status, headers=(*HTML, ("Retry-After", retry_after), *headers), body=b"<p>Later.</p>")


def robots(text: str | bytes) -> Answer:
    return Answer(headers=(("Content-Type", "text/plain"),), body=text.encode() if isinstance(text, str) else text)


def times(newsroom: Newsroom, host: str) -> list[float]:
    """When this host was asked for anything, in seconds of a steady clock."""
    name = host.rpartition("/")[2]
    return sorted(one.request.time for one in newsroom.log if one.request.host == name)


def gaps(newsroom: Newsroom, host: str) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times(newsroom, host))]


def asked(newsroom: Newsroom, host: str) -> list[str]:
    """What this host was asked for, in the order of its answers."""
    return [one.request.target for one in newsroom.log if one.request.host == host.rpartition("/")[2]]
