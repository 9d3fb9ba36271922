"""A question sent by way of the bot: its answer is made at once, or on “生成回答”, and takes its place."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, ChosenInlineResultHandler

from answering.question.parser import language_of
from bot.messages import messages
from bot.observability.logs import record_failure
from bot.presentation import rendering
from bot.presentation.partial_answer import follow
from bot.presentation.rendering import TextStyle, line
from bot.store import ConversationKey
from bot.telegram.access_control import quota_told
from bot.telegram.context.feature import BotFeature, acknowledge
from bot.telegram.formatting import html, keyboards, limits
from bot.telegram.formatting.keyboards import ButtonData, SourceRef
from bot.telegram.sending.calls import NO_PREVIEW
from bot.telegram.sending.send_errors import SendOutcome, meaning
from bot.telegram.sending.timeouts import pause, set_within
from bot.telegram.streaming.claim_series import answering
from bot.telegram.views.proofs import proved

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from telegram import Bot, InlineKeyboardMarkup, Update

    from answering.values.answer import Turn
    from bot.messages import Messages
    from bot.presentation.rendering import Block
    from bot.store import GivenAnswer
    from bot.telegram.dependencies import BotDependencies

LOG = logging.getLogger(__name__)
ACT, CHOSEN = "ia", "a-"  # how a tap, and the id of a result that was chosen, name the question
NOWHERE = 0  # the chat of a conversation that is held in one the bot does not know
TRIES = 3
LAST_CALL = 2.0  # seconds for a call on its way


def asking(name: str, said: Messages) -> InlineKeyboardMarkup | None:
    """Make the button that has an answer made to a question that was typed."""
    return keyboards.keyboard([(said.say("button_answer"), ButtonData(ACT, (name,)))])


def asked(question: str, said: Messages) -> tuple[Block, ...]:
    """Return what stands in the chat until then."""
    return (line(said.say("inline_question", question=question), style=TextStyle.STRONG),)


class AnswerPlace(Protocol):
    """Where an answer goes in a chat that the bot need not know."""

    @property
    def name(self) -> str:
        """What tells it from all others."""
        ...

    async def put(self, text: str, markup: InlineKeyboardMarkup | None) -> None:
        """Let it say this, in HTML. Raises TelegramError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineMessage:
    """A message that was sent by way of the bot; an edit that is made twice does no harm."""

    bot: Bot
    name: str  # the inline message's id

    async def put(self, text: str, markup: InlineKeyboardMarkup | None) -> None:
        """Put words in the place of the message. Raises TelegramError."""
        await self.bot.edit_message_text(
            text,
            inline_message_id=self.name,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=markup,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineQuestionCall:
    """A question from a chat that the bot need not know, where its answer goes, and who wants it."""

    bot: Bot
    place: AnswerPlace
    person: int
    question: str
    update_id: int
    again: InlineKeyboardMarkup | None  # the buttons by which it is asked once more
    titled: bool = True  # whether the question stands above its answer
    history: Sequence[Turn] = ()  # what it goes on from

    @property
    def said(self) -> Messages:
        """The messages in the question's language."""
        return messages(language_of(self.question))

    @property
    def title(self) -> tuple[Block, ...]:
        """What stands above the answer."""
        return asked(self.question, self.said) if self.titled else ()

    async def put(self, text: str, markup: InlineKeyboardMarkup | None) -> None:
        """Put words in the place of the answer, and try again where they may not have arrived."""
        for attempt in range(1, TRIES + 1):
            try:
                await self.place.put(text, markup)
            except TelegramError as error:
                LOG.info("a message sent by way of the bot was not changed: %s", error)
                if meaning(error) not in (SendOutcome.LATER, SendOutcome.UNSURE):
                    return
                await asyncio.sleep(pause(error, float(attempt)))
            else:
                return


class InlineAnswerFeature:
    """Answers what was sent by way of the bot; a tap that comes again finds what was made."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._answers = InlineAnswers(parts)

    @property
    def feature(self) -> BotFeature:
        """What is heard: taps that come without a chat, and which result somebody chose."""
        return BotFeature(
            handlers=(
                CallbackQueryHandler(self._tapped, pattern=rf"^{ACT}:"),
                ChosenInlineResultHandler(self._chosen, pattern=rf"^{CHOSEN}"),
            )
        )

    async def _tapped(self, update: Update, _context: object) -> None:
        query = update.callback_query
        assert query is not None
        name, message = (query.data or "").partition(":")[2], query.inline_message_id
        call = await self._call(update, name, message, query.get_bot(), query.from_user.id)
        if call is None:
            await acknowledge(query, messages(language_of("")).say("bot_expired"))
            return
        refused = None if self._answers.is_making(call) else await self._answers.refused(call)
        await acknowledge(query, refused or call.said.say("inline_making"), alert=bool(refused))
        if not refused:
            await self._answers.make(call)

    async def _chosen(self, update: Update, _context: object) -> None:
        """Answer a question as it is sent; where that may not be, its button tells why."""
        result = update.chosen_inline_result
        assert result is not None
        name, message = result.result_id.removeprefix(CHOSEN), result.inline_message_id
        call = await self._call(update, name, message, result.get_bot(), result.from_user.id)
        if call is not None and await self._answers.refused(call) is None:
            await self._answers.make(call)

    async def _call(
        self, update: Update, name: str, message: str | None, bot: Bot, person: int
    ) -> InlineQuestionCall | None:
        question = await asyncio.to_thread(self._parts.store.typed.text, bot.id, name)
        if question is None or message is None:
            return None
        again = asking(name, messages(language_of(question)))
        return InlineQuestionCall(
            bot=bot,
            place=InlineMessage(bot=bot, name=message),
            person=person,
            question=question,
            update_id=update.update_id,
            again=again,
        )


class InlineAnswers:
    """Makes answers in chats that the bot need not know, one at a time in each place."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._making: set[str] = set()

    def is_making(self, call: InlineQuestionCall) -> bool:
        """Tell whether an answer is being made for the place of a call."""
        return call.place.name in self._making

    async def make(self, call: InlineQuestionCall) -> None:
        """Make an answer, unless it is being made for this place."""
        if self.is_making(call):
            return
        self._making.add(call.place.name)
        try:
            await self._make(call)
        finally:
            self._making.discard(call.place.name)

    async def refused(self, call: InlineQuestionCall) -> str | None:
        """Return why a person gets no answer now; None where they get one, which is counted."""
        if not await asyncio.to_thread(self._parts.gate.may_use, call.bot.id, call.person):
            return call.said.say("inline_closed")
        talk = _among_themselves(call.bot.id, call.person)
        hit = await self._parts.allowance.hit(talk, update_id=call.update_id)
        return quota_told(hit, call.said, now=time.time()) if hit else None

    async def _make(self, call: InlineQuestionCall) -> None:
        try:
            async with self._waiting(call):
                kept = await self._answered(call)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the person is told
            failed = line(call.said.say("failed", id=record_failure(error)), apart=True)
            await call.put(html.page((*call.title, failed)), call.again)
            return
        said = messages(kept.answer.language)
        lay = partial(proved, self._parts.library, kept.answer, title=call.title)
        first, *more = html.messages(await asyncio.to_thread(lay))
        await call.put(first, self._under(kept, call.bot.username, said=said, cut=bool(more)))

    @asynccontextmanager
    async def _waiting(self, call: InlineQuestionCall) -> AsyncIterator[None]:
        """Tell all who see the message that its answer is being made, if the body takes long."""
        over = asyncio.Event()
        making = line(call.said.say("inline_making"), style=TextStyle.FAINT, apart=True)

        async def tell() -> None:
            if not await set_within(over, self._parts.patience.live):
                await call.put(html.page((*call.title, making)), call.again)

        telling = asyncio.create_task(tell())
        try:
            yield
        finally:
            # What is on its way arrives first, so that it does not overtake the answer.
            over.set()
            await asyncio.wait({telling}, timeout=LAST_CALL)
            telling.cancel()

    async def _answered(self, call: InlineQuestionCall) -> GivenAnswer:
        """Return the answer: the one that was made before a restart, or a new one."""
        store, bot, person = self._parts.store.talks, call.bot.id, call.person
        kept = await asyncio.to_thread(store.answer_to, bot, call.update_id)
        if kept is not None:
            return kept
        async with self._parts.turns.turn(person=person, chat=person, tell=lambda _: None):
            answerer = answering(self._parts.answerer, call.question)
            answer = await follow(answerer, call.question, call.history, lambda _: None)
        await self._parts.allowance.spend(_among_themselves(bot, person), answer)
        talk = ConversationKey(bot=bot, chat=NOWHERE, person=person)
        said = rendering.plain(rendering.blocks(answer, messages(answer.language)))
        return await asyncio.to_thread(store.keep, answer, talk=talk, update_id=call.update_id, said=said)

    def _under(self, kept: GivenAnswer, me: str, *, said: Messages, cut: bool) -> InlineKeyboardMarkup | None:
        """Make the buttons of an answer in a chat of others: each source opens in a chat with the bot."""
        sources = [
            keyboards.opening(f"[{one.number}]", me, start=SourceRef(answer=kept.id, number=one.number).link)
            for one in kept.answer.citations[: limits.KEYBOARD_BUTTONS - limits.ROW_BUTTONS]
        ]
        width = limits.ROW_BUTTONS
        rows = [sources[at : at + width] for at in range(0, len(sources), width)]
        more = keyboards.opening(said.say("inline_more"), me)
        return keyboards.laid(*rows, [more if cut or not sources else None])


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    return InlineAnswerFeature(parts).feature


def _among_themselves(bot: int, person: int) -> ConversationKey:
    """Return the talk against which a question is counted that comes from a chat the bot does not know."""
    return ConversationKey(bot=bot, chat=person, person=person)
