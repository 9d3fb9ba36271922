"""Blocks → messages in Telegram's HTML: parted between blocks first, and never inside a tag."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle
from bot.telegram.formatting import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
TAGS = {TextStyle.STRONG: "b", TextStyle.CITED: "b", TextStyle.FAINT: "i"}
QUOTED = {BlockKind.QUOTE: "<blockquote>", BlockKind.FOLD: "<blockquote expandable>"}
BULLET = "• "
# Of a passage that is one endless sentence, so much is shown around the cited words; of a title, so much.
WINDOW = 3000
TITLE = 200


def messages(blocks: Iterable[Block], *, limit: int = limits.MESSAGE_UNITS) -> list[str]:
    """Lay blocks out into as few messages as keep within Telegram's limits; none is empty."""
    laid: list[list[Block]] = [[]]
    for block in _cut(blocks, limit):
        if laid[-1] and not _fits([*laid[-1], block], limit):
            laid.append([])
        laid[-1].append(block)
    return [_joined(together) for together in laid if any(one.text.strip() for one in together)]


def page(blocks: Iterable[Block]) -> str:
    """Lay a few blocks out into one message: what is too long is cut, and keeps what was cited."""
    return messages(cut(blocks))[0]


def cut(blocks: Iterable[Block]) -> Iterator[Block]:
    """Cut each of a few blocks to its share of a message; quotations keep what was cited."""
    return (window(block) if block.kind in QUOTED else _short(block) for block in blocks)


def _short(block: Block) -> Block:
    return replace(
        block, runs=tuple(replace(run, text=limits.shorten(run.text, TITLE)) for run in block.runs)
    )


def window(block: Block, room: int = WINDOW) -> Block:
    """Return a quotation cut to ``room`` units: what stands far from its cited words goes."""
    over = sum(limits.units(run.text) for run in block.runs) - room
    if over <= 0:
        return block
    at = next((at for at, run in enumerate(block.runs) if run.style is TextStyle.CITED), 0)
    cited = replace(block.runs[at], text=limits.shorten(block.runs[at].text, room))
    left = room - limits.units(cited.text)
    before = "".join(run.text for run in block.runs[:at])
    after = "".join(run.text for run in block.runs[at + 1 :])
    tail = max(1, left // 2, left - limits.units(before))
    shown = limits.shorten(after, tail)
    head = max(1, left - limits.units(shown))
    runs = (TextRun(limits.shorten(before[::-1], head)[::-1]), cited, TextRun(shown))
    return replace(block, runs=tuple(run for run in runs if run.text))


def _cut(blocks: Iterable[Block], limit: int) -> Iterator[Block]:
    """Clean each block, and part those that would fill more than a message of their own."""
    for block in blocks:
        mark = (TextRun(BULLET),) if block.kind is BlockKind.ITEM else ()
        runs = (replace(run, text=limits.clean(run.text)) for run in (*mark, *block.runs))
        yield from _parted(replace(block, runs=tuple(run for run in runs if run.text)), limit)


def _parted(whole: Block, limit: int) -> Iterator[Block]:
    part: list[TextRun] = []
    room = limit
    for run in whole.runs:
        rest = run.text
        while rest:
            taken = _first(rest, room, fresh=not part)
            if taken:
                part.append(replace(run, text=rest[:taken]))
                room -= limits.units(rest[:taken])
                rest = rest[taken:]
            if rest or len(part) == limits.MESSAGE_ENTITIES - 1:
                yield replace(whole, runs=tuple(part))
                part, room = [], limit
    if part:
        yield replace(whole, runs=tuple(part))


def _first(text: str, room: int, *, fresh: bool) -> int:
    """Return how much of ``text`` goes into ``room``: all, a good cut, or nothing if a new page is due."""
    if limits.units(text) <= room:
        return len(text)
    at = limits.prefix(text, room) if room > 0 else 0
    return max(at, 1) if fresh else at


def _fits(together: Sequence[Block], limit: int) -> bool:
    return (
        sum(limits.units(one.text) + 1 + one.apart for one in together) <= limit
        and sum(map(_entities, together)) <= limits.MESSAGE_ENTITIES
        and len(_joined(together).encode()) <= limits.MESSAGE_BYTES
    )


def _entities(block: Block) -> int:
    return (block.kind in QUOTED) + sum(run.style in TAGS for run in block.runs)


def _joined(together: Sequence[Block]) -> str:
    groups: list[str] = []
    for kind, group in groupby(together, key=lambda one: one.kind if one.kind in QUOTED else None):
        first, *rest = group
        inner = _line(first) + "".join(("\n\n" if one.apart else "\n") + _line(one) for one in rest)
        space = "\n" if first.apart and groups else ""
        groups.append(space + (f"{QUOTED[kind]}{inner}</blockquote>" if kind else inner))
    return "\n".join(groups)


def _line(block: Block) -> str:
    return "".join(_tagged(run) for run in block.runs)


def _tagged(run: TextRun) -> str:
    escaped = run.text.translate(ESCAPES)
    tag = TAGS.get(run.style)
    return f"<{tag}>{escaped}</{tag}>" if tag else escaped
