"""What is done to the conversation: begun anew (/new), explained (/why), stopped (/cancel, ⏹)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.presentation import explanation as explaining
from bot.presentation.rendering import line
from bot.telegram.access.group_switch import Admins
from bot.telegram.context.addressing import is_mask
from bot.telegram.context.feature import EVERYWHERE, Button, Command, Feature, acknowledge
from bot.telegram.streaming import cancellation as stopping

if TYPE_CHECKING:
    from bot.store import Talk
    from bot.telegram.context.dependencies import Parts
    from bot.telegram.context.update_context import Visit
    from bot.telegram.formatting.keyboards import Tap
    from bot.telegram.streaming.cancellation import Run


def feature(parts: Parts) -> Feature:
    """Return the feature."""
    admins = Admins()

    async def new(visit: Visit) -> None:
        await asyncio.to_thread(parts.store.talks.renew, visit.talk)
        await visit.say([line(visit.said.say("bot_new"))])

    async def why(visit: Visit) -> None:
        last = await asyncio.to_thread(parts.store.talks.last, visit.talk)
        nothing = (line(visit.said.say("why_nothing")),)
        await visit.say(explaining.explain(last, visit.said) if last else nothing)

    async def cancel(visit: Visit) -> None:
        await stopping.cancel(parts.running, visit)

    async def stop(visit: Visit, tap: Tap) -> None:
        asking = tap.fields[0] if tap.fields else ""
        if not asking.isdecimal():
            await acknowledge(visit.query, visit.said.say("bot_expired"))
            return
        talk = await _speaking(visit, parts.running.of(int(asking)), admins)
        key = stopping.tapped(parts.running, asking, talk)
        await acknowledge(visit.query, visit.said.say(key), alert=key != "stop_done")
        if key == "stop_too_late":
            await visit.reply.clear(visit.message_id, of=int(asking))

    return Feature(
        commands=(
            Command(name="why", work=why, listed=EVERYWHERE),
            Command(name="new", work=new, listed=EVERYWHERE),
            Command(name="cancel", work=cancel, listed=EVERYWHERE),
        ),
        buttons=(Button(act="x", work=stop),),
    )


async def _speaking(visit: Visit, run: Run | None, admins: Admins) -> Talk:
    """Return for whom a tap speaks: an admin of a group may speak for whoever asked there in a mask."""
    is_masked = run is not None and is_mask(run.talk.person)
    return run.talk if run and is_masked and await admins.rules(visit) else visit.talk
