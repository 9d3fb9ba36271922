"""The tables on people, on chats, on what they said of answers, and on what went wrong."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table

from bot.store.database import CleanText
from bot.store.tables.answer_tables import METADATA, ROW

# Who wrote to the bot. A role is null where the settings decide.
PEOPLE = Table(
    "people",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", Float),
    Column("last_seen", Float),
    Column("language", String(16)),
    Column("is_admin", Boolean),
    Column("is_allowed", Boolean),
    Column("is_banned", Boolean),
)

# Where the bot is spoken to. A switch is null where the settings decide.
CHATS = Table(
    "chats",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("title", CleanText),
    Column("first_seen", Float, nullable=False),
    Column("last_seen", Float, nullable=False),
    Column("language", String(16)),
    Column("is_on", Boolean),
    Column("is_allowed", Boolean),
    Column("gone", Float),  # since when the bot is out of it, or blocked by the person
)

# 👍 and 👎: one a person for an answer (citation 0) and for each of its citations.
VOTES = Table(
    "votes",
    METADATA,
    Column("answer", String(16), primary_key=True),
    Column("citation", Integer, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("bot", BigInteger, nullable=False),
    Column("is_up", Boolean, nullable=False),
    Column("reason", String(16)),
    Column("cast", Float, nullable=False),
    Index("votes_cast", "bot", "cast"),
    Index("votes_person", "bot", "person"),
)

# What people wrote with /feedback.
REMARKS = Table(
    "remarks",
    METADATA,
    Column("id", ROW, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("made", Float, nullable=False),
    Index("remarks_person", "bot", "person"),
)

# Questions and tokens of a person or chat in one minute or day, under a digest of the id.
QUOTAS = Table(
    "quotas",
    METADATA,
    Column("subject", String(32), primary_key=True),
    Column("window", String(8), primary_key=True),
    Column("began", BigInteger, primary_key=True, autoincrement=False),
    Column("questions", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Index("quotas_began", "began"),
)

# What went wrong in front of a person, under the id that they were told.
FAILURES = Table(
    "failures",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("update_id", BigInteger),
    Column("kind", String(64), nullable=False),
    Column("message", CleanText, nullable=False),
    Column("at", Float, nullable=False),
    Index("failures_at", "bot", "at"),
)

# What was typed in inline mode and offered to be answered.
TYPED = Table(
    "typed",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(16), primary_key=True),
    Column("text", CleanText, nullable=False),
    Column("at", Float, nullable=False),
    Index("typed_at", "at"),
)
