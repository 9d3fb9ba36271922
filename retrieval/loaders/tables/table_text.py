"""A table to lines of text: each row a sentence that names its columns, with units and years beside figures.

``小麦 | 25.8 | 26.3`` below ``产量（万吨） 2023年 2024年`` reads
``小麦（万吨）：2023年小麦产量25.8万吨；2024年小麦产量26.3万吨。``
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.values.printed_layout import line_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Grid = Sequence[Sequence[str]]

_NUMBER = re.compile(r"[-+−]?\d[\d,，]*(?:\.\d+)?\s*[%％‰]?")
_YEAR = re.compile(r"(?:19|20)\d{2}年?(?:度|末|底|\d{1,2}[-—–~至]\d{1,2}月|[一二三四]季度|上半年|下半年)?")
_UNIT = re.compile(r"[（(](?P<unit>[^（）()]{1,12})[）)]|[,，/]\s*单位[:：]?\s*(?P<more>\S{1,8})$")
_CAPTION_UNIT = re.compile(r"单位\s*[:：]\s*(?P<unit>[^\s；;，,）)]{1,10})")
_CAPTION_THING = re.compile(
    r"(?:^|\s)(?:表\s{0,3}[一二三四五六七八九十\d]{0,6}[-—.\d]{0,6}\s{0,3})?(?:[分各][县市区乡镇（）()、]+)?(?P<thing>[^\s（()）]{2,20})[（(](?P<unit>[^（()）\d]{1,8})[）)]\s{0,3}$"
)
# A figure with its unit in one cell; 8月底 is a time.
_WITH_UNIT = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?\s*[万亿]?[^\d\s年月日时:：、，。]{1,4}")
_NO_UNIT = re.compile(r"\d{4}|年|月|按|其中|含|不含|可比|现价|个数$")
_UNIT_HEADS = frozenset(("单位", "计量单位", "计算单位"))
_ORDER_HEADS = frozenset(("序号", "编号", "No.", "NO", "No", "#"))
# Heads that add nothing to the name of a row.
_PLAIN_HEADS = frozenset(("数值", "数量", "绝对数", "绝对量", "绝对值", "本年", "合计", "指标值"))
_MOST_HEAD_ROWS = 4
_CHANGE = re.compile(r"增|降|比|幅|速|±")


_MOST_ROWS, _MOST_CELLS = 5000, 400_000  # rows, and characters of cells, of a file whose tables are kept


class RowText(str):
    """The line that tells a row of a table, with the cells as they were printed."""

    __slots__ = ("cells", "columns")

    cells: tuple[str, ...]
    columns: tuple[str, ...]  # the heads of its table; rows of one table share one tuple

    @classmethod
    def of(cls, line: str, cells: Sequence[str], columns: tuple[str, ...]) -> RowText:
        """Return a line with its cells."""
        made = cls(line)
        made.cells, made.columns = tuple(cells), columns
        return made


def kept_tables(lines: Iterable[str]) -> str:
    """Return the tables among some lines as ``printed_layout.TABLES`` keeps them; "" for none or too many."""
    tables: list[tuple[tuple[str, ...], list[list[object]]]] = []
    rows = size = 0
    follows = False
    for line in lines:
        if not isinstance(line, RowText):
            follows = False
            continue
        rows, size = rows + 1, size + sum(map(len, line.cells))
        if rows > _MOST_ROWS or size > _MOST_CELLS:
            return ""
        if not (follows and tables[-1][0] is line.columns):
            tables.append((line.columns, []))
        tables[-1][1].append([line_key(line), *line.cells])
        follows = True
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":")) if tables else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    name: str  # its heads from the top, without unit and year
    unit: str
    year: str  # as printed
    is_unit: bool
    is_order: bool
    groups: bool = False  # its cells hold for several rows


def lines(grid: Grid, *, caption: str = "", heads: int = 0) -> Iterator[str]:
    """Return the lines of a table whose merged cells are filled in; ``heads`` rows are known to be its head.

    ``caption`` is the text above it, which may give the unit: 单位：亿元. A table without figures and with a
    head is read in the same way; one without a head gives its rows as they are, cells parted by tabs.
    """
    rows = [[_clean(cell) for cell in row] for row in grid]
    rows = [row for row in rows if any(row)]
    count = max(heads, _head_rows(rows))
    if not rows or not count or count >= len(rows) or max(map(len, rows)) < 2:
        none: tuple[str, ...] = ()
        yield from (RowText.of("\t".join(row).strip(), row, none) for row in rows)
        return
    thing = _CAPTION_THING.search(caption)
    unit = _CAPTION_UNIT.search(caption) or thing
    columns = _columns(rows[:count], unit["unit"] if unit else "")
    if thing:  # of a table whose columns are years: what it counts is said above it alone
        columns = [replace(one, name=thing["thing"]) if one.year and not one.name else one for one in columns]
    body = [row for row in rows[count:] if row not in rows[:count]]  # the head comes again on a new page
    columns = [replace(one, groups=_groups(body, at)) for at, one in enumerate(columns)]
    heads_of = _printed_heads(rows[:count])
    yield from (RowText.of(_sentence(row, columns), row, heads_of) for row in body)


def _printed_heads(heads: Grid) -> tuple[str, ...]:
    """Return the head of each column as it is printed, its rows one after the other."""
    columns = ([row[at] for row in heads if at < len(row) and row[at]] for at in range(max(map(len, heads))))
    return tuple(" ".join(dict.fromkeys(cells)) for cells in columns)


def _groups(rows: Grid, at: int) -> bool:
    """Return whether a column's cells hold for several rows, as a merged cell before them does."""
    cells = [row[at] for row in rows if at < len(row)]
    return any(one == other and one and not _is_value(one) for one, other in pairwise(cells))


