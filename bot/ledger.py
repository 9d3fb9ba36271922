"""What calls to the model cost, in the store: all processes that share a home are counted together."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.exc import SQLAlchemyError

from answering.errors import LedgerBroken
from bot.store_tables import USAGE, open_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Select

    from answering.chat import Usage

RESERVED = "reserved"  # how a call under way is counted


class StoredLedger:
    """A Ledger in the file ``path``, opened by the first call; days are dates of this machine."""

    def __init__(self, path: Path, *, today: Callable[[], date] = date.today) -> None:
        self._path, self._today = path, today
        self._engine: Engine | None = None
        self._opening = threading.Lock()

    def reserve(self, model: str, planned: Usage, *, within: int) -> int | None:
        """See Ledger. To look and to put down is one statement: two processes can't both just fit."""
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
        with self._writing() as connection:
            return connection.execute(added.returning(USAGE.c.id)).scalar_one_or_none()

    def settle(self, number: int, usage: Usage) -> None:
        """See Ledger."""
        cost = {"prompt": usage.prompt, "completion": usage.completion, "counted": usage.counted}
        with self._writing() as connection:
            connection.execute(update(USAGE).where(USAGE.c.id == number).values(**cost))

    def spent(self) -> int:
        """See Ledger."""
        with self._writing() as connection:
            return int(connection.execute(_spent(self._today().isoformat())).scalar_one())

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._opening:
                self._engine = self._engine or open_engine(self._path, lasting=False)
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise LedgerBroken(
                f"模型用量的记录打不开或写不进去（{error}）。请查 CHENGWEN_HOME 的权限和磁盘空间。"
            ) from error


def _spent(day: str) -> Select[Any]:
    return select(func.coalesce(func.sum(USAGE.c.prompt + USAGE.c.completion), 0)).where(USAGE.c.day == day)
