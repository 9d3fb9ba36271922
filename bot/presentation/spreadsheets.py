"""Rows as a sheet: CSV that spreadsheets open without asking, and XLSX. Seam: xlsxwriter."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from bot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Cell = str | int | float | None

_WIDEST, _NARROWEST = 60, 8  # characters of a column
_LONGEST_LINK = 2_000  # characters; Excel takes 2,079
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows as CSV; a text that a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[_tame(cell) for cell in row] for row in rows])
    return out.getvalue()


def write_csv(path: Path, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write rows as CSV, with the mark that tells spreadsheets it is UTF-8. Raises InputError."""
    try:
        path.write_text("\ufeff" + csv_text(heads, rows), encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"写不了“{path}”（{error.strerror}）。请换一个位置。") from error


def write_xlsx(
    path: Path, heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, links: frozenset[int] = frozenset()
) -> None:
    """Write rows as a workbook of one sheet; the columns of ``links`` hold addresses. Raises InputError."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
        longest = max((len(str(row[column] or "")) for row in rows), default=0)
        width = 24 if column in links else min(_WIDEST, max(_NARROWEST, 2 * min(longest, 30)))
        sheet.set_column(column, column, width)
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if column in links and cell and len(str(cell)) <= _LONGEST_LINK:
                sheet.write_url(at, column, str(cell))
            elif cell is not None:
                sheet.write(at, column, cell, wrap)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    try:
        book.close()
    except (OSError, XlsxWriterException) as error:
        why = getattr(error, "strerror", None) or getattr(error.args[0], "strerror", None) or error
        raise InputError(f"写不了“{path}”（{why}）。请换一个位置。") from error


def _tame(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
