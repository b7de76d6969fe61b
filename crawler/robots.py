"""robots.txt obeyed by every request, also by those that wait for it side by side."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.robotstxt import RobotParser


def _without_traceback(record: logging.LogRecord) -> bool:
    """A robots.txt that cannot be had is told in one line: the archive holds the rest."""
    record.exc_info = None
    return True


logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_without_traceback)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, whose waiting requests all get the same answer.

    In Scrapy 2.19 they await one Deferred, and the first to be woken takes its result away: the others
    are told that there is no robots.txt, and fetch what it forbids.
    """

    async def robot_parser(self, request: Request) -> RobotParser | None:
        parser = self._parsers.get(urlparse_cached(request).netloc)
        if not isinstance(parser, Deferred):
            return await super().robot_parser(request)
        own: Deferred[RobotParser | None] = Deferred()

        def pass_on(result: RobotParser | None) -> RobotParser | None:
            own.callback(result)
            return result

        parser.addCallback(pass_on)
        return await maybe_deferred_to_future(own)
