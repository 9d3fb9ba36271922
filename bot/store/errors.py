"""What can go wrong with the store."""

from __future__ import annotations

from bot.errors import BotError


class StoreError(BotError):
    """The store can't be opened, read or written; the message says what to do, and holds no secret."""
