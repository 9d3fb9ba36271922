"""Figures of a part: 30名青年志愿者登上海岛 counts some who did a thing, not all 志愿者 that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.subject import thing_of
from retrieval.numerals import Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.desk import Desk
    from answering.evidence import Line
    from answering.matching import Spot
    from retrieval.numerals import Figure

_DOERS = frozenset(("人", "名", "位", "户", "家"))
_HELD = re.compile("(?:有|达到?|[共总合]计?|为|是|至|突破|超过?|注册|登记|在册)[约近超]?$")
_PARTED = re.compile("[,，;；:：。、]")
_KIND = re.compile("[一-鿿]{1,4}")
_DID = re.compile("(?![的等和与及以或、])[一-鿿]{2}")


def of_some(thing: str, unit: str, before: str, after: str, asked: str) -> bool:
    """Tell whether a figure counts only those of a kind of the thing that did what nobody asks.

    ``before`` and ``after`` are the words around the figure, ``asked`` those of the question, all folded.
    """
    if unit not in _DOERS or len(thing) < 2 or _HELD.search(before):
        return False
    at = after.find(thing, 1, 5 + len(thing))
    rest = _DID.match(after, at + len(thing)) if at > 0 else None
    return rest is not None and _KIND.fullmatch(after[:at]) is not None and rest[0] not in asked


def of_whole(lines: Sequence[Line], desk: Desk) -> list[Line]:
    """Leave out sentences that speak of the thing asked for only where they count some of it."""
    thing, asked = thing_of(desk.question, desk.lexicon), desk.question.folded
    return [line for line in lines if not _only_of_some(line, thing, asked)]


def _only_of_some(line: Line, thing: str, asked: str) -> bool:
    if line.folded.count(thing) != 1:
        return False
    text = line.folded
    return any(of_some(thing, f.unit, text[: f.start], text[f.end :], asked) for f in line.figures)


def counts(figure: Figure, spots: Sequence[Spot], line: Line) -> bool:
    """Tell whether a number can count what is asked: no date, and in a name only one that is of it."""
    if figure.sort is not Sort.NAME:
        return figure.sort is not Sort.DATE
    near = (line.folded[min(figure.end, s.end) : max(figure.start, s.start)] for s in spots)
    return any(not _PARTED.search(between) for between in near)
