"""Crew: processes on the cluster's nodes, as many as there is room for, each lent to one job at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from crawler.command import complain
from fleet.cluster import Cluster, Lost, Node
from fleet.errors import FleetError, JobLost, Unfit
from fleet.hand import Hand, here

T = TypeVar("T")

ATTEMPTS = 3  # nodes that a job may cost, or processes that may fail to start on a node
_LOOK = 2.0  # seconds between looks at which nodes there are
_PATIENCE = 60.0  # seconds without any node after which a cluster is given up


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    node: Node
    actor: Any


class Crew:
    """Gives each job to a hand on some node, and to another one when that node is lost.

    A node that is unfit, or runs another version of the code or of what shapes a result, is refused; the others go on.
    Nodes that join later are given jobs as well.
    """

    def __init__(self, cluster: Cluster, kind: type[Hand], arguments: tuple[Any, ...], share: float) -> None:
        """Hands are `kind(*arguments)`, and each takes `share` of a CPU, as Ray counts them."""
        self.refusals: dict[str, str] = {}  # by the id of the node, what is wrong with it
        self._cluster = cluster
        self._kind = cluster.ray.remote(num_cpus=share, max_restarts=0)(kind)
        self._arguments = arguments
        self._share = share
        self._members: set[_Member] = set()
        self._idle: asyncio.Queue[_Member | FleetError] = asyncio.Queue()
        self._taken: Counter[str] = Counter()  # places, by the id of the node
        self._losses: Counter[str] = Counter()
        self._wanted = 0  # jobs that wait for a hand
        self._asked = asyncio.Event()
        self._hirings: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._look())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for task in (self._looking, *self._hirings):
            task.cancel()
        await asyncio.gather(self._looking, *self._hirings, return_exceptions=True)
        for member in self._members:
            self._cluster.ray.kill(member.actor)

    async def do(self, job: Callable[[Any], Awaitable[T]], what: str) -> T:
        """Have a hand do a job, and another from the start when it is lost.

        JobLost where the job, which `what` names, cost as many nodes as it may.
        """
        for _ in range(ATTEMPTS):
            member = await self._take()
            try:
                done = await job(member.actor)
            except Lost:
                complain(f"{what}: node {member.node.address} was lost in the middle of it", 0)
                self._losses[member.node.id] += 1
                self._dismiss(member)
                self._dismiss_idle(member.node)
            except BaseException:
                self._dismiss(member)  # in the middle of something
                raise
            else:
                self._idle.put_nowait(member)
                return done
        raise JobLost(f"{what}: {ATTEMPTS} processes that had it in hand were lost, one after another")

    def tell(self, call: Callable[[Any], Any]) -> None:
        """Say something to all hands, whatever they are at; nobody waits for an answer."""
        for member in self._members:
            call(member.actor)

    async def _take(self) -> _Member:
        self._wanted += 1
        self._asked.set()
        try:
            member = await self._idle.get()
        finally:
            self._wanted -= 1
        if isinstance(member, FleetError):
            self._idle.put_nowait(member)  # for whoever else waits
            raise member
        return member

    def _dismiss(self, member: _Member) -> None:
        self._cluster.ray.kill(member.actor)
        self._members.discard(member)
        self._taken[member.node.id] -= 1

    def _dismiss_idle(self, node: Node) -> None:
        """Dismiss whoever waits on a node that lost somebody, before a job is given to hands that are gone as well."""
        for _ in range(self._idle.qsize()):
            member = self._idle.get_nowait()
            if isinstance(member, _Member) and member.node.id == node.id:
                self._dismiss(member)
            else:
                self._idle.put_nowait(member)

    async def _look(self) -> None:
        """Keep hiring; where that fails, whoever waits for a hand is told."""
        try:
            await self._keep_hiring()
        except Exception as error:  # noqa: BLE001 (raised again by who waits)
            self._idle.put_nowait(FleetError(f"the cluster cannot be asked for its nodes: {error}"))

    async def _keep_hiring(self) -> None:
        """Hire where jobs wait and nodes have room, again and again."""
        loop = asyncio.get_running_loop()
        seen = loop.time()
        while True:
            self._asked.clear()
            there = [node for node in await self._cluster.nodes() if node.id not in self.refusals]
            if there or self._members:
                seen = loop.time()
            elif self.refusals and not self._hirings:
                self._idle.put_nowait(FleetError(f"no node is left: {'; '.join(self.refusals.values())}"))
            elif loop.time() - seen > _PATIENCE:
                self._idle.put_nowait(FleetError(f"no node has taken work for {_PATIENCE:g} seconds"))
            while len(self._hirings) < self._wanted and (node := self._room(there)):
                self._taken[node.id] += 1
                hiring = asyncio.create_task(self._hire(node))
                self._hirings.add(hiring)
                hiring.add_done_callback(self._hirings.discard)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _LOOK)

    def _room(self, there: list[Node]) -> Node | None:
        """The node for another hand: of those with room one that lost none yet, and does least."""
        free = [node for node in there if (self._taken[node.id] + 1) * self._share <= node.cpus]
        return min(free, key=lambda node: (self._losses[node.id], self._taken[node.id]), default=None)

    async def _hire(self, node: Node) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        actor = None
        try:
            where = NodeAffinitySchedulingStrategy(node.id, soft=False)
            actor = self._kind.options(scheduling_strategy=where).remote(*self._arguments)
            there = await self._cluster.answer(actor.hello.remote())
        except Unfit as error:
            self._refuse(node, actor, str(error))
            return
        except Exception as error:  # noqa: BLE001 (whatever keeps a process from starting)
            self._taken[node.id] -= 1
            self._losses[node.id] += 1
            if self._losses[node.id] >= ATTEMPTS and node in await self._cluster.nodes():
                self.refusals[node.id] = f"node {node.address} is refused: nothing starts there: {_last_line(error)}"
            return
        except BaseException:
            if actor is not None:
                self._cluster.ray.kill(actor)
            raise
        if other := _difference(there, here()):
            self._refuse(node, actor, f"{other}; bring them together")
            return
        member = _Member(node, actor)
        self._members.add(member)
        self._idle.put_nowait(member)

    def _refuse(self, node: Node, actor: Any, why: str) -> None:
        self._taken[node.id] -= 1
        self._cluster.ray.kill(actor)
        self.refusals[node.id] = f"node {node.address} is refused: {why}"


def _difference(there: dict[str, str], ours: dict[str, str]) -> str | None:
    """What differs between a node and this process, the first of it."""
    for name in sorted({*there, *ours}, key=lambda name: (name != "code", name)):
        if there.get(name) != ours.get(name):
            return f"it has {name} {there.get(name)}, and {ours.get(name)} is what runs here"
    return None


def _last_line(error: Exception) -> str:
    return next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), "nobody knows why")
