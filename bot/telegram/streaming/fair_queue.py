"""Whose question is answered next: a few at a time, and nobody's pile holds up the others.

Fair queueing by start times: a question starts no sooner than the person's and the chat's last one ended, on
a clock that counts rounds (Demers, Keshav and Shenker 1989; Goyal, Vin and Cheng 1996). It moves on by one
when as many were answered as there are questions: who asks again waits for a round or two, not forever.
"""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    Tell = Callable[[int], None]


@dataclass(slots=True, kw_only=True, eq=False)
class _Waiting:
    """One question in the queue."""

    order: tuple[float, int]  # when it starts by the clock; of several, the one that came first
    tell: Tell
    begun: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ahead: int = -1  # as it was told last
    has_turn: bool = False


class FairQueue:
    """Lets ``width`` answers be made at a time in this process; others wait in a fair queue."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._free = width
        self._waiting: list[_Waiting] = []
        self._clock = 0.0
        self._ends: dict[tuple[str, int], float] = {}  # of persons and chats; past ones are left out
        self._numbers = itertools.count()

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return len(self._waiting)

    @property
    def busy(self) -> int:
        """How many answers are being made."""
        return self._width - self._free

    def widen(self, width: int) -> None:
        """Let ``width`` answers be made at a time from here on; what was begun is not ended for it."""
        self._free += width - self._width
        self._width = width
        self._next()

    @asynccontextmanager
    async def turn(self, *, person: int, chat: int, tell: Tell) -> AsyncIterator[None]:
        """Inside, it is one's turn; before, ``tell`` hears how many wait ahead whenever that changes."""
        one = _Waiting(order=(self._starts(person, chat), next(self._numbers)), tell=tell)
        self._waiting.append(one)
        self._next()
        try:
            await one.begun
            yield
        finally:
            if not one.has_turn:
                self._waiting = [other for other in self._waiting if other is not one]
            else:
                self._clock += 1 / max(1, len(self._waiting) + self.busy)
                self._free += 1
            self._next()

    def _starts(self, person: int, chat: int) -> float:
        """Return when a question starts by the clock, and count it."""
        flows = ("person", person), ("chat", chat)
        start = max(self._clock, *(self._ends.get(flow, 0) for flow in flows))
        self._ends.update(dict.fromkeys(flows, start + 1))
        return start

    def _next(self) -> None:
        """Let those begin for whom there is room, and tell the others where they stand."""
        self._waiting.sort(key=lambda one: one.order)
        while self._free > 0 and self._waiting:
            one = self._waiting.pop(0)
            if one.begun.done():  # they left at this very moment
                continue
            one.has_turn = True
            self._free -= 1
            self._clock = max(self._clock, one.order[0])
            one.begun.set_result(None)
        self._ends = {flow: end for flow, end in self._ends.items() if end > self._clock}
        for ahead, one in enumerate(self._waiting):
            if one.ahead != ahead:
                one.ahead = ahead
                one.tell(ahead)
