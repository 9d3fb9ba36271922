"""How long things may take."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram.error import RetryAfter, TelegramError

from bot.telegram.sending.send_errors import SendOutcome, meaning

if TYPE_CHECKING:
    from telegram import Bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long things may take, in seconds."""

    typing: float = 0.3  # until "typing" is shown: quicker answers come without
    again: float = 1.0  # until a call that surely failed is made again; doubles each time
    longest: float = 60.0  # what that doubling ends at
    poll: int = 30  # one long poll
    stop: float = 10.0  # that answers being made get when the bot stops
    read: float = 20.0  # for Telegram to answer a call
    connect: float = 10.0  # to reach Telegram at all
    live: float = 0.7  # until an answer in the making is shown: quicker ones come whole
    hint: float = 3.0  # until a draft tells how to stop it
    first: float = 1.0  # at most, between two showings before anything was proved
    draft: float = 0.8  # between two drafts
    edits: float = 1.5  # between two edits of a message in a private chat
    chat: float = 1.0  # between two messages in a private chat, after a few at once
    group: float = 4.0  # the same elsewhere: 15 of the 20 messages a minute that Telegram allows there
    fresh: float = 20.0  # until a draft is sent again; Telegram shows one for 30 seconds
    refused: float = 600.0  # for which no drafts, and no reactions, are tried where they were refused
    keys: float = 0.25  # that somebody in inline mode may take for the next key
    glance: float = 8.0  # for which they look at what they typed; Telegram forgets a query after some ten
    lease: float = 10.0  # for which an update is held by the process that works on it, unless renewed
    news: float = 15.0  # between two looks for texts that are new, and for news that are due
    paste: float = 1.0  # that a text at Telegram's limit waits for its next part

    def before(self, attempt: int) -> float:
        """Return how long to wait before attempt 1, 2, … after a failure."""
        return min(self.longest, self.again * 2.0 ** min(attempt - 1, 30))


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
