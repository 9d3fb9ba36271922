"""One writer at a time of a catalogue that many machines share: a lock that ends with its connection."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from retrieval.catalog import error_messages as faults
from retrieval.catalog.engine import LASTING
from retrieval.values.errors import IndexLocked

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy import Connection, Engine

INGEST = 0x696E6765  # of PostgreSQL: who ingests
_WHO = text(
    "SELECT a.application_name, coalesce(host(a.client_addr), 'localhost') FROM pg_locks l "
    "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.objid = :lock AND l.granted"
)

# For this transaction alone; it may stand idle for as long as an ingest takes.
_SETTLE = text(
    "SELECT set_config('application_name', :name, true), "
    "set_config('idle_in_transaction_session_timeout', '0', true)"
)


class AdvisoryLock:
    """The right to ingest into one database, held by a transaction of its own that lasts.

    A lock of the session would last as well, but not through a pooler, which lends a connection for a
    transaction at a time.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._connection: Connection | None = None

    def __enter__(self) -> AdvisoryLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the right at once, or raise ``IndexLocked`` with who has it, or ``CatalogueBroken``."""
        try:
            self._acquire()
        except SQLAlchemyError as error:
            raise faults.told(error, self._place) from error

    def _acquire(self) -> None:
        connection = self._engine.connect().execution_options(**{LASTING: True})
        name = f"chengwen {platform.node()} {os.getpid()}"[:60]
        connection.execute(_SETTLE, {"name": name})
        if connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": INGEST}).scalar_one():
            self._connection = connection
            return
        who = connection.execute(_WHO, {"lock": INGEST}).first()
        connection.close()
        told = f"{who[0]}（来自 {who[1]}）" if who else "另一个进程"
        raise IndexLocked(f"{told}正在写入资料库。同一时间只能有一个写入者：请等它结束，再试一次。")

    def release(self) -> None:
        """Give the right back."""
        if self._connection is not None:
            try:
                self._connection.rollback()
            except SQLAlchemyError:
                self._connection.invalidate()  # whatever state it is in, the lock ends with it
            self._connection.close()
            self._connection = None
