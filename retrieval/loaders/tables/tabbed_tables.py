"""Tables in plain text whose cells are parted by tabs, as they are pasted from pages and workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.loaders.tables import table_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FEWEST_ROWS = 3  # of a table, its head among them: two lines with a tab may be set so for looks
_LONGEST_CELL = 60  # characters


def with_tabbed_tables(lines: Sequence[str]) -> Iterator[str]:
    """Return lines in which each tabbed table with figures is told row by row, its columns named."""
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        grid = [line.split("\t") for line in lines[at:end]]
        if len(grid) >= _FEWEST_ROWS and _has_figures(grid):
            caption = next((line for line in reversed(lines[max(0, at - 3) : at]) if line.strip()), "")
            yield from table_text.lines(grid, caption=caption.strip())
        else:
            yield from lines[at:end]
        at = end


def _end(lines: Sequence[str], at: int) -> int:
    """Return behind which line a table that begins there ends: all of them have as many cells."""
    count = lines[at].strip().count("\t")
    end = at + 1
    while count and end < len(lines) and lines[end].count("\t") == lines[at].count("\t"):
        end += 1
    return end


def _has_figures(grid: Sequence[Sequence[str]]) -> bool:
    short = all(len(cell.strip()) <= _LONGEST_CELL for row in grid for cell in row)
    figures = sum(any(map(table_text.is_number, map(str.strip, row))) for row in grid[1:])
    head = not any(
        table_text.is_number(cell.strip()) and len(cell.strip()) != 4 for cell in grid[0]
    )  # years may head
    return short and head and figures * 2 >= len(grid) - 1
