"""Calls to the store put together: what is asked for while one is under way is done in one go after it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence


class BatchedCalls:
    """Does ``work`` for several numbers at once, in a thread; it returns those for which it could be done."""

    def __init__(self, work: Callable[[Sequence[int]], Collection[int]]) -> None:
        self._work = work
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._busy: asyncio.Task[None] | None = None

    async def __call__(self, number: int) -> bool:
        """Tell whether it could be done for a number; raises what ``work`` raises."""
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((number, told))
        if self._busy is None:
            self._busy = asyncio.create_task(self._run())
        return await told

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                done = await asyncio.to_thread(self._work, [number for number, _ in batch])
            except Exception as error:  # noqa: BLE001 - it goes to whoever asked
                for _, told in batch:
                    if not told.done():
                        told.set_exception(error)
            else:
                for number, told in batch:
                    if not told.done():
                        told.set_result(number in done)
        self._busy = None
