"""Leases on updates, and all that the bot remembers of people and chats."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, String, Text

revision = "0002"
down_revision = "0001"

ROW = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.add_column("inbox", Column("chat", BigInteger, nullable=False, server_default="0"))
    op.add_column("inbox", Column("person", BigInteger, nullable=False, server_default="0"))
    op.add_column("inbox", Column("owner", String(64)))
    op.add_column("inbox", Column("until", Float))
    op.add_column("answers", Column("asked_in", BigInteger))
    op.create_index("answers_made", "answers", ["made"])
    op.create_index("conversations_person", "conversations", ["bot", "person"])
    _people()
    _said()
    _counted()


def _people() -> None:
    op.create_table(
        "people",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("person", BigInteger, primary_key=True, autoincrement=False),
        Column("first_seen", Float),
        Column("last_seen", Float),
        Column("language", String(16)),
        Column("is_admin", Boolean),
        Column("is_allowed", Boolean),
        Column("is_banned", Boolean),
    )
    op.create_table(
        "chats",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("chat", BigInteger, primary_key=True, autoincrement=False),
        Column("kind", String(16), nullable=False),
        Column("title", Text),
        Column("first_seen", Float, nullable=False),
        Column("last_seen", Float, nullable=False),
        Column("language", String(16)),
        Column("is_on", Boolean),
        Column("is_allowed", Boolean),
    )


def _said() -> None:
    op.create_table(
        "votes",
        Column("answer", String(16), primary_key=True),
        Column("citation", Integer, primary_key=True, autoincrement=False),
        Column("person", BigInteger, primary_key=True, autoincrement=False),
        Column("bot", BigInteger, nullable=False),
        Column("is_up", Boolean, nullable=False),
        Column("reason", String(16)),
        Column("cast", Float, nullable=False),
    )
    op.create_index("votes_cast", "votes", ["bot", "cast"])
    op.create_index("votes_person", "votes", ["bot", "person"])
    op.create_table(
        "remarks",
        Column("id", ROW, primary_key=True),
        Column("bot", BigInteger, nullable=False),
        Column("chat", BigInteger, nullable=False),
        Column("person", BigInteger, nullable=False),
        Column("text", Text, nullable=False),
        Column("made", Float, nullable=False),
    )
    op.create_index("remarks_person", "remarks", ["bot", "person"])


def _counted() -> None:
    op.create_table(
        "quotas",
        Column("subject", String(32), primary_key=True),
        Column("window", String(8), primary_key=True),
        Column("began", BigInteger, primary_key=True, autoincrement=False),
        Column("questions", BigInteger, nullable=False),
        Column("tokens", BigInteger, nullable=False),
    )
    op.create_index("quotas_began", "quotas", ["began"])
    op.create_table(
        "failures",
        Column("id", String(16), primary_key=True),
        Column("bot", BigInteger, nullable=False),
        Column("update_id", BigInteger),
        Column("kind", String(64), nullable=False),
        Column("message", Text, nullable=False),
        Column("at", Float, nullable=False),
    )
    op.create_index("failures_at", "failures", ["bot", "at"])
