"""People and groups for admins: who wrote last, and letting one in or shutting one out."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from bot.presentation.rendering import Block, TextStyle, line
from bot.telegram.access_control import admins_tap
from bot.telegram.context.feature import BotFeature, ButtonRoute
from bot.telegram.formatting import html, keyboards
from bot.telegram.formatting.keyboards import ButtonData
from bot.telegram.views import overview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineKeyboardMarkup

    from bot.messages import Messages
    from bot.store import Chat, Person, QuotaUsage
    from bot.store.users.people import Role
    from bot.telegram.access_control import AccessRights
    from bot.telegram.context.update_context import UpdateContext
    from bot.telegram.dependencies import BotDependencies
    from bot.telegram.formatting.keyboards import Labelled

LIST, GROUPS, ONE = "ap", "apg", "apo"
PAGE = 8
RECENT = 400  # chats that are looked through for groups
LABEL = 40  # characters of a title on a button
NUMBER = re.compile(r"-?[0-9]{1,16}")  # a group's is negative
CHANGES: dict[str, tuple[Role, bool | None]] = {
    "ban": ("banned", True),
    "unban": ("banned", None),
    "let": ("allowed", True),
    "unlet": ("allowed", False),
}


def feature(parts: BotDependencies) -> BotFeature:
    """Return the feature."""
    roles = RoleFeature(parts)
    return BotFeature(
        buttons=(
            ButtonRoute(act=LIST, work=admins_tap(parts.gate, roles.list)),
            ButtonRoute(act=GROUPS, work=admins_tap(parts.gate, roles.list_groups)),
            ButtonRoute(act=ONE, work=admins_tap(parts.gate, roles.open)),
        )
    )


class RoleFeature:
    """Shows people and changes what they may do."""

    def __init__(self, parts: BotDependencies) -> None:
        self._store = parts.store
        self._gate = parts.gate

    async def list(self, visit: UpdateContext, tap: ButtonData) -> None:
        """List people, those who wrote last first."""
        said, page = visit.said, keyboards.page_of(tap)
        recent = self._store.people.recent
        people = await asyncio.to_thread(recent, visit.talk.bot, limit=(page + 1) * PAGE)
        count = await asyncio.to_thread(self._store.people.count, visit.talk.bot)
        told = html.page([line(said.say("people_title", count=count), style=TextStyle.STRONG)])
        rows = [[(_named(one), ButtonData(ONE, (str(one.id),)))] for one in people[page * PAGE :]]
        turning = keyboards.turning(LIST, page, -(-count // PAGE), (), said)
        more = [
            (said.say("admin_groups"), ButtonData(GROUPS, ("0",))),
            (said.say("admin_back"), ButtonData("ao", ("state",))),
        ]
        await visit.reply.edit(visit.message_id, told, markup=keyboards.rows([*rows, turning, more]))

    async def list_groups(self, visit: UpdateContext, tap: ButtonData) -> None:
        """List groups, those in which the bot was spoken to last first."""
        said, page = visit.said, keyboards.page_of(tap)
        recent = await asyncio.to_thread(self._store.chats.recent, visit.talk.bot, limit=RECENT)
        groups = [one for one in recent if one.kind != "private"]
        told = html.page([line(said.say("groups_title", count=len(groups)), style=TextStyle.STRONG)])
        shown = groups[page * PAGE : (page + 1) * PAGE]
        rows = [[(_titled(one), ButtonData(ONE, (str(one.id),)))] for one in shown]
        turning = keyboards.turning(GROUPS, page, -(-len(groups) // PAGE), (), said)
        back = [(said.say("admin_back"), ButtonData(LIST, ("0",)))]
        await visit.reply.edit(visit.message_id, told, markup=keyboards.rows([*rows, turning, back]))

    async def open(self, visit: UpdateContext, tap: ButtonData) -> None:
        """Show one person or group, after the change that the tap asks for."""
        if not tap.fields or NUMBER.fullmatch(tap.fields[0]) is None:
            return
        change = tap.fields[1] if len(tap.fields) > 1 else ""
        told, markup = await self.card(visit, int(tap.fields[0]), change=change)
        await visit.reply.edit(visit.message_id, told, markup=markup)

    async def card(
        self, visit: UpdateContext, number: int, *, change: str = ""
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """Make a change, unless it is "", and return what there is to see of a person or group."""
        make = self._group if number < 0 else self._person
        blocks, wanted = await asyncio.to_thread(make, visit, number, change)
        back: list[Labelled] = [
            (visit.said.say("admin_back"), ButtonData(GROUPS if number < 0 else LIST, ("0",)))
        ]
        changes = [
            (visit.said.say(f"person_{name}"), ButtonData(ONE, (str(number), name))) for name in wanted
        ]
        return html.page(blocks), keyboards.rows([changes, back])

    def _person(
        self, visit: UpdateContext, person: int, change: str
    ) -> tuple[Sequence[Block], Sequence[str]]:
        bot = visit.talk.bot
        standing = self._gate.standing(bot, person)
        if change in CHANGES and not standing.is_admin:
            self._store.people.set_role(bot, person, *CHANGES[change])
            standing = self._gate.standing(bot, person)
        spent = self._store.quotas.spent(bot, person=person)
        blocks = _card(
            person, self._store.people.get(bot, person), standing=standing, spent=spent, said=visit.said
        )
        return blocks, _changes(standing)

    def _group(self, visit: UpdateContext, chat: int, change: str) -> tuple[Sequence[Block], Sequence[str]]:
        bot, said = visit.talk.bot, visit.said
        if change in ("let", "unlet"):
            self._store.chats.set_allowed(bot, chat, change == "let")
        known = self._store.chats.get(bot, chat)
        if known is None:
            return [line(said.say("group_unknown", id=chat))], ()
        is_allowed = self._gate.is_named(chat, known.is_allowed)
        spent = self._store.quotas.spent(bot, chat=chat)
        blocks = [
            line(said.say("group_title", id=chat, title=known.title or ""), style=TextStyle.STRONG),
            line(said.say("person_allowed" if is_allowed else "group_other")),
            line(said.say("person_spent", questions=spent.questions, tokens=spent.tokens)),
        ]
        return blocks, ("unlet" if is_allowed else "let",)


def _titled(one: Chat) -> str:
    mark = "✓ " if one.is_allowed else ""
    return f"{mark}{one.title or one.id}"[:LABEL]


def _named(one: Person) -> str:
    mark = "⛔ " if one.is_banned else "✓ " if one.is_allowed else ""
    return f"{mark}{one.id} · {overview.moment(one.last_seen or 0)}"


def _card(
    person: int, known: Person | None, *, standing: AccessRights, spent: QuotaUsage, said: Messages
) -> Sequence[Block]:
    ranks = (("admin", standing.is_admin), ("banned", standing.is_banned), ("allowed", standing.is_allowed))
    role = next((name for name, holds in ranks if holds), "other")
    blocks = [
        line(said.say("person_title", id=person), style=TextStyle.STRONG),
        line(said.say(f"person_{role}")),
    ]
    if known is not None and known.first_seen and known.last_seen:
        first, last = overview.moment(known.first_seen), overview.moment(known.last_seen)
        blocks.append(line(said.say("person_seen", first=first, last=last)))
    return [*blocks, line(said.say("person_spent", questions=spent.questions, tokens=spent.tokens))]


def _changes(standing: AccessRights) -> Sequence[str]:
    """Name the changes that can be made; admins are named by the settings alone."""
    if standing.is_admin:
        return ()
    if standing.is_banned:
        return ("unban",)
    return ("ban", "unlet" if standing.is_allowed else "let")
