"""How the bot presents itself in Telegram: its commands, what it says of itself, the button beside the input.

It is put right at each start, and only where it differs from what Telegram has.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import TelegramError

from answering.values.answer import Language
from bot.messages import messages
from bot.telegram.context.feature import CommandAudience

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from telegram import Bot, BotCommandScope, MenuButton

    from bot.messages import Messages
    from bot.telegram.context.feature import BotCommandRoute

LOG = logging.getLogger(__name__)
PRIVATE = frozenset({CommandAudience.PRIVATE})
OPERATORS = frozenset({CommandAudience.PRIVATE, CommandAudience.OPERATORS})
# Narrower lists stand in place of wider ones, so each holds what the wider one holds.
SCOPES: tuple[tuple[BotCommandScope, frozenset[CommandAudience]], ...] = (
    (BotCommandScopeAllPrivateChats(), PRIVATE),
    (BotCommandScopeAllGroupChats(), frozenset({CommandAudience.GROUP})),
    (BotCommandScopeAllChatAdministrators(), frozenset({CommandAudience.GROUP, CommandAudience.CHAT_ADMINS})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotProfile:
    """What the bot tells Telegram of itself; ``reader`` is the https address of the texts, or None."""

    bot: Bot
    commands: Sequence[BotCommandRoute]
    language: Language  # of people whose language is none of ours
    reader: str | None = None
    admins: Sequence[int] = ()

    async def settle(self) -> None:
        """Change what differs. What can't be changed now is left for the next start."""
        for change in self._changes():
            try:
                await change()
            except TelegramError as error:
                LOG.warning("the bot could not be presented as it should: %s", error)

    def _changes(self) -> Iterator[Callable[[], Awaitable[None]]]:
        for code, language in self._languages().items():
            said = messages(language)
            for scope, audience in SCOPES:
                yield partial(self._list, scope, audience, said, code=code)
            yield partial(self._describe, said, code)
        for admin in self.admins:
            yield partial(self._list, BotCommandScopeChat(admin), OPERATORS, messages(self.language))
        yield self._menu

    def _languages(self) -> dict[str, Language]:
        """Return Telegram's two-letter codes, which know one Chinese; "" stands for all other languages."""
        chinese = self.language if self.language is not Language.EN else Language.HANS
        return {"": self.language, "zh": chinese, "en": Language.EN}

    async def _list(
        self, scope: BotCommandScope, audience: frozenset[CommandAudience], said: Messages, *, code: str = ""
    ) -> None:
        wanted = listed(self.commands, audience, said)
        there = await self.bot.get_my_commands(scope=scope, language_code=code)
        if wanted != tuple(there):
            await self.bot.set_my_commands(wanted, scope=scope, language_code=code)

    async def _describe(self, said: Messages, code: str) -> None:
        long, short = said.say("profile_description"), said.say("profile_about")
        if (await self.bot.get_my_description(language_code=code)).description != long:
            await self.bot.set_my_description(long, language_code=code)
        if (await self.bot.get_my_short_description(language_code=code)).short_description != short:
            await self.bot.set_my_short_description(short, language_code=code)

    async def _menu(self) -> None:
        wanted: MenuButton = MenuButtonCommands()
        if self.reader:
            told = messages(self.language).say("profile_reader")
            wanted = MenuButtonWebApp(told, WebAppInfo(self.reader))
        if await self.bot.get_chat_menu_button() != wanted:
            await self.bot.set_chat_menu_button(menu_button=wanted)


async def list_in_chat(bot: Bot, chat: int, wanted: tuple[BotCommand, ...]) -> None:
    """Let one private chat list these commands. Raises TelegramError."""
    scope = BotCommandScopeChat(chat)
    if wanted != tuple(await bot.get_my_commands(scope=scope)):
        await bot.set_my_commands(wanted, scope=scope)


def listed(
    commands: Sequence[BotCommandRoute], audience: frozenset[CommandAudience], said: Messages
) -> tuple[BotCommand, ...]:
    """Return the commands that are listed to an audience, with their descriptions."""
    return tuple(
        BotCommand(one.name, said.say(f"command_{one.name}"))
        for one in commands
        if audience.intersection(one.listed)
    )
