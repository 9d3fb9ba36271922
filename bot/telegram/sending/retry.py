"""How long Telegram is waited for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram.error import RetryAfter, TelegramError

from bot.telegram.sending.errors import SendOutcome, meaning

if TYPE_CHECKING:
    from telegram import Bot

    from bot.telegram.sending.timeouts import Timeouts


def pause(error: TelegramError, otherwise: float) -> float:
    """Return how long Telegram wants to be left alone; ``otherwise`` where it names no time."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds())
    return otherwise


async def reached(bot: Bot, patience: Timeouts) -> None:
    """Wait until Telegram answers a call that changes nothing, well or with a refusal."""
    attempt = 0
    while True:
        try:
            await bot.get_me()
        except TelegramError as error:
            if meaning(error) not in (SendOutcome.LATER, SendOutcome.UNSURE):
                return
            attempt += 1
            await asyncio.sleep(pause(error, patience.before(attempt)))
        else:
            return


async def set_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for an event, at most ``seconds``, and tell whether it came."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
