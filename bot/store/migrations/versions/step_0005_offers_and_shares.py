"""Questions on buttons, and answers that their askers shared."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, String, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.create_table(
        "offers",
        Column("id", String(16), primary_key=True),
        Column("question", Text, nullable=False),
        Column("made", Float, nullable=False),
    )
    op.create_table(
        "shares",
        Column("answer", String(16), primary_key=True),
        Column("bot", BigInteger, nullable=False),
        Column("person", BigInteger, nullable=False),
        Column("made", Float, nullable=False),
    )
    op.create_index("shares_person", "shares", ["bot", "person"])
