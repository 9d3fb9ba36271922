"""The marks that headings begin with: 一、 （一） 1. （1） 第一章 第一条, Markdown's #, and annexes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_HAN = "一二三四五六七八九十百"
_MARK = re.compile(
    rf"(?P<han>[{_HAN}]{{1,4}})(?:、|[.．](?!\d))(?![{_HAN}]{{1,3}}、)"
    rf"|[（(](?P<paren>[{_HAN}]{{1,4}})[）)][、.．]?"
    r"|(?P<digit>\d{1,3})(?:[.．](?!\d)|、)"
    r"|[（(](?P<dparen>\d{1,3})[）)]"
    rf"|(?P<unit>第(?P<ordinal>[{_HAN}零〇\d]{{1,7}})(?P<kind>[编章节条]))"
)
_PREFIX = re.compile(r"(?P<hashes>#{1,6})?[ \t\u3000]*(?P<stars>\*{1,3}|_{2})?")
_ANNEX = re.compile(
    rf"(?P<mark>附(?:件|录|表|图)[ ]?[\d{_HAN}]{{0,3}}|附(?=[:：])|(?:有关)?名词(?:解释|注释|说明)|注释|附注)"
    r"(?:[:：]|[ \t\u3000]+|$)"
)
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_CHINESE = "〇一二三四五六七八九"


class MarkKind(IntEnum):
    """The kinds of headings, outermost first."""

    ANNEX = 0
    PART = 1  # 第一编
    CHAPTER = 2  # 第一章
    HAN = 3  # 一、
    SUBCHAPTER = 4  # 第一节
    PAREN = 5  # （一）
    ARTICLE = 6  # 第一条
    DIGIT = 7  # 1.
    DIGIT_PAREN = 8  # （1）
    PLAIN = 9  # marked as a heading by the file, without a number


_UNITS = {"编": MarkKind.PART, "章": MarkKind.CHAPTER, "节": MarkKind.SUBCHAPTER, "条": MarkKind.ARTICLE}
_GROUPS = {
    "han": MarkKind.HAN,
    "paren": MarkKind.PAREN,
    "digit": MarkKind.DIGIT,
    "dparen": MarkKind.DIGIT_PAREN,
}


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """What a paragraph begins with: its kind and number, the numeral as printed, where the words begin."""

    kind: MarkKind
    number: int
    numeral: str
    end: int
    depth: int = 0  # of Markdown's hashes, or of the level that the file gives the line


def mark_at(text: str, start: int, end: int, depth: int = 0) -> HeadingMark | None:
    """Read the mark of the paragraph ``text[start:end]``; ``depth`` is the level that its file gives it."""
    prefix = _PREFIX.match(text, start, end)
    assert prefix is not None
    at = prefix.end()
    depth = depth or len(prefix["hashes"] or "")
    if depth and not text[at : at + 1].strip():
        at += len(text[at:end]) - len(text[at:end].lstrip())
    annex = _ANNEX.match(text, at, end)
    if annex and end - at <= 40 and text[end - 1] not in "。；;":
        return HeadingMark(MarkKind.ANNEX, 0, annex["mark"].replace(" ", ""), annex.end(), depth)
    match = _MARK.match(text, at, end)
    if match:
        return _numbered(match, depth)
    return HeadingMark(MarkKind.PLAIN, 0, "", at, depth) if depth else None


def bare(text: str, start: int, end: int) -> str:
    """Return a line's words without Markdown's marks."""
    prefix = _PREFIX.match(text, start, end)
    return text[prefix.end() if prefix else start : end].strip().strip("*_").strip()


def ordinal(text: str) -> int:
    """Read a Chinese or Arabic whole number below a thousand; 0 when it is none."""
    if text.isdecimal():
        return int(text)
    total = unit = 0
    for char in text:
        if char in _DIGITS:
            unit = unit * 10 + _DIGITS[char]
        elif char == "十":
            total, unit = total + (unit or 1) * 10, 0
        elif char == "百":
            total, unit = total + (unit or 1) * 100, 0
        else:
            return 0
    return total + unit


def chinese(number: int) -> str:
    """Write a whole number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _CHINESE[tens] + "十")
    return head + (_CHINESE[ones] if ones else "")


def _numbered(match: re.Match[str], depth: int) -> HeadingMark:
    if match["unit"]:
        return HeadingMark(
            _UNITS[match["kind"]], ordinal(match["ordinal"]), match["unit"], match.end(), depth
        )
    group = str(match.lastgroup)
    return HeadingMark(_GROUPS[group], ordinal(match[group]), match[group], match.end(), depth)
