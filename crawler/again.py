"""Again: the settings by which a recorded crawl is run once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scrapy.settings import SETTINGS_PRIORITIES

from crawler.arguments import WrongArgument
from crawler.description import shaping_settings

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from archive.crawl import Crawl


def again(given: Settings, crawl: Crawl, changed: Mapping[str, Any]) -> Settings:
    """The settings of a crawl's manifest, and those that this run changes.

    WrongArgument where the command line would change what shapes the result.
    """
    settings = given.copy()
    now = shaping_settings(given)
    for name, value in crawl.manifest["settings"].items():
        if given.getpriority(name) == SETTINGS_PRIORITIES["cmdline"] and now.get(name) != value:
            raise WrongArgument(f"{name} shapes the result, and is taken from the manifest ({value!r})")
        settings.set(name, value, priority="cmdline")
    for name, value in changed.items():
        settings.set(name, value, priority="cmdline")
    return settings
