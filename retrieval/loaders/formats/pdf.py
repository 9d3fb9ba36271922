"""PDF to paragraphs: pages are read in order, running heads dropped, wrapped lines joined again."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from retrieval.loaders.formats import scan
from retrieval.loaders.formats.extracted import SCANNED, ExtractedText, assemble
from retrieval.loaders.formats.pdf_layout import PdfFragment, Row, lines_of, parted, rows_of, without_edges
from retrieval.values.errors import BrokenFile, EmptyFile, EncryptedFile, ScannedFile
from retrieval.values.printed_layout import PICTURES, RECOGNISED

if TYPE_CHECKING:
    from PIL import Image

# Its warnings on damaged files would appear in the terminal beside our own sentence.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_FEWEST = 30  # characters of a page that is no mere picture with a stamp on it
_FEWEST_PIXELS = 200_000  # of a picture of a page
_FAILURES = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError,
             RecursionError, NotImplementedError, AssertionError, ArithmeticError)  # fmt: skip


def read_pdf(data: bytes, name: str) -> ExtractedText:
    """Read the text of a PDF, and of its scanned pages where this process can recognise text.

    Raises EncryptedFile, BrokenFile, or ScannedFile when its pages are pictures.
    """
    try:
        pages, scanned = _pages(data, name)
    except (FileNotDecryptedError, DependencyError) as error:
        raise _locked(name) from error
    except _FAILURES as error:
        raise BrokenFile(
            f"“{name}”是 PDF，但不完整或已损坏，打不开。请重新下载，或在阅读器中打开后另存，再读入。"
        ) from error
    if not any(pages):
        if scan.loaded():
            raise EmptyFile(f"“{name}”共 {len(pages)} 页，里面没有认出文字。请换一份更清楚的文件。")
        raise ScannedFile(f"“{name}”共 {len(pages)} 页，是扫描件，要先识别文字才能读。{scan.HOW}。")
    body, notes = parted(without_edges(pages))
    facts = {RECOGNISED if scan.loaded() else SCANNED: " ".join(map(str, scanned))} if scanned else {}
    if scan.loaded():
        facts[PICTURES] = " ".join(f"{page}:{width}:{height}" for page, (width, height) in scanned.items())
    return assemble((*lines_of(body), *notes), **facts)


def page_picture(data: bytes, name: str, number: int) -> bytes:
    """Return the picture that page ``number`` is, as a JPEG. Raises BrokenFile where there is none."""
    try:
        pages = _opened(data, name).pages
        picture = _picture(pages[number - 1]) if 0 < number <= len(pages) else None
        if picture is not None:
            return scan.shown(picture)
    except (DependencyError, *_FAILURES) as error:
        raise BrokenFile(f"“{name}”第 {number} 页的图像打不开。") from error
    raise BrokenFile(f"“{name}”第 {number} 页不是扫描页。")


def _opened(data: bytes, name: str) -> pypdf.PdfReader:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked(name)
    return reader


def _pages(data: bytes, name: str) -> tuple[list[list[Row]], dict[int, tuple[int, int]]]:
    """Return the printed lines of each page, and the size of those that are pictures, by number."""
    reader = _opened(data, name)
    pages: list[list[Row]] = []
    scanned: dict[int, tuple[int, int]] = {}
    for number, page in enumerate(reader.pages, 1):
        pieces = _pieces(page)
        picture = _picture(page) if sum(len(one.text) for one in pieces) < _FEWEST else None
        if picture is None:
            pages.append(rows_of(pieces))
            continue
        scanned[number] = scan.size_of(picture)
        pages.append(scan.rows_in(picture, name, number=number) if scan.loaded() else [])
    return pages, scanned


def _picture(page: pypdf.PageObject) -> Image.Image | None:
    """Return the largest picture of a page, which is the page itself where it was scanned."""
    pictures = [one.image for one in page.images if one.image is not None]
    large = [one for one in pictures if one.width * one.height >= _FEWEST_PIXELS]
    return max(large, key=lambda one: one.width * one.height, default=None)


def _pieces(page: pypdf.PageObject) -> list[PdfFragment]:
    found: list[PdfFragment] = []

    def keep(text: str, place: list[float], matrix: list[float], _font: object, size: float) -> None:
        words = text.replace("\n", "")
        if words.strip():
            x = matrix[4] * place[0] + matrix[5] * place[2] + place[4]
            y = matrix[4] * place[1] + matrix[5] * place[3] + place[5]
            height = abs(size * (matrix[3] or matrix[1]) * (place[3] or place[1])) or 1.0
            found.append(PdfFragment(x=x, y=y, size=height, text=words))

    page.extract_text(visitor_text=keep)
    return found


def _locked(name: str) -> EncryptedFile:
    return EncryptedFile(f"“{name}”加了密码，读不出来。请打开后去掉密码、另存一份，再读入。")
