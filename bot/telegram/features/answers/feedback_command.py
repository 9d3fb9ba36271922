"""What people think of the bot: /feedback, at once or in a reply, and 👍 👎 put on an answer."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from telegram import ForceReply, Message, ReactionTypeEmoji
from telegram.ext import MessageReactionHandler, filters

from answering.values.answer import Language
from bot.messages import messages
from bot.presentation.rendering import line
from bot.store import Vote
from bot.telegram.context.feature import BotCommandRoute, BotFeature, CommandAudience, MessageRoute
from bot.telegram.formatting import html

if TYPE_CHECKING:
    from telegram import Update

    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

# The question is known by its words, so that a reply is understood by any process and after any time.
ASKED = frozenset(messages(language).say("feedback_ask") for language in Language)


class FeedbackReplyFilter(filters.MessageFilter):
    """Lets through what replies to the bot's question for a remark."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message replies to it."""
        asked = message.reply_to_message
        if asked is None or asked.from_user is None:
            return False
        return asked.from_user.id == message.get_bot().id and asked.text in ASKED


# In this order: what is no reply need not be looked at.
REPLIES = filters.REPLY & filters.TEXT & ~filters.COMMAND
LIKED = {"👍": True, "👎": False}


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""

    async def keep(visit: UpdateContext, words: str) -> None:
        talk = visit.talk
        await asyncio.to_thread(
            parts.store.remarks.add, talk.bot, person=talk.person, chat=talk.chat, text=words
        )
        await visit.say([line(visit.said.say("feedback_thanks"))])

    async def feedback(visit: UpdateContext) -> None:
        _, *words = (visit.message.text or "").split(maxsplit=1)
        if words:
            await keep(visit, words[0])
            return
        hint = visit.said.say("feedback_hint")
        (asked,) = html.messages([line(visit.said.say("feedback_ask"))])
        await visit.reply.send(asked, markup=ForceReply(selective=True, input_field_placeholder=hint))

    async def heard(visit: UpdateContext) -> None:
        await keep(visit, visit.message.text or "")

    return BotFeature(
        handlers=(MessageReactionHandler(partial(_reacted, parts)),),
        commands=(BotCommandRoute(name="feedback", work=feedback, listed=(CommandAudience.PRIVATE,)),),
        hearings=(MessageRoute(what=REPLIES & FeedbackReplyFilter(), work=heard),),
    )


async def _reacted(parts: BotDependencies, update: Update, _context: object) -> None:
    """Count 👍 and 👎 on an answer as votes; to take them away takes the vote back."""
    change, store = update.message_reaction, parts.store
    if change is None or change.user is None:
        return
    bot, chat, person = update.get_bot().id, change.chat.id, change.user.id
    if not await asyncio.to_thread(parts.gate.may_use, bot, person, chat):
        return
    kept = await asyncio.to_thread(store.talks.shown_in, bot, chat, change.message_id)
    if kept is None:
        return
    now = [LIKED.get(one.emoji) for one in change.new_reaction if isinstance(one, ReactionTypeEmoji)]
    liked = next((one for one in now if one is not None), None)
    if liked is None:
        await asyncio.to_thread(store.votes.withdraw, kept.id, person=person)
        return
    vote = Vote(answer=kept.id, person=person, is_up=liked)
    await asyncio.to_thread(store.votes.cast, bot, vote)
