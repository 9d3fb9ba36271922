"""Whether a message is meant for the bot, and what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.constants import ChatID, ChatType, MessageEntityType
from telegram.ext import filters

if TYPE_CHECKING:
    from telegram import Message, MessageEntity, User

# The accounts under which people write who show themselves as their group or channel.
MASKS = (ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL)

MENTIONS: list[str | None] = [MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION]


class _Bots(filters.MessageFilter):
    """Messages of other bots: two that answer each other would never end."""

    def filter(self, message: Message) -> bool:
        """Tell whether a bot wrote a message, and no person in a mask."""
        user = message.from_user
        return user is not None and user.is_bot and user.id not in MASKS


# What no person wrote here: posts that a channel hands on, other bots' words, what came by inline mode.
OTHERS = filters.IS_AUTOMATIC_FORWARD | filters.VIA_BOT | _Bots()


def speaker(message: Message | None, user: User | None) -> int:
    """Return the id of who speaks: a person, or the channel in whose name somebody writes in a group."""
    mask = message.sender_chat if message else None
    if message is not None and mask is not None and mask.id != message.chat.id:
        return mask.id
    return user.id if user else 0


def is_mask(person: int) -> bool:
    """Tell whether the id of a speaker is no person's, so that nobody can be told to be the one."""
    return person < 0 or person in MASKS


def asked(message: Message, bot: User) -> str | None:
    """Return what a message says to the bot, without the mention; "" if no words, None if it isn't meant.

    Everything in a private chat is meant for the bot; elsewhere a message that mentions it, or replies to it.
    """
    mentions = _mentions(message, bot)
    private = message.chat.type == ChatType.PRIVATE
    if not (private or mentions or _replies_to(message, bot)):
        return None
    words = message.text or message.caption or ""
    for mention in mentions:
        words = words.replace(mention, " ", 1)
    return " ".join(words.split()) if mentions else words.strip()


def _mentions(message: Message, bot: User) -> list[str]:
    """Return the mentions of the bot as they are written; only what the client marked as a mention is one."""
    marked = {**message.parse_entities(MENTIONS), **message.parse_caption_entities(MENTIONS)}
    return [written for entity, written in marked.items() if _is_bot(entity, written, bot)]


def _is_bot(entity: MessageEntity, written: str, bot: User) -> bool:
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return written.lower() == f"@{bot.username}".lower()


def _replies_to(message: Message, bot: User) -> bool:
    # A plain message of a topic is marked as a reply to the topic's first one.
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user.id == bot.id
