"""Cluster: the nodes that Ray knows, and how to reach them."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from crawler.arguments import WrongArgument
from crawler.command import complain
from fleet.errors import FleetError

T = TypeVar("T")

_PATIENCE = 5.0  # seconds that a cluster's port may take to answer
_TOO_LONG = 90.0  # seconds that it may keep its silence
_TRIES = 3  # to be connected by Ray's client: its server forks among threads, and what it forks may die at once
_STORE = 200_000_000  # bytes of shared memory, where we start a node: only batches of articles pass through it


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A machine of the cluster, and for how many CPUs it takes work."""

    id: str
    address: str
    cpus: float


class Lost(Exception):
    """A node, or a process on it, is gone or out of reach; whatever it did may or may not be done."""


class Cluster:
    """A cluster that this process is connected to."""

    def __init__(self, ray: Any, address: str) -> None:
        self.ray = ray
        self._address = address

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end; FleetError where SIGTERM or SIGINT broke it off."""

        async def watched() -> T:
            task = asyncio.current_task()
            assert task is not None
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
            return await work

        try:
            return asyncio.run(watched())
        except asyncio.CancelledError:
            raise FleetError("it was asked to end: what it wrote is not whole") from None

    async def nodes(self) -> list[Node]:
        """The nodes that are alive and take work."""
        with _awaited(self._address):
            known = await asyncio.to_thread(self.ray.nodes)
        return [
            Node(id=node["NodeID"], address=node["NodeManagerAddress"], cpus=node["Resources"]["CPU"])
            for node in known
            if node["Alive"] and node["Resources"].get("CPU")
        ]

    async def answer(self, reference: Any) -> Any:
        """What was asked of a node; Lost where it will not come. What was raised there is raised here."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()
        coming: Future[Any] = reference.future()  # not to be cancelled: Ray's client would fail to end it

        def come(_: object) -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(arrived.set)

        coming.add_done_callback(come)
        await arrived.wait()
        try:
            return coming.result()
        except self.ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self.ray.exceptions.RayError as error:
            raise Lost(str(error)) from error


@contextmanager
def connected(on: str) -> Iterator[Cluster]:
    """The cluster that `--on` names: `ray` is the one on this machine, begun here where there is none.

    WrongArgument where Ray is not installed, or `on` names nothing; FleetError where no cluster answers.
    """
    if not re.fullmatch(r"ray(://[^/\s:]+:\d+)?", on):
        raise WrongArgument(f"--on {on}: there are ray, a cluster on this machine, and ray://HOST:PORT")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise WrongArgument("--on ray needs Ray, which is not installed: `make ray` adds it") from error
    try:
        yield Cluster(ray, _connect(ray, on))
    finally:
        ray.shutdown()


def _connect(ray: Any, on: str) -> str:
    """Become part of the cluster, and give its address."""
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    address = on.partition("://")[2] or os.environ.get("RAY_ADDRESS", "").removeprefix("ray://")
    if address and address != "auto":
        _reach(address)
    ray._private.worker.print_to_stdstream = _print_nothing
    try:
        if address:
            _join(ray, on if "://" in on else None, address, quiet)
        else:
            _join_here(ray, quiet)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        why, *more = str(error).strip().splitlines()
        why = " ".join([why, *more[-1:]]) if why.endswith(":") else why  # behind a traceback of the server's
        raise FleetError(f"the cluster at {address or 'this machine'} cannot be used: {why}") from error
    return address or "this machine"


def _join(ray: Any, url: str | None, address: str, quiet: dict[str, Any]) -> None:
    """By Ray's client, for which a server is begun there, or beside a node that runs here."""
    for left in reversed(range(_TRIES)):
        with _awaited(address):
            try:
                ray.init(url, **quiet)
                break
            except ConnectionAbortedError:
                if not left:
                    raise


def _join_here(ray: Any, quiet: dict[str, Any]) -> None:
    with _awaited("this machine"):
        try:
            ray.init("auto", **quiet)
        except ConnectionError:
            ray.init("local", num_cpus=os.cpu_count(), object_store_memory=_STORE, include_dashboard=False, **quiet)


@contextmanager
def _awaited(address: str) -> Iterator[None]:
    """End this process where Ray does not come back: its own code waits for what is no cluster, or is gone."""

    def give_up() -> None:
        os._exit(complain(f"the cluster at {address} said nothing for {_TOO_LONG:g} seconds; is there one?", 1))

    watch = threading.Timer(_TOO_LONG, give_up)
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _print_nothing(*_: object, **__: object) -> None:
    """In the place of what prints Ray's events on standard output, among the articles, whatever it is told."""


def _reach(address: str) -> None:
    """FleetError where nobody listens there: Ray itself would go on trying for a minute."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
    except (OSError, ValueError) as error:
        raise FleetError(f"no cluster answers at {address}: {error}; `ray start --head` begins one") from error
