"""Serving until the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any


def run_until_told(serve: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run ``serve`` and set its event when the process gets SIGINT or SIGTERM; raises what it raises."""

    async def until_told() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def told(number: int) -> None:
            stop.set()
            # Whoever asks a second time wants it at once.
            loop.remove_signal_handler(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers; there Ctrl+C ends the loop itself.
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, told, number)
        await serve(stop)

    with suppress(KeyboardInterrupt):
        asyncio.run(until_told())
