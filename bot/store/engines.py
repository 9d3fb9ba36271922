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
# A server must take a connection in five seconds; one that is gone without a word is noticed in about twenty.
REACHING = {
    "application_name": "chengwen",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}


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

    A connection that died while it lay idle is replaced before it is used. Raises ArgumentError for a URL
    that can't be read.
    """
    pool: dict[str, Any] = {"pool_size": 8, "max_overflow": 24} if lasting else {"poolclass": NullPool}
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args=REACHING,
        pool_pre_ping=True,
        hide_parameters=True,
        **pool,
    )


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
