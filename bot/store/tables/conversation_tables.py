"""The tables beside conversations: questions on buttons, and answers that their askers shared."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, String, Table, Text

from bot.store.tables.answer_tables import METADATA

# Questions drawn from the texts, as buttons offer them.
OFFERS = Table(
    "offers",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("question", Text, nullable=False),
    Column("made", Float, nullable=False),
)

# Answers that anyone who has their link may see.
SHARES = Table(
    "shares",
    METADATA,
    Column("answer", String(16), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("made", Float, nullable=False),
    Index("shares_person", "bot", "person"),
)
