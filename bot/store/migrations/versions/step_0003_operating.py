"""What those who run the bot need: notices, mailings with their letters, documents to be read in."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, String, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.create_table(
        "notices",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("chat", BigInteger, primary_key=True, autoincrement=False),
        Column("kind", String(16), primary_key=True),
        Column("at", Float, nullable=False),
    )
    _mailings()
    op.create_table(
        "uploads",
        Column("id", String(16), primary_key=True),
        Column("bot", BigInteger, nullable=False),
        Column("person", BigInteger, nullable=False),
        Column("name", Text, nullable=False),
        Column("file", Text, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("made", Float, nullable=False),
    )
    op.create_index("uploads_person", "uploads", ["bot", "person"])


def _mailings() -> None:
    op.create_table(
        "mailings",
        Column("id", String(16), primary_key=True),
        Column("bot", BigInteger, nullable=False),
        Column("person", BigInteger, nullable=False),
        Column("html", Text, nullable=False),
        Column("state", String(8), nullable=False),
        Column("shown", BigInteger),
        Column("made", Float, nullable=False),
    )
    op.create_index("mailings_state", "mailings", ["bot", "state"])
    op.create_table(
        "letters",
        Column("mailing", String(16), primary_key=True),
        Column("person", BigInteger, primary_key=True, autoincrement=False),
        Column("bot", BigInteger, nullable=False),
        Column("state", String(8), nullable=False),
    )
    op.create_index("letters_state", "letters", ["mailing", "state"])
    op.create_index("letters_person", "letters", ["bot", "person"])
