"""What the catalogue is to keep of one source, ready as rows: made anywhere, kept where the catalogue is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.catalog.fact_writer import Rows, rows_of
from retrieval.catalog.mapping import Row, document_row, passage_row
from retrieval.values.documents import cut_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.catalog.fact_writer import Reader
    from retrieval.values.documents import Document, Passage, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRows:
    """A source with its documents, their passages, and what the register holds of them."""

    source: Row  # all but the time of its ingest
    documents: list[Row]
    passages: list[Row]
    register: Rows


def rows_of_source(
    source: Source,
    state: str,
    contents: Sequence[tuple[Document, Sequence[Passage]]],
    *,
    reader: Reader = rows_of,
) -> SourceRows:
    """Return a source that was understood as rows; ``reader`` gives those of the register."""
    passages = [[passage_row(passage, document) for passage in cut] for document, cut in contents]
    return SourceRows(
        source={
            "key": source.key,
            "digest": source.digest,
            "state": state,
            "media": source.media,
            "encoding": source.encoding,
            "metadata": source.metadata,
        },
        documents=[
            document_row(document, n) | {"cut": cut_of(row["key"] for row in rows)}
            for n, ((document, _), rows) in enumerate(zip(contents, passages, strict=True))
        ],
        passages=[row for rows in passages for row in rows],
        register=reader(contents),
    )
