"""What admins see in their private chat: the bot's state, the last failures, settings read again."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.presentation.rendering import line
from bot.telegram.access_control import admins_only, admins_tap
from bot.telegram.admin import tools as following
from bot.telegram.context.feature import BotCommandRoute, BotFeature, ButtonRoute, CommandAudience
from bot.telegram.context.update_context import spoken_after
from bot.telegram.features.admins.roles import NUMBER, RoleFeature
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData
from bot.telegram.views import overview

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

    from bot.messages import Messages
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

FAILURES, CORRECTIONS = 10, 6  # of which a page lists the last
ACT = "ao"


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    operators = OperatorFeature(parts)
    return BotFeature(
        commands=(
            BotCommandRoute(
                name="admin",
                work=admins_only(parts.gate, operators.begin),
                listed=(CommandAudience.OPERATORS,),
            ),
        ),
        buttons=(ButtonRoute(act=ACT, work=admins_tap(parts.gate, operators.turn)),),
    )


class OperatorFeature:
    """Shows how the bot is doing, in one message whose buttons turn its pages."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._roles = RoleFeature(parts)

    async def begin(self, visit: UpdateContext) -> None:
        """Show the state of the bot, or the person or group whose id follows the command."""
        asked = spoken_after(visit.message)
        if NUMBER.fullmatch(asked):
            told, markup = await self._roles.card(visit, int(asked))
            await visit.reply.send(told, markup=markup)
            return
        await visit.reply.send(await self._state(visit), markup=menu(visit.said))

    async def turn(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Show another page."""
        if tap.fields[:1] == ("corrections",):
            await self._corrections(visit, tap.fields[1:])
            return
        pages = {"failures": self._failures, "opinions": self._opinions, "reload": self._reload}
        show = pages.get(tap.fields[0] if tap.fields else "", self._state)
        await visit.reply.edit(visit.message_id, await show(visit), markup=menu(visit.said))

    async def _state(self, visit: UpdateContext) -> str:
        return html.page(await asyncio.to_thread(overview.state, self._parts, visit.talk.bot, visit.said))

    async def _failures(self, visit: UpdateContext) -> str:
        recent = self._parts.store.failures.recent
        failures = await asyncio.to_thread(recent, visit.talk.bot, limit=FAILURES)
        return html.page(overview.failures(failures, visit.said))

    async def _opinions(self, visit: UpdateContext) -> str:
        show = partial(overview.opinions, self._parts.store, visit.talk.bot, visit.said)
        return html.page(await asyncio.to_thread(show, links=self._parts.links))

    async def _corrections(self, visit: UpdateContext, gone: tuple[str, ...]) -> None:
        """Show what readers of the pages say is wrong, without what was just deleted."""
        kept, said = self._parts.store.corrections, visit.said
        for one in gone:
            if one.isdecimal():
                await asyncio.to_thread(kept.drop, int(one))
        held = await asyncio.to_thread(kept.recent, limit=CORRECTIONS)
        show = partial(overview.corrections, held, self._parts.library, self._parts.links, said)
        told = html.page(await asyncio.to_thread(lambda: list(show())))
        ends = [
            (f"✕ {number}", ButtonData(ACT, ("corrections", str(one.id))))
            for number, one in enumerate(held, 1)
        ]
        markup = keyboards.rows([*keyboards.broken(ends), *_rows(said)])
        await visit.reply.edit(visit.message_id, told, markup=markup)

    async def _reload(self, visit: UpdateContext) -> str:
        tools, said = self._parts.office.tools, visit.said
        if tools is None:
            return html.page([line(said.say("admin_no_tools"))])
        try:
            fresh = await asyncio.to_thread(tools.reread)
        except BotError as error:
            return html.page([line(said.say("reload_bad", why=error))])
        changed, later = self._parts.office.follow(fresh)
        await following.tell(self._parts.store, visit.talk.bot)
        version = await asyncio.to_thread(lambda: self._parts.library.version)
        return html.page(overview.reloaded(changed, later, version=version, said=said))


def menu(said: Messages) -> InlineKeyboardMarkup | None:
    """Make the buttons of /admin."""
    return keyboards.rows(_rows(said))


def _rows(said: Messages) -> list[list[tuple[str, ButtonData]]]:
    return [
        [
            (said.say("admin_state"), ButtonData(ACT, ("state",))),
            (said.say("admin_people"), ButtonData("ap", ("0",))),
            (said.say("admin_texts"), ButtonData("at", ("0",))),
            (said.say("admin_corrections"), ButtonData(ACT, ("corrections",))),
        ],
        [
            (said.say("admin_opinions"), ButtonData(ACT, ("opinions",))),
            (said.say("admin_failures"), ButtonData(ACT, ("failures",))),
            (said.say("admin_reload"), ButtonData(ACT, ("reload",))),
        ],
    ]
