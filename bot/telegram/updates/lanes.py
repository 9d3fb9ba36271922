"""Order and width of work: one thing at a time in each lane, many lanes side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Hashable

Job = TypeVar("Job")


class SerialLanes(Generic[Job]):
    """Does jobs: those of one lane in the order in which they were put, at most ``width`` at a time in all.

    ``work`` must not raise; a job that was not begun when the lanes close is left undone.
    """

    def __init__(self, work: Callable[[Job], Awaitable[None]], *, width: int) -> None:
        self._work = work
        self._width = asyncio.Semaphore(width)
        self._waiting: dict[Hashable, deque[Job]] = {}
        self._news: dict[Hashable, asyncio.Event] = {}
        self._walkers: set[asyncio.Task[None]] = set()
        self._open = True
        self._undone = 0

    def put(self, lane: Hashable, job: Job) -> None:
        """Put a job at the end of its lane."""
        self._undone += 1
        if lane in self._waiting:
            self._waiting[lane].append(job)
            if lane in self._news:
                self._news[lane].set()
            return
        self._waiting[lane] = deque([job])
        self._start(self._walk(lane))

    async def behind(self, lane: Hashable, *, within: float) -> Job | None:
        """Return the next job of a lane whose work goes on, without taking it; wait for one if need be."""
        waiting = self._waiting.get(lane)
        if waiting is None:
            return None
        if not waiting and self._open:
            news = self._news[lane] = asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), within)
            self._news.pop(lane, None)
        return waiting[0] if waiting else None

    def take(self, lane: Hashable) -> Job:
        """Take the next job of a lane, and return it: it is done with the one that is worked on."""
        self._undone -= 1
        return self._waiting[lane].popleft()

    def express(self, job: Job) -> None:
        """Do a job at once, past all lanes and whatever fills them."""
        self._undone += 1
        self._start(self._alone(job))

    async def close(self, *, seconds: float) -> int:
        """Begin nothing more, give what was begun ``seconds`` to end, and return how many are left undone."""
        self._open = False
        if self._walkers:
            _, late = await asyncio.wait(self._walkers, timeout=seconds)
            for walker in late:
                walker.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return self._undone

    def _start(self, walk: Coroutine[Any, Any, None]) -> None:
        walker = asyncio.create_task(walk)
        self._walkers.add(walker)
        walker.add_done_callback(self._walkers.discard)

    async def _alone(self, job: Job) -> None:
        if self._open:
            await self._work(job)
            self._undone -= 1

    async def _walk(self, lane: Hashable) -> None:
        waiting = self._waiting[lane]
        try:
            while waiting:
                async with self._width:
                    if not self._open:
                        return
                    await self._work(waiting.popleft())
                    self._undone -= 1
        finally:
            del self._waiting[lane]
