"""Tables inside Markdown to sentences, a row each; the rest of the text stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.loaders.formats import table_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RULE = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+")
_TABLE = re.compile(r"<table\b.{0,200000}?</table>", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")


def with_tables(text: str) -> str:
    """Return a text in which each pipe table is given row by row, with the names of its columns."""
    if "<table" in text:
        text = _TABLE.sub(_rows, text)
    return "\n".join(_lines(text.split("\n"))) if "|" in text else text


def _rows(found: re.Match[str]) -> str:
    from retrieval.loaders.formats.html import reading_of  # noqa: PLC0415 - few files need a parser of HTML

    return f"\n{reading_of(found[0], None).text}\n"


def _lines(lines: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        if (
            "|" in lines[at]
            and at + 1 < len(lines)
            and "|" in lines[at + 1]
            and _RULE.fullmatch(lines[at + 1])
        ):
            end = next((n for n in range(at + 2, len(lines)) if "|" not in lines[n]), len(lines))
            grid = [_cells(lines[n]) for n in (at, *range(at + 2, end))]
            caption = next((line for line in reversed(lines[max(0, at - 3) : at]) if line.strip()), "")
            yield from table_text.lines(grid, caption=caption.strip("* "), heads=1)
            at = end
        else:
            yield lines[at]
            at += 1


def _cells(line: str) -> list[str]:
    row = line.strip().removeprefix("|").removesuffix("|")
    cells = re.split(r"(?<!\\)\|", row)
    return [_ESCAPED.sub(r"\1", cell).strip().strip("*") for cell in cells]
