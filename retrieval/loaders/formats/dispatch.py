"""The bytes of a file to its kind and its text, with the library made for that kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.loaders.formats.media_type import DOCX, HTML, PDF, kind_of
from retrieval.loaders.formats.plain_text import read_text
from retrieval.values.errors import EmptyFile, TooLargeFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.loaders.formats.extracted import Reading

LONGEST = 5_000_000  # characters: some three thousand printed pages


def contents(data: bytes, name: str, *, media: str | None = None) -> tuple[str, Reading]:
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


def _reader(kind: str) -> Callable[[bytes, str], Reading]:
    """Choose the reader of a kind; each library is loaded when its first file comes, for a quick start."""
    # ruff: noqa: PLC0415
    if kind == PDF:
        from retrieval.loaders.formats.pdf import read_pdf

        return read_pdf
    if kind == DOCX:
        from retrieval.loaders.formats.docx import read_docx

        return read_docx
    if kind == HTML:
        from retrieval.loaders.formats.html import read_html

        return read_html
    return read_text
