"""Blocks as they were printed: where a printed page begins, and which of them are rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.values.printed_layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.reader.printed.text_spans import SpannedBlock
    from retrieval.values.documents import Document
    from retrieval.values.printed_layout import DocumentTable


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """A row of a table; ``cited`` where its line holds the cited words."""

    cells: tuple[str, ...]
    cited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedItem:
    """Blocks that are shown together: one block, or all rows of a table with the lines that tell them."""

    blocks: tuple[SpannedBlock, ...]
    page: int | None = None  # of the printed page that begins here
    recognised: bool = False  # that page was read from a picture
    columns: tuple[str, ...] = ()
    rows: tuple[PrintedRow, ...] = ()  # of a table

    @property
    def cited(self) -> bool:
        """Whether the cited words stand here."""
        return any(row.cited for row in self.rows)


def printed_items(document: Document, blocks: Sequence[SpannedBlock]) -> tuple[PrintedItem, ...]:
    """Return the blocks of one part of a document in order, tables put together."""
    return tuple(_items(document, blocks))


def _items(document: Document, blocks: Sequence[SpannedBlock]) -> Iterator[PrintedItem]:
    layout = layout_of(document)
    last: int | None = None
    rows: list[SpannedBlock] = []
    table: DocumentTable | None = None
    for shown in blocks:
        start = shown.block.start
        found = layout.table_at(start) if document.marks else None
        page = layout.page_of(shown.block.end - 1)
        begins = page if page != last else None
        if rows and (found is not table or begins):
            yield _of_table(table, rows)
            rows = []
        table = found
        if begins is not None and found is not None:
            yield PrintedItem(blocks=(), page=begins, recognised=layout.is_recognised(start))
        last = page
        if found is not None and found.columns:
            rows.append(shown)
            continue
        yield PrintedItem(
            blocks=(shown,), page=begins if found is None else None, recognised=layout.is_recognised(start)
        )
    if rows:
        yield _of_table(table, rows)


def _of_table(table: DocumentTable | None, blocks: Sequence[SpannedBlock]) -> PrintedItem:
    assert table is not None
    first, last = blocks[0].block.start, blocks[-1].block.end
    marked = [shown.block for shown in blocks if any(piece.cited for piece in shown.pieces)]
    rows = tuple(
        PrintedRow(cells=row.cells, cited=any(one.start <= row.start < one.end for one in marked))
        for row in table.rows
        if first <= row.start < last
    )
    return PrintedItem(blocks=tuple(blocks), columns=table.columns, rows=rows)
