"""Chats in which the bot is spoken to, and how it is switched in each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, select, update

from bot.store.tables.answer_tables import CONVERSATIONS, INBOX
from bot.store.tables.follow_tables import FOLLOW_NEWS, FOLLOWS
from bot.store.tables.person_tables import CHATS, REMARKS
from bot.store.usage.quotas import carry_over

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One chat; what is None was not chosen, and the settings decide."""

    id: int
    kind: str  # "private", "group", "supergroup", "channel"
    title: str | None = None
    first_seen: float  # seconds since 1970
    last_seen: float
    language: str | None = None
    is_on: bool | None = None
    is_allowed: bool | None = None
    gone: float | None = None  # since when the bot is out of it, or blocked; None while it can speak there


class Chats:
    """Chats by their numeric id. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, bot: int, chat: int, *, kind: str, title: str | None = None) -> Chat:
        """Note that the bot was spoken to in a chat, and return what is known of it."""
        now = time.time()
        changes = {"kind": kind, "title": title, "last_seen": now, "gone": None}
        put = self._database.insert(CHATS).values(bot=bot, chat=chat, first_seen=now, **changes)
        put = put.on_conflict_do_update(index_elements=["bot", "chat"], set_=changes)
        row = self._database.write(
            lambda connection: connection.execute(put.returning(*_SHOWN)).mappings().one()
        )
        return Chat(**row)

    def get(self, bot: int, chat: int) -> Chat | None:
        """Return what is known of a chat, or None."""
        found = self._listed(_of(bot).where(CHATS.c.chat == chat))
        return found[0] if found else None

    def set_on(self, bot: int, chat: int, value: bool | None) -> None:
        """Switch the bot on or off in a chat that was seen."""
        self._change(bot, chat, is_on=value)

    def set_gone(self, bot: int, chat: int, value: bool) -> None:
        """Note that the bot is out of a chat that was seen, or in it again."""
        self._change(bot, chat, gone=time.time() if value else None)

    def set_language(self, bot: int, chat: int, language: str | None) -> None:
        """Keep the language that was chosen for a chat that was seen; None goes by each person's."""
        self._change(bot, chat, language=language)

    def set_allowed(self, bot: int, chat: int, value: bool | None) -> None:
        """Keep what an admin decided on a chat that was seen; None leaves it to the settings again."""
        self._change(bot, chat, is_allowed=value)

    def recent(self, bot: int, *, limit: int = 20) -> tuple[Chat, ...]:
        """Return the chats in which the bot was spoken to last, latest first."""
        return self._listed(_of(bot).order_by(CHATS.c.last_seen.desc()).limit(limit))

    def ids(self, bot: int) -> tuple[int, ...]:
        """Return the ids of all chats in which the bot is and is not switched off, by id."""
        query = select(CHATS.c.chat).where(
            CHATS.c.bot == bot, CHATS.c.is_on.is_not(False), CHATS.c.gone.is_(None)
        )
        rows = self._database.read(lambda connection: connection.execute(query).scalars().all())
        return tuple(sorted(rows))

    def count(self, bot: int, *, since: float = 0) -> int:
        """Return in how many chats the bot was spoken to since ``since`` (seconds since 1970)."""
        query = select(func.count()).where(CHATS.c.bot == bot, CHATS.c.last_seen >= since)
        return int(self._database.read(lambda connection: connection.execute(query).scalar_one()))

    def migrate(self, bot: int, old: int, new: int) -> None:
        """Give the chat ``new`` all that is held of ``old``: a group that grew gets another id.

        Where something was chosen for ``new`` already, that stays. A second time changes nothing.
        """
        here, there = FOLLOWS.alias(), and_(FOLLOWS.c.bot == bot, FOLLOWS.c.chat == old)
        doubled = exists().where(
            here.c.bot == bot,
            here.c.chat == new,
            here.c.place == FOLLOWS.c.place,
            here.c.words == FOLLOWS.c.words,
        )

        def work(connection: Connection) -> None:
            connection.execute(delete(FOLLOWS).where(there, doubled))
            for table in (CONVERSATIONS, INBOX, REMARKS, FOLLOWS, FOLLOW_NEWS):
                moved = update(table).where(table.c.bot == bot, table.c.chat == old)
                connection.execute(moved.values(chat=new))
            self._merge(connection, bot, old, new)
            carry_over(connection, self._database, bot, old, new)

        self._database.write(work)

    def _merge(self, connection: Connection, bot: int, old: int, new: int) -> None:
        before = connection.execute(_of(bot).where(CHATS.c.chat == old)).mappings().one_or_none()
        if before is None:
            return
        row = {name: value for name, value in before.items() if name not in ("id", "gone")}
        kept = {name: func.coalesce(CHATS.c[name], value) for name, value in row.items()}
        kept["first_seen"] = before["first_seen"]
        put = self._database.insert(CHATS).values(bot=bot, chat=new, **(row | {"kind": "supergroup"}))
        connection.execute(put.on_conflict_do_update(index_elements=["bot", "chat"], set_=kept))
        connection.execute(delete(CHATS).where(CHATS.c.bot == bot, CHATS.c.chat == old))

    def _change(self, bot: int, chat: int, **values: object) -> None:
        changed = update(CHATS).where(CHATS.c.bot == bot, CHATS.c.chat == chat).values(**values)
        self._database.write(lambda connection: connection.execute(changed))

    def _listed(self, query: Select[Any]) -> tuple[Chat, ...]:
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(Chat(**row) for row in rows)


_SHOWN = (CHATS.c.chat.label("id"), *(column for column in CHATS.c if not column.primary_key))


def _of(bot: int) -> Select[Any]:
    return select(*_SHOWN).where(CHATS.c.bot == bot)
