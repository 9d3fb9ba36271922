"""Sources in a terminal: where each is, its words, and the rows of a table around them. Seam: rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line, printed, source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.values.answer import Answer, Citation, CitedTable
    from bot.messages import Messages

_WIDEST = 24  # cells of one column
_LINE = 84  # cells of a line, with its margin below the width of a terminal
_FEWEST = 2  # columns of a table that is shown as one
_GAP = "  "
_CITED = "> "  # before the cited row, also where no style can be shown


def cited_sources(answer: Answer, said: Messages) -> tuple[Block, ...]:
    """Return the sources of an answer, each with a small table where its words are in one."""
    return tuple(block for one in answer.citations for block in (*source(one, said), *_table(one.table)))


def printed_source(citation: Citation, said: Messages) -> tuple[Block, ...]:
    """Return the page and the table of a citation, for below its passage."""
    told = " · ".join(printed(citation, said))
    return (*((line(told, style=TextStyle.FAINT),) if told else ()), *_table(citation.table))


def _table(table: CitedTable | None) -> Iterator[Block]:
    if table is None or len(table.rows[table.row]) < _FEWEST:
        return
    grid = [table.columns, *table.rows] if table.columns else list(table.rows)
    widths = [
        min(_WIDEST, max(cell_len(row[at]) for row in grid if at < len(row)))
        for at in range(max(map(len, grid)))
    ]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > _LINE:
        yield from _upright(table)
        return
    cited = table.row + bool(table.columns)
    for at, row in enumerate(grid):
        head = TextStyle.STRONG if at < cited - table.row else TextStyle.FAINT
        mark = _CITED if at == cited else " " * len(_CITED)
        yield Block(
            (TextRun(mark + _row(row, widths), TextStyle.CITED if at == cited else head),), BlockKind.QUOTE
        )


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    shown = (set_cell_size(_cut(cell, width), width) for cell, width in zip(cells, widths, strict=False))
    return _GAP.join(shown).rstrip()


def _cut(cell: str, width: int) -> str:
    return cell if cell_len(cell) <= width else set_cell_size(cell, width - 1).rstrip() + "…"


def _upright(table: CitedTable) -> Iterator[Block]:
    """Show a wide table by its cited row alone, a line for each of its columns."""
    for at, cell in enumerate(table.rows[table.row]):
        name = table.columns[at] if at < len(table.columns) else ""
        if cell:
            yield line(f"{name}：{cell}" if name else cell, kind=BlockKind.QUOTE)
