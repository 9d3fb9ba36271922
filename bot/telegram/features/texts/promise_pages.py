"""Targets and results in a chat: /promises, page by page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.context.update_context import spoken_after
from bot.telegram.formatting import html
from bot.telegram.views import promise_list

if TYPE_CHECKING:
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.formatting.keyboards import ButtonData


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    ledger = PromiseFeature(parts)
    return BotFeature(
        commands=(BotCommandRoute(name="promises", work=ledger.listed, listed=EVERYWHERE),),
        buttons=(ButtonRoute(act=promise_list.PROMISES, work=ledger.turn),),
    )


class PromiseFeature:
    """Shows targets with their results; all that its buttons need is in their data."""

    def __init__(self, parts: BotDependencies) -> None:
        self._library = parts.library

    async def listed(self, visit: UpdateContext) -> None:
        """List the pairs of the place and the year after the command."""
        look = await asyncio.to_thread(promise_list.spoken, spoken_after(visit.message), self._library)
        page = await asyncio.to_thread(promise_list.page, self._library, look, visit.said)
        await visit.reply.send(html.page(page.blocks), markup=page.markup)

    async def turn(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Turn to another page."""
        look = promise_list.PromiseListQuery.read(tap)
        await acknowledge(visit.query, None if look else visit.said.say("bot_expired"))
        if look is not None:
            page = await asyncio.to_thread(promise_list.page, self._library, look, visit.said)
            await visit.reply.edit(visit.message_id, html.page(page.blocks), markup=page.markup)
