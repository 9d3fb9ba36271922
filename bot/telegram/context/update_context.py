"""One update on its way through the bot: who spoke, in which language to answer, and the reply."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.values.answer import Language
from bot.messages import messages
from bot.store import ConversationKey
from bot.telegram.context.addressing import speaker
from bot.telegram.formatting import html
from bot.telegram.sending.calls import ReplyAddress
from bot.telegram.sending.delivery import ChatReply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telegram import CallbackQuery, Chat, Message, Update, User

    from bot.messages import Messages
    from bot.presentation.rendering import Block
    from bot.store import Store
    from bot.telegram.sending.timeouts import Timeouts


TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateContext:
    """What a handler gets to work with."""

    update: Update
    reply: ChatReply
    said: Messages
    talk: ConversationKey
    message_id: int  # of the message that was written, or that holds the button; 0 where there is none

    @property
    def message(self) -> Message:
        """The message of an update that is one."""
        message = self.update.message or self.update.edited_message or self.update.channel_post
        assert message is not None
        return message

    @property
    def query(self) -> CallbackQuery:
        """The tap of an update that is one."""
        assert self.update.callback_query is not None
        return self.update.callback_query

    @property
    def me(self) -> User:
        """The bot itself, as Telegram knows it."""
        return self.reply.bot.bot

    @property
    def chat(self) -> Chat:
        """The chat in which it happened."""
        chat = self.update.effective_chat
        assert chat is not None
        return chat

    @property
    def is_private(self) -> bool:
        """Whether the person and the bot are among themselves."""
        return self.talk.chat == self.talk.person

    async def say(self, blocks: Iterable[Block]) -> None:
        """Send blocks of the bot's own words."""
        await self.reply.remark_all(html.messages(blocks))


async def context_of(
    update: Update, *, store: Store, language: Language, patience: Timeouts
) -> UpdateContext:
    """Make the context of an update in a chat: a message, new or edited, a tap, or what happens to the bot.

    ``language`` is for people who chose none, and whose client names none.
    """
    query, user, chat = update.callback_query, update.effective_user, update.effective_chat
    written = update.message or update.edited_message or update.channel_post
    message = query.message if query else written
    assert chat is not None
    bot = update.get_bot()
    # An old message comes as its id alone, without its topic.
    topical = getattr(message, "is_topic_message", False)
    topic: int | None = getattr(message, "message_thread_id", None) if topical else None
    quoted = message.message_id if message and (query or chat.type != chat.PRIVATE) else None
    chosen = await asyncio.to_thread(store.people.language, bot.id, user.id) if user else None
    return UpdateContext(
        update=update,
        reply=ChatReply(
            bot,
            store,
            update_id=update.update_id,
            address=ReplyAddress(chat=chat.id, thread=topic, message=quoted),
            patience=patience,
        ),
        said=spoken_to(user, language, chosen=chosen),
        message_id=message.message_id if message else 0,
        talk=ConversationKey(
            bot=bot.id,
            chat=chat.id,
            thread=topic or 0,
            person=speaker(written, user),
        ),
    )


def spoken_to(user: User | None, otherwise: Language, *, chosen: str | None = None) -> Messages:
    """Return the messages in the language that a person chose, or else in that of their Telegram.

    ``otherwise`` serves where that is none of ours.
    """
    if chosen in tuple(Language):
        return messages(Language(chosen))
    code = (user.language_code or "").lower() if user else ""
    if code.startswith(TRADITIONAL):
        return messages(Language.HANT)
    if code.startswith("zh"):
        return messages(Language.HANS)
    return messages(Language.EN if code.startswith("en") else otherwise)


def spoken_after(message: Message) -> str:
    """Return what stands after the command in a message."""
    return " ".join((message.text or "").split()[1:])
