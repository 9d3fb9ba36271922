"""Who may use the bot: people and chats, by the settings and by what admins decided.

In front of every command, question and tap. What is not meant for the bot passes: nothing is done about it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.presentation.rendering import line
from bot.telegram.context.addressing import asked
from bot.telegram.context.feature import acknowledge, unknown

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from bot.store import Store
    from bot.telegram.context.feature import Press, Work
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.formatting.keyboards import ButtonData


HOUR = 3600.0
NOTED = 600.0  # seconds after which it is noted again that someone is here
MANY = 10_000  # people and chats of whom that is remembered


class UpdateAddressee(Enum):
    """Whether an update is meant for the bot."""

    SURELY = auto()
    PERHAPS = auto()  # a command in a group may be another bot's
    NOT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRights:
    """What a person may do in a chat."""

    is_admin: bool = False
    is_allowed: bool = False  # by name, so that a closed bot is open to them
    is_banned: bool = False


class AccessPolicy:
    """Lets in anyone who may use the bot, and tells others once an hour how to ask for it."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._noted: dict[tuple[int, int], float] = {}
        self._turned: set[int] = set()

    def follow(self, settings: Settings) -> None:
        """Go by new settings from here on."""
        self._settings = settings

    def standing(self, bot: int, person: int, chat: int | None = None) -> AccessRights:
        """Return what a person may do, in a chat or anywhere. Blocks; raises StoreError."""
        known = self._store.people.get(bot, person)
        is_admin = person in self._settings.telegram_admins or bool(known and known.is_admin)
        named = self.is_named(person, known.is_allowed if known else None)
        if not named and chat is not None and chat != person:
            place = self._store.chats.get(bot, chat)
            named = self.is_named(chat, place.is_allowed if place else None)
        return AccessRights(
            is_admin=is_admin,
            is_allowed=is_admin or named,
            is_banned=bool(known and known.is_banned) and person not in self._settings.telegram_admins,
        )

    def may_use(self, bot: int, person: int, chat: int | None = None) -> bool:
        """Tell whether a person may use the bot, in a chat or anywhere. Blocks; raises StoreError."""
        return self._lets_in(self.standing(bot, person, chat))

    def may_read(self, person: int) -> bool:
        """Tell whether a person may read texts that are not for everybody. Blocks; raises StoreError."""
        standing = self.standing(self._settings.telegram_bot, person)
        return standing.is_allowed and not standing.is_banned

    def welcomes(self, person: int) -> bool:
        """Tell by memory alone whether a person is likely to be let in to their private chat."""
        if self._settings.telegram_mode == "open":
            return person not in self._turned
        return person in self._settings.telegram_allowed or (person, person) in self._noted

    async def is_admin(self, visit: UpdateContext) -> bool:
        """Tell whether an admin is here, in their private chat with the bot."""
        if not visit.is_private:
            return False
        standing = await asyncio.to_thread(self.standing, visit.talk.bot, visit.talk.person)
        return standing.is_admin and not standing.is_banned

    async def opens(self, visit: UpdateContext) -> bool:
        """Tell whether something is to be done about an update, and note who came; or say why not."""
        meant = _meant(visit)
        if meant is UpdateAddressee.NOT:
            return True
        standing = await asyncio.to_thread(self._met, visit, meant)
        if self._lets_in(standing):
            self._turned.discard(visit.talk.person)
            return True
        if len(self._turned) < MANY:
            self._turned.add(visit.talk.person)
        await self._turn_away(visit, told=meant is UpdateAddressee.SURELY and not standing.is_banned)
        return False

    def is_named(self, number: int, decided: bool | None) -> bool:
        """Tell whether a person or chat is allowed by name: as an admin decided, or else by the settings."""
        return number in self._settings.telegram_allowed if decided is None else decided

    def _lets_in(self, standing: AccessRights) -> bool:
        is_open = self._settings.telegram_mode == "open"
        return not standing.is_banned and (is_open or standing.is_allowed)

    def _met(self, visit: UpdateContext, meant: UpdateAddressee) -> AccessRights:
        """Return the standing of anyone who is here; of those turned away only a group that asks is noted."""
        talk = visit.talk
        standing = self.standing(talk.bot, talk.person, talk.chat)
        if self._lets_in(standing):
            self._note(visit)
        elif meant is UpdateAddressee.SURELY and not visit.is_private:
            self._store.chats.seen(talk.bot, talk.chat, kind=visit.chat.type, title=visit.chat.title)
        return standing

    def _note(self, visit: UpdateContext) -> None:
        """Note who is here and where; now and then is enough, and spares a write an update."""
        key, now = (visit.talk.person, visit.talk.chat), time.monotonic()
        if now < self._noted.get(key, 0.0):
            return
        if len(self._noted) >= MANY:
            self._noted.clear()
        bot, chat = visit.talk.bot, visit.chat
        self._store.people.seen(bot, visit.talk.person)
        # In a private chat the title would be the person's name, which nobody needs here.
        self._store.chats.seen(bot, chat.id, kind=chat.type, title=chat.title)
        self._noted[key] = now + NOTED

    async def _turn_away(self, visit: UpdateContext, *, told: bool) -> None:
        if visit.update.callback_query is not None:
            await acknowledge(visit.query)
        talk, due = visit.talk, self._store.notices.is_due
        if not told or not await asyncio.to_thread(due, talk.bot, talk.chat, "closed", seconds=HOUR):
            return
        key = "closed_private" if visit.is_private else "closed_group"
        names = {"person": talk.person} if visit.is_private else {"person": talk.person, "chat": talk.chat}
        await visit.say([line(visit.said.say(key, **names))])


def _meant(visit: UpdateContext) -> UpdateAddressee:
    if visit.is_private or visit.update.callback_query is not None:
        return UpdateAddressee.SURELY
    message = visit.update.effective_message
    words = (message.text or "") if message else ""
    if words.startswith("/"):
        named = f"@{visit.me.username}".lower() in words.split()[0].lower()
        return UpdateAddressee.SURELY if named else UpdateAddressee.PERHAPS
    return UpdateAddressee.SURELY if message and asked(message, visit.me) is not None else UpdateAddressee.NOT


def admins_only(policy: AccessPolicy, work: Work) -> Work:
    """Let admins through in their private chat; to others it is a command that does not exist."""

    async def checked(visit: UpdateContext) -> None:
        await (work(visit) if await policy.is_admin(visit) else unknown(visit))

    return checked


def admins_tap(policy: AccessPolicy, work: Press) -> Press:
    """Acknowledge a tap and let admins through in their private chat; for others the button is gone."""

    async def checked(visit: UpdateContext, tap: ButtonData) -> None:
        is_admin = await policy.is_admin(visit)
        await acknowledge(visit.query, None if is_admin else visit.said.say("bot_expired"))
        if is_admin:
            await work(visit, tap)

    return checked
