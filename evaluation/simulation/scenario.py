"""One run from a seed: people ask, replicas answer, things go wrong, and at the end all is looked at."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.store import Store, StoreError
from evaluation.simulation.auditor import AuditedRun, audited
from evaluation.simulation.draws import Draws
from evaluation.simulation.replica import Replica, SharedDatabase, memory_engine
from evaluation.simulation.telegram_model import BOT, TelegramModel
from evaluation.simulation.virtual_loop import VirtualLoop, virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

ACKNOWLEDGED = 10.0  # seconds after which Telegram brings an update again
CALM = 7_200.0  # seconds after the last fault in which all has to be answered
QUIET = 90.0  # seconds without a message after which nothing more is expected
PACE = 8.0  # questions a second, on the average: as many as can be answered at thirty messages a second


def simulate(seed: int, updates: int, *, replica: type[Replica] = Replica) -> AuditedRun:
    """Run ``updates`` questions under the faults of a seed, and return what they came to.

    With the same seed, number and code everything happens again, to the microsecond.
    """
    draws = Draws(seed)
    with virtual_time(draws) as loop:
        return loop.run_until_complete(_Run(seed, updates, draws, loop, replica).run())


@dataclass(slots=True)
class _Run:
    seed: int
    updates: int
    draws: Draws
    loop: VirtualLoop
    kind: type[Replica]
    telegram: TelegramModel = field(init=False)
    database: SharedDatabase = field(init=False)
    replicas: list[Replica] = field(default_factory=list)
    asked: dict[int, int] = field(default_factory=dict)  # update → chat
    kills: int = 0
    _away: list[tuple[float, float]] = field(default_factory=list)
    _born: int = 0
    _next: int = 0

    def __post_init__(self) -> None:
        is_shared = self.draws.rates.replicas > 1
        self.telegram = TelegramModel(self.draws)
        self.database = SharedDatabase(memory_engine(), self.loop, self.draws, is_shared=is_shared)

    async def run(self) -> AuditedRun:
        rates = self.draws.rates
        for _ in range(rates.replicas):
            await self._bear()
        faults = [
            self.loop.create_task(self._each(mean, work))
            for mean, work in (
                (rates.killed, self._kill),
                (rates.stopped, self._stop),
                (rates.away, self._go_away),
                (rates.jumps, self._jump),
            )
            if mean
        ]
        await asyncio.gather(*(self._person(1000 + chat) for chat in range(rates.chats)))
        for fault in faults:
            fault.cancel()
        await asyncio.gather(*faults, return_exceptions=True)
        self.telegram.calm, self.database.away_until = True, 0.0
        left = await self._settled()
        return audited(
            self.seed,
            self.asked,
            self.telegram.messages,
            kills=self.kills,
            seconds=self.loop.time(),
            unfinished=left,
            away=self._away,
        )

    async def _settled(self) -> int:
        """Wait until everything is answered and nothing more is said; return how much is left."""
        inbox, end = Store(self.database).inbox, self.loop.time() + CALM
        while True:
            said = len(self.telegram.messages)
            await asyncio.sleep(QUIET)
            left = len(inbox.waiting(BOT))
            if (not left and said == len(self.telegram.messages)) or self.loop.time() > end:
                return left

    async def _bear(self) -> None:
        self._born += 1
        one = self.kind(f"p{self._born}", self.database, self.telegram, self.loop)
        self.replicas.append(one)
        one.start()

    async def _person(self, chat: int) -> None:
        for _ in range(-(-self.updates // self.draws.rates.chats)):
            await asyncio.sleep(self.draws.until(self.draws.rates.chats / PACE))
            self._next += 1
            self.asked[self._next] = chat
            await self._brought(self._next, chat)

    async def _brought(self, update: int, chat: int) -> None:
        """Bring an update, as Telegram does, until somebody says that it is kept."""
        person = {"id": chat, "is_bot": False, "first_name": "p"}
        place = {"id": chat, "type": "private"}
        message = {"message_id": update, "date": 1_800_000_000, "chat": place, "from": person, "text": "q"}
        payload = json.dumps({"update_id": update, "message": message})
        while True:
            await asyncio.sleep(self.draws.network_delay())
            up = [one for one in self.replicas if one.is_up]
            if up:
                with suppress(TimeoutError, StoreError):
                    await asyncio.wait_for(self.draws.chance.choice(up).take(payload), ACKNOWLEDGED)
                    if not self.draws.happens(self.draws.rates.unacknowledged):
                        return
            await asyncio.sleep(1)

    async def _each(self, mean: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(self.draws.until(mean))
            await work()

    async def _kill(self) -> None:
        one = self.draws.chance.choice(self.replicas)
        one.kill()
        self.kills += 1
        await self._replaced(one)

    async def _stop(self) -> None:
        one = self.draws.chance.choice(self.replicas)
        if one.is_up:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(one.stop()), 60)
            one.kill()
            await self._replaced(one)

    async def _replaced(self, gone: Replica) -> None:
        if gone in self.replicas:
            self.replicas.remove(gone)
            await asyncio.sleep(0.2 + self.draws.until(2))
            await self._bear()

    async def _go_away(self) -> None:
        since = self.loop.time()
        self.database.away_until = since + self.draws.until(8)
        self._away.append((since, self.database.away_until))

    async def _jump(self) -> None:
        one = self.draws.chance.choice(self.replicas)
        one.life.clock_offset += self.draws.chance.uniform(-3_600, 3_600)
