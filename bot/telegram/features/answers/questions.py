"""Questions, written or tapped, new or edited: the one thing that everybody comes for."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

from answering.claims import CHECK
from bot.messages import messages
from bot.presentation import rendering
from bot.presentation.rendering import line
from bot.telegram.context.addressing import asked, asks_to_check, is_mask, referred
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.features.answers.voice_messages import VoiceMessages
from bot.telegram.formatting import bot_texts as words
from bot.telegram.formatting import html, keyboards
from bot.telegram.streaming.answer_stream import AnswerStream
from bot.telegram.streaming.signs import SeenReaction
from bot.telegram.views.answer_message import AnswerMessage
from bot.telegram.views.long_lists import first_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message

    from answering.values.answer import Answer, Turn
    from bot.store import GivenAnswer
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.formatting.keyboards import ButtonData


BESIDE = 900  # seconds for which another's answer in a group can be gone on from
HOUR = 3600


class QuestionFeature:
    """Answers what people ask."""

    def __init__(self, parts: BotDependencies) -> None:
        self._store = parts.store
        self._patience = parts.patience
        self._talks = parts.store.talks
        self._offers = parts.store.offers
        self._allowance = parts.allowance
        self._eyes = SeenReaction(parts.patience)
        self._giving = AnswerMessage(parts)
        self._voices = VoiceMessages(parts)
        self._stream = AnswerStream(parts.answerer, parts.running, parts.turns, patience=parts.patience)

    @property
    def feature(self) -> BotFeature:
        """What people can tap under an answer, and the command that checks a claim."""
        return BotFeature(
            commands=(BotCommandRoute(name="check", work=self._checked, listed=EVERYWHERE),),
            buttons=(
                ButtonRoute(act="r", work=self._again),
                ButtonRoute(act="ask", work=self._tapped),
                ButtonRoute(act=keyboards.UNFOLD, work=self._unfold),
            ),
        )

    async def heard(self, visit: UpdateContext) -> None:
        """Answer a message with words, if it is meant for the bot."""
        question, above = referred(visit.message, visit.me)
        if question is None:
            return
        if not question:
            await visit.say([line(visit.said.say("bot_no_words"))])
            return
        await self._reply(visit, question, above=above)

    async def _reply(
        self, visit: UpdateContext, question: str, *, above: Sequence[Turn], spoken: bool = False
    ) -> None:
        """Answer a message; one that was ``spoken`` is shown its words above the answer."""
        if asks_to_check(question) and (doubted := await asyncio.to_thread(self._told_last, visit)):
            await self._rests_on(visit, doubted)
            return
        if visit.message.media_group_id:
            await self._is_first_of_album(visit, visit.message.media_group_id)
        async with self._eyes.on(visit):
            asked_in = None if spoken else visit.message_id
            kept = await self._answered(visit, question, asked_in=asked_in, above=above)
            if kept is not None:
                await self._giving.give(visit, kept, titled=spoken)

    def _told_last(self, visit: UpdateContext) -> GivenAnswer | None:
        """Return the answer that a message replies to, or the last one here, where it has sources."""
        replied = visit.message.reply_to_message
        talk = visit.talk
        kept = self._talks.shown_in(talk.bot, talk.chat, replied.message_id) if replied else None
        kept = kept or self._talks.latest(talk)
        return kept if kept is not None and kept.answer.outcome.is_answer and kept.answer.citations else None

    async def _rests_on(self, visit: UpdateContext, kept: GivenAnswer) -> None:
        """Show what an answer rests on to who asks whether it is true."""
        said, cited = messages(kept.answer.language), kept.answer.citations
        blocks = (line(said.say("answer_rests_on")), *rendering.sources(kept.answer, said))
        markup = keyboards.under(kept.id, cited, offers={}, share=None)
        await visit.reply.send_all(html.messages(blocks), markup=markup)

    async def edited(self, visit: UpdateContext) -> None:
        """Answer an edited question again, in the place of the answer that it had; leave others alone."""
        question, above = referred(visit.message, visit.me)
        old = await asyncio.to_thread(self._talks.answer_in, visit.talk, visit.message_id)
        if not question or old is None:
            return
        is_done = old.update_id == visit.update.update_id  # but perhaps not sent
        if old.answer.question == question and not is_done:
            return
        async with self._eyes.on(visit):
            kept = await self._anew(visit, question, old, above=above)
            if kept is not None:
                await self._giving.give(visit, kept)
                await visit.reply.trim()

    async def put(self, visit: UpdateContext, question: str) -> None:
        """Answer a question that was not typed but chosen, under its own words."""
        if visit.update.callback_query is not None:
            visit.reply.unquote()
        kept = await self._answered(visit, question)
        if kept is not None:
            await self._giving.give(visit, kept, titled=True)

    async def _checked(self, visit: UpdateContext) -> None:
        """Check what comes after the command, or the message that it replies to."""
        claim = _claim(visit.message)
        if claim:
            await self.put(visit, CHECK + claim)
        else:
            await visit.say([line(visit.said.say("check_what"))])

    async def wordless(self, visit: UpdateContext) -> None:
        """Listen to a recording; say what works to someone who sent something else without words."""
        if asked(visit.message, visit.me) is None:
            return
        if self._voices.is_for(visit.message):
            await self._listen(visit)
        elif await self._speaks_for_album(visit):
            await visit.say([line(visit.said.say(words.unread(visit.message)))])

    async def _listen(self, visit: UpdateContext) -> None:
        """Answer what is said in a recording; one that was answered before a restart is not heard again."""
        kept = await asyncio.to_thread(self._talks.answer_to, visit.talk.bot, visit.update.update_id)
        if kept is not None:
            await self._giving.give(visit, kept, titled=True)
        elif await self._allowance.grants(visit) and (heard := await self._voices.words(visit)):
            question, above = referred(visit.message, visit.me, heard=heard)
            await self._reply(visit, question or heard, above=above, spoken=True)

    async def _speaks_for_album(self, visit: UpdateContext) -> bool:
        """Tell whether a word is due on a message without words; of an album once, if none of it has any."""
        album, talk = visit.message.media_group_id, visit.talk
        if not album:
            return True
        await asyncio.sleep(self._patience.paste)  # its parts come one by one
        if await asyncio.to_thread(self._store.inbox.has_captioned, talk.bot, talk.chat, album):
            return False
        return await self._is_first_of_album(visit, album)

    async def _is_first_of_album(self, visit: UpdateContext, album: str) -> bool:
        """Tell whether nothing was said to an album yet, and note that it is said now."""
        talk, due = visit.talk, self._store.notices.is_due
        once = partial(due, talk.bot, talk.chat, f"al{album[-14:]}", seconds=HOUR)
        return await asyncio.to_thread(once)

    async def show(self, visit: UpdateContext, kept: GivenAnswer) -> None:
        """Send an answer that was given before, away from its question."""
        await self._giving.give(visit, kept, titled=True)

    async def _answered(
        self,
        visit: UpdateContext,
        question: str,
        *,
        asked_in: int | None = None,
        above: Sequence[Turn] = (),
    ) -> GivenAnswer | None:
        """Return the answer to a question, made now or before a restart; None where no more may be asked."""
        bot, update_id = visit.talk.bot, visit.update.update_id
        kept = await asyncio.to_thread(self._talks.answer_to, bot, update_id)
        if kept is not None:
            return kept
        if not await self._allowance.grants(visit):
            return None
        history = await asyncio.to_thread(self._said_before, visit)
        answer = await self._made(visit, question, (*history, *above))
        keep, told = self._talks.keep, _told(answer)
        return await asyncio.to_thread(
            keep, answer, talk=visit.talk, update_id=update_id, said=told, asked_in=asked_in
        )

    def _said_before(self, visit: UpdateContext) -> Sequence[Turn]:
        """Return what a question goes on from: the answer that it replies to, or what was said here last.

        In a group, who has not asked yet goes on from what others asked a moment ago.
        """
        talk = visit.talk
        written = visit.update.effective_message if visit.update.callback_query is None else None
        replied = written.reply_to_message if written else None
        if replied is not None:
            shown = self._talks.shown_in(talk.bot, talk.chat, replied.message_id)
            if shown is not None:
                return self._talks.history_with(shown)
        own = self._talks.history(talk)
        if own or visit.is_private or is_mask(talk.person):
            return own
        beside = self._talks.latest_beside(talk, since=time.time() - BESIDE)
        return self._talks.history_with(beside) if beside else ()

    async def _anew(
        self, visit: UpdateContext, question: str, old: GivenAnswer, *, above: Sequence[Turn] = ()
    ) -> GivenAnswer | None:
        """Return the answer to an edited question, made now or before a restart; None where none is due."""
        update_id = visit.update.update_id
        if old.update_id == update_id:
            return old
        if not await self._allowance.grants(visit):
            return None
        await visit.reply.take_over(old.update_id)
        history = await asyncio.to_thread(self._talks.history_before, old)
        answer = await self._made(visit, question, (*history, *above))
        replace, told = self._talks.replace, _told(answer)
        return await asyncio.to_thread(replace, old, answer, update_id=update_id, said=told)

    async def _made(self, visit: UpdateContext, question: str, history: Sequence[Turn]) -> Answer:
        answer = await self._stream.answered(visit, question, history)
        await self._allowance.spend(visit.talk, answer)
        return answer

    async def _tapped(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Answer the question on a button."""
        question = await asyncio.to_thread(self._offers.question, tap.fields[0]) if tap.fields else None
        await acknowledge(visit.query, None if question else visit.said.say("bot_expired"))
        if question:
            await self.put(visit, question)

    async def _unfold(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Show all of a long list, where its first members are."""
        kept = await asyncio.to_thread(self._talks.answer, tap.fields[0]) if tap.fields else None
        await acknowledge(visit.query, None if kept else visit.said.say("bot_expired"))
        if kept is not None:
            await self._giving.fold(visit, kept, whole=True)

    async def _again(self, visit: UpdateContext, tap: ButtonData) -> None:
        kept = await asyncio.to_thread(self._talks.answer, tap.fields[0]) if tap.fields else None
        await acknowledge(visit.query, None if kept else visit.said.say("bot_expired"))
        if kept is not None:
            await self._giving.give(visit, kept)


def _told(answer: Answer) -> str:
    """Return an answer as the next question's history tells it: of a long list what is shown at once."""
    return rendering.plain(rendering.blocks(first_members(answer), messages(answer.language)))


def _claim(message: Message) -> str:
    """Return the words after a command, else those of the message replied to."""
    _, _, after = (message.text or "").partition(" ")
    replied = message.reply_to_message
    return after.strip() or ((replied.text or replied.caption or "").strip() if replied else "")
