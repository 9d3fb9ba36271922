"""Chats that the bot is out of, and questions that were typed in inline mode."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, String, Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.add_column("chats", Column("gone", Float))
    op.create_table(
        "typed",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("id", String(16), primary_key=True),
        Column("text", Text, nullable=False),
        Column("at", Float, nullable=False),
    )
    op.create_index("typed_at", "typed", ["at"])
