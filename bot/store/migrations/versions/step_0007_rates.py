"""Rates that several processes keep to together."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, String

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.create_table(
        "rates",
        Column("name", String(64), primary_key=True),
        Column("due", Float, nullable=False),
    )
