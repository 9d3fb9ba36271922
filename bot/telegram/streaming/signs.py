"""First signs of life to anyone who waits: "typing" in a private chat, 👀 on a question in a group.

Each comes before anything else is done about what they wrote. 👀 stays, as the answer's own beginning: to
take it away again would cost a second of the twenty calls a minute that a group allows.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from telegram import ReactionTypeEmoji
from telegram.constants import ChatAction, ChatType, ReactionEmoji
from telegram.error import BadRequest, TelegramError

from bot.telegram.sending.rate_limit import live
from bot.telegram.streaming.previews import DraftRefusals

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from telegram import Bot

    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.sending.timeouts import Timeouts


CROWD = 20  # messages that wait for a sign, above which nobody is kept waiting for it
MOMENT = 1.0  # seconds that work waits for the signs of a crowd


class TypingIndicator:
    """Shows "typing" in private chats to people whose message is not dealt with after ``seconds``.

    ``welcome`` tells whether a person is likely to get an answer; it must not block.
    """

    def __init__(self, bot: Bot, *, seconds: float, welcome: Callable[[int], bool]) -> None:
        self._bot, self._seconds, self._welcome = bot, seconds, welcome
        self._due: dict[int, asyncio.Task[None]] = {}
        self._crowd: set[asyncio.Task[None]] = set()

    def begin(self, update_id: int, update: Mapping[str, Any]) -> None:
        """Watch over an update that came in."""
        message = update.get("message") or {}
        chat = message.get("chat", {})
        if chat.get("type") != ChatType.PRIVATE or not message.get("text") or not self._welcome(chat["id"]):
            return
        # In a crowd an answer at once is out of the question.
        is_crowd = len(self._due) > CROWD
        due = asyncio.create_task(self._show(chat["id"], 0.0 if is_crowd else self._seconds))
        self._due[update_id] = due
        due.add_done_callback(lambda _: self._due.pop(update_id, None))
        if is_crowd:
            self._crowd.add(due)
            due.add_done_callback(self._crowd.discard)

    async def shown(self) -> None:
        """Give the signs of a crowd a moment, before all the work begins that would hold them up."""
        if self._crowd:
            await asyncio.wait(set(self._crowd), timeout=MOMENT)

    def end(self, update_id: int) -> None:
        """Show nothing more for an update that is dealt with."""
        if due := self._due.get(update_id):
            due.cancel()

    def close(self) -> None:
        """Show nothing more."""
        for due in self._due.values():
            due.cancel()

    async def _show(self, chat: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        with suppress(TelegramError):
            await self._bot.send_chat_action(chat, ChatAction.TYPING)


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
