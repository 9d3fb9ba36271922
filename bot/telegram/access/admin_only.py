"""Admins only: in front of commands and buttons that nobody else is to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.telegram.context.feature import acknowledge, unknown

if TYPE_CHECKING:
    from bot.telegram.context.dependencies import BotDependencies
    from bot.telegram.context.feature import Press, Work
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.formatting.keyboards import ButtonData


def admins_only(parts: BotDependencies, work: Work) -> Work:
    """Let admins through in their private chat; to others it is a command that does not exist."""

    async def checked(visit: UpdateContext) -> None:
        await (work(visit) if await parts.gate.is_admin(visit) else unknown(visit))

    return checked


def admins_tap(parts: BotDependencies, work: Press) -> Press:
    """Acknowledge a tap and let admins through in their private chat; for others the button is gone."""

    async def checked(visit: UpdateContext, tap: ButtonData) -> None:
        is_admin = await parts.gate.is_admin(visit)
        await acknowledge(visit.query, None if is_admin else visit.said.say("bot_expired"))
        if is_admin:
            await work(visit, tap)

    return checked
