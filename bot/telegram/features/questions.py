"""Questions and their answers: the one thing that everybody comes for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot import rendering
from bot.messages import messages
from bot.rendering import line
from bot.telegram import html, keyboards, words
from bot.telegram.addressing import asked
from bot.telegram.feature import Button, Feature, acknowledge
from bot.telegram.reactions import Eyes
from bot.telegram.streaming import Stream

if TYPE_CHECKING:
    from bot.store import Kept
    from bot.telegram.keyboards import Tap
    from bot.telegram.parts import Parts
    from bot.telegram.visit import Visit


class Questions:
    """Answers what people write."""

    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._allowance = parts.allowance
        self._eyes = Eyes(parts.patience)
        self._stream = Stream(parts.answerer, parts.running, parts.turns, patience=parts.patience)

    @property
    def feature(self) -> Feature:
        """What people can tap under an answer."""
        return Feature(buttons=(Button(act="r", work=self._again),))

    async def heard(self, visit: Visit) -> None:
        """Answer a message with words, if it is meant for the bot."""
        question = asked(visit.message, visit.me)
        if question is None:
            return
        if not question:
            await visit.say([line(visit.said.say("bot_no_words"))])
            return
        async with self._eyes.on(visit):
            kept = await self._answered(visit, question)
            if kept is not None:
                await self.give(visit, kept)

    async def put(self, visit: Visit, question: str) -> None:
        """Answer a question that was not typed but chosen."""
        kept = await self._answered(visit, question)
        if kept is not None:
            await self.give(visit, kept)

    async def wordless(self, visit: Visit) -> None:
        """Say what works to someone who sent something without words."""
        if asked(visit.message, visit.me) is not None:
            await visit.say([line(visit.said.say(words.unread(visit.message)))])

    async def give(self, visit: Visit, kept: Kept) -> None:
        """Send an answer with its buttons; where it may not have arrived, offer it once more."""
        if kept.answer.reason == "stopped" and not await visit.reply.stands():
            return  # whoever stopped it was told so, and there is nothing else to show
        said = messages(kept.answer.language)
        markup = keyboards.sources(kept.id, kept.answer.citations)
        told = (*rendering.blocks(kept.answer, said), *rendering.notes(kept.answer, said))
        sure = await visit.reply.send_all(html.messages(told), markup=markup)
        if not sure:
            offer = keyboards.again(kept.id, said.say("bot_again"))
            await visit.reply.send_all(html.messages([line(said.say("bot_unsure"))]), markup=offer)

    async def _answered(self, visit: Visit, question: str) -> Kept | None:
        """Return the answer to a question, made now or before a restart; None where no more may be asked."""
        bot, update_id = visit.talk.bot, visit.update.update_id
        kept = await asyncio.to_thread(self._store.talks.answer_to, bot, update_id)
        if kept is not None:
            return kept
        if not await self._allowance.grants(visit):
            return None
        history = await asyncio.to_thread(self._store.talks.history, visit.talk)
        answer = await self._stream.answered(visit, question, history)
        await self._allowance.spend(visit.talk, answer)
        said = rendering.plain(rendering.blocks(answer, messages(answer.language)))
        return await asyncio.to_thread(
            self._store.talks.keep, answer, talk=visit.talk, update_id=update_id, said=said
        )

    async def _again(self, visit: Visit, tap: Tap) -> None:
        kept = await asyncio.to_thread(self._store.talks.answer, tap.fields[0]) if tap.fields else None
        await acknowledge(visit.query, None if kept else visit.said.say("bot_expired"))
        if kept is not None:
            await self.give(visit, kept)
