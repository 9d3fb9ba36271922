"""People for admins: who wrote last, and letting one in or shutting one out."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from bot.rendering import Block, Style, line
from bot.telegram import html, keyboards, overview
from bot.telegram.feature import Button, Feature
from bot.telegram.features.operators import admins_tap
from bot.telegram.keyboards import Tap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages import Messages
    from bot.store import Person, Spent
    from bot.store.people import Role
    from bot.telegram.gate import Standing
    from bot.telegram.keyboards import Labelled
    from bot.telegram.parts import Parts
    from bot.telegram.visit import Visit

LIST, ONE = "ap", "apo"
PAGE = 8
PERSON = re.compile(r"[0-9]{1,16}")
CHANGES: dict[str, tuple[Role, bool | None]] = {
    "ban": ("banned", True),
    "unban": ("banned", None),
    "let": ("allowed", True),
    "unlet": ("allowed", None),
}


def feature(parts: Parts) -> Feature:
    """Return the feature."""
    roles = Roles(parts)
    return Feature(
        buttons=(
            Button(act=LIST, work=admins_tap(parts, roles.list)),
            Button(act=ONE, work=admins_tap(parts, roles.open)),
        )
    )


class Roles:
    """Shows people and changes what they may do."""

    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._gate = parts.gate

    async def list(self, visit: Visit, tap: Tap) -> None:
        """List people, those who wrote last first."""
        said, page = visit.said, keyboards.page_of(tap)
        recent = self._store.people.recent
        people = await asyncio.to_thread(recent, visit.talk.bot, limit=(page + 1) * PAGE)
        count = await asyncio.to_thread(self._store.people.count, visit.talk.bot)
        told = html.page([line(said.say("people_title", count=count), style=Style.STRONG)])
        rows = [[(_named(one), Tap(ONE, (str(one.id),)))] for one in people[page * PAGE :]]
        turning = keyboards.turning(LIST, page, -(-count // PAGE), (), said)
        back = [(said.say("admin_back"), Tap("ao", ("state",)))]
        await visit.reply.edit(visit.message_id, told, markup=keyboards.rows([*rows, turning, back]))

    async def open(self, visit: Visit, tap: Tap) -> None:
        """Show one person, after the change that the tap asks for."""
        if not tap.fields or PERSON.fullmatch(tap.fields[0]) is None:
            return
        bot, person = visit.talk.bot, int(tap.fields[0])
        change = CHANGES.get(tap.fields[1]) if len(tap.fields) > 1 else None
        standing = await asyncio.to_thread(self._gate.standing, bot, person)
        if change is not None and not standing.is_admin:
            await asyncio.to_thread(self._store.people.set_role, bot, person, *change)
            standing = await asyncio.to_thread(self._gate.standing, bot, person)
        known = await asyncio.to_thread(self._store.people.get, bot, person)
        spent = await asyncio.to_thread(self._store.quotas.spent, bot, person=person)
        told = html.page(_card(person, known, standing=standing, spent=spent, said=visit.said))
        markup = keyboards.rows([*_changes(person, standing, visit.said)])
        await visit.reply.edit(visit.message_id, told, markup=markup)


def _named(one: Person) -> str:
    mark = "⛔ " if one.is_banned else "✓ " if one.is_allowed else ""
    return f"{mark}{one.id} · {overview.moment(one.last_seen or 0)}"


def _card(
    person: int, known: Person | None, *, standing: Standing, spent: Spent, said: Messages
) -> Sequence[Block]:
    ranks = (("admin", standing.is_admin), ("banned", standing.is_banned), ("allowed", standing.is_allowed))
    role = next((name for name, holds in ranks if holds), "other")
    blocks = [line(said.say("person_title", id=person), style=Style.STRONG), line(said.say(f"person_{role}"))]
    if known is not None and known.first_seen and known.last_seen:
        first, last = overview.moment(known.first_seen), overview.moment(known.last_seen)
        blocks.append(line(said.say("person_seen", first=first, last=last)))
    return [*blocks, line(said.say("person_spent", questions=spent.questions, tokens=spent.tokens))]


def _changes(person: int, standing: Standing, said: Messages) -> Sequence[Sequence[Labelled]]:
    back: list[Labelled] = [(said.say("admin_back"), Tap(LIST, ("0",)))]
    if standing.is_admin:
        return [back]
    ban = "unban" if standing.is_banned else "ban"
    let = "unlet" if standing.is_allowed else "let"
    wanted = (ban,) if standing.is_banned else (ban, let)
    return [[(said.say(f"person_{name}"), Tap(ONE, (str(person), name))) for name in wanted], back]
