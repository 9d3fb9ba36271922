"""What went wrong in front of people, for those who run the bot."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.store.tables.person_tables import FAILURES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.database import Database

LENGTH = 500  # characters of a message that are kept
KEPT = 1000  # failures of a bot that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure; its trace stands in the log, under its id."""

    id: str
    kind: str  # the name of the error's class
    message: str
    update_id: int | None = None
    at: float  # seconds since 1970


class Failures:
    """The last failures, ``kept`` of each bot. All methods may raise StoreError."""

    def __init__(self, database: Database, *, kept: int = KEPT) -> None:
        self._database, self._kept = database, kept

    def note(
        self, bot: int, failure_id: str, *, kind: str, message: str, update_id: int | None = None
    ) -> None:
        """Keep a failure under the id that a person was told; ``message`` must hold no secret any more."""
        row = {"kind": kind[:64], "message": message[:LENGTH], "update_id": update_id, "at": time.time()}
        added = self._database.insert(FAILURES).values(id=failure_id, bot=bot, **row)
        kept = select(FAILURES.c.at).where(FAILURES.c.bot == bot).order_by(FAILURES.c.at.desc())
        oldest = kept.offset(self._kept).limit(1).scalar_subquery()

        def work(connection: Connection) -> None:
            connection.execute(added.on_conflict_do_nothing())
            connection.execute(delete(FAILURES).where(FAILURES.c.bot == bot, FAILURES.c.at <= oldest))

        self._database.write(work)

    def get(self, failure_id: str) -> Failure | None:
        """Return the failure with this id, or None."""
        query = select(*_SHOWN).where(FAILURES.c.id == failure_id)
        row = self._database.read(lambda connection: connection.execute(query).mappings().one_or_none())
        return Failure(**row) if row else None

    def recent(self, bot: int, *, limit: int = 20) -> tuple[Failure, ...]:
        """Return the last failures, latest first."""
        query = select(*_SHOWN).where(FAILURES.c.bot == bot).order_by(FAILURES.c.at.desc()).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(Failure(**row) for row in rows)


_SHOWN = [column for column in FAILURES.c if column.name != "bot"]
