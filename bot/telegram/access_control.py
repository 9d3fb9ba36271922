"""Who may use the bot: people and chats, in which groups it speaks, and how much may be asked.

By the settings and by what admins decided, in front of every command, question and tap. What is not meant for
the bot passes: nothing is done about it.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from telegram.constants import ChatID, ChatMemberStatus
from telegram.error import TelegramError

from bot.presentation.rendering import line
from bot.store import QuotaLimits
from bot.telegram.context.addressing import asked
from bot.telegram.context.feature import acknowledge, unknown

if TYPE_CHECKING:
    from answering.values.answer import Answer
    from bot.config.settings import Settings
    from bot.messages import Messages
    from bot.store import ConversationKey, ExceededQuota, Store
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


REMEMBERED = 60.0  # seconds for which it is known who is an admin
MOST = 10_000  # people of whom that is known
ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class GroupAdmins:
    """Knows who runs a group, and asks Telegram again after a while."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[float, bool]] = {}

    async def rules(self, visit: UpdateContext) -> bool:
        """Tell whether the person of a visit is an admin of its group; not where Telegram doesn't answer."""
        user, message = visit.update.effective_user, visit.update.message
        chat = visit.talk.chat
        # Who writes in the group's own name is one of its admins.
        if message is not None and message.sender_chat is not None:
            return message.sender_chat.id == chat
        if user is None or user.id == ChatID.ANONYMOUS_ADMIN:
            return False
        until, is_admin = self._known.get((chat, user.id), (0.0, False))
        if until > time.monotonic():
            return is_admin
        return await self._asked(visit, user.id)

    async def _asked(self, visit: UpdateContext, person: int) -> bool:
        chat = visit.talk.chat
        try:
            member = await visit.reply.bot.get_chat_member(chat, person)
        except TelegramError:
            return False
        if len(self._known) >= MOST:
            self._known.clear()
        is_admin = member.status in ADMINS
        self._known[chat, person] = (time.monotonic() + REMEMBERED, is_admin)
        return is_admin


async def is_quiet(visit: UpdateContext, store: Store) -> bool:
    """Tell whether the bot keeps silent: not spoken to, or switched off in this group by its admins."""
    if visit.is_private:
        return False
    message = visit.update.message or visit.update.edited_message
    if message is not None and not _is_command(visit) and asked(message, visit.me) is None:
        return True
    known = await asyncio.to_thread(store.chats.get, visit.talk.bot, visit.talk.chat)
    if known is None or known.is_on is not False:
        return False
    if visit.update.callback_query is not None:
        await acknowledge(visit.query, visit.said.say("group_is_off"))
    return True


def _is_command(visit: UpdateContext) -> bool:
    message = visit.update.message or visit.update.edited_message
    return message is not None and (message.text or "").startswith("/")


QUIET = 15.0  # seconds in which the same chat is not told the same again
MINUTE = 60.0  # seconds


class UsageQuota:
    """Counts questions and tokens, and says when one may ask again."""

    def __init__(self, settings: Settings, store: Store, gate: AccessPolicy) -> None:
        self._store = store
        self._gate = gate
        self.follow(settings)

    def follow(self, settings: Settings) -> None:
        """Go by new settings from here on."""
        self._person = QuotaLimits(
            minute=settings.telegram_person_minute,
            day=settings.telegram_person_day,
            tokens=settings.telegram_person_tokens,
        )
        self._chat = QuotaLimits(
            minute=settings.telegram_chat_minute,
            day=settings.telegram_chat_day,
            tokens=settings.telegram_chat_tokens,
        )
        self._is_limited = QuotaLimits() != self._person or QuotaLimits() != self._chat

    async def grants(self, visit: UpdateContext) -> bool:
        """Count a question and tell whether it may be answered; if not, it was said when one may ask."""
        talk = visit.talk
        hit = await self.hit(talk, update_id=visit.update.update_id)
        if hit is None:
            return True
        kind = f"limit {talk.person % 10**9}"
        if await asyncio.to_thread(self._store.notices.is_due, talk.bot, talk.chat, kind, seconds=QUIET):
            await visit.say([line(quota_told(hit, visit.said, now=time.time()))])
        return False

    async def hit(self, talk: ConversationKey, *, update_id: int) -> ExceededQuota | None:
        """Count a question; return the limit that it hit, or None where it may be answered."""
        if not self._is_limited:
            return None
        standing = await asyncio.to_thread(self._gate.standing, talk.bot, talk.person, talk.chat)
        return None if standing.is_admin else await asyncio.to_thread(self._taken, talk, update_id)

    async def spend(self, talk: ConversationKey, answer: Answer) -> None:
        """Count the tokens that an answer cost; one that was kept from before cost none."""
        calls = () if answer.trace.cached else answer.trace.calls
        tokens = sum(call.prompt_tokens + call.completion_tokens for call in calls)
        if tokens:
            await asyncio.to_thread(
                self._store.quotas.spend, talk.bot, person=talk.person, chat=talk.chat, tokens=tokens
            )

    def _taken(self, talk: ConversationKey, update_id: int) -> ExceededQuota | None:
        return self._store.quotas.take(
            talk.bot,
            person=talk.person,
            chat=talk.chat,
            of_person=self._person,
            of_chat=self._chat,
            update_id=update_id,
        )


def quota_told(hit: ExceededQuota, said: Messages, *, now: float) -> str:
    """Say which limit was hit, and when one may ask again."""
    if hit.limit == 0:
        return said.say("limit_none")
    key = f"limit_{hit.whose}_{hit.what}"
    names = {} if hit.what == "tokens" else {"count": hit.limit}
    return said.say(key, **names, wait=_wait(max(1.0, hit.again - now), said))


def _wait(seconds: float, said: Messages) -> str:
    if seconds <= 2 * MINUTE:
        return said.say("wait_seconds", count=math.ceil(seconds))
    if seconds <= 2 * HOUR:
        return said.say("wait_minutes", count=math.ceil(seconds / MINUTE))
    return said.say("wait_hours", count=math.ceil(seconds / HOUR))
