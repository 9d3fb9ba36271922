"""👀 on a question in a group: it was seen, and is being answered. It stays, as the answer's own beginning.

To take it away again would cost a second of the twenty calls a minute that a group allows.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from telegram import ReactionTypeEmoji
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, TelegramError

from bot.telegram.sending.rate_limit import live
from bot.telegram.streaming.previews import DraftRefusals

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.sending.timeouts import Timeouts

LOG = logging.getLogger(__name__)
EYES = (ReactionTypeEmoji(ReactionEmoji.EYES),)
LAST_CALL = 1.0  # seconds that a reaction on its way gets once the answer was sent


class SeenReaction:
    """Puts 👀 on questions; a chat that takes no reactions is left alone for a while."""

    def __init__(self, patience: Timeouts) -> None:
        self._refusals = DraftRefusals(patience.refused)

    @asynccontextmanager
    async def on(self, visit: UpdateContext) -> AsyncIterator[None]:
        """Put it on the message of a visit in a group, beside whatever is done inside."""
        if visit.is_private or visit.talk.chat in self._refusals:
            yield
            return
        put = asyncio.create_task(self._put(visit))
        try:
            yield
        finally:
            await asyncio.wait({put}, timeout=LAST_CALL)
            put.cancel()

    async def _put(self, visit: UpdateContext) -> None:
        chat = visit.talk.chat
        try:
            with live():
                await visit.reply.bot.set_message_reaction(chat, visit.message_id, EYES)
        except BadRequest as error:
            self._refusals.note(chat)
            LOG.info("no reaction in this chat: %s", error)
        except TelegramError as error:
            LOG.info("no reaction: %s", error)
