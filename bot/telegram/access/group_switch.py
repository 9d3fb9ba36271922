"""Whether the bot speaks in a group: only when spoken to, and only where its admins want it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from telegram.constants import ChatID, ChatMemberStatus
from telegram.error import TelegramError

from bot.telegram.context.addressing import asked
from bot.telegram.context.feature import acknowledge

if TYPE_CHECKING:
    from bot.store import Store
    from bot.telegram.context.update_context import UpdateContext

REMEMBERED = 60.0  # seconds for which it is known who is an admin
MOST = 10_000  # people of whom that is known
ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class GroupAdmins:
    """Knows who runs a group, and asks Telegram again after a while."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[float, bool]] = {}

    async def rules(self, visit: UpdateContext) -> bool:
        """Tell whether the person of a visit is an admin of its group; not where Telegram doesn't answer."""
        user, message = visit.update.effective_user, visit.update.message
        chat = visit.talk.chat
        # Who writes in the group's own name is one of its admins.
        if message is not None and message.sender_chat is not None:
            return message.sender_chat.id == chat
        if user is None or user.id == ChatID.ANONYMOUS_ADMIN:
            return False
        until, is_admin = self._known.get((chat, user.id), (0.0, False))
        if until > time.monotonic():
            return is_admin
        return await self._asked(visit, user.id)

    async def _asked(self, visit: UpdateContext, person: int) -> bool:
        chat = visit.talk.chat
        try:
            member = await visit.reply.bot.get_chat_member(chat, person)
        except TelegramError:
            return False
        if len(self._known) >= MOST:
            self._known.clear()
        is_admin = member.status in ADMINS
        self._known[chat, person] = (time.monotonic() + REMEMBERED, is_admin)
        return is_admin


async def is_quiet(visit: UpdateContext, store: Store) -> bool:
    """Tell whether the bot keeps silent: not spoken to, or switched off in this group by its admins."""
    if visit.is_private:
        return False
    message = visit.update.message or visit.update.edited_message
    if message is not None and not _is_command(visit) and asked(message, visit.me) is None:
        return True
    known = await asyncio.to_thread(store.chats.get, visit.talk.bot, visit.talk.chat)
    if known is None or known.is_on is not False:
        return False
    if visit.update.callback_query is not None:
        await acknowledge(visit.query, visit.said.say("group_is_off"))
    return True


def _is_command(visit: UpdateContext) -> bool:
    message = visit.update.message or visit.update.edited_message
    return message is not None and (message.text or "").startswith("/")
