"""What people follow, and the news that they get."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Float, String, Text

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add what is new; what was there stays as it is."""
    op.create_table(
        "follows",
        Column("id", String(16), primary_key=True),
        Column("bot", BigInteger, nullable=False),
        Column("chat", BigInteger, nullable=False),
        Column("person", BigInteger, nullable=False),
        Column("place", Text, nullable=False),
        Column("words", Text, nullable=False),
        Column("made", Float, nullable=False),
    )
    op.create_index("follows_chat", "follows", ["bot", "chat", "place", "words"], unique=True)
    op.create_index("follows_person", "follows", ["bot", "person"])
    op.create_table(
        "follow_paces",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("chat", BigInteger, primary_key=True, autoincrement=False),
        Column("person", BigInteger, nullable=False),
        Column("pace", String(8), nullable=False),
        Column("quiet", Boolean, nullable=False),
    )
    op.create_table(
        "followed_texts",
        Column("bot", BigInteger, primary_key=True, autoincrement=False),
        Column("document", String(64), primary_key=True),
        Column("seen", Float, nullable=False),
    )
    op.create_table(
        "follow_news",
        Column("follow", String(16), primary_key=True),
        Column("passage", String(64), primary_key=True),
        Column("start", BigInteger, primary_key=True, autoincrement=False),
        Column("bot", BigInteger, nullable=False),
        Column("chat", BigInteger, nullable=False),
        Column("end", BigInteger, nullable=False),
        Column("before_passage", String(64)),
        Column("before_start", BigInteger),
        Column("before_end", BigInteger),
        Column("made", Float, nullable=False),
        Column("due", Float, nullable=False),
        Column("state", String(8), nullable=False),
        Column("owner", String(64)),
        Column("until", Float),
    )
    op.create_index("follow_news_due", "follow_news", ["bot", "state", "due"])
    op.create_index("follow_news_chat", "follow_news", ["bot", "chat"])
