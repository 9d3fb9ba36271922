"""Reading the sources: [n] opens the passage, ◀ ▶ turn to its neighbours; quoted, read in full, voted on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.presentation.rendering import line
from bot.telegram.context.feature import BotFeature, ButtonRoute, acknowledge
from bot.telegram.formatting import keyboards
from bot.telegram.formatting.keyboards import ButtonData, SourceRef
from bot.telegram.views import vote_buttons as votes
from bot.telegram.views.quotation_view import QuotationView
from bot.telegram.views.sources import PassageCard, card
from bot.telegram.views.vote_buttons import VoteState

if TYPE_CHECKING:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    from answering.values.answer import Citation
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

QUOTE = "sq"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSource:
    """What a tap is about: a source, and the citation behind it where it is one of an answer."""

    source: SourceRef
    citation: Citation | None

    @property
    def at(self) -> str:
        """The id of the passage that is looked at."""
        return self.source.passage or (self.citation.passage if self.citation else "")


class PassageFeature:
    """Shows passages; all that its buttons need stands in their data and in the store."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts

    @property
    def feature(self) -> BotFeature:
        """What can be tapped."""
        works = {"s": self._show, "p": self._turn, QUOTE: self._quote, votes.ACT: self._vote}
        return BotFeature(buttons=tuple(ButtonRoute(act=act, work=work) for act, work in works.items()))

    async def follow(self, visit: UpdateContext, payload: str) -> None:
        """Show what a link leads to: a source of an answer, or a passage by itself."""
        source = SourceRef.linked(payload)
        opened = await self._sought(source) if source else None
        if opened is None:
            await visit.say([line(visit.said.say("passage_lost"))])
            return
        await self._send(visit, opened)

    async def _show(self, visit: UpdateContext, tap: ButtonData) -> None:
        if opened := await self._opened(visit, tap):
            await acknowledge(visit.query)
            await self._send(visit, opened)

    async def _turn(self, visit: UpdateContext, tap: ButtonData) -> None:
        if opened := await self._opened(visit, tap):
            await acknowledge(visit.query)
            shown = await self._card(visit, opened)
            markup = await self._markup(visit, opened, shown)
            await visit.reply.edit(visit.message_id, shown.page, markup=markup)

    async def _quote(self, visit: UpdateContext, tap: ButtonData) -> None:
        if opened := await self._opened(visit, tap):
            await acknowledge(visit.query)
            shown = await self._card(visit, opened)
            quotation = await asyncio.to_thread(self._quotation, opened, shown)
            if quotation is not None:
                full = self._full(visit, opened, shown)
                markup = keyboards.laid([quotation.copying(visit.said), full])
                await visit.reply.send_all(quotation.pages(visit.said), markup=markup)

    async def _vote(self, visit: UpdateContext, tap: ButtonData) -> None:
        opened = await self._opened(visit, replace(tap, fields=tap.fields[1:]))
        if opened is None:
            return
        vote = votes.cast(tap, opened.source, visit.talk.person) if opened.citation else None
        if vote is None:
            await acknowledge(visit.query, visit.said.say("bot_expired"))
            return
        is_new = await asyncio.to_thread(self._parts.store.votes.cast, visit.talk.bot, vote)
        key = "vote_why" if not vote.is_up and vote.reason is None else "vote_thanks"
        await acknowledge(visit.query, visit.said.say(key if is_new else "vote_known"), alert=False)
        markup = await self._markup(visit, opened, await self._card(visit, opened))
        if markup != getattr(visit.query.message, "reply_markup", None):
            await visit.reply.remark(visit.message_id, markup)

    async def _opened(self, visit: UpdateContext, tap: ButtonData) -> OpenedSource | None:
        """Return what a tap is about; where that can't be found any more, say so and return None."""
        source = SourceRef.read(tap)
        opened = await self._sought(source) if source else None
        if opened is None:
            await acknowledge(visit.query, visit.said.say("bot_expired"))
        return opened

    async def _sought(self, source: SourceRef) -> OpenedSource | None:
        if not source.answer:
            return OpenedSource(source=source, citation=None)
        kept = await asyncio.to_thread(self._parts.store.talks.answer, source.answer)
        cited = kept.answer.citations if kept else ()
        citation = next((one for one in cited if one.number == source.number), None)
        return OpenedSource(source=source, citation=citation) if citation else None

    async def _card(self, visit: UpdateContext, opened: OpenedSource) -> PassageCard:
        return await asyncio.to_thread(
            card, self._parts.library, opened.citation, at=opened.at, said=visit.said
        )

    async def _send(self, visit: UpdateContext, opened: OpenedSource) -> None:
        shown = await self._card(visit, opened)
        await visit.reply.send_all(shown.pages, markup=await self._markup(visit, opened, shown))

    async def _markup(
        self, visit: UpdateContext, opened: OpenedSource, shown: PassageCard
    ) -> InlineKeyboardMarkup | None:
        """Make the buttons of a card: to its neighbours and back; in full, quoted; and the votes."""
        source, said = opened.source, visit.said
        away = opened.citation is not None and opened.at != opened.citation.passage
        ways = (
            (said.say("bot_previous"), shown.before),
            (f"[{source.number}]", opened.citation.passage if away and opened.citation else None),
            (said.say("bot_next"), shown.after),
        )
        turns = [
            keyboards.button(label, replace(source, passage=to).tap("p")) if to else None
            for label, to in ways
        ]
        full = self._full(visit, opened, shown)
        quote = keyboards.button(said.say("button_quote"), source.tap(QUOTE))
        standing = await self._votes(visit, source) if opened.citation else None
        quotable = shown.passage is not None or opened.citation is not None
        return keyboards.laid(
            turns, [full, quote if quotable else None], *(standing.rows(source, said) if standing else ())
        )

    async def _votes(self, visit: UpdateContext, source: SourceRef) -> VoteState:
        votes_, number = self._parts.store.votes, source.number
        if visit.is_private:
            person = visit.talk.person
            mine = await asyncio.to_thread(votes_.of, source.answer, person=person, citation=number)
            return VoteState(mine=mine, tally=None)
        return VoteState(
            mine=None, tally=await asyncio.to_thread(votes_.tally, source.answer, citation=number)
        )

    def _full(
        self, visit: UpdateContext, opened: OpenedSource, shown: PassageCard
    ) -> InlineKeyboardButton | None:
        """Return the button to the reader's page: at the cited words, or at the neighbour turned to."""
        links, private = self._parts.links, visit.is_private
        if links is None or shown.passage is None:
            return None
        source, citation = opened.source, opened.citation
        if citation is not None and citation.passage == opened.at and not shown.is_changed:
            # Where its words have moved, the page finds them as the card did.
            url = links.citation(opened.at, answer=source.answer, number=source.number, fragment=not private)
        else:
            url = links.passage(shown.passage.id)
        return keyboards.link(visit.said.say("button_full"), url, private=private)

    def _quotation(self, opened: OpenedSource, shown: PassageCard) -> QuotationView | None:
        """Return what is quoted: the cited words, or the passage that is looked at. Waits for the library."""
        if opened.citation is not None and opened.at == opened.citation.passage:
            held = self._parts.library.document(opened.citation.document)
            return QuotationView.cited(opened.citation, restated=held is not None and held.restated)
        document = self._parts.library.document(shown.passage.document) if shown.passage else None
        return QuotationView.of(shown.passage, document) if shown.passage and document else None
