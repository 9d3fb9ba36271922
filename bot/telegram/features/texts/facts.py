"""The register in a chat: /figures, /measures and /compare, with buttons to choose, turn and open."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.presentation.fact_query import compared, is_thing
from bot.presentation.rendering import line
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.context.update_context import spoken_after
from bot.telegram.formatting import html, keyboards
from bot.telegram.views import fact_list as listing
from bot.telegram.views import fact_rows as rows
from bot.telegram.views.fact_list import FactListKind, FactListQuery
from bot.telegram.views.sources import card

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import InlineKeyboardMarkup

    from answering.values.answer import Citation
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.formatting.keyboards import ButtonData

    Ask = Callable[[UpdateContext, str], Awaitable[None]]


def feature(parts: BotDependencies, *, ask: Ask) -> BotFeature:
    """Return the feature; ``ask`` answers a question that nobody typed."""
    register = FactFeature(parts, ask)
    return BotFeature(
        commands=(
            BotCommandRoute(name="figures", work=register.figures, listed=EVERYWHERE),
            BotCommandRoute(name="measures", work=register.measures, listed=EVERYWHERE),
            BotCommandRoute(name="compare", work=register.compare, listed=EVERYWHERE),
        ),
        buttons=(
            ButtonRoute(act=listing.LIST, work=register.turn),
            ButtonRoute(act=listing.PLACES, work=register.choose_place),
            ButtonRoute(act=listing.FIELDS, work=register.choose_field),
            ButtonRoute(act=listing.OPEN, work=register.open),
            ButtonRoute(act=listing.COMPARE, work=register.compared),
        ),
    )


class FactFeature:
    """Shows rows; all that its buttons need stands in their data."""

    def __init__(self, parts: BotDependencies, ask: Ask) -> None:
        self._library = parts.library
        self._links = parts.links
        self._ask = ask

    async def figures(self, visit: UpdateContext) -> None:
        """List figures, limited by what stands after the command."""
        await self._listed(visit, FactListKind.FIGURES)

    async def measures(self, visit: UpdateContext) -> None:
        """List measures, limited by what stands after the command."""
        await self._listed(visit, FactListKind.MEASURES)

    async def compare(self, visit: UpdateContext) -> None:
        """Set the thing that is named side by side; where none is, offer what can be compared."""
        look = await asyncio.to_thread(
            listing.spoken, spoken_after(visit.message), FactListKind.THINGS, self._library
        )
        if look.words and not is_thing(look.words):
            await visit.reply.send(
                html.page((line(visit.said.say("compare_no_thing", thing=look.words[:40])),))
            )
        elif look.words:
            await self._ask(
                visit, compared(look.words, (look.place,) if look.place else (), visit.said.language)
            )
        else:
            await self._send(visit, look)

    async def turn(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Turn to another page, or to what was chosen."""
        if look := await self._look(visit, tap):
            page = await asyncio.to_thread(rows.page, self._library, look, visit.said)
            await visit.reply.edit(visit.message_id, html.page(page.blocks), markup=page.markup)

    async def choose_place(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Offer the places to choose from."""
        if look := await self._look(visit, tap):
            held = await asyncio.to_thread(self._library.places)
            markup = keyboards.rows(listing.places(look, tuple(held), visit.said))
            await visit.reply.remark(visit.message_id, markup)

    async def choose_field(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Offer the fields to choose from."""
        if look := await self._look(visit, tap):
            await visit.reply.remark(visit.message_id, keyboards.rows(listing.fields(look, visit.said)))

    async def open(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Show the passage of a row, its words in bold."""
        citation = await asyncio.to_thread(rows.cited, self._library, tap)
        await acknowledge(visit.query, None if citation else visit.said.say("look_gone"))
        if citation is not None:
            shown = await asyncio.to_thread(
                card, self._library, citation, at=citation.passage, said=visit.said
            )
            await visit.reply.send(shown.page, markup=self._beside(visit, citation))

    async def compared(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Set the thing on a button side by side."""
        place, thing = (*tap.fields, "", "")[:2]
        await acknowledge(visit.query, None if thing else visit.said.say("bot_expired"))
        if thing:
            await self._ask(visit, compared(thing, (place,) if place else (), visit.said.language))

    async def _listed(self, visit: UpdateContext, sort: FactListKind) -> None:
        look = await asyncio.to_thread(listing.spoken, spoken_after(visit.message), sort, self._library)
        await self._send(visit, look)

    async def _send(self, visit: UpdateContext, look: FactListQuery) -> None:
        page = await asyncio.to_thread(rows.page, self._library, replace(look, page=0), visit.said)
        await visit.reply.send(html.page(page.blocks), markup=page.markup)

    async def _look(self, visit: UpdateContext, tap: ButtonData) -> FactListQuery | None:
        look = FactListQuery.read(tap)
        await acknowledge(visit.query, None if look else visit.said.say("bot_expired"))
        return look

    def _beside(self, visit: UpdateContext, citation: Citation) -> InlineKeyboardMarkup | None:
        if self._links is None:
            return None
        url = self._links.passage(citation.passage)
        return keyboards.laid([keyboards.link(visit.said.say("button_full"), url, private=visit.is_private)])
