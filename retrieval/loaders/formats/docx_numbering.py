"""The numbers that Word draws before paragraphs and keeps out of their text: 一、 （一） 1. as they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_DIGITS = "〇一二三四五六七八九"
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
     "taiwaneseCountingThousand", "ideographDigital", "chineseLegalSimplified")
)  # fmt: skip
_ROMAN = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int


class Numbering:
    """The counters of one document; ``next`` must be called for each paragraph in the order of the text."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[
            str, tuple[str, dict[int, int]]
        ] = {}  # what each list is one of, and where it starts again
        self._counts: dict[str, dict[int, int]] = {}  # lists of one form count on from each other
        self._begun: set[tuple[str, int]] = set()
        self._styles = _numbered_styles(document)
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")),
            None,
        )
        if part is not None:
            self._load(part.element)

    def next(self, paragraph: Any, style_id: str) -> str:
        """Return the number before a paragraph, "" for none, and count it."""
        properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        list_id, depth = (
            _numbered(properties) if properties is not None else self._styles.get(style_id, ("", 0))
        )
        levels = self._levels.get(list_id, {})
        if depth not in levels:
            return ""
        form, starts = self._lists[list_id]
        counts = self._counts.setdefault(form, {})
        if depth in starts and (list_id, depth) not in self._begun:
            counts[depth] = starts[depth] - 1
        self._begun.add((list_id, depth))
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return _printed(levels, counts, depth)

    def _load(self, root: Any) -> None:
        abstract = {node.get(qn("w:abstractNumId")): node for node in root.iter(qn("w:abstractNum"))}
        for number in root.iter(qn("w:num")):
            reference = number.find(qn("w:abstractNumId"))
            node = abstract.get(reference.get(qn("w:val"))) if reference is not None else None
            if node is not None:
                own = str(number.get(qn("w:numId")))
                self._levels[own] = dict(map(_level, node.findall(qn("w:lvl"))))
                self._lists[own] = (str(node.get(qn("w:abstractNumId"))), _starts(number))


def _starts(number: Any) -> dict[int, int]:
    """Return the levels that a list starts again, with their first numbers."""
    found = {}
    for override in number.findall(qn("w:lvlOverride")):
        start = override.find(qn("w:startOverride"))
        if start is not None:
            found[int(override.get(qn("w:ilvl")))] = int(start.get(qn("w:val")))
    return found


def _level(node: Any) -> tuple[int, _Level]:
    form, pattern = _value(node, "w:numFmt", "decimal"), _value(node, "w:lvlText", "")
    return int(node.get(qn("w:ilvl"))), _Level(form, pattern, int(_value(node, "w:start", "1")))


def _value(node: Any, tag: str, default: str) -> str:
    child = node.find(qn(tag))
    return default if child is None else str(child.get(qn("w:val"), default))


def _numbered(properties: Any) -> tuple[str, int]:
    return _value(properties, "w:numId", ""), int(_value(properties, "w:ilvl", "0"))


def _numbered_styles(document: Any) -> dict[str, tuple[str, int]]:
    """Map the id of each style that numbers its paragraphs to its list and depth."""
    found = {}
    for style in document.styles:
        properties = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is not None:
            found[str(style.style_id)] = _numbered(properties)
    return found


def _printed(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    """Fill a pattern such as “%1、” with the counters; a bullet prints nothing."""
    level = levels[depth]
    if level.form in ("bullet", "none") or "%" not in level.pattern:
        return ""

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        own = levels.get(at, level)
        return _formed(counts.get(at, own.start), own.form)

    text = _PLACE.sub(number, level.pattern)
    return text if text and ord(text[-1]) > 0x2FFF else text + " "


def _formed(count: int, form: str) -> str:
    if form == "decimalEnclosedCircle" and 1 <= count <= 20:
        return chr(0x245F + count)
    if form in ("upperRoman", "lowerRoman") and 0 < count < 400:
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    if form in ("upperLetter", "lowerLetter") and count > 0:
        times, at = divmod(count - 1, 26)  # after z comes aa, then bb
        return chr((65 if form == "upperLetter" else 97) + at) * min(times + 1, 9)
    if form == "decimalZero" and 0 < count < 10:
        return f"0{count}"
    if form not in _CHINESE or not 0 < count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def _roman(count: int) -> str:
    told = ""
    for value, letters in _ROMAN:
        times, count = divmod(count, value)
        told += letters * times
    return told
