"""What readers of the pages say is wrong: a document, a place in it and their words, and not who they are."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from bot.store.tables.operation_tables import CORRECTIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.database import Database

MOST = 1_000  # that are kept; more are not taken until some are deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCorrection:
    """One correction; ``start`` and ``end`` are offsets in the document, both 0 where it is of the whole."""

    id: int
    document: str
    start: int
    end: int
    text: str
    made: float  # seconds since 1970


class PageCorrections:
    """Corrections in the order in which they came. All methods may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *, document: str, start: int, end: int, text: str) -> bool:
        """Keep a correction; False where as many are kept as can be."""
        row = {"document": document, "start": start, "end": end, "text": text, "made": time.time()}

        def work(connection: Connection) -> bool:
            if _held(connection) >= MOST:
                return False
            connection.execute(insert(CORRECTIONS).values(**row))
            return True

        return self._database.write(work)

    def count(self) -> int:
        """Return how many there are."""
        return self._database.read(_held)

    def recent(self, *, limit: int) -> tuple[PageCorrection, ...]:
        """Return the last ones, latest first."""
        query = select(CORRECTIONS).order_by(CORRECTIONS.c.id.desc()).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(PageCorrection(**row) for row in rows)

    def drop(self, number: int) -> None:
        """Delete one."""
        gone = delete(CORRECTIONS).where(CORRECTIONS.c.id == number)
        self._database.write(lambda connection: connection.execute(gone))


def _held(connection: Connection) -> int:
    counted = select(func.count()).select_from(CORRECTIONS)
    return int(connection.execute(counted).scalar_one())
