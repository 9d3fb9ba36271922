"""The tables of the store and of the cache, and how they are opened, for ``store`` and ``answer_cache``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

METADATA = MetaData()
CACHE = MetaData()  # in a file of its own: it may be thrown away, the store may not
# SQLite numbers rows by itself only where the key is a plain INTEGER.
ROW = BigInteger().with_variant(Integer, "sqlite")

# What came from Telegram: each update once, its content only until it is dealt with.
INBOX = Table(
    "inbox",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("received", Float, nullable=False),
    Column("finished", Float),
    Index("inbox_waiting", "bot", "finished"),
)

# What was sent because of an update, part by part, and how sure that is.
PARTS = Table(
    "parts",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False),
    Column("message_id", BigInteger),
    Column("changed", Float, nullable=False),
)

# A run of questions that belong together; a new one begins with a first question or with /new.
CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("id", ROW, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("opened", Float, nullable=False),
    Index("conversations_talk", "bot", "chat", "thread", "person"),
)

# Answers as they were given, so that their buttons work for as long as they stand in a chat.
ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("conversation", BigInteger, nullable=False, index=True),
    Column("bot", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("made", Float, nullable=False),
    UniqueConstraint("bot", "update_id"),
)

# What each call to a model cost, and on which day of this machine.
USAGE = Table(
    "usage",
    METADATA,
    Column("id", ROW, primary_key=True),
    Column("day", String(10), nullable=False, index=True),
    Column("at", Float, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt", Integer, nullable=False),
    Column("completion", Integer, nullable=False),
    Column("counted", String(16), nullable=False),  # "reserved" while under way
)


# Answers that may be given again, under keys that hold all they depend on.
CACHED = Table(
    "cached",
    CACHE,
    Column("key", String(64), primary_key=True),
    Column("record", Text, nullable=False),
    Column("used", Float, nullable=False, index=True),
)


def open_engine(path: Path, tables: MetaData = METADATA, *, lasting: bool = True) -> Engine:
    """Open the SQLite file at ``path``, made and filled with empty tables where there is none.

    Unless ``lasting``, no connection is held between two uses, and there is nothing to close.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # As many connections as threads ask for: none waits for a connection while it holds up an answer.
    pool: dict[str, Any] = {"max_overflow": -1} if lasting else {"poolclass": NullPool}
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}, **pool)
    event.listen(engine, "connect", _prepare)
    _make(engine, tables)
    return engine


def _make(engine: Engine, tables: MetaData) -> None:
    """Make the tables that are missing, though another process may be making them at this moment."""
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda one: one.name or ""):
                connection.execute(CreateIndex(index, if_not_exists=True))


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # A commit survives the end of the process at any moment; readers don't wait for the writer.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
