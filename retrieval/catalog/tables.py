"""The tables of the catalogue."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

SCHEMA = 5  # raised with each change of the tables below
OLDEST = 2  # of the formats that can be brought up to this one

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("state", Text, nullable=False),  # digest of bytes, parser and options: equal state, nothing to do
    Column("media", Text, nullable=False),
    Column("encoding", Text),
    Column("metadata", JSON, nullable=False),
    Column("ingested", Text, nullable=False),  # ISO 8601, UTC
)

documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, ForeignKey("sources.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("genre", Text, nullable=False),
    Column("place", Text),
    Column("province", Text),
    Column("year", Integer),
    Column("date", Text),
    Column("speaker", Text),
    Column("event", Text),
    Column("collection", Text),
    Column("offset", Integer, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("points", JSON, nullable=False),
    Column("cut", LargeBinary),  # values.entry.cut_of its passages; null where an older program wrote
    Index("documents_by_facts", "place", "year", "genre", "id", "cut"),  # holds all that limits are read from
)

# A passage has no text of its own here: it is a slice of its document's, which can't disagree with itself.
passages = Table(
    "passages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("section", Text, nullable=False),
    Column("point", Text),
    Column("heading", JSON, nullable=False),
    Column("tense", Integer, nullable=False),  # retrieval.text.tense.Tense
    Column("key", LargeBinary, nullable=False, index=True),  # of the text as indexed
    Index("passages_in_order", "document", "ordinal", unique=True),
)

# The vectors of a document's passages, in their order; "cut" says which passages these are.
document_vectors = Table(
    "document_vectors",
    metadata,
    Column("model", Text, nullable=False),
    Column("document", Text, nullable=False, index=True),
    Column("cut", LargeBinary, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("text_keys", LargeBinary, nullable=False),  # values.entry.key_of each passage
    Column("vectors", LargeBinary, nullable=False),  # little-endian float16, dimension for each passage
    Index("document_vectors_by_model", "model", "document", "cut", unique=True),
)

# Vectors of texts that no document's row holds: just made, or of passages cut otherwise before.
vectors = Table(
    "vectors",
    metadata,
    Column("model", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # little-endian float16
    Index("vectors_by_key", "model", "key", unique=True),
)

changes = Table(
    "changes",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("passage", Text, primary_key=True),
)
