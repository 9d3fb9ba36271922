"""The language that the bot speaks with a person: /lang, and the buttons under it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from answering.values.answer import Language
from bot.presentation.rendering import line
from bot.telegram.context.feature import EVERYWHERE, BotCommandRoute, BotFeature, ButtonRoute, acknowledge
from bot.telegram.context.update_context import spoken_to
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData
from bot.telegram.views import profile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram import InlineKeyboardMarkup

    from bot.config.settings import Settings
    from bot.messages import Messages
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

AUTO = "auto"  # by the language of the person's Telegram
NAMES = {Language.HANS: "简体中文", Language.HANT: "繁體中文", Language.EN: "English"}


def feature(parts: BotDependencies, *, commands: Callable[[], Sequence[BotCommandRoute]]) -> BotFeature:
    """Return the feature; ``commands`` gives all that the bot has."""

    async def lang(visit: UpdateContext) -> None:
        chosen = await asyncio.to_thread(parts.store.people.language, visit.talk.bot, visit.talk.person)
        markup = _choice(chosen or AUTO, visit.said) if visit.is_private else _choice("", visit.said)
        await visit.reply.send(visit.said.say("lang_choose"), markup=markup)

    async def choose(visit: UpdateContext, tap: ButtonData) -> None:
        code = tap.fields[0] if tap.fields else ""
        if code not in (AUTO, *NAMES):
            await acknowledge(visit.query, visit.said.say("bot_expired"))
            return
        chosen = None if code == AUTO else code
        await asyncio.to_thread(parts.store.people.set_language, visit.talk.bot, visit.talk.person, chosen)
        said = spoken_to(visit.update.effective_user, parts.settings.language, chosen=chosen)
        await acknowledge(visit.query, said.say("lang_set"), alert=False)
        if visit.is_private:
            (told,) = html.messages([line(said.say("lang_set"))])
            await visit.reply.edit(visit.message_id, told, markup=_choice(code, said))
            await list_commands(visit, commands(), said, parts.settings)

    return BotFeature(
        commands=(BotCommandRoute(name="lang", work=lang, listed=EVERYWHERE),),
        buttons=(ButtonRoute(act="lg", work=choose),),
    )


async def list_commands(
    visit: UpdateContext, commands: Sequence[BotCommandRoute], said: Messages, settings: Settings
) -> None:
    """Let a private chat list the commands in a language; where it can't be done nothing is lost."""
    is_admin = visit.talk.person in settings.telegram_admins
    shown = profile.listed(commands, profile.OPERATORS if is_admin else profile.PRIVATE, said)
    with suppress(TelegramError):
        await profile.list_in_chat(visit.reply.bot, visit.talk.chat, shown)


def _choice(chosen: str, said: Messages) -> InlineKeyboardMarkup | None:
    labels = {**{one.value: name for one, name in NAMES.items()}, AUTO: said.say("lang_auto")}
    taps = [
        (f"✓ {name}" if code == chosen else name, ButtonData("lg", (code,))) for code, name in labels.items()
    ]
    return keyboards.rows([taps[:-1], taps[-1:]])
