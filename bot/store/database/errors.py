"""What can go wrong with the store.

::

    StoreError          it can't be opened, read or written
    └── TakenOverError  what was to be written is another process's by now
"""

from __future__ import annotations

from bot.errors import BotError


class StoreError(BotError):
    """The store can't be opened, read or written; the message says what to do, and holds no secret."""


class TakenOverError(StoreError):
    """Another process works on this by now, or has done it: whoever held it before leaves it alone."""
