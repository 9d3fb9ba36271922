"""What a feature of the bot is made of: commands, buttons, and whatever else it hears."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

from bot.presentation.rendering import line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import CallbackQuery
    from telegram.ext import BaseHandler
    from telegram.ext.filters import BaseFilter

    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.formatting.keyboards import ButtonData

    Work = Callable[["UpdateContext"], Awaitable[None]]
    Press = Callable[["UpdateContext", "ButtonData"], Awaitable[None]]


class CommandAudience(StrEnum):
    """To whom Telegram lists a command while they type; anyone who types it in full is heard all the same."""

    PRIVATE = "private"  # anyone, in a private chat
    GROUP = "group"  # anyone in a group
    CHAT_ADMINS = "chat_admins"  # admins of a group
    OPERATORS = "operators"  # admins of the bot, in a private chat


EVERYWHERE = (CommandAudience.PRIVATE, CommandAudience.GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotCommandRoute:
    """``/name``, and what it does; the message ``command_name`` describes it to those it is listed to."""

    name: str
    work: Work
    listed: tuple[CommandAudience, ...] = ()
    always: bool = False  # heard also where a group switched the bot off
    owed: bool = False  # to everybody, in a private chat also to whom the bot is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRoute:
    """Messages that are no question: those that ``what`` lets through, in the order of the features."""

    what: BaseFilter
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonRoute:
    """The taps whose data begin with ``act``, and what they do; ``work`` acknowledges the tap."""

    act: str  # one to three letters, no other feature's
    work: Press
    always: bool = False  # as of a command
    owed: bool = False  # as of a command


@dataclass(frozen=True, slots=True, kw_only=True)
class BotFeature:
    """One thing that the bot can do. ``handlers`` hear updates that are no message and no tap."""

    commands: tuple[BotCommandRoute, ...] = ()
    hearings: tuple[MessageRoute, ...] = ()
    buttons: tuple[ButtonRoute, ...] = ()
    handlers: tuple[BaseHandler[Any, Any, Any], ...] = ()


async def unknown(visit: UpdateContext) -> None:
    """Say that there is no such command; in a group it may be another bot's."""
    if visit.is_private:
        await visit.say([line(visit.said.say("bot_unknown_command"))])


async def acknowledge(query: CallbackQuery, text: str | None = None, *, alert: bool = True) -> None:
    """End the waiting sign on a button; that of a tap from before a restart has ended, which does no harm."""
    with suppress(TelegramError):
        await query.answer(text, show_alert=bool(text) and alert)
