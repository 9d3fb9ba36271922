"""What Telegram's library raises, sorted by what it means for us; the one table that knows its errors.

::

    BotError
    └── TokenError      Telegram doesn't know the token
"""

from __future__ import annotations

from enum import StrEnum

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.errors import BotError

# Raised before a request has left: what they stop was surely not done.
UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
)


class TokenError(BotError):
    """Telegram doesn't know the token."""


class SendOutcome(StrEnum):
    """What an error of a call means for what the call should have done."""

    LATER = "later"  # surely not done; the same call may succeed later
    UNSURE = "unsure"  # it may have been done
    REFUSED = "refused"  # not done, and it never will be
    GONE = "gone"  # the person blocked the bot, or the bot was put out of the chat
    MOVED = "moved"  # the chat has another id now


MEANINGS: dict[type[TelegramError], SendOutcome] = {
    ChatMigrated: SendOutcome.MOVED,
    Forbidden: SendOutcome.GONE,
    BadRequest: SendOutcome.REFUSED,
    RetryAfter: SendOutcome.LATER,
    InvalidToken: SendOutcome.LATER,  # a relay answers 404 while it starts; a lost token ends elsewhere
    Conflict: SendOutcome.LATER,
    TimedOut: SendOutcome.UNSURE,
    NetworkError: SendOutcome.UNSURE,
    EndPointNotFound: SendOutcome.REFUSED,
    PassportDecryptionError: SendOutcome.REFUSED,
    TelegramError: SendOutcome.UNSURE,
}


def meaning(error: TelegramError) -> SendOutcome:
    """Say what ``error`` means."""
    if isinstance(error, NetworkError) and isinstance(error.__cause__, UNSENT):
        return SendOutcome.LATER
    return next(MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS)
