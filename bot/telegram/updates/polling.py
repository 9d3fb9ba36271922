"""Long polling: what was taken in is acknowledged with the next poll, and never before it is safe."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from telegram.error import InvalidToken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot

    from bot.server.health import Heartbeat
    from bot.telegram.sending.outages import TelegramOutage
    from bot.telegram.sending.timeouts import Timeouts
    from bot.telegram.updates.queue import UpdateQueue

LOG = logging.getLogger(__name__)


async def poll(
    bot: Bot,
    intake: UpdateQueue,
    *,
    kinds: Sequence[str],
    patience: Timeouts,
    outage: TelegramOutage,
    pulse: Heartbeat,
) -> None:
    """Take updates in until cancelled, a beat of ``pulse`` each time.

    Raises InvalidToken when Telegram knows the token no longer.
    """
    offset: int | None = None
    while True:
        try:
            updates = await bot.get_updates(offset, timeout=patience.poll, allowed_updates=kinds)
            await intake.take([json.dumps(update.to_dict(), ensure_ascii=False) for update in updates])
        except InvalidToken:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next poll may go well
            await outage.wait(error)
        else:
            outage.over()
            pulse.beat()
            offset = updates[-1].update_id + 1 if updates else offset
