"""Which outlet a page belongs to, and by which profiles it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings, Settings
from scrapy.spiderloader import SpiderLoader

if TYPE_CHECKING:
    from crawler.profile import Profile
    from crawler.spider import NewsSpider  # which imports this module

DEMO_MODULE = "newsroom.outlets"  # the demo's outlets can be replayed, and do not show in `scrapy list`


@dataclass(frozen=True, slots=True)
class Outlets:
    """The outlets that this project knows, by name."""

    spiders: dict[str, type[NewsSpider]]

    @classmethod
    def load(cls, settings: BaseSettings) -> Outlets:
        """All outlets of SPIDER_MODULES, and the demo's."""
        wider = Settings()
        wider.setdict({"SPIDER_MODULES": [*settings.getlist("SPIDER_MODULES"), DEMO_MODULE]}, priority="cmdline")
        loader = SpiderLoader.from_settings(wider)
        classes = {name: loader.load(name) for name in sorted(loader.list())}
        outlets = {name: spider for name, spider in classes.items() if hasattr(spider, "profiles")}
        return cls(cast("dict[str, type[NewsSpider]]", outlets))

    def reading(self, url: str, outlet: str | None = None) -> tuple[str, tuple[Profile, ...]]:
        """The `outlet` of an article at `url`, and the profiles to read it by.

        A named outlet is taken at its word; else the page's host decides. Sister sites on an outlet's
        system share its profiles and go by their own host's name, and so does a host that nobody knows.
        """
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        spider = self.spiders.get(outlet or "")
        if spider is None or spider.generic:
            known = (one for one in self.spiders.values() if within(host, [*one.allowed_domains, *one.sisters]))
            spider = next(known, None)
        if spider is None:
            return host, ()
        return (host if within(host, spider.sisters) else spider.name), spider.profiles


def within(host: str, domains: list[str] | tuple[str, ...]) -> bool:
    """Whether `host` is one of these domains or stands below one."""
    labels = host.split(".")
    return not {".".join(labels[start:]) for start in range(len(labels))}.isdisjoint(domains)
