"""PDF to paragraphs: pages are read in order, running heads dropped, wrapped lines joined again."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections import Counter

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from retrieval.loaders.formats.extracted import Line, Reading, assemble
from retrieval.values.errors import BrokenFile, EmptyFile, EncryptedFile

# Its warnings on damaged files would stand in the terminal beside our own sentence.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_FAILURES = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError,
             RecursionError, NotImplementedError, AssertionError, ArithmeticError)  # fmt: skip
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?\d{1,4}\s*+页?(?:\s*+[/／,，共]\s*+共?\s*+\d{1,4}\s*+页?)?[-—–·\s]*+$"
)
_DIGITS = re.compile(r"\d+")
_ENDS = frozenset("。！？；：!?;:…”’」』）)")
_GOES_ON = frozenset("，。、；：！？）”’》」』…％%,.;:!?)")
_OPENS = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,4}[）)]|\d{1,3}[.．、](?!\d)"
    r"|第[一二三四五六七八九十百零\d]{1,6}[编章节条])"
)


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
    if not any(line.strip() for page in pages for line in page):
        raise EmptyFile(
            f"“{name}”共 {len(pages)} 页，里面没有文字，可能是扫描件或图片。"
            "请先做文字识别（OCR），再读入识别后的文件。"
        )
    return assemble(Line(text) for text in join(_body(pages)))


def join(lines: list[str]) -> list[str]:
    """Join the lines that a page's width has broken: full ones, with what they lead to."""
    full = _full_width(lines)
    indents = _indents(lines)
    paragraphs: list[str] = []
    last = ""
    for line in lines:
        if paragraphs and not (indents and line[0].isspace()) and _continues(last, line, full):
            paragraphs[-1] = _glue(paragraphs[-1], line.strip())
        else:
            paragraphs.append(line.strip())
        last = line
    return paragraphs


def _pages(data: bytes, name: str) -> list[list[str]]:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked(name)
    return [[line for line in page.extract_text().split("\n") if line.strip()] for page in reader.pages]


def _locked(name: str) -> EncryptedFile:
    return EncryptedFile(f"“{name}”加了密码，读不出来。请打开后去掉密码、另存一份，再读入。")


def _body(pages: list[list[str]]) -> list[str]:
    """Drop page numbers, and the heads and feet that come back on most pages."""
    edges = Counter(key for page in pages for key in {_key(line) for line in (*page[:2], *page[-2:])})
    often = max(3, len(pages) * 0.6)
    kept: list[str] = []
    for page in pages:
        for at, line in enumerate(page):
            at_edge = at < 2 or at >= len(page) - 2
            if at_edge and (edges[_key(line)] >= often or _PAGE_NUMBER.match(line.strip())):
                continue
            kept.append(line)
    return kept


def _key(line: str) -> str:
    return _DIGITS.sub("#", "".join(line.split()))


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.rstrip())


def _full_width(lines: list[str]) -> int:
    """Give the width that long lines reach: nine in ten of the wider half are no wider."""
    widths = sorted(_width(line) for line in lines)
    wider = widths[len(widths) // 2 :]
    return wider[int(len(wider) * 0.5)] if wider else 0


def _continues(last: str, line: str, full: int) -> bool:
    """Tell whether a line goes on where the last one broke off."""
    text, before = line.strip(), last.rstrip()
    if text[0] in _GOES_ON:
        return True
    if _OPENS.match(text) or (before[-1] in _ENDS and _width(last) < full * 0.9):
        return False
    return _width(last) >= full * 0.85 and before[-1] not in "。！？!?"


def _indents(lines: list[str]) -> bool:
    """Tell whether white space before a line means something: some lines have it, not nearly all."""
    return sum(line[0].isspace() for line in lines) < 0.7 * len(lines)


def _glue(before: str, text: str) -> str:
    latin = before[-1].isascii() and text[0].isascii() and before[-1].isalnum() and text[0].isalnum()
    return before + (" " if latin else "") + text
