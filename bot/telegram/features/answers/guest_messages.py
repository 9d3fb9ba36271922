"""Questions from where the bot is no member: chats that call it by its name, and accounts that connect it.

A call is answered in its chat, once. A connected account is told in a line that the bot doesn't speak for it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telegram import InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import BusinessConnectionHandler, MessageHandler, filters

from answering.question.parser import language_of
from bot.messages import messages
from bot.presentation.rendering import line
from bot.store import ConversationKey
from bot.telegram.context.addressing import referred, speaker
from bot.telegram.context.feature import BotFeature
from bot.telegram.context.update_context import spoken_to
from bot.telegram.features.answers.inline_answers import (
    NOWHERE,
    InlineAnswers,
    InlineMessage,
    InlineQuestionCall,
    asking,
)
from bot.telegram.formatting import bot_texts as words
from bot.telegram.formatting import html
from bot.telegram.sending.calls import NO_PREVIEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot, InlineKeyboardMarkup, Message, Update

    from answering.values.answer import Turn
    from bot.messages import Messages
    from bot.telegram.dependencies import BotDependencies

LOG = logging.getLogger(__name__)
HOUR = 3600
RESULT = "guest"  # id of the one result that a call gets


@dataclass(slots=True, kw_only=True)
class GuestReply:
    """The reply to a call from a chat where the bot is a guest: sent once, edited from then on."""

    bot: Bot
    name: str  # the guest query's id
    title: str
    _sent: InlineMessage | None = field(default=None, init=False)

    async def put(self, text: str, markup: InlineKeyboardMarkup | None) -> None:
        """Send or edit. Raises TelegramError."""
        if self._sent is not None:
            await self._sent.put(text, markup)
            return
        told = InputTextMessageContent(text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)
        result = InlineQueryResultArticle(
            id=RESULT, title=self.title, input_message_content=told, reply_markup=markup
        )
        sent = await self.bot.answer_guest_query(self.name, result)
        self._sent = InlineMessage(bot=self.bot, name=sent.inline_message_id)


class GuestFeature:
    """Answers where the bot is called as a guest."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._answers = InlineAnswers(parts)

    @property
    def feature(self) -> BotFeature:
        """What is heard."""
        return BotFeature(
            handlers=(
                MessageHandler(filters.UpdateType.GUEST_MESSAGE, self._called),
                BusinessConnectionHandler(self._connected),
            )
        )

    async def _called(self, update: Update, _context: object) -> None:
        message = update.guest_message
        assert message is not None
        if not message.guest_query_id:
            return
        bot, person = message.get_bot(), speaker(message, message.from_user)
        question, above = referred(message, bot.bot)
        said = messages(language_of(question)) if question else self._spoken(update)
        reply = GuestReply(bot=bot, name=message.guest_query_id, title=said.say("inline_more"))
        call = InlineQuestionCall(
            bot=bot,
            place=reply,
            person=person,
            question=question or "",
            update_id=update.update_id,
            again=await self._again(bot, question),
            titled=False,
            history=(*await asyncio.to_thread(self._said_before, bot, message, person), *above),
        )
        if not question:
            has_words = not (message.effective_attachment or message.sticker)
            await call.put(_line(said.say("bot_no_words" if has_words else words.unread(message))), None)
            return
        refused = await self._answers.refused(call)
        if refused is not None:
            await call.put(_line(refused), None)
            return
        await self._answers.make(call)

    def _spoken(self, update: Update) -> Messages:
        return spoken_to(update.effective_user, self._parts.settings.language)

    async def _again(self, bot: Bot, question: str | None) -> InlineKeyboardMarkup | None:
        if not question:
            return None
        name = await asyncio.to_thread(self._parts.store.typed.keep, bot.id, question)
        return asking(name, messages(language_of(question)))

    def _said_before(self, bot: Bot, message: Message, person: int) -> Sequence[Turn]:
        """Return what a call goes on from: what the one was told whose answer it replies to, or who calls."""
        replied = message.reply_to_message
        caller = replied.guest_bot_caller_user if replied else None
        talk = ConversationKey(bot=bot.id, chat=NOWHERE, person=caller.id if caller else person)
        return self._parts.store.talks.history(talk)

    async def _connected(self, update: Update, _context: object) -> None:
        """Say to an account that connects the bot what it is good for, once an hour at most."""
        connection = update.business_connection
        assert connection is not None
        bot, chat = connection.get_bot().id, connection.user_chat_id
        due = self._parts.store.notices.is_due
        if not connection.is_enabled or not await asyncio.to_thread(due, bot, chat, "business", seconds=HOUR):
            return
        told = spoken_to(connection.user, self._parts.settings.language).say("business_quiet")
        try:
            await connection.get_bot().send_message(chat, told)
        except TelegramError as error:
            LOG.info("a connected account was not told: %s", error)


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    return GuestFeature(parts).feature


def _line(told: str) -> str:
    return html.page([line(told)])
