"""Inline mode: ``@bot 停车`` in any chat offers passages at once, and an answer to be made on request."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from telegram import InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import InlineQueryHandler

from answering.question.parser import language_of
from bot.messages import messages
from bot.observability.logs import record_failure
from bot.telegram.context.feature import BotFeature
from bot.telegram.context.update_context import spoken_to
from bot.telegram.features.answers import inline_answers
from bot.telegram.formatting import html, keyboards, limits
from bot.telegram.sending.calls import NO_PREVIEW
from bot.telegram.sending.rate_limit import live

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from telegram import InlineQuery, Update

    from bot.messages import Messages
    from bot.telegram.context.protocols import InlineResult
    from bot.telegram.dependencies import BotDependencies

LOG = logging.getLogger(__name__)
PAGE = 10  # results at a time
SIDE_BY_SIDE = 2  # searches: who types must not hold up who asks
KEPT, KEPT_EXAMPLES = 300, 30  # seconds for which Telegram may show the same results again
TITLE, DESCRIPTION = 120, 240  # units


class InlineFeature:
    """Answers inline queries: only the newest of each person, since the others are worth nothing any more."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._newest: dict[int, str] = {}
        self._width = asyncio.Semaphore(SIDE_BY_SIDE)

    @property
    def feature(self) -> BotFeature:
        """What is heard."""
        return BotFeature(handlers=(InlineQueryHandler(self._asked),))

    async def _asked(self, update: Update, _context: object) -> None:
        query = update.inline_query
        assert query is not None
        person = query.from_user.id
        self._newest[person] = query.id
        try:
            if not query.offset:
                await asyncio.sleep(self._parts.patience.keys)
            async with self._turn():
                if self._newest.get(person) == query.id and await self._may_ask(query):
                    await self._answer(query)
        except TimeoutError:
            LOG.info("an inline query waited too long for its turn")
        except TelegramError as error:
            LOG.info("an inline query was not answered: %s", error)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, there is nobody to tell
            record_failure(error)
        finally:
            if self._newest.get(person) == query.id:
                del self._newest[person]

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Inside, it is one's turn to search; raises TimeoutError where that came too late to be of use."""
        async with asyncio.timeout(self._parts.patience.glance):
            await self._width.acquire()
        try:
            yield
        finally:
            self._width.release()

    async def _may_ask(self, query: InlineQuery) -> bool:
        gate, person = self._parts.gate, query.from_user.id
        if await asyncio.to_thread(gate.may_use, query.get_bot().id, person):
            return True
        with live():
            await query.answer([], cache_time=KEPT_EXAMPLES, is_personal=True)
        return False

    async def _answer(self, query: InlineQuery) -> None:
        text = " ".join(query.query.split())
        said = (
            messages(language_of(text)) if text else spoken_to(query.from_user, self._parts.settings.language)
        )
        start = int(query.offset) if query.offset.isdecimal() else 0
        found = await asyncio.to_thread(self._found, text, said)
        results = [self._result(one, query.get_bot().username, said) for one in found[start : start + PAGE]]
        if not start and (found or not text):
            # Where nothing in the texts fits, an answer could only say so.
            results[:0] = [await self._asking(one, query, said) for one in await self._questions(text, said)]
        with live():
            await query.answer(
                results,
                cache_time=KEPT if text else KEPT_EXAMPLES,
                # Examples are in each person's own language, and a closed bot is not open to the next one.
                is_personal=not text or self._parts.settings.telegram_mode != "open",
                next_offset=str(start + PAGE) if len(found) > start + PAGE else "",
            )

    def _found(self, text: str, said: Messages) -> Sequence[InlineResult]:
        return [one for finder in self._parts.finders for one in finder(text, said)] if text else ()

    async def _questions(self, text: str, said: Messages) -> Sequence[str]:
        """Return the questions to which an answer is offered: what was typed, or examples before that."""
        suggestions = self._parts.suggestions
        if text or suggestions is None:
            return (text,) if text else ()
        return await asyncio.to_thread(suggestions.to_start, said)

    async def _asking(self, question: str, query: InlineQuery, said: Messages) -> InlineQueryResultArticle:
        """Offer to make an answer: sent, it is the question, under which the answer is made at once.

        Where Telegram does not tell what was chosen (/setinlinefeedback), anybody there may tap its button.
        """
        bot = query.get_bot().id
        name = await asyncio.to_thread(self._parts.store.typed.keep, bot, question)
        return InlineQueryResultArticle(
            id=f"a-{name}",
            title=limits.shorten(said.say("inline_ask", question=question), TITLE),
            description=said.say("inline_ask_more"),
            input_message_content=_content(html.page(inline_answers.asked(question, said))),
            reply_markup=inline_answers.asking(name, said),
        )

    def _result(self, found: InlineResult, me: str, said: Messages) -> InlineQueryResultArticle:
        links = self._parts.links
        full = links.passage(found.passage) if links else None
        return InlineQueryResultArticle(
            id=found.name,
            title=limits.shorten(limits.clean(found.title), TITLE),
            description=limits.shorten(limits.clean(found.description), DESCRIPTION),
            input_message_content=_content(html.page(found.blocks)),
            reply_markup=keyboards.laid(
                [
                    keyboards.opening(said.say("button_open"), me, start=keyboards.PASSAGE + found.passage),
                    keyboards.link(said.say("button_full"), full, private=False) if full else None,
                ]
            ),
        )


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    return InlineFeature(parts).feature


def _content(told: str) -> InputTextMessageContent:
    return InputTextMessageContent(told, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)
