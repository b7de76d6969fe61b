"""RemoteControl: Scrapy's own, loaded only where it is turned on: it brings a web server of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RemoteControl:
    """Stands in the place of Scrapy's extension, and makes way for it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:
        if not crawler.settings.getbool("REMOTE_CONTROL_ENABLED"):
            raise NotConfigured
        from scrapy.extensions import remote_control

        return remote_control.RemoteControl.from_crawler(crawler)
