"""Reading the sources: [n] opens the passage in a new message, ◀ ▶ turn to its neighbours."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.telegram.feature import Button, Feature, acknowledge
from bot.telegram.keyboards import Source
from bot.telegram.sources import card

if TYPE_CHECKING:
    from bot.telegram.keyboards import Tap
    from bot.telegram.parts import Parts
    from bot.telegram.sources import Card
    from bot.telegram.visit import Visit


def feature(parts: Parts) -> Feature:
    """Return the feature."""

    async def opened(visit: Visit, tap: Tap) -> Card | None:
        """Return the card that a tap asks for, once the tap is acknowledged."""
        source = Source.read(tap)
        kept = await asyncio.to_thread(parts.store.talks.answer, source.answer) if source else None
        if source is None or kept is None:
            await acknowledge(visit.query, visit.said.say("bot_expired"))
            return None
        await acknowledge(visit.query)
        cited = next((one for one in kept.answer.citations if one.number == source.number), None)
        if cited is None:
            return None
        at = source.passage or cited.passage
        return await asyncio.to_thread(card, parts.library, kept.id, cited, at=at, said=visit.said)

    async def show(visit: Visit, tap: Tap) -> None:
        if shown := await opened(visit, tap):
            await visit.reply.send(shown.html, markup=shown.markup)

    async def turn(visit: Visit, tap: Tap) -> None:
        if shown := await opened(visit, tap):
            await visit.reply.edit(visit.message_id, shown.html, markup=shown.markup)

    return Feature(buttons=(Button(act="s", work=show), Button(act="p", work=turn)))
