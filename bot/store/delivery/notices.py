"""What was said in a chat, so that it is not said again soon."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.store.tables.operation_tables import NOTICES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.database import Database

EVERYWHERE = 0  # no chat


class Notices:
    """Notices by chat and kind. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_due(self, bot: int, chat: int, kind: str, *, seconds: float) -> bool:
        """Tell whether something was not said in the last ``seconds``, and note that it is said now."""
        now = time.time()
        put = self._database.insert(NOTICES).values(bot=bot, chat=chat, kind=kind, at=now)
        put = put.on_conflict_do_update(
            index_elements=["bot", "chat", "kind"], set_={"at": now}, where=NOTICES.c.at <= now - seconds
        )

        def work(connection: Connection) -> bool:
            return connection.execute(put.returning(NOTICES.c.at)).one_or_none() is not None

        return self._database.write(work)

    def note(self, bot: int, kind: str, *, chat: int = EVERYWHERE) -> None:
        """Note that something was said in a chat now, or to all processes of a bot."""
        self.is_due(bot, chat, kind, seconds=0)

    def is_noted(self, bot: int, chat: int, kind: str, *, seconds: float | None = None) -> bool:
        """Tell whether something was noted for a chat or everywhere, in the last ``seconds`` or at all.

        What is forgotten counts no more.
        """
        query = select(NOTICES.c.at).where(
            NOTICES.c.bot == bot, NOTICES.c.chat.in_((chat, EVERYWHERE)), NOTICES.c.kind == kind
        )
        if seconds is not None:
            query = query.where(NOTICES.c.at > time.time() - seconds)
        return self._database.read(lambda connection: connection.execute(query).first()) is not None

    def last(self, bot: int, kind: str) -> float | None:
        """Return when something was last said to all processes of a bot; None if it was not, or long ago."""
        query = select(NOTICES.c.at).where(
            NOTICES.c.bot == bot, NOTICES.c.chat == EVERYWHERE, NOTICES.c.kind == kind
        )
        return self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    def prune(self, before: float) -> None:
        """Forget what was said before ``before`` (seconds since 1970)."""
        gone = delete(NOTICES).where(NOTICES.c.at < before)
        self._database.write(lambda connection: connection.execute(gone))
