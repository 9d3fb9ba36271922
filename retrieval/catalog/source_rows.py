"""What the catalogue is to keep of one source, ready as rows: made anywhere, kept where the catalogue is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.catalog.fact_writer import Rows, rows_of
from retrieval.catalog.mapping import Row, document_row, passage_row

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
    return SourceRows(
        source={
            "key": source.key,
            "digest": source.digest,
            "state": state,
            "media": source.media,
            "encoding": source.encoding,
            "metadata": source.metadata,
        },
        documents=[document_row(document, n) for n, (document, _) in enumerate(contents)],
        passages=[passage_row(passage, document) for document, cut in contents for passage in cut],
        register=reader(contents),
    )
