"""Reading the sources: [n] opens one in its answer, ◀ ▶ turn the pages; copied, read in full, voted on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.messages import messages
from bot.presentation.rendering import line
from bot.telegram.context.feature import BotFeature, ButtonRoute, acknowledge
from bot.telegram.formatting import keyboards, limits
from bot.telegram.formatting.keyboards import ButtonData, SourceRef
from bot.telegram.views import vote_buttons as votes
from bot.telegram.views.answer_message import AnswerMessage, opened_under
from bot.telegram.views.quotation_view import QuotationView
from bot.telegram.views.sources import PassageCard, card
from bot.telegram.views.vote_buttons import VoteState

if TYPE_CHECKING:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    from answering.values.answer import Citation
    from bot.messages import Messages
    from bot.store import GivenAnswer
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

QUOTE = "sq"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSource:
    """What a tap is about: a source, and the citation behind it where it is one of an answer."""

    source: SourceRef
    citation: Citation | None
    kept: GivenAnswer | None  # the answer that cites it

    def said(self, visit: UpdateContext) -> Messages:
        """Return the messages in the language of the answer, or else of the person."""
        return messages(self.kept.answer.language) if self.kept else visit.said

    @property
    def at(self) -> str:
        """The id of the passage that is looked at."""
        return self.source.passage or (self.citation.passage if self.citation else "")


class PassageFeature:
    """Shows passages; all that its buttons need stands in their data and in the store."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._answers = AnswerMessage(parts)

    @property
    def feature(self) -> BotFeature:
        """What can be tapped."""
        works = {
            "s": self._open,
            "p": self._turn,
            keyboards.REST: self._list,
            keyboards.FOLD: self._fold,
            QUOTE: self._quote,
            votes.ACT: self._vote,
        }
        return BotFeature(buttons=tuple(ButtonRoute(act=act, work=work) for act, work in works.items()))

    async def follow(self, visit: UpdateContext, payload: str) -> None:
        """Show what a link leads to: a source of an answer, or a passage by itself."""
        source = SourceRef.linked(payload)
        opened = await self._sought(source) if source else None
        if opened is None:
            await visit.say([line(visit.said.say("passage_lost"))])
            return
        await self._send(visit, opened)

    async def _open(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Open a source of an answer in the message that was tapped, or a passage in one of its own."""
        if opened := await self._opened(visit, tap):
            await acknowledge(visit.query)
            await (self._put if opened.kept else self._send)(visit, opened)

    async def _turn(self, visit: UpdateContext, tap: ButtonData) -> None:
        if opened := await self._opened(visit, tap):
            await acknowledge(visit.query)
            await self._put(visit, opened)

    async def _put(self, visit: UpdateContext, opened: OpenedSource) -> None:
        shown = await self._card(visit, opened)
        markup = await self._markup(visit, opened, shown)
        page = opened_under(opened.kept, shown.blocks) if opened.kept else shown.page
        await visit.reply.edit(visit.message_id, page, markup=markup)

    async def _fold(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Fold an opened source away again."""
        kept = await asyncio.to_thread(self._parts.store.talks.answer, tap.fields[0]) if tap.fields else None
        await acknowledge(visit.query, None if kept else visit.said.say("bot_expired"))
        if kept is not None:
            await self._answers.fold(visit, kept)

    async def _list(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Show the numbers of all sources of an answer that has many."""
        kept = await asyncio.to_thread(self._parts.store.talks.answer, tap.fields[0]) if tap.fields else None
        await acknowledge(visit.query, None if kept else visit.said.say("bot_expired"))
        if kept is not None:
            most = kept.answer.citations[: limits.KEYBOARD_BUTTONS]
            taps = keyboards.sources(kept.id, most, whole=True)
            await visit.reply.remark(visit.message_id, keyboards.keyboard(taps))

    async def _quote(self, visit: UpdateContext, tap: ButtonData) -> None:
        if opened := await self._opened(visit, tap):
            await acknowledge(visit.query)
            shown = await self._card(visit, opened)
            quotation = await asyncio.to_thread(self._quotation, opened, shown)
            if quotation is not None:
                full = self._full(visit, opened, shown)
                said = opened.said(visit)
                markup = keyboards.laid([quotation.copying(said), full])
                await visit.reply.send_all(quotation.pages(said), markup=markup)

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
            return OpenedSource(source=source, citation=None, kept=None)
        kept = await asyncio.to_thread(self._parts.store.talks.answer, source.answer)
        cited = kept.answer.citations if kept else ()
        citation = next((one for one in cited if one.number == source.number), None)
        return OpenedSource(source=source, citation=citation, kept=kept) if citation else None

    async def _card(self, visit: UpdateContext, opened: OpenedSource) -> PassageCard:
        return await asyncio.to_thread(
            card, self._parts.library, opened.citation, at=opened.at, said=opened.said(visit)
        )

    async def _send(self, visit: UpdateContext, opened: OpenedSource) -> None:
        shown = await self._card(visit, opened)
        await visit.reply.send(shown.page, markup=await self._markup(visit, opened, shown))

    async def _markup(
        self, visit: UpdateContext, opened: OpenedSource, shown: PassageCard
    ) -> InlineKeyboardMarkup | None:
        """Make the buttons of an opened source: the others, to its neighbours, in full, quoted; and votes."""
        source, said = opened.source, opened.said(visit)
        ways = ((said.say("bot_previous"), shown.before), (said.say("bot_next"), shown.after))
        turns = [
            keyboards.button(label, replace(source, passage=to).tap("p")) if to else None
            for label, to in ways
        ]
        standing = await self._votes(visit, source) if opened.citation else None
        faces, *reasons = standing.rows(source, said) if standing else ([],)
        uses = [self._full(visit, opened, shown), await self._copying(visit, opened, shown), *faces]
        return keyboards.laid(_others(opened, said), turns, uses, *reasons)

    async def _copying(
        self, visit: UpdateContext, opened: OpenedSource, shown: PassageCard
    ) -> InlineKeyboardButton | None:
        """Return the button that copies the quotation; of one too long for it, the one that sends it."""
        quotation = await asyncio.to_thread(self._quotation, opened, shown)
        if quotation is None:
            return None
        said = opened.said(visit)
        return quotation.copying(said) or keyboards.button(said.say("button_quote"), opened.source.tap(QUOTE))

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
        return keyboards.link(opened.said(visit).say("button_full"), url, private=private)

    def _quotation(self, opened: OpenedSource, shown: PassageCard) -> QuotationView | None:
        """Return what is quoted: the cited words, or the passage that is looked at. Waits for the library."""
        if opened.citation is not None and opened.at == opened.citation.passage:
            held = self._parts.library.document(opened.citation.document)
            return QuotationView.cited(opened.citation, restated=held is not None and held.restated)
        document = self._parts.library.document(shown.passage.document) if shown.passage else None
        return QuotationView.of(shown.passage, document) if shown.passage and document else None


def _others(opened: OpenedSource, said: Messages) -> list[InlineKeyboardButton]:
    """Make the buttons to the other sources of the answer, and the one that folds this one away."""
    if opened.kept is None:
        return []
    taps = keyboards.sources(opened.kept.id, opened.kept.answer.citations)
    taps.append((said.say("button_fold"), ButtonData(keyboards.FOLD, (opened.kept.id,))))
    return [keyboards.button(label, tap) for label, tap in taps]
