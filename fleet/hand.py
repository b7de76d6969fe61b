"""Hand: what runs on a node, one process each, and what it tells of itself first."""

from __future__ import annotations

import os
from collections.abc import Mapping

from crawler.description import code_digest, versions

_ROOMS = ("archive", "catalogue", "crawler", "fleet", "schedule", "spiders")


class Hand:
    """A process on a node of the cluster, which does jobs one after another."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` are the variables by which the settings were given where the command runs."""
        os.environ.update(environment)

    async def hello(self) -> dict[str, str]:
        """What runs here: see `here`. Unfit where the work cannot be done from here."""
        return here()


def here() -> dict[str, str]:
    """Versions of our own code, of Python, and of all that shapes a result."""
    return {**versions(()), "code": code_digest(_ROOMS)}


def given() -> dict[str, str]:
    """The environment variables of this process that hold settings."""
    return {name: value for name, value in os.environ.items() if name.startswith("PRESSMARK_")}
