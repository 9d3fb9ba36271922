"""What is no longer needed goes: once when the bot starts, then once a day."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot.observability.logs import record_failure
from bot.store.conversations.stored_questions import KEPT as TYPED

if TYPE_CHECKING:
    from bot.store import Store
    from bot.telegram.admin.tools import AdminState

DAY = 86_400.0  # seconds
UPDATES = 14 * DAY  # Telegram brings an update again for a day at most
COUNTS = 2 * DAY  # of questions, in the longest window that is counted
NOTICES = 1 * DAY
UPLOADS = 7 * DAY
NEWS = 60 * DAY


def tidy(store: Store, days: int | None) -> int:
    """Forget what is old, conversations after ``days``; return how many answers went. Blocks."""
    now = time.time()
    store.inbox.prune(now - UPDATES)
    store.quotas.prune(now - COUNTS)
    store.notices.prune(now - NOTICES)
    store.uploads.prune(now - UPLOADS)
    store.typed.prune(now - TYPED)
    store.rates.prune()
    store.follows.prune(now - NEWS)
    return 0 if days is None else store.talks.prune_older(now - days * DAY)


async def keep_tidy(store: Store, office: AdminState) -> None:
    """Tidy once a day until cancelled; a day on which it fails does not end it."""
    while True:
        await asyncio.sleep(DAY)
        try:
            await asyncio.to_thread(tidy, store, office.settings.telegram_keep_days)
        except Exception as error:  # noqa: BLE001 - tomorrow is another day
            record_failure(error)
