"""Where cited words are in print: the page, whether they were recognised from a picture, the rows around them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.values.answer import CitedTable
from retrieval.values.printed_layout import layout_of

if TYPE_CHECKING:
    from answering.evidence.lines import SearchableLibrary
    from answering.values.answer import Answer, Citation
    from retrieval.values.documents import Document
    from retrieval.values.printed_layout import DocumentTable

RECOGNISED_NOTE = "words_recognised"  # a key of the bot's messages
_ROWS = 5  # of a table that are shown around the cited one


def with_printed_places(answer: Answer, library: SearchableLibrary) -> Answer:
    """Return an answer whose citations tell their page, their table, and whether a machine recognised them."""
    cited = tuple(printed(one, library.document(one.document)) for one in answer.citations)
    if cited == answer.citations:
        return answer
    notes = (*answer.notes, RECOGNISED_NOTE) if any(one.recognised for one in cited) else answer.notes
    return replace(answer, citations=cited, notes=tuple(dict.fromkeys(notes)))


def printed(citation: Citation, document: Document | None) -> Citation:
    """Return a citation with its page and table, and whether a machine recognised its words."""
    if document is None or not document.marks:
        return citation
    layout = layout_of(document)
    table = layout.table_at(citation.start)
    return replace(
        citation,
        page=layout.page_of(citation.start),
        recognised=layout.is_recognised(citation.start),
        table=_around(table, citation.start) if table else None,
    )


def _around(table: DocumentTable, offset: int) -> CitedTable:
    rows = table.near(offset, most=_ROWS)
    at = next(n for n, row in enumerate(rows) if row.start <= offset < row.end)
    return CitedTable(columns=table.columns, rows=tuple(row.cells for row in rows), row=at)
