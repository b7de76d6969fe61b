"""Again: the settings by which a recorded crawl is run once more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scrapy.settings import SETTINGS_PRIORITIES

from crawler.arguments import WrongArgument
from crawler.description import MASK, shaping_settings

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from archive.crawl import Crawl


def again(given: Settings, crawl: Crawl, changed: Mapping[str, Any], *, fetches: bool) -> Settings:
    """The settings of a crawl's manifest, and those that this run changes.

    WrongArgument where the command line would change what shapes the result, and where a run that
    fetches would send out a mask in place of a secret.
    """
    settings = given.copy()
    now = shaping_settings(given)
    for name, value in crawl.manifest["settings"].items():
        if now.get(name) == value:  # what was given may hold the secret that the manifest masks
            continue
        if fetches and MASK in json.dumps(value):
            raise WrongArgument(f"{name} held a secret, which no manifest keeps; give it again: -s {name}=...")
        if given.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]:
            raise WrongArgument(f"{name} shapes the result, and is taken from the manifest ({value!r})")
        settings.set(name, value, priority="cmdline")
    for name, value in changed.items():
        settings.set(name, value, priority="cmdline")
    return settings
