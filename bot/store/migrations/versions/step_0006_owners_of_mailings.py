"""Mailings that one process sends at a time, and another one goes on with."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, String

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.add_column("mailings", Column("owner", String(64)))
    op.add_column("mailings", Column("until", Float))
