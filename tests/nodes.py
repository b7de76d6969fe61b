"""Nodes of a real Ray cluster, each with processes and an object store of its own, on loopback or on machines."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.machines import Machine
from tests.running import ROOT

RAY = Path(sys.executable).with_name("ray")
START = (
    *("--block", "--disable-usage-stats", "--include-log-monitor=false"),
    "--object-store-memory=80000000",
)
HASTE = {  # in which Ray asks after nodes that say nothing, and gives them up
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "2000",
    "RAY_health_check_failure_threshold": "3",
}


def need_ray(*, drill: bool) -> None:
    """Skip where Ray is not installed; but CI has it when it comes to drills."""
    if find_spec("ray") is None:
        if os.environ.get("CI") and drill:
            pytest.fail("Ray is not installed: `make ray`")
        pytest.skip("Ray is not installed: `make ray`")


class Nodes:
    """A cluster whose nodes come and go; `address` is where commands find it, as RAY_ADDRESS."""

    def __init__(self, folder: Path, environment: Mapping[str, str], head: str) -> None:
        self._folder = folder
        self._head = head
        self._token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        self._environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", **self._token, **environment}
        self._nodes: list[subprocess.Popen[bytes]] = []
        with socket.create_server((head, 0)) as free, socket.create_server((head, 0)) as also_free:
            self._port, client_port = free.getsockname()[1], also_free.getsockname()[1]
        self._client_port = client_port
        self.elsewhere = f"ray://{head}:{client_port}"  # where commands reach it that run on no node of it
        self.address = f"{head}:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a command finds this cluster, and is let in."""
        return {"RAY_ADDRESS": self.address, **self._token}

    def begin(
        self,
        cpus: int,
        environment: Mapping[str, str] | None = None,
        machine: Machine | None = None,
        before: Sequence[str] = (),
    ) -> subprocess.Popen[bytes]:
        """One node more, the first of them the head; it is there when the command says so.

        `before` is a command that runs the command behind it.
        """
        number = len(self._nodes)
        address = machine.address if machine else f"127.0.0.{number + 2}" if number else self._head
        if number:
            place = [f"--address={self.address}"]
        else:
            place = ["--head", f"--port={self._port}", "--include-dashboard=false", f"--temp-dir={self._folder}"]
            place.append(f"--ray-client-server-port={self._client_port}")
        log = self._folder / f"node-{number}.log"
        with log.open("wb") as written:
            command = [*before, str(RAY), "start", *START, f"--node-ip-address={address}", f"--num-cpus={cpus}", *place]
            node = subprocess.Popen(
                machine.alone(command, self._folder) if machine else command,
                cwd=ROOT,
                env={**self._environment, **(environment or {})},
                stdout=written,
                stderr=written,
                start_new_session=True,
            )
        self._nodes.append(node)
        while b"Ray runtime started" not in log.read_bytes():
            assert node.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.05)  # it has no other way to tell
        return node

    def kill(self, node: subprocess.Popen[bytes]) -> None:
        """Have Ray's processes of a node gone at once, every one; what they began in a session of its own is not."""
        for process in _session(node.pid):
            with suppress(ProcessLookupError):  # it has ended with another
                os.kill(process, signal.SIGKILL)
        node.wait(60)

    def end(self) -> None:
        for node in reversed(self._nodes):
            if node.poll() is None:
                self.kill(node)


def _session(number: int) -> list[int]:
    """The processes of a session, its leader the last."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == number and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return sorted(found, reverse=True)


@contextmanager
def nodes(environment: Mapping[str, str] | None = None, head: str = "127.0.0.2") -> Iterator[Nodes]:
    """A cluster without any node yet, which is gone at the end of the `with` block; `head` is where it begins."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # the path of a socket in it may have 107 bytes
    cluster = Nodes(folder, environment or {}, head)
    try:
        yield cluster
    finally:
        cluster.end()
        shutil.rmtree(folder, ignore_errors=True)
