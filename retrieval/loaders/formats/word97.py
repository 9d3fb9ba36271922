"""Word documents before 2007 (.doc, .wps; MS-DOC) to lines: the pieces of the text in order, tables too."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from retrieval.loaders.compound_file import CompoundFileError, streams
from retrieval.loaders.formats.extracted import ExtractedLine, ExtractedText, assemble
from retrieval.loaders.tables import table_text
from retrieval.values.errors import BrokenFile, EncryptedFile, UnsupportedFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD97 = 0x00C1  # of the format's number; Word 6 and 95 have a lower one
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_LENGTHS, _PIECES = 0x4C, 0x1A2  # where the header tells the lengths of the texts, and the table of pieces
_COMPRESSED = 0x40000000
_TEXTS = 2  # the body and its footnotes come first; heads, comments and text boxes follow
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14?")  # the code of a field; what it shows comes after \x14
_BREAKS = re.compile("[\r\x0b\x0c\x0e]")
_CELL = "\x07"
_MARKS = dict.fromkeys((*range(1, 9), 0x13, 0x14, 0x15, 0x1F)) | {0x1E: "-"}
_MOST_COLUMNS = 64


def read_word97(data: bytes, name: str) -> ExtractedText:
    """Read an older Word document. Raises BrokenFile, EncryptedFile, or UnsupportedFile before Word 97."""
    try:
        text = _text(data, name)
    except (CompoundFileError, struct.error, IndexError, KeyError, ValueError) as error:
        raise BrokenFile(
            f"“{name}”是旧版 Word 文档（.doc），但不完整或已损坏，打不开。"
            "请用 Word 或 WPS 打开，另存为 .docx 再读入。"
        ) from error
    return assemble(_lines(text))


def _text(data: bytes, name: str) -> str:
    found = streams(data, wanted=("WordDocument", "0Table", "1Table"))
    body = found["WordDocument"]
    version, flags = struct.unpack_from("<2xH6xH", body)
    if flags & _ENCRYPTED:
        raise EncryptedFile(f"“{name}”加了打开密码，读不出来。请用 Word 打开，去掉密码后另存，再读入。")
    if version < _WORD97:
        raise UnsupportedFile(f"“{name}”是 Word 95 或更早的文档。请用 Word 打开，另存为 .docx 再读入。")
    lengths = struct.unpack_from(f"<{_TEXTS}i", body, _LENGTHS)
    start, size = struct.unpack_from("<II", body, _PIECES)
    table = found["1Table" if flags & _SECOND_TABLE else "0Table"][start : start + size]
    whole = "".join(_pieces(body, table))
    return whole[: max(0, sum(lengths))]


def _pieces(body: bytes, table: bytes) -> Iterator[str]:
    at = 0
    while table[at] == 1:  # what was changed since, of formats alone
        at += 3 + int(struct.unpack_from("<H", table, at + 1)[0])
    if table[at] != 2:
        raise ValueError("no table of pieces")
    count = (struct.unpack_from("<I", table, at + 1)[0] - 4) // 12
    if not 0 < count <= len(table) // 12:
        raise ValueError("odd table of pieces")
    places = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    for number in range(count):
        length = places[number + 1] - places[number]
        if length < 0:
            raise ValueError("pieces out of order")
        where = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * number + 2)[0]
        if where & _COMPRESSED:
            first = (where & ~_COMPRESSED) // 2
            yield body[first : first + length].decode("cp1252", "replace")
        else:
            yield body[where : where + 2 * length].decode("utf-16-le", "replace")


def _lines(text: str) -> Iterator[ExtractedLine]:
    """Yield the paragraphs, and the rows of the tables between them."""
    cells: list[str] = []
    for part in _parts(_FIELD.sub("", text)):
        if part.endswith(_CELL):
            cells.append(" ".join(part[:-1].translate(_MARKS).split()))
            continue
        yield from _table(cells)
        cells = []
        yield ExtractedLine(part.translate(_MARKS))
    yield from _table(cells)


def _parts(text: str) -> Iterator[str]:
    """Yield paragraphs, and cells with the mark that ends them; of several paragraphs of a cell the last."""
    for line in re.split(f"(?<={_CELL})", text):
        if line.endswith(_CELL):
            *before, cell = line.rsplit("\r", 1)
            for paragraph in before:
                yield from _BREAKS.split(paragraph)
            yield _BREAKS.sub(" ", cell)
        else:
            yield from _BREAKS.split(line)


def _table(cells: Sequence[str]) -> Iterator[ExtractedLine]:
    """Yield the rows of a table whose rows each end with an empty cell of their own."""
    if not cells:
        return
    width = next((one for one in range(1, _MOST_COLUMNS) if _fits(cells, one)), 0)
    if not width:
        yield ExtractedLine("\t".join(cell for cell in cells if cell))
        return
    grid = [list(cells[at : at + width]) for at in range(0, len(cells), width + 1)]
    yield from map(ExtractedLine, table_text.lines(grid))


def _fits(cells: Sequence[str], width: int) -> bool:
    return len(cells) % (width + 1) == 0 and not any(cells[width :: width + 1])
