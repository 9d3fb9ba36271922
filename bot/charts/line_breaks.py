"""Words into lines: Chinese breaks anywhere but before a closing mark, numbers and Latin words stay whole."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.charts.font import TextMeasure

_UNIT = re.compile(r"[A-Za-z0-9.,%+\-/\[\]]+[余多]?|\s+|.")
_NEVER_FIRST = frozenset("，。、；：）》”’」』！？,.;:)!?]%…·")


def plain(text: str) -> str:
    """Return words with single spaces, and without what no text font has: emoji, marks of control."""
    kept = (char for char in text if unicodedata.category(char) not in ("So", "Cs", "Cn", "Co", "Cc", "Cf"))
    return " ".join("".join(char if char.isprintable() else " " for char in kept).split())


def wrapped(text: str, width: float, ruler: TextMeasure, *, size: float, most: int = 4) -> list[str]:
    """Return words in lines of at most ``width`` pixels; what is over ``most`` lines is cut."""
    lines = [""]
    for unit in _UNIT.findall(plain(text)):
        fits = ruler.width(lines[-1] + unit, size) <= width
        if fits or not lines[-1] or unit in _NEVER_FIRST:
            lines[-1] += unit
        else:
            lines.append(unit.lstrip())
    if len(lines) > most:
        lines = [*lines[: most - 1], clipped(lines[most - 1] + "…", width, ruler, size=size, whole=False)]
    return [line.rstrip() for line in lines if line.strip()]


def clipped(text: str, width: float, ruler: TextMeasure, *, size: float, whole: bool = True) -> str:
    """Return words that fit into a width, cut at their end with … where they have to be."""
    text = plain(text)
    if whole and ruler.width(text, size) <= width:
        return text
    text = text.rstrip("…")
    while text and ruler.width(text + "…", size) > width:
        text = text[:-1]
    return text + "…"