def _clean(cell: str) -> str:
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", " ".join(cell.split()))


def is_number(cell: str) -> bool:
    """Return whether a cell holds nothing but a figure."""
    return _NUMBER.fullmatch(cell) is not None


def _is_value(cell: str) -> bool:
    bare = is_number(cell) and not re.fullmatch(r"(?:19|20)\d{2}", cell)
    return bare or _WITH_UNIT.fullmatch(cell) is not None


def _head_rows(rows: Grid) -> int:
    """Count the rows above the first one that has figures, or take one where no row has."""
    for at, row in enumerate(rows[: _MOST_HEAD_ROWS + 1]):
        if any(map(_is_value, row)):
            return at
    return 1 if len(rows) > 1 and all(rows[0]) else 0


def _columns(heads: Grid, unit: str) -> list[_Column]:
    width = max(map(len, heads))
    found = []
    for at in range(width):
        cells = [row[at] for row in heads if at < len(row) and row[at]]
        own = [one for n, one in enumerate(cells) if one not in cells[:n]]
        if len(own) > 1 and own[-1] in _PLAIN_HEADS:
            own.pop()  # 营业收入 | 绝对量, beside 营业收入 | 增长（%）
        words = "".join(own)
        units = [one for one in (_unit_of(cell) for cell in own) if one]
        year = next((match[0] for cell in own if (match := _YEAR.search(cell))), "")
        name = _YEAR.sub("", _UNIT.sub("", words)) if year or units else words
        found.append(
            _Column(
                name=name.strip("：: "),
                unit=units[-1] if units else unit,
                year=year if not year or "年" in year else f"{year}年",
                is_unit=words in _UNIT_HEADS,
                is_order=words in _ORDER_HEADS,
            )
        )
    return found


def _unit_of(cell: str) -> str:
    found = _UNIT.search(cell)
    unit = (found["unit"] or found["more"]) if found else ""
    unit = re.sub(r"^单位[:：]?\s*", "", unit)
    return "" if _NO_UNIT.search(unit) else unit


