"""Getting to know the bot: /start, /help, /cities."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.telegram import words
from bot.telegram.feature import Command, Feature

if TYPE_CHECKING:
    from bot.telegram.parts import Parts
    from bot.telegram.visit import Visit


def feature(parts: Parts) -> Feature:
    """Return the feature."""

    async def start(visit: Visit) -> None:
        places = await asyncio.to_thread(parts.library.places)
        await visit.say(words.start(places, visit.said))

    async def help_(visit: Visit) -> None:
        await visit.say(words.help_(visit.said))

    async def cities(visit: Visit) -> None:
        documents = await asyncio.to_thread(parts.library.documents)
        await visit.say(words.cities(documents, visit.said))

    return Feature(
        commands=(
            Command(name="start", work=start),
            Command(name="help", work=help_),
            Command(name="cities", work=cities),
        )
    )
