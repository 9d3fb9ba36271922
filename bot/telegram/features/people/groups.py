"""The bot in groups: a word when it is taken in, a switch for their admins, and a new id when they grow."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from telegram import ChatMember
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.presentation.rendering import line
from bot.telegram.access_control import GroupAdmins
from bot.telegram.context.feature import (
    BotCommandRoute,
    BotFeature,
    ButtonRoute,
    CommandAudience,
    acknowledge,
)
from bot.telegram.context.update_context import context_of
from bot.telegram.formatting import bot_texts as words
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup, Update

    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies

LOG = logging.getLogger(__name__)
ACT = "g"
ON, OFF = "on", "off"
GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
AWAY = (ChatMember.LEFT, ChatMember.BANNED)


class GroupFeature:
    """Knows the chats in which the bot is."""

    def __init__(self, parts: BotDependencies) -> None:
        self._parts = parts
        self._admins = GroupAdmins()

    @property
    def feature(self) -> BotFeature:
        """What admins can do, and what is heard of chats."""
        return BotFeature(
            commands=(
                BotCommandRoute(name=ON, work=self._on, listed=(CommandAudience.CHAT_ADMINS,), always=True),
                BotCommandRoute(name=OFF, work=self._off, listed=(CommandAudience.CHAT_ADMINS,), always=True),
            ),
            buttons=(ButtonRoute(act=ACT, work=self._tapped, always=True),),
            handlers=(
                ChatMemberHandler(self._standing, ChatMemberHandler.MY_CHAT_MEMBER),
                MessageHandler(filters.StatusUpdate.MIGRATE, self._migrated),
            ),
        )

    async def _on(self, visit: UpdateContext) -> None:
        await self._told(visit, is_on=True)

    async def _off(self, visit: UpdateContext) -> None:
        await self._told(visit, is_on=False)

    async def _told(self, visit: UpdateContext, *, is_on: bool) -> None:
        """Switch the bot in a group as a command says, if an admin gave it."""
        if visit.is_private:
            await visit.say([line(visit.said.say("group_only"))])
            return
        if await self._admins.rules(visit):
            await self._switch(visit, is_on=is_on)
            told = html.messages([line(visit.said.say("group_on" if is_on else "group_off"))])
            await visit.reply.send_all(told, markup=_switch(visit, to=not is_on))
        elif "@" in (visit.message.text or ""):
            # A bare command may be meant for another bot.
            await visit.say([line(visit.said.say("group_admins"))])

    async def _tapped(self, visit: UpdateContext, tap: ButtonData) -> None:
        if visit.is_private or tap.fields not in ((ON,), (OFF,)):
            await acknowledge(visit.query, visit.said.say("bot_expired"))
            return
        if not await self._admins.rules(visit):
            await acknowledge(visit.query, visit.said.say("group_admins"))
            return
        is_on = tap.fields == (ON,)
        await self._switch(visit, is_on=is_on)
        told = visit.said.say("group_on" if is_on else "group_off")
        await acknowledge(visit.query, told, alert=False)
        await visit.reply.edit(visit.message_id, html.page([line(told)]), markup=_switch(visit, to=not is_on))

    async def _switch(self, visit: UpdateContext, *, is_on: bool) -> None:
        store, chat = self._parts.store.chats, visit.chat
        await asyncio.to_thread(store.seen, visit.talk.bot, chat.id, kind=chat.type, title=chat.title)
        await asyncio.to_thread(store.set_on, visit.talk.bot, chat.id, is_on)

    async def _standing(self, update: Update, _context: object) -> None:
        """Hear that the bot came into a chat, or is out of it: put out, or blocked by the person."""
        changed = update.my_chat_member
        assert changed is not None
        chat, store, bot = changed.chat, self._parts.store.chats, update.get_bot().id
        was, is_ = (_is_in(one) for one in (changed.old_chat_member, changed.new_chat_member))
        await asyncio.to_thread(store.seen, bot, chat.id, kind=chat.type, title=chat.title)
        await asyncio.to_thread(store.set_gone, bot, chat.id, not is_)
        by, gate = changed.from_user.id, self._parts.gate
        welcome = is_ and not was and chat.type in GROUPS
        if welcome and await asyncio.to_thread(gate.may_use, bot, by, chat.id):
            # Anyone who takes it in again wants to hear it again.
            await asyncio.to_thread(store.set_on, bot, chat.id, None)
            parts = self._parts
            language, patience = parts.settings.language, parts.patience
            visit = await context_of(update, store=parts.store, language=language, patience=patience)
            await self._greet(visit)

    async def _greet(self, visit: UpdateContext) -> None:
        places = await asyncio.to_thread(self._parts.library.places)
        said, me = visit.said, visit.me.username
        held = words.held(places, self._parts.library.gazetteer, said) if places else said.say("nothing_held")
        told = (
            line(said.say("group_greeting", held=held, me=me)),
            line(said.say("group_greeting_quiet"), apart=True),
        )
        await visit.reply.send_all(html.messages(told), markup=_switch(visit, to=False))

    async def _migrated(self, update: Update, _context: object) -> None:
        """Take all that is known of a group along to the id that it has now."""
        message = update.message
        assert message is not None
        old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
        bot, here = message.get_bot().id, message.chat.id
        await asyncio.to_thread(self._parts.store.chats.migrate, bot, old or here, new or here)


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    return GroupFeature(parts).feature


def _is_in(member: ChatMember) -> bool:
    return member.status not in AWAY and getattr(member, "is_member", True)


def _switch(visit: UpdateContext, *, to: bool) -> InlineKeyboardMarkup | None:
    label = visit.said.say("button_on" if to else "button_off")
    return keyboards.keyboard([(label, ButtonData(ACT, (ON if to else OFF,)))])
