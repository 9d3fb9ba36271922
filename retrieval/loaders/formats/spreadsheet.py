"""Spreadsheets to lines, a sentence a row: XLSX, XLS and ODS by calamine, CSV by the standard library."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date, datetime
from math import ceil
from typing import TYPE_CHECKING

import python_calamine

from retrieval.loaders.decoding import decode
from retrieval.loaders.formats.extracted import ExtractedLine, ExtractedText, assemble
from retrieval.loaders.tables import table_text
from retrieval.values.errors import BrokenFile, TooLargeFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_CELLS = 1_000_000
_MOST_TITLE_ROWS = 5
_FEWEST_IN_ROW = 2  # filled cells that make a row one of the table …
_SHARE_OF_ROW = 0.6  # … and their share of those of most rows
_RATE = re.compile(r"(?:率|比重|占比|比例|覆盖面)(?:[（(].*)?$")


def read_workbook(data: bytes, name: str) -> ExtractedText:
    """Read all sheets that are shown. Raises BrokenFile or TooLargeFile."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [
            one.name
            for one in book.sheets_metadata
            if one.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        sheets = [(title, book.get_sheet_by_name(title).to_python(nrows=_MOST_CELLS)) for title in shown]
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise BrokenFile(
            f"“{name}”是电子表格，但不完整、加了密码或已损坏，打不开。请重新保存后再读入。"
        ) from error
    if sum(len(row) for _, rows in sheets for row in rows) > _MOST_CELLS:
        raise TooLargeFile(
            f"“{name}”的单元格超过 {_MOST_CELLS // 10_000} 万个，太大了。请拆成几个文件再读入。"
        )
    filled = [(title, [_row(row) for row in rows]) for title, rows in sheets]
    many = sum(any(map(any, rows)) for _, rows in filled) > 1
    return assemble(
        line
        for number, (title, rows) in enumerate(filled)
        for line in _sheet(title if many else "", rows, first=number == 0)
    )


def read_csv(data: bytes, name: str) -> ExtractedText:
    """Read comma, semicolon or tab separated values of any usual encoding."""
    text, encoding = decode(data, name)
    try:
        kind: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        kind = csv.excel
    try:
        rows = [row for row, _ in zip(csv.reader(io.StringIO(text), kind), range(_MOST_CELLS), strict=False)]
    except csv.Error as error:
        raise BrokenFile(
            f"“{name}”不是正常的 CSV 表格（{error}）。请另存为 UTF-8 的 .csv 再读入。"
        ) from error
    read = assemble(_sheet("", rows, first=True))
    return ExtractedText(text=read.text, encoding=encoding, metadata=read.metadata)


def _row(row: Sequence[object]) -> list[str]:
    """Return the cells as they are shown: a rate that is kept as a fraction is a percentage."""
    rate = any(isinstance(cell, str) and _RATE.search(cell.strip()) for cell in row)
    units = any(isinstance(cell, str) and "%" in cell for cell in row)
    share = rate and not units
    return [
        f"{cell * 100:.10g}%" if share and isinstance(cell, float) and 0 < cell < 1 else _text(cell)
        for cell in row
    ]


def _text(cell: object) -> str:
    if isinstance(cell, bool) or cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, datetime | date):
        return f"{cell.year}年{cell.month}月{cell.day}日"
    return str(cell).strip()


def _sheet(title: str, rows: Sequence[Sequence[str]], *, first: bool) -> Iterator[ExtractedLine]:
    """Return the lines above the table, its rows as sentences, and the notes below it."""
    kept = [list(row) for row in rows if any(cell.strip() for cell in row)]
    counts = [_count(row) for row in kept]
    usual = Counter(counts).most_common(1)[0][0] if counts else 0
    fewest = max(_FEWEST_IN_ROW, ceil(usual * _SHARE_OF_ROW))
    begin = next((at for at, count in enumerate(counts) if count >= fewest), len(kept))
    last = max((at for at, count in enumerate(counts) if count >= fewest), default=begin - 1)
    above = [" ".join(cell for cell in row if cell) for row in kept[:begin]]
    if first and above:
        yield ExtractedLine(above[0], 1)
    if title and kept:
        yield ExtractedLine(title, 2)
    yield from map(ExtractedLine, above[1:] if first else above)
    caption = " ".join(above)
    yield from map(ExtractedLine, table_text.lines(_spread(kept[begin : last + 1]), caption=caption))
    yield from (ExtractedLine(" ".join(cell for cell in row if cell)) for row in kept[last + 1 :])


def _count(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _spread(rows: list[list[str]]) -> list[list[str]]:
    """Fill the empty cells of merged heads and of labels that hold for several rows."""
    for at, row in enumerate(rows[:_MOST_TITLE_ROWS]):
        if any(map(table_text.is_number, row)) or at + 1 >= len(rows):
            break
        for column in range(1, len(row)):
            below = rows[at + 1][column] if column < len(rows[at + 1]) else ""
            if not row[column] and row[column - 1] and below and not table_text.is_number(below):
                row[column] = row[column - 1]
    for at in range(1, len(rows)):
        if rows[at] and not rows[at][0] and len(rows[at]) > 1 and rows[at][1] and rows[at - 1][0]:
            rows[at][0] = rows[at - 1][0]
    return rows
