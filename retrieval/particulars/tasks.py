"""Tasks: who leads each, and those that a text numbers through, over its headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.particulars.particular import Particular, ParticularKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.text.normalize import Span

_LED = re.compile(
    r"牵头(?!人)|(?:责任|主办|承办|实施|落实|负责)(?:单位|部门|主体|科室)\**[:：]|(?:负责|主管)(?:单位|部门)(?:为|是)|[局委办厅部中心府司团]负责(?=[，。；、）)\s]|$)"
)
_STOPS = "。；\n"
_CLOSERS = {"（": "）", "(": ")"}
_LONGEST = 160  # characters of a sentence that is quoted whole
_RUNNING = re.compile(r"(?:[（(](?P<round>\d{1,3})[）)]|(?P<digit>\d{1,3})(?:[.．](?!\d)|、))")
_FEWEST = 3  # items that make a chain


def tasks(text: str, lines: Sequence[Span]) -> Iterator[Particular]:
    """Yield who leads what, and the numbered items of chains that go on over the headings."""
    yield from _leads(text, lines)
    yield from _items(text, lines)


def _leads(text: str, lines: Sequence[Span]) -> Iterator[Particular]:
    for line in lines:
        last = -1
        for found in _LED.finditer(text, line.start, line.end):
            if found.start() < last:
                continue
            start, last = _around(text, line, found.start())
            yield Particular(kind=ParticularKind.LEAD, start=start, end=last, topic=(line.start, line.end))


def _around(text: str, line: Span, at: int) -> tuple[int, int]:
    """Return the sentence that holds an offset, with the task before a bracket where it is in one."""
    start, end = _sentence(text, line, at)
    for opener, closer in _CLOSERS.items():
        opened = text.rfind(opener, line.start, at)
        closed = text.find(closer, at, line.end)
        if opened >= 0 and closed >= 0 and text.find(closer, opened, at) < 0:
            before = _sentence(text, line, max(line.start, opened - 1))[0]
            return (before if closed - before <= _LONGEST else opened), closed + 1
    if end - start > _LONGEST:
        start = max(start, text.rfind("，", start, at) + 1)
        comma = text.find("，", at, end)
        end = comma if comma > 0 else end
    return start, end


def _sentence(text: str, line: Span, at: int) -> tuple[int, int]:
    """Return the sentence of a line that holds an offset, its stop with it."""
    start = max([line.start, *(text.rfind(stop, line.start, at) + 1 for stop in _STOPS)])
    ends = [text.find(stop, at, line.end) + 1 for stop in _STOPS]
    return start, min([one for one in ends if one > 0], default=line.end)


def _items(text: str, lines: Sequence[Span]) -> Iterator[Particular]:
    chains: dict[str, list[tuple[int, int]]] = {"round": [], "digit": []}
    for at, line in enumerate(lines):
        found = _RUNNING.match(text, line.start, line.end)
        if found is None:
            continue
        style = str(found.lastgroup)
        number, chain = int(found[style]), chains[style]
        if number == len(chain) + 1:
            chain.append((number, at))
        elif number == 1:
            yield from _chain(lines, chain)
            chains[style] = [(1, at)]
    for chain in chains.values():
        yield from _chain(lines, chain)


def _chain(lines: Sequence[Span], chain: Sequence[tuple[int, int]]) -> Iterator[Particular]:
    if len(chain) < _FEWEST:
        return
    for number, at in chain:
        line = lines[at]
        whole = (line.start, line.end)
        yield Particular(
            kind=ParticularKind.ITEM,
            start=line.start,
            end=line.end,
            topic=whole,
            number=number,
            rank=-len(chain),
        )
