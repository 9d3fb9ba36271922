"""Answers that their askers shared: anyone who has the link may see them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.store.tables.answer_tables import ANSWERS, CONVERSATIONS
from bot.store.tables.conversation_tables import SHARES

if TYPE_CHECKING:
    from bot.store.database import Database


class SharedAnswers:
    """Which answers are shared. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def share(self, bot: int, answer: str, *, person: int) -> bool:
        """Share an answer; False, and nothing is done, unless the person asked for it."""
        if self._asker(answer) != person:
            return False
        row = {"answer": answer, "bot": bot, "person": person, "made": time.time()}
        put = self._database.insert(SHARES).values(**row).on_conflict_do_nothing()
        self._database.write(lambda connection: connection.execute(put))
        return True

    def close(self, answer: str, *, person: int) -> bool:
        """Share an answer no longer; False where this person had not shared it."""
        gone = delete(SHARES).where(SHARES.c.answer == answer, SHARES.c.person == person)
        return self._database.write(lambda connection: connection.execute(gone).rowcount) > 0

    def opens(self, answer: str, *, person: int) -> bool:
        """Tell whether a person may see an answer: it is shared, or their own."""
        query = select(SHARES.c.answer).where(SHARES.c.answer == answer)
        is_shared = self._database.read(lambda connection: connection.execute(query).first()) is not None
        return is_shared or self._asker(answer) == person

    def _asker(self, answer: str) -> int | None:
        query = (
            select(CONVERSATIONS.c.person)
            .join(ANSWERS, ANSWERS.c.conversation == CONVERSATIONS.c.id)
            .where(ANSWERS.c.id == answer)
        )
        return self._database.read(lambda connection: connection.execute(query).scalar())
