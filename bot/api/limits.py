"""No request may be larger, or take longer, than it should. Seam: FastAPI."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fastapi import HTTPException

from bot.api.problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 64 * 1024  # bytes of a request's body


class RequestLimits:
    """Answers 413 to a body above ``LARGEST`` and 504 after ``seconds``, as long as nothing was answered."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST:
                raise HTTPException(413, f"A request may have {LARGEST} bytes.")
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, counted, noted)
        except TimeoutError:
            if not begun:
                told = problem(504, f"It took longer than {self._seconds:g} seconds; try again later.")
                await told(scope, receive, send)
