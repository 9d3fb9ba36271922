"""What is left of an answer for who asks on (还有呢, 剩下的有哪些): without what has been shown of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.values.answer import StatementKind
from retrieval.text.normalize import clauses, fold

if TYPE_CHECKING:
    from answering.values.answer import Answer, Statement

_MARKS = re.compile(r"[\W_]+")
_LEAST = 6  # characters by which a statement is known


def left_of(found: Answer, shown: str) -> Answer | None:
    """Return an answer without the members that ``shown`` holds, its sources counted again; None if none is left.

    One that tells that it has more members than it names stays as it is: what is left can't be known.
    """
    told = _bare(shown)
    fresh = [one for one in found.statements if not _is_frame(one) and _opening(one.text) not in told]
    counts = any(_is_frame(one) and at for at, one in enumerate(found.statements))
    if not fresh:
        return found if counts and any(one.level for one in found.statements) else None
    heads = [one for one in found.statements if not one.level and not _is_frame(one)]
    listed = any(one.level for one in fresh)
    kept = [
        one for one in found.statements if one in fresh or (listed and (one in heads[:1] or _is_frame(one)))
    ]
    numbers: dict[int, int] = {}
    for one in kept:
        for number in one.citations:
            numbers.setdefault(number, len(numbers) + 1)
    cited = {one.number: one for one in found.citations}
    return replace(
        found,
        statements=tuple(replace(one, citations=tuple(numbers[n] for n in one.citations)) for one in kept),
        citations=tuple(replace(cited[old], number=new) for old, new in numbers.items()),
        chart=None,
    )


def _is_frame(one: Statement) -> bool:
    return one.manner is StatementKind.FRAME


def _opening(text: str) -> str:
    """Return the clauses that a statement begins with, by which it is known also where it was cut."""
    begun = ""
    for span in clauses(text):
        begun += _bare(text[span.start : span.end])
        if len(begun) >= _LEAST:
            break
    return begun


def _bare(text: str) -> str:
    return _MARKS.sub("", fold(text))
