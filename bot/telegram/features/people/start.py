"""Getting to know the bot: /start, alone or by a link that leads somewhere, and /help."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from answering.values.answer import Language
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, CommandAudience
from bot.telegram.context.update_context import spoken_after
from bot.telegram.features.people.language_choice import list_commands
from bot.telegram.formatting import bot_texts as words
from bot.telegram.formatting import html, keyboards
from bot.telegram.views.profile import listed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

    Opener = Callable[[UpdateContext, str], Awaitable[None]]


def feature(
    parts: BotDependencies, *, commands: Callable[[], Sequence[BotCommandRoute]], links: Mapping[str, Opener]
) -> BotFeature:
    """Return the feature; ``commands`` gives all that the bot has.

    ``links`` open what ``?start=`` leads to; they are found by the two characters with which it begins.
    """

    async def start(visit: UpdateContext) -> None:
        payload = spoken_after(visit.message)
        opener = links.get(payload[:2])
        if opener is not None:
            await opener(visit, payload)
            return
        await greet(visit)

    async def greet(visit: UpdateContext) -> None:
        places = await asyncio.to_thread(parts.library.places)
        asked = await _examples(parts, visit) if places and visit.is_private else {}
        held = words.held(places, parts.library.gazetteer, visit.said)
        told = html.messages(words.start(held, visit.said, examples=bool(asked)))
        await visit.reply.send_all(told, markup=keyboards.rows(keyboards.asking(asked)))
        # Telegram keeps one list for all who read Chinese; those who read the other script get their own.
        if visit.is_private and visit.said.language is Language.HANT is not parts.settings.language:
            await list_commands(visit, commands(), visit.said, parts.settings)

    async def help_(visit: UpdateContext) -> None:
        audience = CommandAudience.PRIVATE if visit.is_private else CommandAudience.GROUP
        those = listed(commands(), frozenset({audience}), visit.said)
        await visit.say(words.help_(those, visit.said, me=visit.me))

    return BotFeature(
        commands=(
            BotCommandRoute(name="start", work=start),
            BotCommandRoute(name="help", work=help_, listed=EVERYWHERE),
        )
    )


async def _examples(parts: BotDependencies, visit: UpdateContext) -> dict[str, str]:
    """Return questions to begin with, each with the id that its button carries."""
    if parts.suggestions is None:
        return {}
    questions = await asyncio.to_thread(parts.suggestions.to_start, visit.said)
    return await asyncio.to_thread(parts.store.offers.keep, questions)
