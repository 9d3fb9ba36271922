"""An answer as a chat gets it: its messages, its sources folded inside, and a question to go on with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.messages import messages
from bot.presentation import rendering
from bot.presentation.rendering import Block, TextStyle, line
from bot.telegram.formatting import html, keyboards, limits
from bot.telegram.views.long_lists import first_members, members_left
from bot.telegram.views.proofs import proved, proved_richly

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

    from answering.values.answer import Answer
    from bot.store import GivenAnswer
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

ASKED_BACK = "which_of"  # why an answer is a question back, with places to choose from
ABOVE = 900  # units of an answer that stay above a source opened under it


class AnswerMessage:
    """Sends answers, and puts them back where a source of theirs was opened."""

    def __init__(self, parts: BotDependencies) -> None:
        self._library = parts.library
        self._talks = parts.store.talks
        self._offers = parts.store.offers
        self._suggestions = parts.suggestions

    async def give(self, visit: UpdateContext, kept: GivenAnswer, *, titled: bool = False) -> None:
        """Send an answer with its buttons; where it may not have arrived, offer it once more.

        It is ``titled`` with its question where that does not stand above it.
        """
        if kept.answer.reason == "stopped" and not await visit.reply.stands():
            return  # anyone who stopped it was told so, and there is nothing else to show
        offers = await asyncio.to_thread(self._ready, kept) if visit.is_private else {}
        rich, pages = await asyncio.to_thread(self._laid, kept, titled=titled)
        if not await visit.reply.send_rich(rich, pages, markup=_under(visit, kept, offers or {})):
            said = messages(kept.answer.language)
            again = keyboards.again(kept.id, said.say("bot_again"))
            (offer,) = html.messages([line(said.say("bot_unsure"))])
            await visit.reply.insist(offer, markup=again)
        elif offers is None:
            await self._go_on(visit, kept)

    async def fold(self, visit: UpdateContext, kept: GivenAnswer, *, whole: bool = False) -> None:
        """Put an answer back into a message in which a source was opened; or the ``whole`` of a long list."""
        titled = not await asyncio.to_thread(self._talks.is_asked_in, kept.id, visit.chat.id)
        offers = await asyncio.to_thread(self._ready, kept) if visit.is_private else {}
        rich, pages = await asyncio.to_thread(self._laid, kept, titled=titled, whole=whole)
        markup = _under(visit, kept, offers or {}, whole=whole)
        if not whole or len(pages) == 1:
            await visit.reply.edit(visit.message_id, pages[-1], markup=markup, rich=rich)
            return
        await visit.reply.edit(visit.message_id, pages[0], markup=None)
        await visit.reply.send_all(pages[1:], markup=markup)

    def _laid(self, kept: GivenAnswer, *, titled: bool, whole: bool = False) -> tuple[str, list[str]]:
        """Return an answer as a rich message and as the messages in HTML. Waits for the library."""
        said = messages(kept.answer.language)
        title = (
            [line(said.say("bot_asked", question=kept.answer.question), style=TextStyle.STRONG)]
            if titled
            else []
        )
        answer = kept.answer if whole else first_members(kept.answer)
        rich = proved_richly(self._library, answer, title=title)
        return rich, html.messages(proved(self._library, answer, title=title))

    async def _go_on(self, visit: UpdateContext, kept: GivenAnswer) -> None:
        """Put questions under an answer that was sent without, now that there is time to try them."""
        if offers := await asyncio.to_thread(self._found, kept):
            await visit.reply.dress(_under(visit, kept, offers))

    def _ready(self, kept: GivenAnswer) -> dict[str, str] | None:
        """Return questions to go on with and their ids; None where they would have to be tried first."""
        if kept.answer.reason == ASKED_BACK:
            return self._offers.keep(_choices(kept.answer))
        if self._suggestions is None:
            return {}
        found = self._suggestions.ready(kept.answer, messages(kept.answer.language))
        return None if found is None else self._offers.keep(found)

    def _found(self, kept: GivenAnswer) -> dict[str, str]:
        assert self._suggestions is not None
        found = self._suggestions.after(kept.answer, messages(kept.answer.language))
        return self._offers.keep(found)


def opened_under(kept: GivenAnswer, card: tuple[Block, ...]) -> str:
    """Lay out an answer with one of its sources opened under it; of a long answer only the source."""
    answer = first_members(kept.answer)
    lines = rendering.blocks(answer, messages(answer.language))
    above = sum(limits.units(one.text) + 1 for one in lines)
    pages = html.messages([*lines, *html.cut(card)]) if above <= ABOVE else []
    return pages[0] if len(pages) == 1 else html.page(card)


def _under(
    visit: UpdateContext, kept: GivenAnswer, offers: dict[str, str], *, whole: bool = False
) -> InlineKeyboardMarkup | None:
    """Make what stands under an answer: its sources and, where nobody else reads along, ways to go on."""
    said, answer = messages(kept.answer.language), kept.answer
    if answer.reason == ASKED_BACK:
        return keyboards.rows(keyboards.asking(offers))
    share = said.say("share_button") if visit.is_private and answer.outcome.is_answer else None
    draw = said.say("button_picture") if answer.chart else None
    left = 0 if whole else members_left(answer)
    more = said.say("button_unfold", count=left) if left else None
    cited = answer.citations if whole else first_members(answer).citations
    return keyboards.under(kept.id, cited, offers=offers, share=share, draw=draw, more=more)


def _choices(answer: Answer) -> tuple[str, ...]:
    """Return the questions that an answer which asks back lets one choose from."""
    said = messages(answer.language)
    topic = answer.details["asked"]
    return tuple(said.say("example_section", place=place, heading=topic) for place in answer.places)
