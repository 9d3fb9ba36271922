"""Coroutines for callers who have no event loop: one loop in a thread of its own serves them all.

A loop for each call would not do: what a chat model keeps open between calls belongs to one loop.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Iterator
    from typing import Any

T = TypeVar("T")


class Background:
    """An event loop in a thread, begun with the first call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._ended: asyncio.Event

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what ``work`` comes to; an interrupt of the caller cancels it."""
        future = asyncio.run_coroutine_threadsafe(work, self._running())
        try:
            return future.result()
        finally:
            future.cancel()

    def iterate(self, items: AsyncGenerator[T, None]) -> Iterator[T]:
        """Yield the items; closing the iterator closes theirs."""
        came: SimpleQueue[T | None] = SimpleQueue()

        async def fill() -> None:
            try:
                async with aclosing(items):
                    async for item in items:
                        came.put(item)
            finally:
                came.put(None)

        future = asyncio.run_coroutine_threadsafe(fill(), self._running())
        try:
            while (item := came.get()) is not None:
                yield item
            future.result()
        finally:
            future.cancel()

    def close(self) -> None:
        """Cancel what still runs, and end the loop."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            thread.join()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._thread is None:
                begun = threading.Event()
                self._thread = threading.Thread(
                    target=lambda: asyncio.run(self._serve(begun)), name="chengwen-loop", daemon=True
                )
                self._thread.start()
                begun.wait()
            return self._loop

    async def _serve(self, begun: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        begun.set()
        await self._ended.wait()


async def in_one_task(items: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """Yield the items, all made in one task, whoever asks for each; closing this closes theirs.

    LangChain asks for each item of a stream in a new task, and a time limit that began in one task can't end
    in another.
    """
    came: asyncio.Queue[T | None] = asyncio.Queue()

    async def fill() -> None:
        try:
            async with aclosing(items):
                async for item in items:
                    came.put_nowait(item)
        finally:
            came.put_nowait(None)

    filling = asyncio.create_task(fill())
    try:
        while (item := await came.get()) is not None:
            yield item
        await filling
    finally:
        filling.cancel()
        await asyncio.wait({filling})
