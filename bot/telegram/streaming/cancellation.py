"""Answers that are being made, and the people who may stop them: by a button, or with /cancel."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.presentation.rendering import line

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator, Mapping

    from answering.values.answer import Answer
    from bot.store import ConversationKey
    from bot.telegram.context.update_context import UpdateContext

COMMAND = "/cancel"
DATA = "x:"  # how the data of a stop button begins


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

    def asked_in(self, talk: ConversationKey) -> RunningAnswer | None:
        """Return the answer that is being made in a conversation."""
        return next((run for run in self._runs.values() if run.talk == talk), None)

    def busy(self, chat: int) -> bool:
        """Tell whether any answer is being made in a chat."""
        return any(run.talk.chat == chat for run in self._runs.values())


def is_urgent(update: Mapping[str, object]) -> bool:
    """Tell whether an update asks to stop something, so that it must not wait behind that very thing."""
    message, query = update.get("message"), update.get("callback_query")
    if isinstance(message, dict):
        return str(message.get("text", "")).startswith(COMMAND)
    return isinstance(query, dict) and str(query.get("data", "")).startswith(DATA)


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
    run = running.asked_in(visit.talk)
    if run is not None:
        run.stop()
        key = "stop_done"
    else:
        key = "stop_not_yours" if running.busy(visit.talk.chat) else "stop_nothing"
    # In a group a bare /cancel may be meant for another bot.
    if run is not None or visit.is_private or "@" in (visit.message.text or ""):
        await visit.say([line(visit.said.say(key))])
