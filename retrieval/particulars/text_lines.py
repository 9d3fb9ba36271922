"""The lines of a text without white space and Markdown's marks around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.text.normalize import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[^\n]+")
_BEFORE = re.compile(r"[#>*\s\u3000\u00a0|-]*")
_AFTER = " \t\r\u3000\u00a0*|"


def text_lines(text: str) -> list[Span]:
    """Return where the lines of a text are, empty ones left out."""
    return list(_lines(text))


def _lines(text: str) -> Iterator[Span]:
    for found in _LINE.finditer(text):
        marks = _BEFORE.match(text, found.start(), found.end())
        start = marks.end() if marks else found.start()
        end = start + len(text[start : found.end()].rstrip(_AFTER))
        if end > start:
            yield Span(start, end)
