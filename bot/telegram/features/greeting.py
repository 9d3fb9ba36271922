"""Getting to know the bot: /start, /help."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.telegram import words
from bot.telegram.feature import EVERYWHERE, Audience, Command, Feature
from bot.telegram.features.passages import Passages
from bot.telegram.keyboards import Source
from bot.telegram.profile import listed
from bot.telegram.visit import spoken_after

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.telegram.parts import Parts
    from bot.telegram.visit import Visit


def feature(parts: Parts, *, commands: Callable[[], Sequence[Command]]) -> Feature:
    """Return the feature; ``commands`` gives all that the bot has."""
    passages = Passages(parts)

    async def start(visit: Visit) -> None:
        source = Source.linked(spoken_after(visit.message))
        if source is not None:
            await passages.open(visit, source)
            return
        places = await asyncio.to_thread(parts.library.places)
        await visit.say(words.start(places, visit.said))

    async def help_(visit: Visit) -> None:
        audience = Audience.PRIVATE if visit.is_private else Audience.GROUP
        await visit.say(words.help_(listed(commands(), frozenset({audience}), visit.said), visit.said))

    return Feature(
        commands=(Command(name="start", work=start), Command(name="help", work=help_, listed=EVERYWHERE))
    )
