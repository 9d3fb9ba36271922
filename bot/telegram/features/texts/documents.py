"""Looking at the texts: which there are (/cities), what is in one (/outline), what was cited (/sources)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.presentation import rendering
from bot.presentation.rendering import line
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.context.update_context import spoken_after
from bot.telegram.formatting import bot_texts as words
from bot.telegram.formatting import html, keyboards
from bot.telegram.views import outlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineKeyboardMarkup

    from bot.messages import Messages
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.formatting.keyboards import ButtonData
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Document


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    texts = DocumentFeature(parts)
    return BotFeature(
        commands=(
            BotCommandRoute(name="cities", work=texts.cities, listed=EVERYWHERE),
            BotCommandRoute(name="outline", work=texts.outline, listed=EVERYWHERE),
            BotCommandRoute(name="sources", work=texts.sources, listed=EVERYWHERE),
        ),
        buttons=(
            ButtonRoute(act="cy", work=texts.turn_cities),
            ButtonRoute(act="ol", work=texts.open),
            ButtonRoute(act="olp", work=texts.turn_choice),
        ),
    )


class DocumentFeature:
    """Shows what there is to read."""

    def __init__(self, parts: BotDependencies) -> None:
        self._library = parts.library
        self._store = parts.store

    async def cities(self, visit: UpdateContext) -> None:
        """List the places with their texts, or the texts of the place that is named."""
        asked = spoken_after(visit.message)
        found = await asyncio.to_thread(outlines.asked_for, self._library, asked)
        if asked and not found:
            await self._none(visit, asked)
            return
        told, markup = _listed(found, self._library.gazetteer, _kept(asked), 0, visit.said)
        await visit.reply.send(told, markup=markup)

    async def turn_cities(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Turn to another page of the list."""
        await acknowledge(visit.query)
        asked = tap.fields[1] if len(tap.fields) > 1 else ""
        found = await asyncio.to_thread(outlines.asked_for, self._library, asked)
        page = keyboards.page_of(tap)
        told, markup = _listed(found, self._library.gazetteer, asked, page, visit.said)
        await visit.reply.edit(visit.message_id, told, markup=markup)

    async def outline(self, visit: UpdateContext) -> None:
        """Show the outline of the text that is asked for, or let it be chosen."""
        asked = spoken_after(visit.message)
        found = await asyncio.to_thread(outlines.asked_for, self._library, asked)
        if len(found) == 1:
            await self._opened(visit, found[0].id)
        elif found:
            markup = outlines.choice(found, _kept(asked), page=0, said=visit.said)
            await visit.reply.send(visit.said.say("outline_choose"), markup=markup)
        else:
            await self._none(visit, asked)

    async def open(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Show the outline of a text that was chosen."""
        known = (
            bool(tap.fields) and await asyncio.to_thread(self._library.document, tap.fields[0]) is not None
        )
        await acknowledge(visit.query, None if known else visit.said.say("bot_expired"))
        if known:
            await self._opened(visit, tap.fields[0])

    async def turn_choice(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Turn to other texts to choose from."""
        await acknowledge(visit.query)
        asked = tap.fields[1] if len(tap.fields) > 1 else ""
        found = await asyncio.to_thread(outlines.asked_for, self._library, asked)
        markup = outlines.choice(found, asked, page=keyboards.page_of(tap), said=visit.said)
        await visit.reply.edit(visit.message_id, visit.said.say("outline_choose"), markup=markup)

    async def sources(self, visit: UpdateContext) -> None:
        """Show what the last answer rests on; where there is none, what there is to ask about."""
        last = await asyncio.to_thread(self._store.talks.latest_cited, visit.talk)
        cited = last.answer.citations if last else ()
        if last is not None and cited:
            markup = keyboards.under(last.id, cited, offers={}, share=None)
            await visit.reply.send_all(
                html.messages(rendering.sources(last.answer, visit.said)), markup=markup
            )
            return
        documents = await asyncio.to_thread(self._library.documents)
        blocks, _ = words.cities(documents, self._library.gazetteer, visit.said)
        await visit.say([line(visit.said.say("sources_none")), *blocks[1:]])

    async def _none(self, visit: UpdateContext, asked: str) -> None:
        held = bool(await asyncio.to_thread(self._library.documents))
        told = visit.said.say("outline_none", asked=asked) if held else visit.said.say("no_corpus")
        await visit.say([line(told)])

    async def _opened(self, visit: UpdateContext, document: str) -> None:
        whole: Document | None = await asyncio.to_thread(self._library.document, document)
        if whole is not None:
            passages = await asyncio.to_thread(self._library.passages, document)
            pages = html.messages(outlines.outline(whole, visit.said))
            await visit.reply.send_all(pages, markup=outlines.ways_in(whole, passages))


def _listed(
    texts: Sequence[Document], gazetteer: Gazetteer, asked: str, page: int, said: Messages
) -> tuple[str, InlineKeyboardMarkup | None]:
    blocks, pages = words.cities(texts, gazetteer, said, page=page)
    way = keyboards.turning("cy", min(page, pages - 1), pages, (asked,) if asked else (), said)
    return html.page(blocks), keyboards.rows([way])


def _kept(asked: str) -> str:
    """Return what was asked for as far as a button can carry it."""
    whole = "".join(asked.replace(":", "").split())
    return whole if len(whole.encode()) <= keyboards.CARRIED else ""
