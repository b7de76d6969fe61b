"""A machine that is cut off says nothing: its lease ends at the server, and before that it knows itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from catalogue.lease import leases_of
from tests.postgres import Server, server
from tests.running import ROOT

pytestmark = pytest.mark.drill

HERE, THERE = "198.18.77.1", "198.18.77.2"  # reserved for tests of networks (RFC 2544)
HOLDING = """
import select, sys
from catalogue.lease import leases_of
with leases_of(sys.argv[1]).take(["dw"]) as number:
    print("held", flush=True)
    select.select([number], [], [])
    print("lost", flush=True)
"""


def ip(*arguments: str) -> None:
    run = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip(f"no networks may be made here: {run.stderr.strip()}")


@contextmanager
def another_machine() -> Iterator[str]:
    """A namespace with a network of its own, that is joined to this machine by one cable."""
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("it takes root, and `ip`, to make networks")
    name = f"pm{os.getpid()}"
    ip("netns", "add", name)
    try:
        ip("link", "add", name, "type", "veth", "peer", "name", "there", "netns", name)
        ip("address", "add", f"{HERE}/30", "dev", name)
        ip("link", "set", name, "up")
        ip("-n", name, "address", "add", f"{THERE}/30", "dev", "there")
        ip("-n", name, "link", "set", "there", "up")
        yield name
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=False)


@contextmanager
def open_to_others() -> Iterator[Server]:
    with server() as started:
        with (started.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {THERE}/32 scram-sha-256\n")
        started.stop()
        started.start(HERE)
        yield started


def test_a_machine_that_is_cut_off_loses_its_lease_and_knows_first() -> None:
    with another_machine() as there, open_to_others() as started:
        url = started.new()
        leases = leases_of(url)
        assert leases is not None
        command = ["ip", "netns", "exec", there, sys.executable, "-c", HOLDING, url.replace("127.0.0.1", HERE)]
        holder = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "held\n"
            ip("link", "set", there, "down")
            assert holder.stdout.readline() == "lost\n"
            assert leases.is_held(["dw"])  # so whoever held it has time to stop
            with leases.take(["dw"], patience=300):
                assert not leases.is_held(["upi"])
        finally:
            holder.kill()
            holder.wait()
