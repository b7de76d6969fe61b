"""Machines: each has a network, processes and disks of its own, and hangs on this one by a cable that can be pulled."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_NUMBER = os.getpid() % 512  # others may test beside us; 198.18.0.0/15 is reserved for that (RFC 2544)
_BEFORE = f"198.{18 + _NUMBER // 256}.{_NUMBER % 256}"
HERE, NETWORK = f"{_BEFORE}.1", f"{_BEFORE}.0/24"
# What runs on a machine is the first of its processes, and sees folders of the machine's own under names of ours.
_INSIDE = """
disk=$1; place=$2; temporary=$3; shift 3
mount --bind "$disk" "$place" && mount -t tmpfs tmpfs "$temporary" && mount -t tmpfs tmpfs /dev/shm && exec "$@"
"""


def ip(*arguments: str) -> None:
    _need(["ip", *arguments])


def _need(command: Sequence[str]) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip(f"no machines may be made here: {command[0]}: {run.stderr.strip()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A network namespace, joined to this machine's network by a pair of devices; and a folder that is its disk."""

    name: str
    address: str
    disk: Path
    place: Path  # where it has its disk

    def command(self, command: Sequence[object]) -> list[str]:
        """What runs a command in the machine's network."""
        return ["ip", "netns", "exec", self.name, *map(str, command)]

    def alone(self, command: Sequence[object], temporary: Path) -> list[str]:
        """The same, with processes of its own, its disk in place, and nothing yet in the folder `temporary`."""
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return self.command([*apart, "sh", "-c", _INSIDE, "sh", self.disk, self.place, temporary, *command])

    def unplug(self) -> None:
        """Pull the cable: what is sent is lost, and nobody is told."""
        ip("link", "set", self.name, "down")

    def plug_in(self) -> None:
        ip("link", "set", self.name, "up")


def showing(folder: Path, place: Path) -> list[str]:
    """What runs the command behind it so that it, and what it begins, finds this folder at that place."""
    bound = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
    before = ["unshare", "--mount", "sh", "-c", bound, "sh", str(folder), str(place)]
    if os.geteuid() or not shutil.which("unshare"):
        pytest.skip("it takes root and `unshare` to show a folder in another's place")
    _need([*before, "true"])
    return before


@contextmanager
def machines(count: int) -> Iterator[list[Machine]]:
    """So many machines on one network, each with an empty disk; skipped where none may be made."""
    if os.geteuid() or not shutil.which("ip") or not shutil.which("unshare"):
        pytest.skip("it takes root, `ip` and `unshare` to make machines")
    bridge = f"pm{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="machines-") as folder:
        made = [_machine(Path(folder), bridge, number) for number in range(count)]
        ip("link", "add", bridge, "type", "bridge")
        try:
            ip("address", "add", f"{HERE}/24", "dev", bridge)
            ip("link", "set", bridge, "up")
            for machine in made:
                _join(machine, bridge)
                _need(machine.alone(["true"], machine.disk))
            yield made
        finally:
            for machine in made:  # a namespace stays as long as a connection in it waits for its end
                for kind in ("link", "netns"):
                    subprocess.run(["ip", kind, "delete", machine.name], check=False, stderr=subprocess.DEVNULL)
            subprocess.run(["ip", "link", "delete", bridge], check=False)


def _machine(folder: Path, bridge: str, number: int) -> Machine:
    disk, place = folder / str(number), folder / "disk"
    disk.mkdir()
    place.mkdir(exist_ok=True)
    return Machine(name=f"{bridge}-{number}", address=f"{_BEFORE}.{number + 2}", disk=disk, place=place)


def _join(machine: Machine, bridge: str) -> None:
    ip("netns", "add", machine.name)
    ip("link", "add", machine.name, "type", "veth", "peer", "name", "there", "netns", machine.name)
    ip("link", "set", machine.name, "master", bridge, "up")
    ip("-n", machine.name, "address", "add", f"{machine.address}/24", "dev", "there")
    ip("-n", machine.name, "link", "set", "there", "up")
    ip("-n", machine.name, "link", "set", "lo", "up")
    ip("-n", machine.name, "route", "add", "default", "via", HERE)
