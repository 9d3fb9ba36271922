"""What readers of the pages say is wrong."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, String, Text

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.create_table(
        "corrections",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("document", String(64), nullable=False),
        Column("start", BigInteger, nullable=False),
        Column("end", BigInteger, nullable=False),
        Column("text", Text, nullable=False),
        Column("made", Float, nullable=False),
    )
