"""What holds for every test: none of them depends on how fast a machine is; and databases for those that ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Server, server

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of PostgreSQL, one for all tests of this process."""
    with server() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """What CATALOGUE_URL is: nothing, and a new database of PostgreSQL's."""
    if request.param == "sqlite":
        return None
    started: Server = request.getfixturevalue("postgres")
    return started.new()
