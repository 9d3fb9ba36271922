"""The tables of what people follow, which texts were looked through for them, and the news that they get."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, String, Table

from bot.store.database import CleanText
from bot.store.tables.answer_tables import METADATA

# A place, words, or both, that somebody follows in a chat.
FOLLOWS = Table(
    "follows",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("place", CleanText, nullable=False),  # "" is anywhere
    Column("words", CleanText, nullable=False),  # "" is anything
    Column("made", Float, nullable=False),
    Index("follows_chat", "bot", "chat", "place", "words", unique=True),
    Index("follows_person", "bot", "person"),
)

# When a chat wants its news; one without a row gets them at once, and sleeps at night.
FOLLOW_PACES = Table(
    "follow_paces",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, nullable=False),
    Column("pace", String(8), nullable=False),
    Column("quiet", Boolean, nullable=False),
)

# The texts that were looked through already.
FOLLOWED_TEXTS = Table(
    "followed_texts",
    METADATA,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("document", String(64), primary_key=True),
    Column("seen", Float, nullable=False),
)

# A passage of a new text that somebody follows; each once.
FOLLOW_NEWS = Table(
    "follow_news",
    METADATA,
    Column("follow", String(16), primary_key=True),
    Column("passage", String(64), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("before_passage", String(64)),  # what the last text of the place said of it
    Column("before_start", BigInteger),
    Column("before_end", BigInteger),
    Column("made", Float, nullable=False),
    Column("due", Float, nullable=False),
    Column("state", String(8), nullable=False),
    Column("owner", String(64)),  # the process that sends it …
    Column("until", Float),  # … and when it counts as cut off
    Index("follow_news_due", "bot", "state", "due"),
    Index("follow_news_chat", "bot", "chat"),
)
