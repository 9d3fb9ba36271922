"""How a document was laid out: its pages, those read by character recognition, its tables.

Readers of files note it in ``Source.metadata`` under the keys below; ``Document.marks`` carries it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.values.documents import Document

    Marks = tuple[tuple[str, str], ...]

PAGES = "pages"  # "offset:page …": where in the source's text each printed page begins
RECOGNISED = "ocr"  # the pages whose text was recognised from pictures: "1 3"
TABLES = "tables"  # JSON: [[columns, [[line_key of the row's line, cell, …], …]], …]
KEPT = (PAGES, RECOGNISED, TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table: ``text[start:end]`` of the document is the line that tells it."""

    start: int
    end: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTable:
    """A table as it was printed; ``columns`` is empty where it has no head."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def near(self, offset: int, *, most: int) -> tuple[TableRow, ...]:
        """Return at most so many rows, with the one that holds an offset among them."""
        at = next((n for n, row in enumerate(self.rows) if row.start <= offset < row.end), 0)
        first = max(0, min(at - most // 2, len(self.rows) - most))
        return self.rows[first : first + most]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLayout:
    """The pages and tables of one document, by offsets in its text."""

    pages: tuple[tuple[int, int], ...] = ()  # where a page begins, and its number from 1
    recognised: frozenset[int] = field(default_factory=frozenset)
    tables: tuple[DocumentTable, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """Return the number of the page that holds an offset; None where pages are not known."""
        at = bisect_right(self.pages, (offset, 1 << 30)) - 1
        return self.pages[max(at, 0)][1] if self.pages else None

    def is_recognised(self, offset: int) -> bool:
        """Tell whether the words there were recognised from a picture."""
        return bool(self.recognised) and (self.page_of(offset) or 1) in self.recognised

    def table_at(self, offset: int) -> DocumentTable | None:
        """Return the table one of whose rows holds an offset."""
        return next(
            (one for one in self.tables if any(row.start <= offset < row.end for row in one.rows)), None
        )


def line_key(line: str) -> int:
    """Return the number that stands for the line of a table's row."""
    return crc32(line.strip().encode("utf-8", "surrogatepass"))


def marks_of(metadata: Mapping[str, str]) -> Marks:
    """Return what a source's metadata says of its layout."""
    return tuple((key, metadata[key]) for key in KEPT if metadata.get(key))


def layout_of(document: Document) -> PrintedLayout:
    """Return the layout of a document, given whole."""
    return _layout(document.marks, document.text, document.offset)


@lru_cache(maxsize=64)
def _layout(marks: Marks, text: str, offset: int) -> PrintedLayout:
    told = dict(marks)
    recognised = frozenset(int(one) for one in told.get(RECOGNISED, "").split() if one.isdigit())
    return PrintedLayout(
        pages=_pages(told.get(PAGES, ""), offset),
        recognised=recognised,
        tables=_tables(told.get(TABLES, ""), text),
    )


def _pages(told: str, offset: int) -> tuple[tuple[int, int], ...]:
    pairs = (one.partition(":") for one in told.split())
    found = [(int(at) - offset, int(page)) for at, _, page in pairs if at.isdigit() and page.isdigit()]
    before = [one for one in found if one[0] <= 0]
    return (*((0, page) for _, page in before[-1:]), *(one for one in found if one[0] > 0))


def _tables(told: str, text: str) -> tuple[DocumentTable, ...]:
    if not told:
        return ()
    kept = json.loads(told)
    places: dict[int, list[tuple[int, int]]] = {}
    at = 0
    for line in text.split("\n"):
        start = at + len(line) - len(line.lstrip())
        if line.strip():
            places.setdefault(line_key(line), []).append((start, start + len(line.strip())))
        at += len(line) + 1
    found = []
    for columns, rows in kept:
        placed = [
            TableRow(start=where[0][0], end=where.pop(0)[1], cells=tuple(cells))
            for key, *cells in rows
            if (where := places.get(key))
        ]
        if placed:
            found.append(DocumentTable(columns=tuple(columns), rows=tuple(placed)))
    return tuple(found)
