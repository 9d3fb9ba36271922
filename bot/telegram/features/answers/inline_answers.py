"""“生成回答” under a message that was sent by way of the bot: the answer is made and takes its place."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler

from answering.question.parser import language_of
from bot.messages import messages
from bot.observability.logs import record_failure
from bot.presentation import rendering
from bot.presentation.partial_answer import follow
from bot.presentation.rendering import TextStyle, line
from bot.store import ConversationKey
from bot.telegram.access.quota import told
from bot.telegram.context.feature import BotFeature, acknowledge
from bot.telegram.formatting import html, keyboards, limits
from bot.telegram.formatting.keyboards import ButtonData, SourceRef
from bot.telegram.sending.calls import NO_PREVIEW
from bot.telegram.sending.send_errors import SendOutcome, meaning
from bot.telegram.sending.timeouts import pause, set_within
from bot.telegram.views.proofs import proved

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import CallbackQuery, InlineKeyboardMarkup, Update

    from bot.messages import Messages
    from bot.presentation.rendering import Block
    from bot.store import GivenAnswer
    from bot.telegram.dependencies import BotDependencies

LOG = logging.getLogger(__name__)
ACT = "ia"
NOWHERE = 0  # the chat of a conversation that is held in one the bot does not know
TRIES = 3
LAST_CALL = 2.0  # seconds for a call on its way


def asking(name: str, said: Messages) -> InlineKeyboardMarkup | None:
    """Make the button that has an answer made to a question that was typed."""
    return keyboards.keyboard([(said.say("button_answer"), ButtonData(ACT, (name,)))])


def asked(question: str, said: Messages) -> tuple[Block, ...]:
    """Return what stands in the chat until then."""
    return (line(said.say("inline_question", question=question), style=TextStyle.STRONG),)


class InlineAnswerFeature:
    """Makes answers in chats that the bot need not know; a tap that comes again finds what was made."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._making: set[str] = set()

    @property
    def feature(self) -> BotFeature:
        """What is heard: taps that come without a chat."""
        return BotFeature(handlers=(CallbackQueryHandler(self._tapped, pattern=rf"^{ACT}:"),))

    async def _tapped(self, update: Update, _context: object) -> None:
        query = update.callback_query
        assert query is not None
        name, message = (query.data or "").partition(":")[2], query.inline_message_id
        question = await asyncio.to_thread(self._parts.store.typed.text, query.get_bot().id, name)
        said = messages(language_of(question or ""))
        if question is None or message is None:
            await acknowledge(query, said.say("bot_expired"))
            return
        refused = None if message in self._making else await self._refused(query, update.update_id, said)
        await acknowledge(query, refused or said.say("inline_making"), alert=bool(refused))
        if refused or message in self._making:
            return
        self._making.add(message)
        try:
            await self._make(query, question, update_id=update.update_id, again=asking(name, said))
        finally:
            self._making.discard(message)

    async def _refused(self, query: CallbackQuery, update_id: int, said: Messages) -> str | None:
        """Return why a person gets no answer now; None where they get one, which is counted."""
        bot, person = query.get_bot().id, query.from_user.id
        if not await asyncio.to_thread(self._parts.gate.may_use, bot, person):
            return said.say("inline_closed")
        hit = await self._parts.allowance.hit(_among_themselves(bot, person), update_id=update_id)
        return told(hit, said, now=time.time()) if hit else None

    async def _make(
        self, query: CallbackQuery, question: str, *, update_id: int, again: InlineKeyboardMarkup | None
    ) -> None:
        said = messages(language_of(question))
        try:
            async with self._waiting(query, question, again):
                kept = await self._answered(query, question, update_id)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the person is told
            failed = line(said.say("failed", id=record_failure(error)), apart=True)
            await _put(query, html.page((*asked(question, said), failed)), again)
            return
        said = messages(kept.answer.language)
        lay = partial(proved, self._parts.library, kept.answer, title=asked(question, said))
        first, *more = html.messages(await asyncio.to_thread(lay))
        await _put(query, first, self._under(kept, query.get_bot().username, said=said, cut=bool(more)))

    @asynccontextmanager
    async def _waiting(
        self, query: CallbackQuery, question: str, again: InlineKeyboardMarkup | None
    ) -> AsyncIterator[None]:
        """Tell all who see the message that its answer is being made, if the body takes long."""
        said, over = messages(language_of(question)), asyncio.Event()
        making = line(said.say("inline_making"), style=TextStyle.FAINT, apart=True)

        async def tell() -> None:
            if not await set_within(over, self._parts.patience.live):
                await _put(query, html.page((*asked(question, said), making)), again)

        telling = asyncio.create_task(tell())
        try:
            yield
        finally:
            # What is on its way arrives first, so that it does not overtake the answer.
            over.set()
            await asyncio.wait({telling}, timeout=LAST_CALL)
            telling.cancel()

    async def _answered(self, query: CallbackQuery, question: str, update_id: int) -> GivenAnswer:
        """Return the answer: the one that was made before a restart, or a new one."""
        store, bot = self._parts.store.talks, query.get_bot().id
        kept = await asyncio.to_thread(store.answer_to, bot, update_id)
        if kept is not None:
            return kept
        person = query.from_user.id
        async with self._parts.turns.turn(person=person, chat=person, tell=lambda _: None):
            answer = await follow(self._parts.answerer, question, (), lambda _: None)
        await self._parts.allowance.spend(_among_themselves(bot, person), answer)
        talk = ConversationKey(bot=bot, chat=NOWHERE, person=person)
        said = rendering.plain(rendering.blocks(answer, messages(answer.language)))
        return await asyncio.to_thread(store.keep, answer, talk=talk, update_id=update_id, said=said)

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


async def _put(query: CallbackQuery, text: str, markup: InlineKeyboardMarkup | None) -> None:
    """Put words in the place of the message; an edit that is made twice does no harm."""
    for attempt in range(1, TRIES + 1):
        try:
            await query.edit_message_text(
                text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW, reply_markup=markup
            )
        except TelegramError as error:
            LOG.info("a message sent by way of the bot was not changed: %s", error)
            if meaning(error) not in (SendOutcome.LATER, SendOutcome.UNSURE):
                return
            await asyncio.sleep(pause(error, float(attempt)))
        else:
            return
