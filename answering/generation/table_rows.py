"""A table that a model writes row by row: its columns' names, and the cells of each row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from answering.generation.citation_markers import split

_RULE = re.compile(r"[|\s:\-–—=*_`]*")
_BOLD = re.compile(r"\*\*|__|`")
_EMPTY = re.compile(r"[\s—–\-/.…无]*")


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """What one cell says: ``column`` is the name of its column, empty where it has none."""

    column: str
    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """One row: what it is of, and what its cells say."""

    head: str
    cells: tuple[WrittenCell, ...]


@dataclass
class TableReader:
    """Hears the lines of a text; the first row of a table that cites nothing names its columns."""

    columns: list[str] = field(default_factory=list)

    def is_head(self, unit: str) -> bool:
        """Take up the head of a table, or the rule under it; tell whether the line is one."""
        line = unit.strip()
        if not line.startswith("|"):
            if line:
                self.columns = []
            return False
        if _RULE.fullmatch(line):
            return True
        if not self.columns and not split(line)[1] and not re.search(r"\d", line):
            self.columns = _cells(line)
            return True
        return False

    def row(self, unit: str) -> WrittenRow | None:
        """Return a row of a table taken apart; None for a line that is none."""
        if not unit.strip().startswith("|"):
            return None
        cells = [split(cell) for cell in _cells(unit)]
        if len(cells) < 2:
            return None
        names = self.columns if len(self.columns) == len(cells) else [""] * len(cells)
        told = [
            WrittenCell(column=name, text=text, numbers=numbers)
            for name, (text, numbers) in zip(names[1:], cells[1:], strict=True)
            if not _EMPTY.fullmatch(text)
        ]
        marks = tuple(n for text, numbers in cells if _EMPTY.fullmatch(text) for n in numbers)
        shared = marks or cells[0][1]
        return WrittenRow(
            cells[0][0], tuple(WrittenCell(c.column, c.text, c.numbers or shared) for c in told)
        )


def _cells(line: str) -> list[str]:
    return [_BOLD.sub("", cell).strip() for cell in line.strip().strip("|").split("|")]
