"""What is done to the conversation: started again (/new), explained (/why), stopped (/cancel, ⏹)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.presentation.explanation import explain
from bot.presentation.rendering import line
from bot.telegram.access_control import GroupAdmins
from bot.telegram.context.addressing import is_mask
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData
from bot.telegram.streaming import answer_stream as stopping

if TYPE_CHECKING:
    from bot.store import ConversationKey
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.streaming.answer_stream import RunningAnswer


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    admins, explaining = GroupAdmins(), _Explanations(parts)

    async def new(visit: UpdateContext) -> None:
        await asyncio.to_thread(parts.store.talks.renew, visit.talk)
        await visit.say([line(visit.said.say("bot_new"))])

    async def cancel(visit: UpdateContext) -> None:
        await stopping.cancel(parts.running, visit)

    async def stop(visit: UpdateContext, tap: ButtonData) -> None:
        asking = tap.fields[0] if tap.fields else ""
        if not asking.isdecimal():
            await acknowledge(visit.query, visit.said.say("bot_expired"))
            return
        talk = await _speaking(visit, parts.running.of(int(asking)), admins)
        key = stopping.tapped(parts.running, asking, talk)
        await acknowledge(visit.query, visit.said.say(key), alert=key != "stop_done")
        if key == "stop_too_late":
            await visit.reply.clear(visit.message_id, of=int(asking))

    return BotFeature(
        commands=(
            BotCommandRoute(name="why", work=explaining.why, listed=EVERYWHERE),
            BotCommandRoute(name="new", work=new, listed=EVERYWHERE),
            BotCommandRoute(name="cancel", work=cancel, listed=EVERYWHERE),
        ),
        buttons=(ButtonRoute(act="x", work=stop), ButtonRoute(act="wy", work=explaining.details)),
    )


class _Explanations:
    """How the last answer came about: in short, and in detail where that is wanted."""

    def __init__(self, parts: BotDependencies) -> None:
        self._talks = parts.store.talks

    async def why(self, visit: UpdateContext) -> None:
        last = await asyncio.to_thread(self._talks.latest, visit.talk)
        if last is None:
            await visit.say([line(visit.said.say("why_nothing"))])
            return
        told = html.messages(explain(last.answer, visit.said, detailed=False))
        more = keyboards.keyboard([(visit.said.say("button_details"), ButtonData("wy", (last.id,)))])
        await visit.reply.send_all(told, markup=more)

    async def details(self, visit: UpdateContext, tap: ButtonData) -> None:
        kept = await asyncio.to_thread(self._talks.answer, tap.fields[0]) if tap.fields else None
        await acknowledge(visit.query, None if kept else visit.said.say("bot_expired"))
        if kept is not None:
            told = html.messages(explain(kept.answer, visit.said))
            await visit.reply.edit(visit.message_id, told[0], markup=None)


async def _speaking(visit: UpdateContext, run: RunningAnswer | None, admins: GroupAdmins) -> ConversationKey:
    """Return for whom a tap speaks: an admin of a group may speak for anyone who asked there in a mask."""
    is_masked = run is not None and is_mask(run.talk.person)
    return run.talk if run and is_masked and await admins.rules(visit) else visit.talk
