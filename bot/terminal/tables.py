"""Rows of a comparison in columns: what is held against what, what it says, where that stands. Seam: rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from bot.terminal.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = tuple[Text, ...]  # lead, words, markers

READABLE = 30  # cells: in a narrower column of words a list is easier to read
LEADS = 24  # cells: a longer lead is no row head but a sentence
_FAINT = "bright_black"
_GAP = " │ "


def rows(cells: Sequence[Row], width: int) -> list[Text] | None:
    """Lay rows out in three columns of ``width`` cells in all; None when a list reads better."""
    leads, _, markers = (max(text.cell_len for text in column) for column in zip(*cells, strict=True))
    words = width - leads - markers - 2 * len(_GAP)
    if words < READABLE or not 0 < leads <= LEADS:
        return None
    widths = (leads, words, max(markers, 1))
    laid: list[Text] = []
    for row in cells:
        # A second line on the same thing has no lead, and belongs to the row above.
        laid += [_rule(widths)] if laid and row[0].plain else []
        laid += _row(row, widths)
    return laid


def _rule(widths: Sequence[int]) -> Text:
    return Text("─┼─".join("─" * width for width in widths), _FAINT)


def _row(row: Row, widths: Sequence[int]) -> list[Text]:
    columns = [
        [text[start:end] for start, end in wrap(text.plain, width)]
        for text, width in zip(row, widths, strict=True)
    ]
    height = max(map(len, columns))
    return [_line([column[at] if at < len(column) else Text("") for column in columns], widths)
            for at in range(height)]  # fmt: skip


def _line(parts: Sequence[Text], widths: Sequence[int]) -> Text:
    padded = [
        Text.assemble(part, " " * (width - part.cell_len))
        for part, width in zip(parts[:-1], widths, strict=False)
    ]
    return Text(_GAP, _FAINT, end="").join([*padded, parts[-1]])
