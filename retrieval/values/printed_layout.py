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
    from collections.abc import Iterator, Mapping

    from retrieval.values.documents import Document

    Marks = tuple[tuple[str, str], ...]

PAGES = "pages"  # "offset:page …": where in the source's text each printed page begins
RECOGNISED = "ocr"  # the pages whose text was recognised from pictures: "1 3"
PICTURES = "pictures"  # "page:width:height …": the recognised pages, in pixels as they are shown
BOXES = "boxes"  # "offset:page:left:top:right:bottom …": recognised lines, in ten-thousandths of the page
TABLES = "tables"  # JSON: [[columns, [[line_key of the row's line, cell, …], …]], …]
KEPT = (PAGES, RECOGNISED, TABLES, PICTURES, BOXES)
FULL = 10_000  # of a page, in the units of a box


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBox:
    """Where a recognised line is on the picture of its page, in ten-thousandths of width and height."""

    offset: int  # of its first character in the document's text
    page: int
    left: int
    top: int
    right: int
    bottom: int


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
    boxes: tuple[LineBox, ...] = ()  # in the order of the text
    pictures: tuple[tuple[int, int, int], ...] = ()  # page, width and height in pixels

    def page_of(self, offset: int) -> int | None:
        """Return the number of the page that holds an offset; None where pages are not known."""
        at = bisect_right(self.pages, (offset, 1 << 30)) - 1
        return self.pages[max(at, 0)][1] if self.pages else None

    def is_recognised(self, offset: int) -> bool:
        """Tell whether the words there were recognised from a picture."""
        return bool(self.recognised) and (self.page_of(offset) or 1) in self.recognised

    def size_of(self, page: int) -> tuple[int, int] | None:
        """Return the width and height in pixels of a recognised page's picture; None where it has none."""
        return next(((width, height) for number, width, height in self.pictures if number == page), None)

    def boxes_of(self, start: int, end: int) -> tuple[LineBox, ...]:
        """Return the boxes of the recognised lines that hold ``text[start:end]``."""
        first = max(0, bisect_right([one.offset for one in self.boxes], start) - 1)
        return tuple(one for one in self.boxes[first:] if one.offset < end)

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
        boxes=tuple(_boxes(told.get(BOXES, ""), offset)),
        pictures=tuple((page, width, height) for page, width, height in _numbers(told.get(PICTURES, ""), 3)),
    )


def _pages(told: str, offset: int) -> tuple[tuple[int, int], ...]:
    pairs = (one.partition(":") for one in told.split())
    found = [(int(at) - offset, int(page)) for at, _, page in pairs if at.isdigit() and page.isdigit()]
    before = [one for one in found if one[0] <= 0]
    return (*((0, page) for _, page in before[-1:]), *(one for one in found if one[0] > 0))


def _boxes(told: str, offset: int) -> Iterator[LineBox]:
    for at, page, left, top, right, bottom in _numbers(told, 6):
        if at >= offset:
            yield LineBox(offset=at - offset, page=page, left=left, top=top, right=right, bottom=bottom)


def _numbers(told: str, count: int) -> Iterator[tuple[int, ...]]:
    """Yield the groups of so many numbers that a mark holds; whatever else it holds is left out."""
    for one in told.split():
        parts = one.split(":")
        if len(parts) == count and all(part.isascii() and part.isdigit() for part in parts):
            yield tuple(map(int, parts))


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
