"""Runs of the real `scrapy` command, as a user would start it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
LOOPBACK = (
    *("-s", "PRIVATE_ADDRESSES_ALLOWED=1"),
    *("-s", "DOWNLOAD_DELAY=0"),
    *("-s", "AUTOTHROTTLE_ENABLED=0"),
    *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16"),
)
# Of a process begun by a small one its peak memory is its own: else it counts what its parent held, too.
BY_A_SMALL_ONE = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
_PROXIES = {"http_proxy", "https_proxy", "no_proxy", "all_proxy"}


def scrapy(
    *arguments: str | Path, environment: dict[str, str] | None = None, cwd: Path = ROOT, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy` with these arguments in a process of its own, from the project's root unless told otherwise.

    `before` is a command that runs the command behind it.
    """
    inherited = {name: value for name, value in os.environ.items() if name.lower() not in _PROXIES}
    return subprocess.run(
        [*before, sys.executable, "-m", "scrapy", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def crawl(
    archive: Path, outlet: str, *arguments: str, environment: dict[str, str] | None = None, expect: int = 0
) -> Path:
    """Crawl on loopback into `archive`, and give the crawl's folder."""
    before = set(archive.glob("crawls/*/*"))
    run = scrapy("crawl", outlet, "-s", f"ARCHIVE_DIR={archive}", *LOOPBACK, *arguments, environment=environment)
    assert run.returncode == expect, run.stdout + run.stderr
    (folder,) = set(archive.glob("crawls/*/*")) - before
    return folder
