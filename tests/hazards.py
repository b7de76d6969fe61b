"""Hazards: profiles that do to the process that reads by them what broken libraries and hostile pages do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

from crawler.profile import Profile

PIPE = "HAZARD_PIPE"  # the environment variable that names the pipe through which a waiting reader tells its number


class Deed(tuple[str, ...]):
    """A profile's list of patterns: a look at it does what its one word says."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        {"dies": dies, "hangs": hangs, "eats": eats, "waits": waits, "raises": raises}[self[0]]()
        return iter(())


def dies() -> None:
    """As a fault in a C library would have it."""
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs() -> None:
    """Forever, and in a library that catches what it is interrupted with."""
    while True:
        try:
            sum(range(1000))
        except BaseException:  # noqa: BLE001
            continue


def eats() -> None:
    """More memory than any machine has for it."""
    held = []
    while True:
        held.append(bytes(1 << 28))  # zeros that no memory stands behind yet


def waits() -> None:
    """Tell the process's number to who asks, and then do nothing until that ends it."""
    with open(os.environ[PIPE], "w", encoding="ascii") as pipe:  # noqa: PTH123
        pipe.write(str(os.getpid()))
    signal.pause()


def raises() -> None:
    """What nobody foresaw."""
    raise NotImplementedError("a layout from the future")


def hazard(deed: str) -> Profile:
    """The profile of pages whose headline is of this class."""
    return Profile(
        name=f"hazard-{deed}",
        version=1,
        marks=(f"h1.{deed}",),
        title=("h1",),
        body=("article",),
        no_article_urls=Deed((deed,)),
    )


DEEDS = ("dies", "hangs", "eats", "waits", "raises")
HAZARDS = tuple(map(hazard, DEEDS))
