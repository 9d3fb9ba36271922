"""What admins see in their private chat: the bot's state, the last failures, settings read anew."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.rendering import line
from bot.telegram import html, keyboards, overview
from bot.telegram.feature import Audience, Button, Command, Feature, acknowledge, unknown
from bot.telegram.keyboards import Tap

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

    from bot.messages import Messages
    from bot.telegram.feature import Press, Work
    from bot.telegram.parts import Parts
    from bot.telegram.visit import Visit

FAILURES = 10
ACT = "ao"


def admins_only(parts: Parts, work: Work) -> Work:
    """Let admins through in their private chat; to others it is a command that does not exist."""

    async def checked(visit: Visit) -> None:
        await (work(visit) if await parts.office.gate.is_admin(visit) else unknown(visit))

    return checked


def admins_tap(parts: Parts, work: Press) -> Press:
    """Acknowledge a tap and let admins through in their private chat; for others the button is gone."""

    async def checked(visit: Visit, tap: Tap) -> None:
        is_admin = await parts.office.gate.is_admin(visit)
        await acknowledge(visit.query, None if is_admin else visit.said.say("bot_expired"))
        if is_admin:
            await work(visit, tap)

    return checked


def feature(parts: Parts) -> Feature:
    """Return the feature."""
    operators = Operators(parts)
    return Feature(
        commands=(
            Command(name="admin", work=admins_only(parts, operators.begin), listed=(Audience.OPERATORS,)),
        ),
        buttons=(Button(act=ACT, work=admins_tap(parts, operators.turn)),),
    )


class Operators:
    """Shows how the bot is doing, in one message whose buttons turn its pages."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def begin(self, visit: Visit) -> None:
        """Show the state of the bot."""
        await visit.reply.send(await self._state(visit), markup=menu(visit.said))

    async def turn(self, visit: Visit, tap: Tap) -> None:
        """Show another page."""
        pages = {"failures": self._failures, "reload": self._reload}
        show = pages.get(tap.fields[0] if tap.fields else "", self._state)
        await visit.reply.edit(visit.message_id, await show(visit), markup=menu(visit.said))

    async def _state(self, visit: Visit) -> str:
        return html.page(await asyncio.to_thread(overview.state, self._parts, visit.talk.bot, visit.said))

    async def _failures(self, visit: Visit) -> str:
        recent = self._parts.store.failures.recent
        failures = await asyncio.to_thread(recent, visit.talk.bot, limit=FAILURES)
        return html.page(overview.failures(failures, visit.said))

    async def _reload(self, visit: Visit) -> str:
        tools, said = self._parts.office.tools, visit.said
        if tools is None:
            return html.page([line(said.say("admin_no_tools"))])
        try:
            fresh = await asyncio.to_thread(tools.reread)
        except BotError as error:
            return html.page([line(said.say("reload_bad", why=error))])
        changed, later = self._parts.office.follow(fresh)
        version = await asyncio.to_thread(lambda: self._parts.library.version)
        return html.page(overview.reloaded(changed, later, version=version, said=said))


def menu(said: Messages) -> InlineKeyboardMarkup | None:
    """Make the buttons of /admin."""
    return keyboards.rows(
        [
            [
                (said.say("admin_state"), Tap(ACT, ("state",))),
                (said.say("admin_people"), Tap("ap", ("0",))),
                (said.say("admin_texts"), Tap("at", ("0",))),
            ],
            [
                (said.say("admin_failures"), Tap(ACT, ("failures",))),
                (said.say("admin_reload"), Tap(ACT, ("reload",))),
            ],
        ]
    )
