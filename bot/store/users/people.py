"""People who wrote to the bot: when, the language that they chose, and what an admin decided on them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from bot.store.tables.person_tables import PEOPLE

if TYPE_CHECKING:
    from sqlalchemy import Select

    from bot.store.database import Database

    Role = Literal["admin", "allowed", "banned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person; what is None was not chosen, and the settings decide."""

    id: int
    first_seen: float | None = None  # seconds since 1970
    last_seen: float | None = None
    language: str | None = None
    is_admin: bool | None = None
    is_allowed: bool | None = None
    is_banned: bool | None = None


class People:
    """People by their numeric id. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, bot: int, person: int) -> Person:
        """Note that a person wrote, and return what is known of them."""
        now = time.time()
        first = func.coalesce(PEOPLE.c.first_seen, now)
        return self._put(bot, person, {"first_seen": first, "last_seen": now}, first_seen=now)

    def get(self, bot: int, person: int) -> Person | None:
        """Return what is known of a person, or None."""
        found = self._listed(_of(bot).where(PEOPLE.c.person == person))
        return found[0] if found else None

    def language(self, bot: int, person: int) -> str | None:
        """Return the language that a person chose, or None."""
        query = select(PEOPLE.c.language).where(PEOPLE.c.bot == bot, PEOPLE.c.person == person)
        return self._database.read(lambda connection: connection.execute(query).scalar())

    def set_language(self, bot: int, person: int, language: str | None) -> Person:
        """Keep the language that a person chose; None goes by that of their Telegram again."""
        return self._put(bot, person, {"language": language})

    def set_role(self, bot: int, person: int, role: Role, value: bool | None) -> Person:
        """Keep what an admin decided on a person; None leaves it to the settings again."""
        return self._put(bot, person, {f"is_{role}": value})

    def recent(self, bot: int, *, limit: int = 20) -> tuple[Person, ...]:
        """Return the people who wrote last, latest first."""
        seen = _of(bot).where(PEOPLE.c.last_seen.is_not(None))
        return self._listed(seen.order_by(PEOPLE.c.last_seen.desc()).limit(limit))

    def with_role(self, bot: int, role: Role) -> tuple[Person, ...]:
        """Return the people of whom an admin decided that they have a role, by id."""
        return self._listed(_of(bot).where(PEOPLE.c[f"is_{role}"].is_(True)).order_by(PEOPLE.c.person))

    def ids(self, bot: int) -> tuple[int, ...]:
        """Return the ids of all who wrote and are not banned, by id."""
        query = select(PEOPLE.c.person).where(
            PEOPLE.c.bot == bot, PEOPLE.c.last_seen.is_not(None), PEOPLE.c.is_banned.is_not(True)
        )
        rows = self._database.read(lambda connection: connection.execute(query).scalars().all())
        return tuple(sorted(rows))

    def count(self, bot: int, *, since: float = 0) -> int:
        """Return how many people wrote since ``since`` (seconds since 1970)."""
        query = select(func.count()).where(PEOPLE.c.bot == bot, PEOPLE.c.last_seen >= since)
        return int(self._database.read(lambda connection: connection.execute(query).scalar_one()))

    def _put(self, bot: int, person: int, changes: dict[str, Any], **first: object) -> Person:
        put = self._database.insert(PEOPLE).values(bot=bot, person=person, **(changes | first))
        put = put.on_conflict_do_update(index_elements=["bot", "person"], set_=changes)
        row = self._database.write(
            lambda connection: connection.execute(put.returning(*_SHOWN)).mappings().one()
        )
        return Person(**row)

    def _listed(self, query: Select[Any]) -> tuple[Person, ...]:
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(Person(**row) for row in rows)


_SHOWN = (PEOPLE.c.person.label("id"), *(column for column in PEOPLE.c if not column.primary_key))


def _of(bot: int) -> Select[Any]:
    return select(*_SHOWN).where(PEOPLE.c.bot == bot)
