"""What holds for every test: none of them depends on how fast a machine is; and servers for those that ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from archive.places import place
from tests.buckets import BUCKET, Proxy, environment, make_bucket, served
from tests.postgres import Server, server

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_xdist_auto_num_workers() -> int:
    """One for each core, and one more: a test often waits, for a server or a process."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of PostgreSQL, one for all tests of this process."""
    with server() as started:
        yield started


@pytest.fixture
def base(postgres: Server) -> str:
    """The URL of a new database."""
    return postgres.new()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """What CATALOGUE_URL is: nothing, and a new database of PostgreSQL's."""
    if request.param == "sqlite":
        return None
    started: Server = request.getfixturevalue("postgres")
    return started.new()


@pytest.fixture(scope="module")
def s3() -> Iterator[Proxy]:
    """A server that speaks S3's API, with one bucket, behind a proxy."""
    with served() as started:
        make_bucket(started, BUCKET)
        yield started


@pytest.fixture
def proxy(s3: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The same without trouble, and this process set up to reach it."""
    from s3fs import S3FileSystem

    for name, value in environment(s3).items():
        monkeypatch.setenv(name, value)
    # A failed request is repeated as often as ever, but at once: the seconds between are not what is tested.
    monkeypatch.setattr("botocore.retryhandler.delay_exponential", lambda *_, **__: 0.0)
    S3FileSystem.clear_instance_cache()  # it may know another server
    s3.trouble = lambda *_: None
    s3.log.clear()
    s3.asked = 0
    yield s3
    s3.trouble = lambda *_: None
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def root(proxy: Proxy, tmp_path: Path) -> Path:
    """An archive in the bucket, where nobody else's is."""
    return place(f"s3://{BUCKET}/{tmp_path.name}", tmp_path / "spool")
