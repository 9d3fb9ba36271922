"""The tables of the first program, which made them by itself: a store of its is taken as it stands."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, String, Text, UniqueConstraint

revision = "0001"
down_revision = None

ROW = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make what is not there: the very first stores had no table of usage."""
    _came()
    _answered()
    op.create_table(
        "usage",
        Column("id", ROW, primary_key=True),
        Column("day", String(10), nullable=False),
        Column("at", Float, nullable=False),
        Column("model", Text, nullable=False),
        Column("prompt", Integer, nullable=False),
        Column("completion", Integer, nullable=False),
        Column("counted", String(16), nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_usage_day", "usage", ["day"], if_not_exists=True)


def _came() -> None:
    op.create_table(
        "inbox",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("update_id", BigInteger, primary_key=True, autoincrement=False),
        Column("payload", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("received", Float, nullable=False),
        Column("finished", Float),
        if_not_exists=True,
    )
    op.create_index("inbox_waiting", "inbox", ["bot", "finished"], if_not_exists=True)
    op.create_table(
        "parts",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("update_id", BigInteger, primary_key=True, autoincrement=False),
        Column("part", Integer, primary_key=True, autoincrement=False),
        Column("state", String(8), nullable=False),
        Column("message_id", BigInteger),
        Column("changed", Float, nullable=False),
        if_not_exists=True,
    )


def _answered() -> None:
    op.create_table(
        "conversations",
        Column("id", ROW, primary_key=True),
        Column("bot", BigInteger, nullable=False),
        Column("chat", BigInteger, nullable=False),
        Column("thread", BigInteger, nullable=False),
        Column("person", BigInteger, nullable=False),
        Column("opened", Float, nullable=False),
        if_not_exists=True,
    )
    talk = ["bot", "chat", "thread", "person"]
    op.create_index("conversations_talk", "conversations", talk, if_not_exists=True)
    op.create_table(
        "answers",
        Column("id", String(16), primary_key=True),
        Column("conversation", BigInteger, nullable=False),
        Column("bot", BigInteger, nullable=False),
        Column("update_id", BigInteger, nullable=False),
        Column("record", Text, nullable=False),
        Column("said", Text, nullable=False),
        Column("made", Float, nullable=False),
        UniqueConstraint("bot", "update_id"),
        if_not_exists=True,
    )
    op.create_index("ix_answers_conversation", "answers", ["conversation"], if_not_exists=True)
