"""The tables for those who run the bot: what was told lately, mailings, documents to be read in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, String, Table, Text

from bot.store.database import CleanText
from bot.store.tables.answer_tables import METADATA, ROW

# What was said in a chat that is not to be said again soon.
NOTICES = Table(
    "notices",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("at", Float, nullable=False),
)

# A message to all who use the bot.
MAILINGS = Table(
    "mailings",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),  # the admin who wrote it
    Column("html", CleanText, nullable=False),
    Column("state", String(8), nullable=False),
    Column("shown", BigInteger),  # the message, in the admin's chat, that tells how far it has come
    Column("made", Float, nullable=False),
    Column("owner", String(64)),  # the process that sends it …
    Column("until", Float),  # … and when another one may go on with it
    Index("mailings_state", "bot", "state"),
)

# The same to one person, and how sure it is that they have it.
LETTERS = Table(
    "letters",
    METADATA,
    Column("mailing", String(16), primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("bot", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Index("letters_state", "mailing", "state"),
    Index("letters_person", "bot", "person"),
)

# A document that an admin sent to be read in; the file stays with Telegram until they say yes.
UPLOADS = Table(
    "uploads",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("file", Text, nullable=False),  # Telegram's id of it
    Column("digest", String(64), nullable=False),
    Column("made", Float, nullable=False),
    Index("uploads_person", "bot", "person"),
)

# How much of a rate is used up: by a program's key, until when it would be without any burst.
RATES = Table(
    "rates",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("due", Float, nullable=False),
)

# What readers of the pages say is wrong; nothing tells who wrote it.
CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("id", ROW, primary_key=True),
    Column("document", String(64), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("made", Float, nullable=False),
)
