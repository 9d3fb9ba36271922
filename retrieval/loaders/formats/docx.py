"""Word documents to lines in reading order: paragraphs, headings, automatic numbers, tables."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from retrieval.loaders.formats.docx_numbering import Numbering
from retrieval.loaders.formats.extracted import ExtractedLine, ExtractedText, assemble
from retrieval.loaders.tables import table_text
from retrieval.values.errors import BrokenFile, TooLargeFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNPACKED_LIMIT = 128 * 1024 * 1024  # bytes of XML
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT, _BOX = qn("w:t"), qn("w:txbxContent")
_MARKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_SKIPPED = frozenset(
    (qn("w:del"), qn("w:moveFrom"), qn("w:rt"), qn("w:pPr"), qn("w:rPr"), qn("w:sectPr"), _BOX)
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"(?:title|标题|文档标题)$", re.IGNORECASE)
_FAILURES = (
    zipfile.BadZipFile, zlib.error, OpcError, SyntaxError, KeyError, ValueError, OSError, EOFError,
    NotImplementedError, RuntimeError, AttributeError, TypeError, IndexError,
)  # fmt: skip


def read_docx(data: bytes, name: str) -> ExtractedText:
    """Read a Word document; raise BrokenFile when its package or its XML is damaged."""
    try:
        _check_size(data, name)
        document = docx.Document(io.BytesIO(data))
        levels = _heading_levels(document)
        numbering = Numbering(document)
        body = _lines(document.element.body, levels, numbering)
        return assemble((*body, *_notes(document, levels, numbering)))
    except _FAILURES as error:
        raise BrokenFile(
            f"“{name}”是 Word 文档，但不完整或已损坏，打不开。请用 Word 或 WPS 打开并重新保存后再读入。"
        ) from error


def _check_size(data: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(entry.file_size for entry in packed.infolist() if entry.filename.endswith(".xml"))
    if size > _UNPACKED_LIMIT:
        raise TooLargeFile(f"“{name}”解压后的文字部分有 {size >> 20} MB，太大了。请拆成几个文件再读入。")


def _heading_levels(document: Any) -> dict[str, int]:
    """Map the id of each heading style to its level: 1 for a title, 2 for 标题 1, and so on."""
    levels: dict[str, int] = {}
    for style in document.styles:
        style_name = str(style.name or "")
        numbered = _HEADING_STYLE.match(style_name)
        if numbered:
            levels[style.style_id] = int(numbered[1]) + 1
        elif _TITLE_STYLE.match(style_name):
            levels[style.style_id] = 1
    return levels


def _lines(block: Any, levels: dict[str, int], numbering: Numbering) -> Iterator[ExtractedLine]:
    """Walk the blocks of a body, a cell or a text box in their order."""
    for child in block:
        if child.tag == _PARAGRAPH:
            yield from _paragraph(child, levels, numbering)
        elif child.tag == _TABLE:
            yield from _table(child, levels, numbering)
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _lines(child, levels, numbering)


def _paragraph(element: Any, levels: dict[str, int], numbering: Numbering) -> Iterator[ExtractedLine]:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    style_id = "" if style is None else str(style.get(qn("w:val")))
    text = "".join(_words(element))
    if text.strip():
        number = numbering.next(element, style_id)
        level = levels.get(style_id, 0)
        for at, line in enumerate(text.split("\n")):
            yield ExtractedLine(number + line if at == 0 else line, level)
    for box in element.iter(_BOX):
        if _is_shown_in(box, element):
            yield from _lines(box, levels, numbering)


def _notes(document: Any, levels: dict[str, int], numbering: Numbering) -> Iterator[ExtractedLine]:
    """Yield the footnotes and endnotes in their order, each behind its mark as the text shows it."""
    for kind in ("footnote", "endnote"):
        order = [node.get(qn("w:id")) for node in document.element.body.iter(qn(f"w:{kind}Reference"))]
        shown = {name: at for at, name in enumerate(dict.fromkeys(order), 1)}
        parts = [one for one in document.part.rels.values() if one.reltype.endswith(f"/{kind}s")]
        roots = [parse_xml(one.target_part.blob) for one in parts if not one.is_external]
        notes = [note for root in roots for note in root if note.get(qn("w:id")) in shown]
        for note in sorted(notes, key=lambda node: shown[node.get(qn("w:id"))]):
            text = " ".join(line.text.strip() for line in _lines(note, levels, numbering)).strip()
            if text:
                yield ExtractedLine(f"〔{shown[note.get(qn('w:id'))]}〕{text}")


def _is_shown_in(box: Any, paragraph: Any) -> bool:
    """Return whether a text box is a paragraph's own: one inside another comes with that one's paragraphs."""
    around = list(takewhile(lambda parent: parent is not paragraph, box.iterancestors()))
    return not any(parent.tag in _SKIPPED for parent in around)


def _words(element: Any) -> Iterator[str]:
    """Return the visible text below an element, deleted and doubled parts left out."""
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _words(child)


def _table(element: Any, levels: dict[str, int], numbering: Numbering) -> Iterator[ExtractedLine]:
    """Yield a line for each row, columns named; a table that is a page's layout gives its cells' lines."""
    spans, marked = [], 0
    for row in element.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is not element:
            continue  # of a table inside a cell: its text comes with the cell
        cells = [cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
        spans.append([_cell(cell, levels, numbering) for cell in cells])
        marked += row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None and marked == len(spans) - 1
    grid = table_text.filled([[(text, 1, across) for text, across, _ in row] for row in spans])
    starts = [[merged for _, across, merged in row for _ in range(across)] for row in spans]
    for at in range(1, len(grid)):
        for column, goes_on in enumerate(starts[at]):
            if goes_on and column < len(grid[at - 1]):
                grid[at][column] = grid[at - 1][column]
    yield from map(ExtractedLine, table_text.lines(grid, heads=marked))


def _cell(cell: Any, levels: dict[str, int], numbering: Numbering) -> tuple[str, int, bool]:
    """Return a cell's text, how many columns it takes, and whether it goes on with the cell above."""
    text = " ".join(line.text.strip() for line in _lines(cell, levels, numbering)).strip()
    across = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    down = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    wide = str(across.get(qn("w:val"))) if across is not None else "1"
    goes_on = down is not None and down.get(qn("w:val")) in (None, "continue")
    return text, int(wide) if wide.isdigit() and len(wide) < 4 else 1, goes_on
