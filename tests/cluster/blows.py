"""What is done to the cluster while people ask, and which sends each blow fell inside."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from bot.telegram.sending.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from crowd import Crowd
    from topology import Cluster, Program

LEASE = Timeouts().lease
AWAY = 3.0  # seconds for which something is gone
CALM = 12.0  # seconds between two blows
# Of sends that are under way: the update, and who holds it.
_SENDING = (
    "SELECT p.update_id, i.owner FROM parts p JOIN inbox i USING (bot, update_id) "
    "WHERE p.part >= 0 AND p.state IN ('sending', 'opening') AND p.changed <= %s"
)
_ALIVE = "SELECT DISTINCT owner FROM inbox WHERE owner IS NOT NULL AND until > %s"

_HOLDERS = "SELECT DISTINCT owner FROM inbox WHERE owner IS NOT NULL AND finished IS NULL AND received > %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """A blow as it was seen: how much waited then, and how long it took to come back."""

    name: str
    at: float
    waiting: int
    back: float  # seconds
    taken: float | None = None  # seconds until what a killed replica held was another one's


@dataclass
class Blows:
    """Strikes one after the other; ``inside`` are the updates whose message was being sent then."""

    cluster: Cluster
    crowd: Crowd
    calm: float = CALM
    struck: list[Struck] = field(default_factory=list)
    inside: set[int] = field(default_factory=set)
    _taken: float | None = None

    async def all(self) -> None:
        """Strike each part once, a replica twice: by a kill, and in good order as for an upgrade."""
        first, second = self.cluster.replicas[:2]
        await self._blow("a replica: kill -9", lambda: self._replica(first))
        await self._blow("nginx: kill -9", self._front)
        await self._blow("PostgreSQL: SIGQUIT, no checkpoint", self._postgres)
        if self.cluster.searches_by_meaning:
            await self._blow("Chroma: kill -9", self._chroma)
        await self._blow("the other replica: SIGTERM", lambda: self._stopped(second))
        await self._blow("both replicas at once: kill -9", self._both)

    async def _blow(self, name: str, strike: Callable[[], Awaitable[float | None]]) -> None:
        await asyncio.sleep(self.calm)
        began, waiting = monotonic(), self.crowd.waiting
        back = await strike() or monotonic() - began
        taken, self._taken = self._taken, None
        self.struck.append(Struck(name=name, at=began, waiting=waiting, back=back, taken=taken))

    async def _replica(self, replica: Program) -> float:
        await asyncio.to_thread(replica.end, signal.SIGKILL)
        killed = time()
        under_way = self._sending(killed)
        taking = asyncio.create_task(self._taken_over(self._holders()))
        await asyncio.sleep(AWAY)
        back = AWAY + await self.cluster.restart(replica)
        self._taken = await taking
        # Whoever lives has renewed its leases meanwhile.
        await asyncio.sleep(max(0.0, killed + CALM - time()))
        alive = {row[0] for row in self._asked(_ALIVE, killed + LEASE + 1)}
        self.inside |= {update_id for update_id, owner in under_way if owner not in alive}
        return back

    async def _taken_over(self, held: set[str]) -> float:
        """Return after how many seconds one of those that held questions holds none; the other lives."""
        began = monotonic()
        while held <= self._holders():  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.2)
        return monotonic() - began

    def _holders(self) -> set[str]:
        return {str(row[0]) for row in self._asked(_HOLDERS, 0.0)}

    async def _both(self) -> None:
        for one in self.cluster.replicas:
            await asyncio.to_thread(one.end, signal.SIGKILL)
        self.inside |= {update_id for update_id, _ in self._sending(time())}
        before = self.cluster.telegram.hooks
        for one in self.cluster.replicas:
            one.start()
        await self.cluster.ready(before + len(self.cluster.replicas))

    async def _front(self) -> None:
        await asyncio.to_thread(self.cluster.front.end, signal.SIGKILL)
        await asyncio.sleep(AWAY)
        self.cluster.front.start()

    async def _chroma(self) -> None:
        await asyncio.to_thread(self.cluster.vectors.end, signal.SIGKILL)
        await asyncio.sleep(AWAY)
        self.cluster.vectors.start()

    async def _postgres(self) -> None:
        self.inside |= {update_id for update_id, _ in self._sending(time())}
        await asyncio.to_thread(self.cluster.postgres.stop, signal.SIGQUIT)
        killed = time()
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(self.cluster.postgres.start)
        self.inside |= {update_id for update_id, _ in self._sending(killed)}

    async def _stopped(self, replica: Program) -> None:
        await asyncio.to_thread(replica.end, signal.SIGTERM)
        await self.cluster.restart(replica)

    def _sending(self, until: float) -> list[tuple[int, str]]:
        return [(int(row[0]), str(row[1])) for row in self._asked(_SENDING, until)]

    def _asked(self, query: str, moment: float) -> list[tuple[Any, ...]]:
        with self.cluster.postgres.connected(self.cluster.url) as connection:
            return connection.execute(query, (moment,)).fetchall()
