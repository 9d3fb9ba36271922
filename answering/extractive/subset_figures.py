"""Figures of a part: 30名青年志愿者登上海岛 counts some who did a thing, not all 志愿者 that there are."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.question.subject import thing_of, variants, without_country
from answering.question.unit_classes import unit_class
from retrieval.quantities import Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.lexicon.relevance import TermSpot
    from retrieval.quantities import Figure

_DOERS = frozenset(("人", "名", "位", "户", "家"))
_HELD = re.compile("(?:有|达到?|[共总合]计?|为|是|至|突破|超过?|注册|登记|在册)[约近超]?$")
_PARTED = re.compile("[,，;；:：。、]")
_KIND = re.compile("[一-鿿]{1,4}")
_RATE = re.compile("[一-鿿]{1,10}率")
_GRADE = re.compile("元?(?:级|强(?![度制化])|(?:大|强)?[城县市镇](?!镇|乡)|俱乐部|行列|阵营)")
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


def of_whole(lines: Sequence[Line], desk: QuestionContext, content: str) -> list[Line]:
    """Leave out sentences that count only some of the thing, and those without the rate that is asked for.

    ``content`` is the part of the question that asks (folded, without places).
    """
    asked = desk.question.folded
    thing = without_country(thing_of(content, desk.question.language, desk.lexicon), desk.hypothesis.places)
    rate = _RATE.match(thing) if desk.question.want.kind == "figure" else None
    names = variants(rate[0], desk.lexicon) if rate else ()
    return [x for x in lines if _names_rate(x.folded, names) and not _only_of_some(x, thing, asked)]


def _names_rate(text: str, names: Sequence[str]) -> bool:
    """Tell whether a sentence names a rate, and in it or before it what it is of; there are many rates.

    绿化覆盖率 is no 森林覆盖率; 热线办结率 is told in 热线受理诉求8000件，办结率达到98%.
    """
    return not names or any(
        _apart(name[-3:]).search(text)
        and (
            len(name) < 5
            or any(a + b in text for a, b in pairwise(name[:-3]))
            or _apart(name[:-3]).search(text) is not None  # 普高 is short for 普通高中
        )
        for name in names
    )


@lru_cache(maxsize=256)
def _apart(word: str) -> re.Pattern[str]:
    """Return what finds a word with a few characters between its own: 处理率 in 处理达标率."""
    return re.compile("[^,，。;；、]{0,3}".join(map(re.escape, word)))


def _only_of_some(line: Line, thing: str, asked: str) -> bool:
    if line.folded.count(thing) != 1:
        return False
    text = line.folded
    return any(of_some(thing, f.unit, text[: f.start], text[f.end :], asked) for f in line.figures)


def counts(figure: Figure, spots: Sequence[TermSpot], line: Line) -> bool:
    """Tell whether a number can count what is asked: no date, and in a name only one that is of it."""
    if figure.sort is not Sort.NAME:
        return figure.sort is not Sort.DATE and not _is_grade(figure, line)
    near = (line.folded[min(figure.end, s.end) : max(figure.start, s.start)] for s in spots)
    return any(not _PARTED.search(between) for between in near)


def _is_grade(figure: Figure, line: Line) -> bool:
    """Tell whether a sum only names a rank that somebody belongs to: 两万亿级城市, 千亿县."""
    sum_told = not figure.unit or unit_class(figure.unit) == "money"
    return sum_told and _GRADE.match(line.folded, figure.end) is not None
