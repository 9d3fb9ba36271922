"""A question in a chat, answered while the person looks on: shown as it comes, stopped when they say so."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from telegram.error import RetryAfter, TelegramError

from bot.presentation.partial_answer import PartialAnswer, follow
from bot.presentation.rendering import line
from bot.telegram.sending.rate_limit import live
from bot.telegram.sending.send_errors import SendOutcome, meaning
from bot.telegram.sending.timeouts import pause, set_within
from bot.telegram.streaming.claim_series import answering
from bot.telegram.streaming.previews import DraftPreview, DraftRefusals, StatusPreview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from answering.values.answer import Answer, Turn
    from bot.presentation.partial_answer import StreamingAnswerer
    from bot.store import ConversationKey
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.sending.delivery import ChatReply
    from bot.telegram.sending.timeouts import Timeouts
    from bot.telegram.streaming.fair_queue import FairQueue
from bot.telegram.streaming.previews import AnswerPreview

LOG = logging.getLogger(__name__)
LAST_CALL = 2.0  # seconds that a call on its way gets, so that it does not overtake the answer


class AnswerStream:
    """Answers questions; of each it shows how far it has come, and can be told to stop."""

    def __init__(
        self, answerer: StreamingAnswerer, running: RunningAnswers, turns: FairQueue, *, patience: Timeouts
    ) -> None:
        self._answerer = answerer
        self._turns = turns
        self._running = running
        self._patience = patience
        self._refusals = DraftRefusals(patience.refused)

    async def answered(self, visit: UpdateContext, question: str, history: Sequence[Turn]) -> Answer:
        """Return the answer, or what was proved when it was stopped."""
        showing = self._showing(visit)
        heard = PartialAnswer()

        def tell(now: PartialAnswer) -> None:
            nonlocal heard
            heard = now
            showing.hear(now)

        async def in_turn() -> Answer:
            async with self._turns.turn(person=visit.talk.person, chat=visit.talk.chat, tell=wait):
                return await follow(answering(self._answerer, question), question, history, tell)

        def wait(ahead: int) -> None:
            tell(PartialAnswer(ahead=ahead))

        run = RunningAnswer(
            talk=visit.talk,
            work=asyncio.create_task(in_turn()),
        )
        shown = asyncio.create_task(showing.run(gone=run.stop))
        try:
            with self._running.held(visit.update.update_id, run):
                await asyncio.wait({run.work})
        finally:
            run.work.cancel()
            await asyncio.gather(run.work, return_exceptions=True)
            await showing.end(shown)
        if run.stopped and run.work.cancelled():
            return heard.stopped(question, visit.said.language)
        return run.work.result()

    def _showing(self, visit: UpdateContext) -> LivePreview:
        patience, update_id, said = self._patience, visit.update.update_id, visit.said
        edits = patience.edits if visit.is_private else patience.group
        chat = visit.talk.chat

        def previews() -> list[AnswerPreview]:
            status = StatusPreview(visit.reply, update_id=update_id, said=said, pause=edits)
            is_anew = visit.update.edited_message is not None  # then the old answer's message is there to use
            if is_anew or not visit.is_private or chat in self._refusals:
                return [status]
            bot, address = visit.reply.bot, visit.reply.address
            draft = DraftPreview(bot, address, update_id=update_id, said=said, patience=patience)
            return [draft, status]

        return LivePreview(visit.reply, patience, previews, refused=lambda: self._refusals.note(chat))


class LivePreview:
    """Shows one answer in the making, in the first of ``previews`` that Telegram takes.

    They are made once there is something to show: most answers come before that.
    """

    def __init__(
        self,
        reply: ChatReply,
        patience: Timeouts,
        previews: Callable[[], Sequence[AnswerPreview]],
        *,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._reply = reply
        self._patience = patience
        self._made = previews
        self._previews: list[AnswerPreview] = []
        self._refused = refused
        self._began = monotonic()
        self._heard = PartialAnswer()
        self._news = asyncio.Event()
        self._over = asyncio.Event()

    def hear(self, heard: PartialAnswer) -> None:
        """Take in how far the answer has come."""
        if heard.answer is None:
            self._heard = heard
            self._news.set()

    async def run(self, *, gone: Callable[[], None]) -> None:
        """Show what is heard until ``end``; ``gone`` is called when there is nobody any more to read it."""
        async with self._reply.typing():
            if await set_within(self._over, self._patience.live):
                return
        self._previews = list(self._made())
        while self._previews and not self._over.is_set():
            wait = await self._shown(self._previews[0], gone)
            if wait is None or await set_within(self._over, wait):
                continue
            await set_within(self._news, self._previews[0].fresh)

    async def end(self, shown: asyncio.Task[None]) -> None:
        """Show nothing more; when this returns no call is on its way that could overtake the answer."""
        self._over.set()
        self._news.set()
        _, late = await asyncio.wait({shown}, timeout=LAST_CALL)
        for one in late:
            one.cancel()
        (ended,) = await asyncio.gather(shown, return_exceptions=True)
        if isinstance(ended, Exception):
            # What is shown meanwhile is beside the answer, which must not be lost over it.
            LOG.error("an answer could not be shown while it was being made", exc_info=ended)

    async def _shown(self, preview: AnswerPreview, gone: Callable[[], None]) -> float | None:
        """Show the answer once and return how long to wait now, or None when the next preview is due."""
        self._news.clear()
        heard = self._heard
        try:
            with live():
                await preview.show(heard, monotonic() - self._began)
        except RetryAfter as flood:
            self._news.set()
            return max(preview.pause, pause(flood, 0.0))
        except TelegramError as error:
            return self._failed(preview, error, gone)
        # Until the first words are there every change is worth showing; there are three of them at most.
        return preview.pause if heard.statements else min(preview.pause, self._patience.first)

    def _failed(self, preview: AnswerPreview, error: TelegramError, gone: Callable[[], None]) -> float | None:
        LOG.info("not shown while it was being made: %s", error)
        means = meaning(error)
        # A first message that may have arrived is not sent again; an edit may well be made again.
        if isinstance(preview, StatusPreview) and (
            means is SendOutcome.LATER or (means is SendOutcome.UNSURE and preview.stands)
        ):
            self._news.set()
            return preview.pause
        self._previews.remove(preview)
        if self._previews:
            self._refused()
        elif means is SendOutcome.GONE:
            gone()
        return None


@dataclass(slots=True, kw_only=True)
class RunningAnswer:
    """One answer that is being made."""

    talk: ConversationKey
    work: asyncio.Task[Answer]
    stopped: bool = False

    def stop(self) -> None:
        """End the work, a call to a model included; a second time changes nothing."""
        if not self.stopped:
            self.stopped = self.work.cancel()


class RunningAnswers:
    """The answers that are being made now, by the update that asks for each.

    They are tasks of this process, and end with it: there is nothing to keep over a restart.
    """

    def __init__(self) -> None:
        self._runs: dict[int, RunningAnswer] = {}

    @contextmanager
    def held(self, update_id: int, run: RunningAnswer) -> Iterator[RunningAnswer]:
        """Inside, ``run`` can be found and stopped."""
        self._runs[update_id] = run
        try:
            yield run
        finally:
            del self._runs[update_id]

    def of(self, update_id: int) -> RunningAnswer | None:
        """Return the answer that is being made for an update."""
        return self._runs.get(update_id)

    def asked_in(self, talk: ConversationKey, *, before: int) -> RunningAnswer | None:
        """Return the answer that is being made in a conversation to what came before an update.

        What stops an answer has a lane of its own, and may be read after a later question.
        """
        asked = (run for at, run in self._runs.items() if at < before)
        return next((run for run in asked if run.talk == talk), None)

    def busy(self, chat: int) -> bool:
        """Tell whether any answer is being made in a chat."""
        return any(run.talk.chat == chat for run in self._runs.values())


def tapped(running: RunningAnswers, update_id: str, talk: ConversationKey) -> str:
    """Stop what a button stands under, if it is this person's, and return the key of what to tell them."""
    run = running.of(int(update_id))
    if run is None:
        return "stop_too_late"
    if run.talk.person != talk.person:
        return "stop_not_yours"
    run.stop()
    return "stop_done"


async def cancel(running: RunningAnswers, visit: UpdateContext) -> None:
    """Stop the answer of the person who wrote /cancel, and say what became of it."""
    run = running.asked_in(visit.talk, before=visit.update.update_id)
    if run is not None:
        run.stop()
        key = "stop_done"
    else:
        key = "stop_not_yours" if running.busy(visit.talk.chat) else "stop_nothing"
    # In a group a bare /cancel may be meant for another bot.
    if run is not None or visit.is_private or "@" in (visit.message.text or ""):
        await visit.say([line(visit.said.say(key))])
