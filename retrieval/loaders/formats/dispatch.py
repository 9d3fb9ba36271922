"""The bytes of a file to its kind and its text, with the library made for that kind."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from retrieval.loaders.formats.media_type import (
    CSV,
    DOC,
    DOCX,
    EPUB,
    HTML,
    IMAGES,
    MHT,
    ODS,
    OFD,
    PDF,
    PPTX,
    RTF,
    XLS,
    XLSX,
    kind_of,
)  # fmt: skip
from retrieval.values.errors import EmptyFile, TooLargeFile, UnsupportedFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.loaders.formats.extracted import ExtractedText

_READERS = {
    PDF: ("pdf", "read_pdf"),
    DOC: ("word97", "read_word97"),
    DOCX: ("docx", "read_docx"),
    HTML: ("html", "read_html"),
    MHT: ("packaged", "read_saved_page"),
    EPUB: ("packaged", "read_epub"),
    OFD: ("packaged", "read_ofd"),
    PPTX: ("packaged", "read_slides"),
    RTF: ("packaged", "read_rtf"),
    XLSX: ("spreadsheet", "read_workbook"),
    XLS: ("spreadsheet", "read_workbook"),
    ODS: ("spreadsheet", "read_workbook"),
    CSV: ("spreadsheet", "read_csv"),
    **dict.fromkeys(IMAGES.values(), ("scan", "read_image")),
}
LONGEST = 5_000_000  # characters: some three thousand printed pages


def contents(data: bytes, name: str, *, media: str | None = None) -> tuple[str, ExtractedText]:
    """Return the media type of some bytes and what they say. Raises a ReadError."""
    kind = kind_of(data, name, media=media)
    reading = _reader(kind)(data, name)
    if not reading.text.strip():
        raise EmptyFile(f"“{name}”里只有空白，没有文字。请检查是否传错了文件。")
    if len(reading.text) > LONGEST:
        raise TooLargeFile(
            f"“{name}”有 {len(reading.text) / 10_000:.0f} 万字，超过上限 {LONGEST // 10_000} 万字。"
            "请拆成几个文件再读入。"
        )
    return kind, reading


def page_picture(data: bytes, name: str, page: int, *, media: str | None = None) -> bytes:
    """Return the picture that a page of some bytes is, as a JPEG. Raises a ReadError where it is none."""
    kind = kind_of(data, name, media=media)
    if kind == PDF:
        pdf = import_module("retrieval.loaders.formats.pdf")
        return bytes(pdf.page_picture(data, name, page))
    if kind in IMAGES.values() and page == 1:
        scan = import_module("retrieval.loaders.formats.scan")
        return bytes(scan.page_picture(data, name))
    raise UnsupportedFile(f"“{name}”没有页面图像。")


def _reader(kind: str) -> Callable[[bytes, str], ExtractedText]:
    """Choose the reader of a kind; each library is loaded when its first file comes, for a quick start."""
    module, name = _READERS.get(kind, ("plain_text", "read_text"))
    reader: Callable[[bytes, str], ExtractedText] = getattr(
        import_module(f"retrieval.loaders.formats.{module}"), name
    )
    return reader
