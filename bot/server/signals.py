"""Being told to stop: a service ends what it is at, a command lets go of what it holds."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from typing import Any

TERMINATED = 143  # the exit code that shells know for SIGTERM


class TerminatedError(SystemExit):
    """SIGTERM, raised where the program is, so that files and locks are let go as after Ctrl-C."""


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Raise ``TerminatedError`` at the first SIGTERM; a second one ends the process at once."""

    def end(number: int, _frame: object) -> NoReturn:
        signal.signal(number, signal.SIG_DFL)
        raise TerminatedError(TERMINATED)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # only the main thread is told
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_until_told(serve: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run ``serve`` and set its event when the process gets SIGINT or SIGTERM; raises what it raises."""

    async def until_told() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def told(number: int) -> None:
            stop.set()
            # Anyone who asks a second time wants it at once.
            loop.remove_signal_handler(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers; there Ctrl+C ends the loop itself.
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, told, number)
        await serve(stop)

    with suppress(KeyboardInterrupt):
        asyncio.run(until_told())
