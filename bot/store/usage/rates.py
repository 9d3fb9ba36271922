"""Rates that all processes on one store keep to together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, delete, select

from bot.store.database import took_effect
from bot.store.tables.operation_tables import RATES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.database import Database

MOMENT = 0.001  # seconds: the clock goes on within a statement


class RequestRates:
    """Counts by name. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, *, every: float, burst: float) -> float:
        """Count one more, of one each ``every`` seconds after ``burst`` at once; or return the wait for it.

        It is the virtual scheduling form of the leaky bucket (ITU-T I.371, annex A), in one statement.
        """
        now, due = self._database.clock(), RATES.c.due
        begins = case((due > now, due), else_=now)
        put = self._database.insert(RATES).values(name=name, due=now + every)
        put = put.on_conflict_do_update(
            index_elements=["name"],
            set_={"due": begins + every},
            where=begins + every - now <= every * burst + MOMENT,
        )
        query = select(due + every * (1 - burst) - now).where(RATES.c.name == name)

        def work(connection: Connection) -> float:
            if took_effect(connection, put):
                return 0.0
            return max(MOMENT, float(connection.execute(query).scalar_one()))

        return self._database.write(work)

    def prune(self) -> None:
        """Forget what is not used any more."""
        gone = delete(RATES).where(RATES.c.due < self._database.clock())
        self._database.write(lambda connection: connection.execute(gone))
