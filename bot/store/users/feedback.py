"""What people wrote to those who run the bot, with /feedback."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bot.store.tables.person_tables import REMARKS

if TYPE_CHECKING:
    from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackMessage:
    """One remark as it was written."""

    id: int
    person: int
    chat: int
    text: str
    made: float  # seconds since 1970


class FeedbackMessages:
    """Remarks in the order in which they came. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, bot: int, *, person: int, chat: int, text: str) -> FeedbackMessage:
        """Keep a remark."""
        made = time.time()
        row = {"bot": bot, "person": person, "chat": chat, "text": text, "made": made}
        added = insert(REMARKS).values(**row).returning(REMARKS.c.id)
        number = self._database.write(lambda connection: connection.execute(added).scalar_one())
        return FeedbackMessage(id=int(number), person=person, chat=chat, text=text, made=made)

    def recent(self, bot: int, *, limit: int = 20) -> tuple[FeedbackMessage, ...]:
        """Return the last remarks, latest first."""
        shown = [column for column in REMARKS.c if column.name != "bot"]
        query = select(*shown).where(REMARKS.c.bot == bot).order_by(REMARKS.c.id.desc()).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(FeedbackMessage(**row) for row in rows)
