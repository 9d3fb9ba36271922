"""How long a model is waited for: for its first piece, for each further one, and in all."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.values.errors import ModelSlow

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from answering.llm.protocol import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds."""

    first: float = 45.0  # for the first piece; no new try is begun later than this either
    gap: float = 20.0  # for each further piece
    whole: float = 120.0  # for a call with all its tries


async def patiently(
    pieces: AsyncGenerator[Piece, None], limits: Limits, *, until: float
) -> AsyncGenerator[Piece, None]:
    """Yield the pieces as they come; raises ModelSlow when one keeps us waiting, or past ``until``.

    ``until`` is a time of the running loop. The pieces' generator is closed in any case.
    """
    loop, wait = asyncio.get_running_loop(), limits.first
    async with aclosing(pieces):
        while True:
            left = until - loop.time()
            try:
                async with asyncio.timeout(min(wait, left)):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise ModelSlow(_told(limits, wait if wait < left else None)) from None
            yield piece
            wait = limits.gap


def _told(limits: Limits, waited: float | None) -> str:
    if waited is None:
        return f"模型 {limits.whole:g} 秒里没有说完，请稍后再试，或放宽 CHAT_TIMEOUT。"
    if waited == limits.first:
        return f"模型 {waited:g} 秒里没有开口，请稍后再试，或放宽 CHAT_FIRST_TIMEOUT。"
    return f"模型说到一半停了 {waited:g} 秒，请稍后再试。"
