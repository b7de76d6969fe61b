"""robots.txt as RFC 9309 has it, also where it cannot be had."""

from __future__ import annotations

import asyncio
import logging
import re
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from crawler.addresses import PrivateAddressRefused
from crawler.keeper import Keeper

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

LONGEST = 500 * 1024  # bytes of it that are read (2.5)
NOTHING = b"User-agent: *\nDisallow: /\n"
# Nobody was reached whose rules could be broken. The request itself fails in the same way, and is recorded.
NOBODY_THERE = (DownloadConnectionRefusedError, CannotResolveHostError, PrivateAddressRefused)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Asks each host once a day for its rules, and holds every request for it until they are there.

    A client error (4xx) means that there are no rules; but 429, a server error or no answer at all mean that nothing
    may be fetched (2.3.1.3, 2.3.1.4). Scrapy's middleware fetches everything then. It also never asks hosts outside
    `allowed_domains` for their rules, and forgets them for all but the first of the requests that wait for them.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._lasts = crawler.settings.getfloat("ROBOTSTXT_MAX_AGE")
        self._asked_at: dict[str, float] = {}  # by netloc
        self._rules: dict[str, list[asyncio.Future[RobotParser | None]]] = {}  # of a live host those of today alone

    async def process_request(self, request: Request, spider: object = None) -> None:  # noqa: ARG002 (Scrapy's name)
        """IgnoreRequest where a host's rules forbid what is to be fetched; what the archive holds is not fetched.

        A replay has no clock by which rules grow old: what it does not hold was forbidden by the first, or by
        those that were asked for later.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        await self.robot_parser(request)
        if self._holds(request):
            return
        for version in self._rules[urlparse_cached(request).netloc]:  # it may grow meanwhile
            self.process_request_2(await asyncio.shield(version), request)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlparse_cached(request).netloc
        if netloc not in self._rules or monotonic() - self._asked_at[netloc] > self._lasts:
            counts = netloc not in self._rules
            self._asked_at[netloc], self._rules[netloc] = monotonic(), []
            self._ask(request, counts=counts)
        return await asyncio.shield(self._rules[netloc][0])

    def _ask(self, request: Request, *, counts: bool) -> None:
        """Ask for the rules of a request's host, and then for all that the archive holds of later ones."""
        version = asyncio.ensure_future(self._asked(request, counts=counts))
        version.add_done_callback(lambda _: self._ask_for_later(request))
        self._rules[urlparse_cached(request).netloc].append(version)

    def _ask_for_later(self, request: Request) -> None:
        if self._holds(_robots(request)):
            self._ask(request, counts=False)

    def _holds(self, request: Request) -> bool:
        keeper = self.crawler.get_extension(Keeper)  # type: ignore[type-abstract]
        return keeper is not None and keeper.holds(request)

    async def _asked(self, request: Request, *, counts: bool) -> RobotParser | None:
        """The rules of this request's host; None where it has none.

        It `counts` the first time alone: a replay has no clock by which to ask again.
        """
        robots = _robots(request)
        if counts:
            self._stats.inc_value("robotstxt/request_count")
        try:
            response = await self.crawler.engine.download_async(robots.replace(priority=self.DOWNLOAD_PRIORITY))
        except (IgnoreRequest, *NOBODY_THERE):  # IgnoreRequest: redirected without end is as good as a 404 (2.3.1.2)
            return None
        except Exception as error:  # noqa: BLE001 (whatever kept us from it, it was not had)
            return self._unreachable(robots, f"{type(error).__name__}: {error}")
        if counts:
            self._stats.inc_value("robotstxt/response_count")
            self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        return await self._read(robots, response, request)

    async def _read(self, robots: Request, response: Response, request: Request) -> RobotParser | None:
        if response.status == 429 or response.status >= 500:
            return self._unreachable(robots, f"status {response.status}")
        if not 200 <= response.status < 300:
            return None
        rules: RobotParser = build_from_crawler(self._parserimpl, self.crawler, _readable(response.body))
        await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules

    def _unreachable(self, robots: Request, why: str) -> RobotParser:
        self._stats.set_value(f"robots/unreachable/{urlparse_cached(robots).hostname}", 1)
        logger.error("%s cannot be had (%s): nothing is fetched from that host", robots.url, why)
        rules: RobotParser = build_from_crawler(self._parserimpl, self.crawler, NOTHING)
        return rules


def _robots(request: Request) -> Request:
    """The request for the rules of a request's host."""
    where = urlparse_cached(request)
    meta = {"dont_obey_robotstxt": True, "allow_offsite": True, "purpose": "robots"}
    return Request(f"{where.scheme}://{where.netloc}/robots.txt", meta=meta, callback=NO_CALLBACK)


def _readable(body: bytes) -> bytes:
    """As much of a robots.txt as is read, in whole lines, and as UTF-8.

    Half a path would be another rule, and so would a path without its bytes that are no UTF-8: these are
    percent-encoded, as they are in a URL (2.2.2).
    """
    if len(body) > LONGEST:
        head = body[:LONGEST]
        body = head[: max(head.rfind(b"\n"), head.rfind(b"\r"), 0)] or head
    text = body.decode(errors="surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda stray: f"%{ord(stray[0]) - 0xDC00:02X}", text).encode()
