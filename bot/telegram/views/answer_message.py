"""An answer as a chat gets it: its messages, its sources, and questions to go on with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.messages import messages
from bot.presentation import rendering
from bot.presentation.rendering import TextStyle, line
from bot.telegram.formatting import html, keyboards

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

    from bot.store import GivenAnswer
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies


class AnswerMessage:
    """Sends answers."""

    def __init__(self, parts: BotDependencies) -> None:
        self._offers = parts.store.offers
        self._suggestions = parts.suggestions

    async def give(self, visit: UpdateContext, kept: GivenAnswer, *, titled: bool = False) -> None:
        """Send an answer with its buttons; where it may not have arrived, offer it once more.

        It is ``titled`` with its question where that does not stand above it.
        """
        if kept.answer.reason == "stopped" and not await visit.reply.stands():
            return  # anyone who stopped it was told so, and there is nothing else to show
        offers = await asyncio.to_thread(self._ready, kept) if visit.is_private else {}
        markup = _under(visit, kept, offers or {})
        if not await visit.reply.send_all(_pages(kept, titled=titled), markup=markup):
            said = messages(kept.answer.language)
            again = keyboards.again(kept.id, said.say("bot_again"))
            (offer,) = html.messages([line(said.say("bot_unsure"))])
            await visit.reply.insist(offer, markup=again)
        elif offers is None:
            await self._go_on(visit, kept)

    async def _go_on(self, visit: UpdateContext, kept: GivenAnswer) -> None:
        """Put questions under an answer that was sent without, now that there is time to try them."""
        if offers := await asyncio.to_thread(self._found, kept):
            await visit.reply.dress(_under(visit, kept, offers))

    def _ready(self, kept: GivenAnswer) -> dict[str, str] | None:
        """Return questions to go on with and their ids; None where they would have to be tried first."""
        if self._suggestions is None:
            return {}
        found = self._suggestions.ready(kept.answer, messages(kept.answer.language))
        return None if found is None else self._offers.keep(found)

    def _found(self, kept: GivenAnswer) -> dict[str, str]:
        assert self._suggestions is not None
        found = self._suggestions.after(kept.answer, messages(kept.answer.language))
        return self._offers.keep(found)


def _pages(kept: GivenAnswer, *, titled: bool) -> list[str]:
    answer, said = kept.answer, messages(kept.answer.language)
    title = [line(said.say("bot_asked", question=answer.question), style=TextStyle.STRONG)] if titled else []
    return html.messages([*title, *rendering.blocks(answer, said), *rendering.notes(answer, said)])


def _under(visit: UpdateContext, kept: GivenAnswer, offers: dict[str, str]) -> InlineKeyboardMarkup | None:
    """Make what stands under an answer: its sources and, where nobody else reads along, ways to go on."""
    said, answer = messages(kept.answer.language), kept.answer
    share = said.say("share_button") if visit.is_private and answer.outcome.is_answer else None
    draw = said.say("button_picture") if answer.chart else None
    return keyboards.under(kept.id, answer.citations, offers=offers, share=share, draw=draw)
