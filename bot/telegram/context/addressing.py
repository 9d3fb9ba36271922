"""Whether a message is meant for the bot, what it asks, and what it refers to.

What it refers to are the words that it quotes or replies to; it may ask whether they are true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.constants import ChatID, ChatType, MessageEntityType
from telegram.ext import filters

from answering.claims.claim_request import CHECK, claimed
from answering.question.scope import LONGEST
from answering.values.answer import Turn
from retrieval.quantities import figures
from retrieval.text.normalize import fold

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


POINTING = 6  # characters that may be left of "上面说的对吗" once the words that ask are gone
_TRUE = re.compile(
    r"(?:is (?:this|that|it) (?:true|right|correct|so)|fact ?check|check (?:this|that|it))[\s?？!！.]*"
)
_ASKING = re.compile(r"[?？]\s*$")


def replied_words(message: Message, me: User) -> str:
    """Return the words that a message quotes, or else those of the message of somebody else it replies to."""
    if message.quote is not None and message.quote.text.strip():
        return message.quote.text.strip()
    replied = message.reply_to_message
    if replied is None or (replied.from_user is not None and replied.from_user.id == me.id):
        return ""
    return (replied.text or replied.caption or "").strip()


def asks_to_check(words: str) -> bool:
    """Tell whether words ask nothing but whether something is true that stands elsewhere: 这是真的吗."""
    folded = fold(words)
    if _TRUE.fullmatch(folded):
        return True
    rest = claimed(words)
    return rest != words.strip(" ，,。？?！!；;") and len(rest) <= POINTING and not figures(rest)


def with_replied(question: str, replied: str) -> tuple[str, tuple[Turn, ...]]:
    """Return what is asked where the words ``replied`` are above, and the turn that they make before it.

    A mention alone hands them on: as the question that they are, or as claims to be checked.
    """
    if not replied:
        return question, ()
    if not question:
        return (replied if _ASKING.search(replied) and len(replied) <= LONGEST else CHECK + replied), ()
    if asks_to_check(question):
        return CHECK + replied, ()
    return question, (Turn(role="user", content=replied[:LONGEST]),)


def put_before(message: Message, question: str) -> str:
    """Return what a message asks that is no reply: an article, pasted or handed on, is to be checked."""
    is_handed_on = message.forward_origin is not None and bool(figures(question))
    is_article = len(question) > LONGEST or is_handed_on
    return CHECK + question if is_article and not _ASKING.search(question) else question


def referred(message: Message, me: User, *, heard: str = "") -> tuple[str | None, tuple[Turn, ...]]:
    """Return what a message asks, with what it refers to, and the turn that this makes; None if not of us.

    A message that comes from a chat where the bot is a guest is always meant for it. ``heard`` is what a
    recording says.
    """
    question = heard or asked(message, me)
    if question is None and message.guest_query_id:
        question = (message.text or message.caption or "").strip()
    if question is None:
        return None, ()
    replied = replied_words(message, me)
    return with_replied(question, replied) if replied else (put_before(message, question), ())
