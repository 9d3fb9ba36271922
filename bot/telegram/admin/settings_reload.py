"""Settings that an admin had read anew in one process are read anew by all others, each its own."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from bot.store import Store
    from bot.telegram.admin.tools import AdminState

LOG = logging.getLogger(__name__)
EVERY = 2.0  # seconds from one look to the next
KIND = "reload"


async def tell(store: Store, bot: int) -> None:
    """Let the other processes read their settings anew. Raises StoreError."""
    await asyncio.to_thread(store.notices.note, bot, KIND)


async def follow(store: Store, bot: int, office: AdminState) -> None:
    """Look until cancelled whether another process was told to read its settings anew, and do so too."""
    known: float | None = None  # so that what was told while this process started is not missed
    while True:
        try:
            before, known = known, await asyncio.to_thread(store.notices.last, bot, KIND)
            if known not in (None, before):
                await _read(office)
        except BotError as error:
            LOG.warning("settings were not read anew: %s", error)
        await asyncio.sleep(EVERY)


async def _read(office: AdminState) -> None:
    if office.tools is None:
        return
    fresh = await asyncio.to_thread(office.tools.reread)
    changed, later = office.follow(fresh)
    LOG.info("settings were read anew; changed: %s, of these after a restart: %s", changed, later)
