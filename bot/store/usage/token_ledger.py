"""What calls to the model cost, in the store: all processes that share it are counted together."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, insert, literal, select, update

from answering.values.errors import LedgerBroken
from bot.errors import StoreError
from bot.store.database import Database
from bot.store.tables.answer_tables import USAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Select

    from answering.llm.protocol import Usage

Result = TypeVar("Result")
RESERVED = "reserved"  # how a call under way is counted


class StoredLedger:
    """A Ledger in the store at a path or URL, opened by the first call; days are dates of this machine."""

    def __init__(self, at: Path | str, *, today: Callable[[], date] = date.today) -> None:
        self._at, self._today = at, today
        self._database: Database | None = None
        self._opening = threading.Lock()

    def reserve(self, model: str, planned: Usage, *, within: int) -> int | None:
        """See Ledger. Checking and writing is one transaction: two processes can't both just fit."""
        day = self._today().isoformat()
        row = {
            "day": day,
            "at": time.time(),
            "model": model,
            "prompt": planned.prompt,
            "completion": planned.completion,
            "counted": RESERVED,
        }
        values = select(*map(literal, row.values()))
        if within:
            values = values.where(_spent(day).scalar_subquery() + planned.total <= within)
        added = insert(USAGE).from_select(list(row), values)
        counted = added.returning(USAGE.c.id)

        def work(database: Database, connection: Connection) -> int | None:
            if within:
                database.alone(connection, f"usage {day}")
            return connection.execute(counted).scalar_one_or_none()

        return self._write(work)

    def settle(self, number: int, usage: Usage) -> None:
        """See Ledger."""
        cost = {"prompt": usage.prompt, "completion": usage.completion, "counted": usage.counted}
        settled = update(USAGE).where(USAGE.c.id == number).values(**cost)
        self._write(lambda _, connection: connection.execute(settled))

    def spent(self) -> int:
        """See Ledger."""
        query = _spent(self._today().isoformat())
        return int(self._write(lambda _, connection: connection.execute(query).scalar_one()))

    def _write(self, work: Callable[[Database, Connection], Result]) -> Result:
        try:
            with self._opening:
                database = self._database = self._database or Database.open(self._at, lasting=False)
            return database.write(lambda connection: work(database, connection))
        except StoreError as error:
            raise LedgerBroken(f"模型用量记不下来：{error}") from error


def _spent(day: str) -> Select[Any]:
    return select(func.coalesce(func.sum(USAGE.c.prompt + USAGE.c.completion), 0)).where(USAGE.c.day == day)
