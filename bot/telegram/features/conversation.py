"""What is done to the conversation: started again (/new), explained (/why), stopped (/cancel, ⏹)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.presentation import explanation as explaining
from bot.presentation.rendering import line
from bot.telegram.access.group_switch import GroupAdmins
from bot.telegram.context.addressing import is_mask
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.streaming import cancellation as stopping

if TYPE_CHECKING:
    from bot.store import ConversationKey
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.formatting.keyboards import ButtonData
    from bot.telegram.streaming.cancellation import RunningAnswer


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    admins = GroupAdmins()

    async def new(visit: UpdateContext) -> None:
        await asyncio.to_thread(parts.store.talks.renew, visit.talk)
        await visit.say([line(visit.said.say("bot_new"))])

    async def why(visit: UpdateContext) -> None:
        last = await asyncio.to_thread(parts.store.talks.last, visit.talk)
        nothing = (line(visit.said.say("why_nothing")),)
        await visit.say(explaining.explain(last, visit.said) if last else nothing)

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
            BotCommandRoute(name="why", work=why, listed=EVERYWHERE),
            BotCommandRoute(name="new", work=new, listed=EVERYWHERE),
            BotCommandRoute(name="cancel", work=cancel, listed=EVERYWHERE),
        ),
        buttons=(ButtonRoute(act="x", work=stop),),
    )


async def _speaking(visit: UpdateContext, run: RunningAnswer | None, admins: GroupAdmins) -> ConversationKey:
    """Return for whom a tap speaks: an admin of a group may speak for anyone who asked there in a mask."""
    is_masked = run is not None and is_mask(run.talk.person)
    return run.talk if run and is_masked and await admins.rules(visit) else visit.talk
