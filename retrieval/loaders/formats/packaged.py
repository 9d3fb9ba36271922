"""Texts packed with others: EPUB books, OFD documents (GB/T 33190), saved pages (MHT), slides, RTF."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pptx
from lxml import etree
from striprtf.striprtf import rtf_to_text

from retrieval.loaders.formats.extracted import ExtractedLine, ExtractedText, assemble
from retrieval.loaders.formats.html import read_html
from retrieval.loaders.formats.pdf_layout import PdfFragment, Row, lines_of, parted, rows_of, without_edges
from retrieval.loaders.tables import table_text
from retrieval.loaders.tables.tabbed_tables import with_tabbed_tables
from retrieval.values.errors import BrokenFile, TooLargeFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_UNPACKED_LIMIT = 128 * 1024 * 1024  # bytes
_USUAL_SIZE = 5.0  # millimetres of a letter of an OFD document
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_FAILURES = (
    zipfile.BadZipFile, etree.XMLSyntaxError, LookupError, ValueError, OSError, EOFError, AttributeError,
    TypeError, NotImplementedError, RuntimeError,
)  # fmt: skip


def read_epub(data: bytes, name: str) -> ExtractedText:
    """Read the chapters of a book in the order of its spine."""
    return _guarded(_epub, data, name, "EPUB 电子书")


def read_ofd(data: bytes, name: str) -> ExtractedText:
    """Read the pages of an OFD document in their order, the texts of a page from top to bottom."""
    return _guarded(_ofd, data, name, "OFD 版式文档")


def read_slides(data: bytes, name: str) -> ExtractedText:
    """Read the slides of a presentation: titles, texts, tables, notes."""
    return _guarded(_slides, data, name, "幻灯片（.pptx）")


def read_rtf(data: bytes, name: str) -> ExtractedText:
    """Read a document in Rich Text Format, in the code page that it names."""
    return _guarded(_rtf, data, name, "RTF 文档")


def read_saved_page(data: bytes, name: str) -> ExtractedText:
    """Read the page that a browser saved with its pictures in one file (MHT)."""
    return _guarded(_saved_page, data, name, "浏览器保存的网页（.mht）")


def _guarded(read: Callable[[bytes, str], ExtractedText], data: bytes, name: str, what: str) -> ExtractedText:
    try:
        return read(data, name)
    except _FAILURES as error:
        raise BrokenFile(
            f"“{name}”是{what}，但不完整或已损坏，打不开。请重新下载或重新保存后再读入。"
        ) from error


def _open(data: bytes, name: str) -> zipfile.ZipFile:
    packed = zipfile.ZipFile(io.BytesIO(data))
    size = sum(
        entry.file_size for entry in packed.infolist() if not entry.filename.endswith((".png", ".jpg"))
    )
    if size > _UNPACKED_LIMIT:
        raise TooLargeFile(f"“{name}”解压后有 {size >> 20} MB，太大了。请拆成几个文件再读入。")
    return packed


def _xml(data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _found(root: Any, name: str) -> list[Any]:
    return [one for one in root.iter() if _local(one) == name]


def _epub(data: bytes, name: str) -> ExtractedText:
    with _open(data, name) as packed:
        box = _xml(packed.read("META-INF/container.xml"))
        root = str(_found(box, "rootfile")[0].get("full-path"))
        book = _xml(packed.read(root))
        files = {one.get("id"): one.get("href") for one in _found(book, "item")}
        chapters = [files[one.get("idref")] for one in _found(book, "itemref") if one.get("idref") in files]
        folder = PurePosixPath(root).parent
        texts = [read_html(packed.read(str(folder / chapter)), name).text for chapter in chapters if chapter]
        facts = {key: next((one.text or "" for one in _found(book, key)), "") for key in ("title", "date")}
    read = assemble(ExtractedLine(line) for text in texts for line in text.split("\n"))
    told = {"page_title": facts["title"].strip(), "published": facts["date"].strip()}
    return ExtractedText(text=read.text, metadata={key: value for key, value in told.items() if value})


def _ofd(data: bytes, name: str) -> ExtractedText:
    pages: list[list[Row]] = []
    with _open(data, name) as packed:
        root = str(_found(_xml(packed.read("OFD.xml")), "DocRoot")[0].text).strip().lstrip("/")
        document = _xml(packed.read(root))
        folder = PurePosixPath(root).parent
        for page in _found(document, "Page"):
            place = page.get("BaseLoc")
            if place:
                pages.append(rows_of(list(_texts(_xml(packed.read(str(folder / str(place).lstrip("/"))))))))
    body, notes = parted(without_edges(pages))
    return assemble((*lines_of(body), *notes))


def _texts(page: Any) -> Iterator[PdfFragment]:
    """Return the texts of a page with their places in millimetres, upwards as in a PDF."""
    for held in _found(page, "TextObject"):
        box = [float(one) for one in str(held.get("Boundary") or "0 0 0 0").split()]
        size = float(held.get("Size") or _USUAL_SIZE)
        for code in _found(held, "TextCode"):
            if code.text and code.text.strip():
                left, top = box[0] + float(code.get("X") or 0), box[1] + float(code.get("Y") or 0)
                yield PdfFragment(x=left, y=-top, size=max(size, 0.1), text=code.text)


def _slides(data: bytes, name: str) -> ExtractedText:
    _open(data, name).close()
    show = pptx.Presentation(io.BytesIO(data))
    return assemble(
        replace(line, pages=((0, number),) if at == 0 else ())
        for number, slide in enumerate(show.slides, 1)
        for at, line in enumerate(_slide(slide, first=number == 1))
    )


def _slide(slide: Any, *, first: bool) -> Iterator[ExtractedLine]:
    title = slide.shapes.title
    for shape in slide.shapes:
        if shape.has_text_frame:
            level = (1 if first else 2) if title is not None and shape.shape_id == title.shape_id else 0
            yield from (ExtractedLine(paragraph.text, level) for paragraph in shape.text_frame.paragraphs)
        elif getattr(shape, "has_table", False):
            grid = [[cell.text for cell in row.cells] for row in shape.table.rows]
            yield from map(ExtractedLine, table_text.lines(grid))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from (ExtractedLine(one.text) for one in slide.notes_slide.notes_text_frame.paragraphs)


def _rtf(data: bytes, name: str) -> ExtractedText:  # noqa: ARG001 - one shape for all readers
    page = _CODE_PAGE.search(data[:2000])
    encoding = f"cp{page[1].decode()}" if page else "cp936"
    text: str = rtf_to_text(  # type: ignore[no-untyped-call]
        data.decode("latin-1"), encoding=encoding, errors="replace"
    )
    rows = (
        line.removesuffix("|").replace("|", "\t") if line.endswith("|") else line for line in text.split("\n")
    )
    return assemble(map(ExtractedLine, with_tabbed_tables(list(rows))))


def _saved_page(data: bytes, name: str) -> ExtractedText:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return read_html(body, name)
    raise BrokenFile(f"“{name}”里没有网页正文。请在浏览器里重新保存，或另存为 .html 再读入。")
