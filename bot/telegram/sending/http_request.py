"""Calls to Telegram that are seen through, no matter who stops waiting for them.

httpcore 1.0 loses a connection of its pool for nearly every call that is cancelled on its way; once all are
lost each further call waits in vain.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from telegram.request import HTTPXRequest

if TYPE_CHECKING:
    from collections.abc import Coroutine


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
        return await asyncio.shield(self._begun(super().do_request(*args, **kwargs)))

    def _begun(self, call: Coroutine[Any, Any, tuple[int, bytes]]) -> asyncio.Task[tuple[int, bytes]]:
        begun = asyncio.create_task(call)
        self._under_way.add(begun)
        begun.add_done_callback(self._over)
        return begun

    def _over(self, call: asyncio.Task[tuple[int, bytes]]) -> None:
        self._under_way.discard(call)
        if not call.cancelled():
            call.exception()  # it is told to anyone who waits; where nobody does, it is nobody's trouble
