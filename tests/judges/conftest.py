"""What is judged: the invented outlets and the raw-socket lab, crawled once by the real command."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsroom.outlet import DemoSite
from newsroom.sites import SITES, open_newsroom
from tests.lab import SCRIPTS, lab
from tests.running import crawl

HUGE = ("/huge-header", "/many-headers")  # FastWARC stops at 64 KiB of header, Python's own client at 100 lines
TWINS = ("/plain?twin", "/gzip?twin", "/br?twin", "/chunked?twin", "/chunked-ext?twin")


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folder of each crawl, the lab's the last."""
    archive = tmp_path_factory.mktemp("judged archive")
    with open_newsroom() as newsroom, ThreadPoolExecutor() as pool:

        def crawled(site: DemoSite) -> Path:
            start = ["-a", f"start={site.start}"] if site.start else []
            demo = ("-s", "SPIDER_MODULES=newsroom.outlets", *start)
            return crawl(archive / site.name, site.name, *demo, environment=newsroom.environment)

        outlets = list(pool.map(crawled, SITES))
    return [*outlets, _lab(archive / "lab", [*(target for target in SCRIPTS if target not in HUGE), *TWINS])]


@pytest.fixture(scope="session")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a crawl whose responses have more header than some judges take."""
    return _lab(tmp_path_factory.mktemp("huge"), HUGE)


@pytest.fixture(scope="session")
def warcs(folders: list[Path]) -> list[Path]:
    return [warc for folder in folders for warc in sorted(folder.glob("*.warc.gz"))]


def _lab(archive: Path, targets: Iterable[str]) -> Path:
    """Every trouble of the lab; and identical bodies under two URLs, which become revisits."""
    with lab() as server:
        dead = ("http://127.0.0.1:9/refused", "http://no-such-host.invalid/")
        urls = ",".join([*(f"{server.url}{target}" for target in targets), *dead])
        settings = ("-s", "DOWNLOAD_TIMEOUT=1.5", "-s", "DOWNLOAD_MAXSIZE=60000", "-s", "RETRY_TIMES=1")
        spiders = ("-s", "SPIDER_MODULES=tests.lab_spiders")
        return crawl(archive, "lab", "-a", f"urls={urls}", *settings, *spiders)