def _sentence(row: Sequence[str], columns: Sequence[_Column]) -> str:
    cells = list(zip(columns, row, strict=False))
    own_unit = next((cell for column, cell in cells if column.is_unit and cell), "")
    label, rest = _label(cells)
    unit = own_unit or _unit_of(label[-1] if label else "")
    if label:
        label[-1] = _UNIT.sub("", label[-1]) or label[-1]
    parts = [one for column, cell in rest if (one := _part(column, cell, label, unit))]
    order = next((cell for column, cell in cells if column.is_order and cell), "")
    shown = " ".join((order, *label) if order else label)
    head = f"{shown}（{unit}）" if unit and shown else shown
    if not parts:
        return head
    if len(parts) == 1 and parts[0].startswith(shown) and not order:
        return f"{parts[0]}。"
    return f"{head}：{'；'.join(parts)}。" if head else f"{'；'.join(parts)}。"


def _label(cells: Sequence[tuple[_Column, str]]) -> tuple[list[str], list[tuple[_Column, str]]]:
    """Part the cells that name the row from those that describe it."""
    label: list[str] = []
    grouped = False
    for at, (column, cell) in enumerate(cells):
        if column.is_order or column.is_unit:
            continue
        told = _is_value(cell) or (label and (column.year or not (grouped or _names(cells, at))))
        if told:
            return label, [pair for pair in cells[at:] if not pair[0].is_unit]
        if cell and cell not in label:
            label.append(cell)
        grouped = column.groups
    return label[:1], [pair for pair in cells[1:] if not (pair[0].is_unit or pair[0].is_order)]


def _names(cells: Sequence[tuple[_Column, str]], at: int) -> bool:
    """Return whether a text cell still names the row: all that come after it are figures."""
    return all(_is_value(cell) or not cell or column.is_unit for column, cell in cells[at + 1 :]) and any(
        _is_value(cell) for _, cell in cells[at + 1 :]
    )


def _part(column: _Column, cell: str, label: Sequence[str], row_unit: str) -> str:
    if not cell or column.is_order:
        return ""
    if not is_number(cell):
        if label and _WITH_UNIT.fullmatch(cell):
            cell = label[-1] + cell
            if column.name in _PLAIN_HEADS:
                return cell
        return f"{column.name}：{cell}" if column.name else cell
    value = cell.replace("，", ",")
    change = _CHANGE.search(column.name)
    unit = column.unit if change or not row_unit else row_unit
    if value.endswith(("%", "％", "‰")) or unit in ("%", "％", "‰", "百分点"):
        unit = "" if value.endswith(("%", "％", "‰")) else unit
    thing = label[-1] if label else ""
    name = "" if column.name in _PLAIN_HEADS else column.name
    joined = thing + name if not name.startswith(thing) or not thing else name
    return f"{column.year}{joined}{value}{unit}"


def filled(spans: Sequence[Sequence[tuple[str, int, int]]]) -> list[list[str]]:
    """Spread cells over the rows and columns that they take: (text, rows, columns) each, row by row."""
    grid: list[list[str | None]] = []
    for at, row in enumerate(spans):
        while len(grid) <= at:
            grid.append([])
        column = 0
        for text, down, across in row:
            while column < len(grid[at]) and grid[at][column] is not None:
                column += 1
            _spread(grid, text, (at, column), (down, across))
            column += across
    return [["" if cell is None else cell for cell in row] for row in grid[: len(spans)]]


_MOST_SPAN = 200  # rows or columns that one cell may take


def _spread(grid: list[list[str | None]], text: str, at: tuple[int, int], size: tuple[int, int]) -> None:
    for down in range(min(max(1, size[0]), _MOST_SPAN)):
        while len(grid) <= at[0] + down:
            grid.append([])
        row = grid[at[0] + down]
        end = at[1] + min(max(1, size[1]), _MOST_SPAN)
        row.extend([None] * (end - len(row)))
        row[at[1] : end] = [text] * (end - at[1])


def is_data(grid: Grid) -> bool:
    """Return whether a grid is a table of data and not a page's layout: rows and columns of short cells."""
    rows = [row for row in grid if any(row)]
    if len(rows) < 2 or max(map(len, rows), default=0) < 2:
        return False
    even = sum(len(a) == len(b) for a, b in pairwise(rows)) >= 0.8 * (len(rows) - 1)
    cells = [cell for row in rows for cell in row if cell]
    short = sum(len(cell) <= 40 for cell in cells) >= 0.8 * len(cells)
    return even and short
