"""Blocks → one rich message (Bot API 10.1): references, details that unfold, tables, lists."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle
from bot.telegram.formatting import limits
from bot.telegram.formatting.html import ESCAPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

TAGS = {TextStyle.STRONG: "b", TextStyle.CITED: "mark", TextStyle.FAINT: "i"}


def rich(blocks: Iterable[Block]) -> str:
    """Lay blocks out as the HTML of a rich message; "" where they go beyond its limits.

    A fold begins with a block whose first run is the marker that statements refer to.
    """
    given = list(blocks)
    folded = frozenset(run.number for one in given if one.kind is BlockKind.FOLD for run in one.runs)
    parts = [part for form, group in groupby(given, key=_form) for part in _LAID[form](list(group), folded)]
    laid = "".join(parts)
    counted = len(given) + sum(1 + (one.kind is BlockKind.FOLD) for one in given)
    if len(laid.encode()) > limits.RICH_BYTES or counted > limits.RICH_BLOCKS:
        return ""
    return laid


def _form(block: Block) -> str:
    if block.cells:
        return "table"
    return block.kind.value if block.kind.value in _LAID else "text"


def _texts(group: Sequence[Block], folded: frozenset[int | None]) -> Iterator[str]:
    return (f"<p>{_line(one.runs, folded)}</p>" for one in group)


def _items(group: Sequence[Block], folded: frozenset[int | None]) -> Iterator[str]:
    yield f"<ul>{''.join(f'<li>{_line(one.runs, folded)}</li>' for one in group)}</ul>"


def _quotes(group: Sequence[Block], folded: frozenset[int | None]) -> Iterator[str]:
    inner = "".join(f"<p>{_line(one.runs, folded)}</p>" for one in group)
    yield f"<blockquote>{inner}</blockquote>"


def _rows(group: Sequence[Block], folded: frozenset[int | None]) -> Iterator[str]:
    cells = (
        "".join(f'<td align="left" valign="top">{_line(runs, folded)}</td>' for runs in one.cells)
        for one in group
    )
    yield f"<table bordered striped>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _folds(group: Sequence[Block], _folded: frozenset[int | None]) -> Iterator[str]:
    """Yield each source as details that unfold; its name is what [n] refers to."""
    opened = ""
    for one in group:
        first = one.runs[0]
        if first.style is not TextStyle.MARKER:
            yield f"<blockquote><p>{_line(one.runs)}</p></blockquote>"
            continue
        yield opened
        name = f'<tg-reference name="s{first.number}">{_line(one.runs)}</tg-reference>'
        yield f"<details><summary>{name}</summary>"
        opened = "</details>"
    yield opened


def _line(runs: Iterable[TextRun], folded: frozenset[int | None] = frozenset()) -> str:
    return "".join(_tagged(run, folded) for run in runs)


def _tagged(run: TextRun, folded: frozenset[int | None]) -> str:
    escaped = limits.clean(run.text).translate(ESCAPES)
    if run.number is not None and run.number in folded:
        return f'<a href="#s{run.number}">{escaped}</a>'
    tag = TAGS.get(run.style)
    return f"<{tag}>{escaped}</{tag}>" if tag else escaped


_LAID = {
    "text": _texts,
    "item": _items,
    "quote": _quotes,
    "fold": _folds,
    "table": _rows,
}
