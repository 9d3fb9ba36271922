"""Tables inside Markdown to sentences, a row each; the rest of the text stays as it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from retrieval.loaders.tables import table_text
from retrieval.loaders.tables.tabbed_tables import with_tabbed_tables
from retrieval.loaders.tables.table_text import kept_tables
from retrieval.values.printed_layout import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RULE = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+")
_TABLE = re.compile(r"<table\b.{0,200000}?</table>", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")


def with_tables(text: str) -> tuple[str, str]:
    """Return a text in which each table is given row by row, its columns named; and the tables kept."""
    kept: list[str] = []

    def rows(found: re.Match[str]) -> str:
        from retrieval.loaders.formats.html import reading_of  # noqa: PLC0415 - few files need a parser of HTML

        read = reading_of(found[0], None)
        kept.append(read.metadata.get(TABLES, ""))
        return f"\n{read.text}\n"

    if "<table" in text:
        text = _TABLE.sub(rows, text)
    if "|" in text or "\t" in text:
        lines = list(with_tabbed_tables(list(_lines(text.split("\n")))))
        kept.append(kept_tables(lines))
        text = "\n".join(lines)
    tables = [table for one in kept if one for table in json.loads(one)]
    return text, json.dumps(tables, ensure_ascii=False, separators=(",", ":")) if tables else ""


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
