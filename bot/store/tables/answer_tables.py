"""The tables of what came in, what was answered and what it cost; ``tables_people`` has those on people.

A change here needs a step in ``migrations/versions``; a test compares the two.
"""

from __future__ import annotations

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
)

from bot.store.database import CleanText

METADATA = MetaData()
# SQLite numbers rows by itself only where the key is a plain INTEGER.
ROW = BigInteger().with_variant(Integer, "sqlite")

# What came from Telegram: each update once, its content only until it is dealt with.
INBOX = Table(
    "inbox",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", CleanText, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("received", Float, nullable=False),
    Column("finished", Float),
    Column("chat", BigInteger, nullable=False, server_default="0"),
    Column("person", BigInteger, nullable=False, server_default="0"),
    Column("owner", String(64)),  # the process that works on it …
    Column("until", Float),  # … and when another one may take it over
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
    Index("conversations_person", "bot", "person"),
)

# Answers as they were given, so that their buttons work for as long as they stand in a chat.
ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("conversation", BigInteger, nullable=False, index=True),
    Column("bot", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("record", CleanText, nullable=False),
    Column("said", CleanText, nullable=False),
    Column("made", Float, nullable=False),
    Column("asked_in", BigInteger),  # the message that asked, so that its edit finds the answer
    UniqueConstraint("bot", "update_id"),
    Index("answers_made", "made"),
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
