"""Bytes to text: the encoding is judged by what comes out, not by what is declared."""

from __future__ import annotations

import codecs
import re
from functools import cache

import charset_normalizer

from retrieval.loaders.formats.extracted import seen
from retrieval.values.errors import BrokenFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "cp1252", *_WIDE)
_SAMPLE = 20_000  # characters that are judged
_JUDGED = 4 * _SAMPLE  # bytes that hold so many in any encoding
_PLAUSIBLE = 0.75
_MOST_LOST = 0.005  # share of characters that may be unreadable
_PUNCTUATION = frozenset("“”‘’—…·～•→℃％‰×÷≥≤①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ\t\n\r\f\v\u00a0\ufeff")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes, name: str, *, declared: str | None = None) -> tuple[str, str]:
    """Decode bytes of unknown encoding; give the text with plain newlines, and the encoding that fitted.

    An incomplete last character is dropped. Raises BrokenFile when no encoding gives a readable text.
    """
    text, encoding = _decoded(data, name, declared)
    _check(text, name)
    return seen(text.replace("\r\n", "\n").replace("\r", "\n")), encoding


def _decoded(data: bytes, name: str, declared: str | None) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            data = data[len(bom) :]
            text = _strict(data, encoding)
            if text is not None:
                return text, encoding
            break
    text = None if b"\0" in data else _strict(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    found = _best(data, declared)
    if found is None and b"\0" in data:
        raise _binary(name)
    if found is None:
        raise BrokenFile(
            f"认不出“{name}”的文字编码，或者它不是文本文件。"
            "请用编辑器打开，另存为 UTF-8 编码的 .txt 后再读入。"
        )
    return found


def _best(data: bytes, declared: str | None) -> tuple[str, str] | None:
    """Try each encoding and keep the one whose text looks most like writing."""
    known = [_known(declared)] if declared else []
    usable = [
        one for one in dict.fromkeys([*known, *_CANDIDATES]) if one and (b"\0" not in data or one in _WIDE)
    ]
    tried = [(_plausibility(_tolerant(data[:_JUDGED], encoding)), encoding) for encoding in usable]
    score, encoding = max(tried, key=lambda one: one[0])
    if score >= _PLAUSIBLE:
        return _tolerant(data, encoding), encoding
    return None if b"\0" in data else _foreign(data)


def _foreign(data: bytes) -> tuple[str, str] | None:
    """Ask charset-normalizer about what is neither Chinese nor Unicode."""
    guess = charset_normalizer.from_bytes(data[:65_536]).best()
    if guess is None or guess.chaos > 0.1:
        return None
    text = _tolerant(data, guess.encoding)
    lost = text.count("\ufffd")
    return (text, guess.encoding) if lost <= len(text) * _MOST_LOST else None


def _known(encoding: str) -> str | None:
    try:
        return codecs.lookup(encoding.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None


def _strict(data: bytes, encoding: str) -> str | None:
    """Decode bytes that are right but for an incomplete last character; None when others are wrong."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(data)
    except UnicodeDecodeError:
        return None


def _tolerant(data: bytes, encoding: str) -> str:
    """Decode what can be decoded; an incomplete character at the very end is left out."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(data)


def _plausibility(text: str) -> float:
    """Return the share of characters that are usual in Chinese or Latin writing; each lost one costs ten."""
    sample = text[:_SAMPLE]
    if not sample:
        return 0.0
    usual = sum(1 for char in sample if char in _usual())
    return (usual - 10 * sample.count("\ufffd")) / len(sample)


@cache
def _usual() -> frozenset[str]:
    """Collect ASCII, punctuation and the characters of the first plane of GB 2312 and of Big5."""
    simplified = _plane("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    traditional = _plane("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    ascii_ = {chr(code) for code in range(0x20, 0x7F)}
    full = {chr(code) for code in (*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F))}
    return frozenset(simplified | traditional | ascii_ | full | _PUNCTUATION)


def _plane(encoding: str, leads: range, tails: range | tuple[int, ...]) -> set[str]:
    return {bytes((lead, tail)).decode(encoding, "ignore") for lead in leads for tail in tails} - {""}


def _check(text: str, name: str) -> None:
    """Refuse what decodes but is no text."""
    if "\0" in text:
        raise _binary(name)
    if len(_CONTROLS.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) * 0.01:
        raise BrokenFile(f"“{name}”里大多是控制字符，不是文本文件。请换成文字版再读入。")
    lost = text.count("\ufffd")
    if lost > max(3, len(text) * _MOST_LOST):
        raise BrokenFile(
            f"“{name}”里有 {lost} 个无法识别的字符（�），文字在此前的转换中已经损坏。"
            "请找原始文件，按 UTF-8 或 GB18030 编码重新保存后再读入。"
        )


def _binary(name: str) -> BrokenFile:
    return BrokenFile(
        f"“{name}”里有空字节（NUL），不是正常的文本文件，可能是程序、压缩包或已损坏的文件。"
        "请换成文字版，或另存为 UTF-8 编码的 .txt 再读入。"
    )
