"""Lines that a page's width has broken, joined again: words and figures stay whole."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENDS = frozenset("。！？；：!?;:…”’」』）)")
_GOES_ON = frozenset("，。、；：！？）”’》」』…％%,.;:!?)")
_FEWEST = 6  # lines that show a width
_NARROWEST, _WIDEST = 40, 120  # widths that text is broken at, in half characters
_BROKEN_FIGURE = re.compile(r"\d\.?$")
_OPENS = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,4}[）)]|\d{1,3}[.．、](?!\d)"
    r"|第[一二三四五六七八九十百零\d]{1,6}[编章节条])"
)


def joined(lines: Sequence[str]) -> list[str]:
    """Join the lines that a page's width has broken: full ones, with what they lead to."""
    full = _full_width(lines)
    indents = _indents(lines)
    paragraphs: list[str] = []
    last = ""
    for line in (one for one in lines if one.strip()):
        if paragraphs and not (indents and line[0].isspace()) and _continues(last, line, full):
            paragraphs[-1] = _glue(paragraphs[-1], line.strip())
        else:
            paragraphs.append(line.strip())
        last = line
    return paragraphs


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.rstrip())


def _full_width(lines: Sequence[str]) -> int:
    """Return the width that long lines reach: nine in ten of the wider half are no wider."""
    widths = sorted(_width(line) for line in lines if line.strip())
    wider = widths[len(widths) // 2 :]
    return wider[int(len(wider) * 0.5)] if wider else 0


def _continues(last: str, line: str, full: int) -> bool:
    """Return whether a line goes on where the last one broke off."""
    text, before = line.strip(), last.rstrip()
    if text[0] in _GOES_ON:
        return True
    if _BROKEN_FIGURE.search(before) and text[0].isdigit() and _width(last) >= full * 0.85:
        return True
    if _OPENS.match(text) or (before[-1] in _ENDS and _width(last) < full * 0.9):
        return False
    return _width(last) >= full * 0.85 and before[-1] not in "。！？!?"


def _indents(lines: Sequence[str]) -> bool:
    """Return whether white space before a line means something: some lines have it, not nearly all."""
    return sum(line[:1].isspace() for line in lines) < 0.7 * len(lines)


def _glue(before: str, text: str) -> str:
    latin = before[-1].isascii() and text[0].isascii() and before[-1].isalnum() and text[0].isalnum()
    latin = latin and not (before[-1].isdigit() and text[0].isdigit())  # a figure broken over the line
    return before + (" " if latin else "") + text


def is_wrapped(lines: Sequence[str]) -> bool:
    """Return whether a text is broken at a fixed width: its long lines are alike and break off."""
    widths = [_width(line) for line in lines if line.strip()]
    full = _full_width(lines)
    if len(widths) < _FEWEST or not _NARROWEST <= full <= _WIDEST:
        return False
    long = [line for line in lines if _width(line) >= full * 0.85]
    open_ended = sum(line.rstrip()[-1:] not in _ENDS for line in long)
    return max(widths) <= full * 1.1 and len(long) >= 3 and open_ended >= 0.4 * len(long)
