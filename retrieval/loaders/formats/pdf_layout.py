"""Pieces of text on a PDF page to lines in reading order: columns one after the other, tables row by row.

Positions are in points, from the lower left corner of the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from retrieval.loaders.formats.extracted import Box, ExtractedLine
from retrieval.loaders.tables import table_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?\d{1,4}\s*+页?(?:\s*+[/／,，共]\s*+共?\s*+\d{1,4}\s*+页?)?[-—–·\s]*+$"
)
_NOTE = re.compile(r"\s*(?:[①-⑳]|\[\d{1,2}\]|〔\d{1,2}〕|[*＊])")
_EDGE = 3  # lines at the top and at the bottom of a page that may be its head and foot
_LEFT_OPEN = 0.3  # text heights between runs that are joined and may yet be two cells
_GAP = 1.2  # text heights between two cells of a line
_WIDER = 0.25  # text heights by which Latin letters and digits may be wider than half a height
_SMALL = 0.88  # of the body's text height: a footnote
_LONG = 8  # characters that a cell of a column of running text has on the average
_OPENS = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,4}[）)]|\d{1,3}[.．、](?!\d)"
    r"|第[一二三四五六七八九十百零\d]{1,6}[编章节条])"
)
_FEWEST_PAIRS = 4  # lines of two cells that make two columns
_PAUSES = re.compile("[，。；、]")
_WIDE = 0.55  # of a column's width
_OTHER_SIZE = 1.18  # of letters that are no longer those of the line below
_STOPS = "。！？!?：:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFragment:
    """A run of text; ``x`` is its left edge, ``y`` its baseline, ``size`` the height of its letters.

    ``parts`` are the runs that it was joined from, where a gap was left between them.
    """

    x: float
    y: float
    size: float
    text: str
    parts: tuple[PdfFragment, ...] = ()
    box: Box | None = None  # of recognised text, on the picture of its page

    @property
    def right(self) -> float:
        """Where it ends, by the usual widths of its characters."""
        return self.x + self.size * sum(
            1 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in self.text
        )


Row = tuple[PdfFragment, ...]  # the cells of one printed line, from left to right


def rows_of(pieces: Sequence[PdfFragment]) -> list[Row]:
    """Group pieces into printed lines, and join those with no gap between them."""
    ordered = sorted(_strung(pieces), key=lambda one: (-one.y, one.x))
    lines: list[list[PdfFragment]] = []
    for piece in ordered:
        if lines and abs(lines[-1][0].y - piece.y) <= 0.4 * max(piece.size, 1):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [tuple(_cells(sorted(line, key=lambda one: one.x))) for line in lines]


def _strung(pieces: Sequence[PdfFragment]) -> Iterator[PdfFragment]:
    """Join pieces that follow each other in the file and are said to begin at the same point."""
    last: PdfFragment | None = None
    for piece in pieces:
        if last is not None and abs(piece.x - last.x) < 0.1 and abs(piece.y - last.y) < 0.1:
            last = replace(last, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _cells(line: Sequence[PdfFragment]) -> Iterator[PdfFragment]:
    last = line[0]
    for piece in line[1:]:
        narrow = sum(char.isascii() for char in last.text) * last.size
        if piece.x - last.right - _WIDER * narrow <= _GAP * max(piece.size, last.size):
            gap = piece.x - last.right - _WIDER * narrow > _LEFT_OPEN * max(piece.size, last.size)
            parts = last.parts or (replace(last, parts=()),)
            parts = (*parts, piece) if gap else (*parts[:-1], _and(parts[-1], piece))
            last = replace(_and(last, piece), parts=parts)
        else:
            yield last
            last = piece
    yield last


def _and(last: PdfFragment, piece: PdfFragment) -> PdfFragment:
    box = last.box.around(piece.box) if last.box else piece.box
    return replace(last, text=last.text + piece.text, size=max(last.size, piece.size), box=box)


def without_edges(pages: Sequence[Sequence[Row]]) -> list[list[Row]]:
    """Drop page numbers, and the heads and feet that come back on two pages or more."""
    edges = Counter(key for page in pages for key in {_key(row) for row in (*page[:_EDGE], *page[-_EDGE:])})
    often = max(2, round(len(pages) * 0.3))
    kept = []
    for page in pages:
        goes = [edges[_key(row)] >= often or _is_number(row) for row in page]
        top = next((at for at, gone in enumerate(goes[:_EDGE]) if not gone), min(_EDGE, len(page)))
        foot = next((at for at, gone in enumerate(goes[::-1][:_EDGE]) if not gone), min(_EDGE, len(page)))
        kept.append(list(page[top : max(top, len(page) - foot)]))
    return kept


def _words(row: Row) -> str:
    return "".join(cell.text for cell in row).strip()


def _key(row: Row) -> str:
    return f"{round(row[0].y / 4)} {_DIGITS.sub('#', ''.join(_words(row).split()))}"


def _is_number(row: Row) -> bool:
    return _PAGE_NUMBER.match(_words(row)) is not None


def parted(pages: Sequence[Sequence[Row]]) -> tuple[list[list[Row]], list[ExtractedLine]]:
    """Part the footnotes, at the bottom and in smaller letters, from the pages' own text."""
    sizes = Counter(round(cell.size, 1) for page in pages for row in page for cell in row for _ in cell.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    kept: list[list[Row]] = []
    notes: list[ExtractedLine] = []
    for number, page in enumerate(pages, 1):
        first = next((at for at, row in enumerate(page) if _begins_notes(page, at, row, body)), len(page))
        kept.append(list(page[:first]))
        for row in page[first:]:
            if notes and not _NOTE.match(_words(row)):
                notes[-1] = replace(notes[-1], text=notes[-1].text + _words(row))
            else:
                box = _row_box(row)
                boxes = ((0, box),) if box else ()
                notes.append(ExtractedLine(_words(row), pages=((0, number),), boxes=boxes))
    return kept, notes


def _begins_notes(page: Sequence[Row], at: int, row: Row, body: float) -> bool:
    small = all(cell.size < body * _SMALL for below in page[at:] for cell in below)
    return small and _NOTE.match(_words(row)) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of running text within its column."""

    text: str
    indented: bool
    full: bool  # it reaches the right edge of its column
    wide: bool = False  # it reaches more than half as far
    size: float = 0.0  # of its letters
    box: Box | None = None


def lines_of(pages: Sequence[Sequence[Row]]) -> list[ExtractedLine]:
    """Return the paragraphs and table rows of a document, joined over lines, columns and pages."""
    made: list[ExtractedLine] = []
    last: _Line | None = None
    for number, page in enumerate(pages, 1):
        mark: tuple[tuple[int, int], ...] = ((0, number),)  # goes with the first words of the page
        for block in _blocks(page):
            if isinstance(block, _Line):
                text = block.text.strip()
                if last is not None and _goes_on(last, block):
                    made[-1] = _with(made[-1], text, mark, block.box)
                else:
                    boxes = ((0, block.box),) if block.box else ()
                    made.append(ExtractedLine(text, pages=mark, boxes=boxes))
                last = block
            else:
                rows = list(table_text.lines(_aligned(block), caption=made[-1].text if made else ""))
                boxes_of = _row_boxes(block, len(rows))
                made += [
                    ExtractedLine(row, pages=() if at else mark, boxes=boxes)
                    for at, (row, boxes) in enumerate(zip(rows, boxes_of, strict=True))
                ]
                last = None
            mark = ()
    return made


def _with(
    line: ExtractedLine, text: str, mark: tuple[tuple[int, int], ...], box: Box | None
) -> ExtractedLine:
    """Return a line with what goes on from it, and the page that begins with that."""
    joined = _glued(line.text, text)
    at = len(joined) - len(text)
    pages = (*line.pages, *((at, page) for _, page in mark))
    return replace(line, text=joined, pages=pages, boxes=(*line.boxes, *([(at, box)] if box else [])))


def _row_box(row: Row) -> Box | None:
    boxes = [cell.box for cell in row if cell.box]
    return reduce(Box.around, boxes) if boxes else None


def _row_boxes(table: Sequence[Row], lines: int) -> Iterator[tuple[tuple[int, Box], ...]]:
    """Yield the box of each line that tells a row; the rows of the head, which come first, have no line."""
    boxes = [_row_box(row) for row in table]
    for at in range(lines):
        box = boxes[len(table) - lines + at] if lines <= len(table) else None
        yield ((0, box),) if box else ()


def _blocks(page: Sequence[Row]) -> Iterator[_Line | list[Row]]:
    """Return the lines and tables of a page in the order in which they are read."""
    begin, end, edge = _columns(page)
    yield from _stretch(page[:begin])
    if begin < end:
        cells = [cell for row in page[begin:end] for cell in row]
        yield from _stretch([(cell,) for cell in cells if cell.x < edge])
        yield from _stretch([(cell,) for cell in cells if cell.x >= edge])
    yield from _stretch(page[end:])


def _columns(page: Sequence[Row]) -> tuple[int, int, float]:
    """Find where a page is set in two columns: its first and last line, and the second one's left edge."""
    pairs = [at for at, row in enumerate(page) if len(row) == 2 and _is_running(row)]
    if len(pairs) < _FEWEST_PAIRS:
        return len(page), len(page), 0.0
    lefts = sorted(page[at][1].x for at in pairs)
    edge = lefts[len(lefts) // 2]
    alike = [at for at in pairs if abs(page[at][1].x - edge) < page[at][1].size * 3]
    if len(alike) < 0.8 * len(pairs):
        return len(page), len(page), 0.0
    first, last = alike[0], alike[-1] + 1
    while last < len(page) and len(page[last]) == 1 and page[last][0].right < edge:
        last += 1
    return first, last, edge - page[first][1].size


def _is_running(row: Row) -> bool:
    return sum(len(cell.text.strip()) for cell in row) >= _LONG * len(row)


def _stretch(rows: Sequence[Row]) -> Iterator[_Line | list[Row]]:
    single = [row[0] for row in rows if len(row) == 1]
    left = _left_edge(single)
    right = max((one.right for one in single if one.x < left + one.size), default=0.0)
    table: list[Row] = []
    for row in rows:
        if len(row) > 1:
            table.append(row)
            continue
        yield from _kept(table)
        table = []
        yield _line(row[0], left, right)
    yield from _kept(table)


def _left_edge(pieces: Sequence[PdfFragment]) -> float:
    """Return where most lines begin; edges that a scan has moved a little are taken as one."""
    bins = Counter(round(one.x / (one.size * 0.5)) for one in pieces)
    if not bins:
        return 0.0
    often = max(bins.values())
    usual = min(place for place, count in bins.items() if count >= often * 0.8)
    return min(one.x for one in pieces if round(one.x / (one.size * 0.5)) == usual)


def _kept(table: list[Row]) -> Iterator[_Line | list[Row]]:
    if len(table) > 1:
        yield table
    elif table:
        words = "　".join(cell.text.strip() for cell in table[0])
        yield _Line(text=words, indented=True, full=False, box=_row_box(table[0]))


def _line(piece: PdfFragment, left: float, right: float) -> _Line:
    indented = piece.text[:1].isspace() or piece.x > left + piece.size * 0.8
    at_left = piece.x <= left + piece.size * 3
    full = at_left and piece.right >= right - piece.size * 2.2
    wide = at_left and piece.right - left >= (right - left) * _WIDE
    return _Line(text=piece.text, indented=indented, full=full, wide=wide, size=piece.size, box=piece.box)


def _goes_on(last: _Line, line: _Line) -> bool:
    text, before = line.text.strip(), last.text.rstrip()
    if min(last.size, line.size) * _OTHER_SIZE < max(last.size, line.size) and last.size > line.size:
        return False  # a title above its text
    if line.indented or not text or not (last.indented or _PAUSES.search(before)):
        return False  # a new paragraph, or below a line of the head
    stopped = before[-1:] in _STOPS
    if _OPENS.match(text) and (stopped or not last.full):
        return False
    return last.full or (last.wide and not stopped)


def _aligned(table: Sequence[Row]) -> list[list[str]]:
    """Put the cells of each row below those of the row that has most."""
    widest = max(table, key=len)
    table = [_apart(row, widest) if len(row) < len(widest) else row for row in table]
    grid = []
    for row in table:
        cells = [""] * len(widest)
        for cell in row:
            at = _column(cell, widest)
            cells[at] = (cells[at] + " " + cell.text.strip()).strip()
        grid.append(cells)
    return grid


def _apart(row: Row, widest: Row) -> Row:
    """Part the cells of a row that stand close together and are more than one column."""
    cells: list[PdfFragment] = []
    for cell in row:
        columns = {_column(part, widest) for part in cell.parts}
        cells += cell.parts if len(columns) == len(cell.parts) > 1 else (cell,)
    return tuple(cells)


def _column(cell: PdfFragment, widest: Row) -> int:
    centres = [(one.x + one.right) / 2 for one in widest]
    return min(range(len(widest)), key=lambda n: _distance(cell, widest[n], centres[n]))


def _distance(cell: PdfFragment, head: PdfFragment, centre: float) -> float:
    return min(abs(cell.x - head.x), abs(cell.right - head.right), abs((cell.x + cell.right) / 2 - centre))


def _glued(before: str, text: str) -> str:
    latin = before[-1:].isascii() and text[:1].isascii() and before[-1:].isalpha() and text[:1].isalpha()
    return before + (" " if latin else "") + text
