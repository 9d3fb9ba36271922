"""PDF to paragraphs: pages are read in order, running heads dropped, wrapped lines joined again."""

from __future__ import annotations

import io
import logging

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from retrieval.loaders.formats.extracted import Line, Reading, assemble
from retrieval.loaders.formats.pdf_layout import Piece, Row, lines_of, parted, rows_of, without_edges
from retrieval.values.errors import BrokenFile, EmptyFile, EncryptedFile

# Its warnings on damaged files would stand in the terminal beside our own sentence.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_FAILURES = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError,
             RecursionError, NotImplementedError, AssertionError, ArithmeticError)  # fmt: skip


def read_pdf(data: bytes, name: str) -> Reading:
    """Read the text of a PDF; raise EncryptedFile, BrokenFile, or EmptyFile when its pages are pictures."""
    try:
        pages = _pages(data, name)
    except (FileNotDecryptedError, DependencyError) as error:
        raise _locked(name) from error
    except _FAILURES as error:
        raise BrokenFile(
            f"“{name}”是 PDF，但不完整或已损坏，打不开。请重新下载，或在阅读器中打开后另存，再读入。"
        ) from error
    if not any(pages):
        raise EmptyFile(
            f"“{name}”共 {len(pages)} 页，里面没有文字，可能是扫描件或图片。"
            "请先做文字识别（OCR），再读入识别后的文件。"
        )
    body, notes = parted(without_edges(pages))
    return assemble(map(Line, (*lines_of(body), *notes)))


def _pages(data: bytes, name: str) -> list[list[Row]]:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked(name)
    return [rows_of(_pieces(page)) for page in reader.pages]


def _pieces(page: pypdf.PageObject) -> list[Piece]:
    found: list[Piece] = []

    def keep(text: str, place: list[float], matrix: list[float], _font: object, size: float) -> None:
        words = text.replace("\n", "")
        if words.strip():
            x = matrix[4] * place[0] + matrix[5] * place[2] + place[4]
            y = matrix[4] * place[1] + matrix[5] * place[3] + place[5]
            height = abs(size * (matrix[3] or matrix[1]) * (place[3] or place[1])) or 1.0
            found.append(Piece(x=x, y=y, size=height, text=words))

    page.extract_text(visitor_text=keep)
    return found


def _locked(name: str) -> EncryptedFile:
    return EncryptedFile(f"“{name}”加了密码，读不出来。请打开后去掉密码、另存一份，再读入。")
