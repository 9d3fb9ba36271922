"""Calls to Telegram that are seen through, no matter who stops waiting for them.

httpcore 1.0 loses a connection of its pool for nearly every call that is cancelled on its way; once all are
lost each further call waits in vain.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from telegram.request import HTTPXRequest

from bot.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    Arrival = Callable[[int], Awaitable[None]]

_ARRIVAL: ContextVar[Arrival | None] = ContextVar("arrival", default=None)


@contextmanager
def arriving(note: Arrival) -> Iterator[None]:
    """Inside, ``note`` is awaited with a message's id as soon as Telegram has told that it has the message.

    It is done within the call: the caller may be gone by then, and a program that ended
    between the two would send the message again.
    """
    token = _ARRIVAL.set(note)
    try:
        yield
    finally:
        _ARRIVAL.reset(token)


class UncancelledRequest(HTTPXRequest):
    """Makes calls beside anyone who asks for them: a cancelled one goes on to its end, unheard."""

    _under_way: set[asyncio.Task[tuple[int, bytes]]]

    async def initialize(self) -> None:
        """Get ready to call."""
        self._under_way = set()
        await super().initialize()

    async def shutdown(self) -> None:
        """End what is still under way, and let go of all connections."""
        for call in self._under_way:
            call.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await super().shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; raises what python-telegram-bot's own request raises."""
        return await asyncio.shield(self._begun(self._seen_through(super().do_request(*args, **kwargs))))

    async def _seen_through(self, call: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
        status, body = await call
        note = _ARRIVAL.get()
        if note is not None and (message := _message(body)) is not None:
            # The caller notes it again, and hears what is wrong.
            with suppress(StoreError):
                await note(message)
        return status, body

    def _begun(self, call: Coroutine[Any, Any, tuple[int, bytes]]) -> asyncio.Task[tuple[int, bytes]]:
        begun = asyncio.create_task(call)
        self._under_way.add(begun)
        begun.add_done_callback(self._over)
        return begun

    def _over(self, call: asyncio.Task[tuple[int, bytes]]) -> None:
        self._under_way.discard(call)
        if not call.cancelled():
            call.exception()  # it is told to anyone who waits; where nobody does, it is nobody's trouble


def _message(body: bytes) -> int | None:
    """Return the id of the message that an answer of Telegram tells of."""
    try:
        told = json.loads(body)["result"]["message_id"]
    except (ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, int) else None
