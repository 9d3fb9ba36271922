"""The tables of the register: figures, measures, and the names that figures are found by."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from retrieval.catalog.tables import metadata

metrics = Table(
    "metrics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

metric_grams = Table(
    "metric_grams",
    metadata,
    Column("gram", Text, primary_key=True),
    Column("metric", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

# Words are slices of the document's text, as those of passages are: only their places are kept.
figures = Table(
    "figures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("passage", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("clause_start", Integer, nullable=False),
    Column("clause_end", Integer, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("place", Text),
    Column("metric", Integer, ForeignKey("metrics.id"), nullable=False, index=True),
    Column("value", Float, nullable=False),
    Column("high", Float),
    Column("unit", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("bound", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("start_value", Float),
    Column("stock", Boolean, nullable=False),
    Column("part", Boolean, nullable=False),
    Column("scope", Text, nullable=False),
    Column("rank", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("period", Text),
    Column("year", Integer),
    Column("field", Text, nullable=False),
    Index("figures_by_place", "place", "field"),
)

measures = Table(
    "measures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("passage", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("place", Text),
    Column("field", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("period", Text),
    Column("year", Integer),
    Column("figures", JSON, nullable=False),
    Index("measures_by_place", "place", "field"),
)
