"""How a database is opened: a SQLite file, or PostgreSQL by its URL."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

WRITING = "writing"  # the execution option of connections that will write
PATIENCE = 30  # seconds that a writer of SQLite waits for another one


def sqlite(path: Path, *, lasting: bool = True) -> Engine:
    """Open the SQLite file at ``path``, made where there is none, for the eyes of its owner only.

    Unless ``lasting``, no connection is held between two uses, and there is nothing to close.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The files that SQLite puts beside it get the same mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with suppress(OSError):
        path.chmod(0o600)
    # As many connections as threads ask for: none waits for a connection while it holds up an answer.
    pool: dict[str, Any] = {"max_overflow": -1} if lasting else {"poolclass": NullPool}
    arguments = {"timeout": PATIENCE, "isolation_level": None}
    engine = create_engine(f"sqlite:///{path}", connect_args=arguments, hide_parameters=True, **pool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def postgresql(url: str, *, lasting: bool = True) -> Engine:
    """Return what connects to the PostgreSQL database at ``url``; nothing is connected yet.

    A connection that died while it lay idle is replaced before it is used; a server that hangs is noticed
    after ``DATABASE_TIMEOUT``. Raises ArgumentError or ValueError for a URL that can't be read.
    """
    from retrieval.database import postgres as servers  # noqa: PLC0415 - a store in a file needs no psycopg

    address, patience = servers.parted(make_url(url))
    pool: dict[str, Any] = {"pool_size": 8, "max_overflow": 24} if lasting else {"poolclass": NullPool}
    engine = create_engine(
        address,
        connect_args=servers.REACHING,
        pool_pre_ping=True,
        hide_parameters=True,
        **pool,
    )
    event.listen(engine, "do_connect", servers.connecting(patience))
    return engine


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # A commit survives the end of the process at any moment; readers don't wait for the writer.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes then would be refused when another one wrote in between.
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
