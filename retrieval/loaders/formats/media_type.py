"""What kind of file some bytes are: by their content first, then by the name."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from retrieval.values.errors import BrokenFile, EncryptedFile, UnsupportedFile

PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
PDF = "application/pdf"
DOC = "application/msword"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
CSV = "text/csv"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
RTF = "application/rtf"
EPUB = "application/epub+zip"
OFD = "application/ofd"
MHT = "multipart/related"

PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
IMAGES = {b"\x89PNG\r\n": PNG, b"\xff\xd8\xff": JPEG, b"II*\0": TIFF, b"MM\0*": TIFF}

SUFFIXES = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".shtml": HTML,
    ".jsp": HTML,
    ".mht": MHT,
    ".mhtml": MHT,
    ".docx": DOCX,
    ".doc": DOC,
    ".wps": DOC,
    ".rtf": RTF,
    ".pptx": PPTX,
    ".xlsx": XLSX,
    ".xls": XLS,
    ".ods": ODS,
    ".csv": CSV,
    ".tsv": CSV,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".tif": TIFF,
    ".tiff": TIFF,
    ".epub": EPUB,
    ".ofd": OFD,
    ".pdf": PDF,
}
_AS_TEXT = "请另存为 .docx、.pdf 或 .txt 再读入"
_AS_WORDS = "请先做文字识别（OCR），把得到的文字存为 .txt 再读入"
_UNPACK = "请先解压，再读入里面的文件"
_MAGIC = (
    (b"GIF8", "一张图片（GIF）", _AS_WORDS),
    (b"\x1f\x8b", "压缩包（gzip）", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "压缩包（7z）", _UNPACK),
    (b"Rar!\x1a\x07", "压缩包（RAR）", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "压缩包（Zstandard）", _UNPACK),
    (b"BZh", "压缩包（bzip2）", _UNPACK),
    (b"\xfd7zXZ\0", "压缩包（xz）", _UNPACK),
    (b"\x7fELF", "一个程序", "请换成文字版的文件"),
    (b"SQLite format 3\0", "一个数据库", "请把其中的文字导出为 .txt 再读入"),
    (b"ID3", "一段录音", "请先转写成文字，存为 .txt 再读入"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROMISED = {
    PDF: "PDF", DOC: "Word 97–2003 文档（.doc）",
    DOCX: "Word 文档（.docx）", XLSX: "Excel 表格（.xlsx）", XLS: "Excel 表格（.xls）",
    ODS: "OpenDocument 表格", PPTX: "幻灯片（.pptx）", RTF: "RTF 文档", EPUB: "EPUB 电子书",
    OFD: "OFD 版式文档", MHT: "网页存档（.mht）", PNG: "图片（PNG）", JPEG: "图片（JPEG）",
    TIFF: "图片（TIFF）",
}  # fmt: skip
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PACKED = (
    ("word/", DOCX),
    ("xl/", XLSX),
    ("ppt/", PPTX),
    ("OFD.xml", OFD),
    ("META-INF/container.xml", EPUB),
)
_MHT_START = re.compile(rb"[\w-]+:[^\n]*\n")
_MHT_KIND = b"content-type: multipart/related"
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_BOM = b"\xef\xbb\xbf"


def needs_a_library(data: bytes, name: str, *, media: str | None = None) -> bool:
    """Return whether more than decoding is needed to read some bytes; raise as ``kind_of`` does."""
    kind = PLAIN if data.startswith(_ZIP) else kind_of(data, name, media=media)
    return data.startswith(_ZIP) or kind not in (PLAIN, MARKDOWN) or (kind == MARKDOWN and b"<table" in data)


def kind_of(data: bytes, name: str, *, media: str | None = None) -> str:
    """Return the media type of some bytes; raises a leaf of ReadError where there is no reader."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(_ZIP):
        return _zipped(data, name)
    if data.startswith(_OLE):
        return _compound(data, name)
    if data.startswith(b"{\\rtf"):
        return RTF
    if _MHT_START.match(data[:4096]) and _MHT_KIND in data[:4096].lower():
        return MHT
    if picture := next((kind for magic, kind in IMAGES.items() if data.startswith(magic)), None):
        return picture
    _refuse_binary(data, name)
    return _text_kind(data, name, media)


def _refuse_binary(data: bytes, name: str) -> None:
    for magic, what, todo in _MAGIC:
        if data.startswith(magic):
            raise UnsupportedFile(f"“{name}”是{what}，读不出文字。{todo}。")
    if b"\0" in data[:4096] and _other_binary(data):
        raise UnsupportedFile(f"“{name}”是程序、图片或音像一类的文件，读不出文字。请换成文字版的文件。")


def _other_binary(data: bytes) -> bool:
    return data.startswith((b"MZ", b"BM", b"RIFF", b"\xca\xfe\xba\xbe", b"\0asm")) or data[4:8] == b"ftyp"


def _text_kind(data: bytes, name: str, media: str | None) -> str:
    """Return the kind of text that the name or the content promises."""
    suffix = PurePath(name).suffix.lower()
    promised = media or SUFFIXES.get(suffix)
    if _HTML_START.match(data.removeprefix(_BOM)[:4096]) and promised not in (PLAIN, MARKDOWN):
        return HTML  # also where it is named .doc or .xls, as old sites do
    if promised in _PROMISED:
        what = _PROMISED[promised]
        raise BrokenFile(
            f"“{name}”按名字应是{what}，内容却不是：可能没有下载完整，或改错了扩展名。"
            "请重新下载，或按真实的格式改名。"
        )
    if promised in (PLAIN, MARKDOWN, HTML, CSV):
        return promised
    if suffix and not media and not re.search(r"[\d\u4e00-\u9fff\s()（）]", suffix):
        raise UnsupportedFile(
            f"还不会读“{name}”这类文件（{suffix}）。能读的有：{'、'.join(SUFFIXES)}；{_AS_TEXT}。"
        )
    start = data.removeprefix(_BOM)[:4096]
    if _HTML_START.match(start):
        return HTML
    return MARKDOWN if start.startswith((b"---\n", b"---\r\n", b"# ")) else PLAIN


def _zipped(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        what = "Word 文档" if name.lower().endswith(".docx") or b"word/" in data else "压缩格式的文件"
        raise BrokenFile(
            f"“{name}”是{what}，但不完整或已损坏，打不开。请重新下载或重新保存后再读入。"
        ) from error
    for entry, kind in _PACKED:
        if any(one.startswith(entry) for one in names):
            return kind
    if "content.xml" in names:
        return _open_document(data, name)
    raise UnsupportedFile(f"“{name}”是压缩包。{_UNPACK}。")


def _open_document(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        kind = (
            packed.read("mimetype")[:100].decode("ascii", "ignore") if "mimetype" in packed.namelist() else ""
        )
    if kind.strip() == ODS:
        return ODS
    raise UnsupportedFile(f"“{name}”是 OpenDocument 文档，还不会读。{_AS_TEXT}。")


def _compound(data: bytes, name: str) -> str:
    """Return what an older Office file is: a workbook can be read."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFile(f"“{name}”加了打开密码，读不出来。请用 Word 打开，去掉密码后另存，再读入。")
    if "Workbook".encode("utf-16-le") in data:
        return XLS
    if "WordDocument".encode("utf-16-le") in data:
        return DOC
    raise UnsupportedFile(f"“{name}”是旧版 Office 文件。{_AS_TEXT}。")
