"""A machine that is cut off says nothing: its lease ends at the server, and before that it knows itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from catalogue.lease import leases_of
from tests.machines import HERE, NETWORK, machines
from tests.postgres import server
from tests.running import ROOT

pytestmark = pytest.mark.drill

HOLDING = """
import select, sys
from catalogue.lease import leases_of
with leases_of(sys.argv[1]).take(["dw"]) as number:
    print("held", flush=True)
    select.select([number], [], [])
    print("lost", flush=True)
"""


def test_a_machine_that_is_cut_off_loses_its_lease_and_knows_first() -> None:
    with machines(1) as (there,), server() as started:
        started.open_to(NETWORK, HERE)
        url = started.new()
        leases = leases_of(url)
        assert leases is not None
        command = there.command([sys.executable, "-c", HOLDING, url.replace("127.0.0.1", HERE)])
        holder = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "held\n"
            there.unplug()
            assert holder.stdout.readline() == "lost\n"
            assert leases.is_held(["dw"])  # so whoever held it has time to stop
            with leases.take(["dw"], patience=300):
                assert not leases.is_held(["upi"])
        finally:
            holder.kill()
            holder.wait()
