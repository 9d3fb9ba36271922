"""What a feature of the bot is made of: commands, buttons, and whatever else it hears."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import CallbackQuery
    from telegram.ext import BaseHandler

    from bot.telegram.keyboards import Tap
    from bot.telegram.visit import Visit

    Work = Callable[["Visit"], Awaitable[None]]
    Press = Callable[["Visit", "Tap"], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """``/name``, and what it does."""

    name: str
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """The taps whose data begin with ``act``, and what they do; ``work`` acknowledges the tap."""

    act: str  # one to three letters, no other feature's
    work: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing that the bot can do. ``handlers`` hear updates that are no message and no tap."""

    commands: tuple[Command, ...] = ()
    buttons: tuple[Button, ...] = ()
    handlers: tuple[BaseHandler[Any, Any, Any], ...] = ()


async def acknowledge(query: CallbackQuery, text: str | None = None, *, alert: bool = True) -> None:
    """End the waiting sign on a button; that of a tap from before a restart has ended, which does no harm."""
    with suppress(TelegramError):
        await query.answer(text, show_alert=bool(text) and alert)
