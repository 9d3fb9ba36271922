"""The sentence whose figure measures what is asked, at the time that is asked, by its row in the register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.evidence.year_range import names_text
from answering.extractive.sentence_selection import ENOUGH, lookup
from answering.question.subject import thing_of, variants
from answering.question.unit_classes import unit_class
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import core
from retrieval.quantities import Sort
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.extractive.sentence_selection import SelectedSentence
    from answering.lexicon.relevance import Terms
    from answering.question.intent import ExpectedAnswer
    from retrieval.facts.models import FigureRow

_TRIES = 4  # sentences looked at before it is taken that none measures it
_NAMED = 0.25  # share of the thing's words that what is counted must hold
_HOW_MANY = re.compile("有(?:多少|几)")
_LONGEST = 4  # characters of a thing that is asked for by its bare name
_JOINS = "达为共有约近超过到至已"  # between a thing and how many there are of it
_NOTHING_MORE = re.compile(
    "(?:行动|工作|活动|任务|数量|总数|总量|人数|个数)*"
)  # after a thing, it is still that
_CHOSEN = re.compile("入选|入围|列入|纳入|进入|跻身|获|上榜|被")
_CHANGE = re.compile(
    "[增涨降跌减升]|提高|回落|变化|变动|更|比|同比|grow|rise|rose|fall|fell|increase|decrease|change"
)
_GROWN = re.compile("(?:增长|增加|增幅|提高|上升|下降|减少|降低)[了约近超]?$")
_AIMED = re.compile("力争|目标|预期|计划|争取|确保|[将拟]")  # says so itself
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is asked for: the kind of thing, the words that ask (folded, without places), the years."""

    want: ExpectedAnswer
    content: str
    years: tuple[int, ...] = ()


def look_up(
    lines: Sequence[Line], terms: Terms, sought: Sought, desk: QuestionContext, *, floor: float = ENOUGH
) -> SelectedSentence | None:
    """Return the sentence that best answers, its figure one of the thing and of the years asked for.

    See ``extract.lookup`` for the rest.
    """
    left = list(lines)
    for _ in range(_TRIES):
        found = lookup(left, terms, sought.want, lean=desk.lean, floor=floor)
        if found is None or measures(found, sought, desk):
            return found
        left = [line for line in left if line is not found.line]
    return None


def measures(find: SelectedSentence, sought: Sought, desk: QuestionContext) -> bool:
    """Tell whether the figure found counts the thing asked for, in the years asked for."""
    if find.figure is None:
        return True
    asked, row = desk.question.folded, row_of(find, desk)
    if not _of_thing(find, row, sought, desk):
        return False
    if row is None:
        return True
    level = desk.lean > 0 or not _is_change(find, row) or sought.want.units or _CHANGE.search(asked)
    return bool(level) and of_years(row, find.line, sought.years, asked)


def _is_change(find: SelectedSentence, row: FigureRow) -> bool:
    """Tell whether a figure tells by how much a thing changed or is to change, and not its level."""
    assert find.figure is not None
    before = find.line.folded[: find.figure.start]
    grown = unit_class(find.figure.unit) == "share" and _GROWN.search(before)
    return row.kind is FigureKind.COMPARISON or bool(grown)


def row_of(find: SelectedSentence | None, desk: QuestionContext) -> FigureRow | None:
    """Return the row of the register for the figure that was found."""
    if find is None or find.figure is None:
        return None
    return desk.library.register.figure_at(find.line.document.id, find.line.start + find.figure.start)


def aimed(find: SelectedSentence, desk: QuestionContext) -> bool:
    """Tell whether the figure found is yet to be reached, where neither question nor words shown say so."""
    row = row_of(find, desk) if desk.lean <= 0 and not _AIMED.search(find.text) else None
    return row is not None and row.kind is FigureKind.TARGET


def says_aim(words: str) -> bool:
    """Tell whether words say themselves that what they tell is yet to be reached: 拟安排, 力争."""
    return _AIMED.search(words) is not None


def of_years(row: FigureRow, line: Line, years: Sequence[int], asked: str) -> bool:
    """Tell whether a figure is told of the years asked for; what is aimed at is of the year it is for.

    A question for what a text of a year says (2025年政府工作报告) does not ask for that year.
    """
    if not years or row.year is None or names_text(asked, years):
        return True
    told = line.text if row.kind is FigureKind.TARGET or row.period else ""
    return all(_is_of(row, line, year) or str(year) in told for year in years)


def _is_of(row: FigureRow, line: Line, year: int) -> bool:
    if row.year == year:
        return True
    if row.kind is FigureKind.TARGET or (row.period and _YEAR.search(row.period)):
        return False
    document = line.document
    return document.genre is Genre.REPORT and row.year == document.year == year + 1


def _of_thing(find: SelectedSentence, row: FigureRow | None, sought: Sought, desk: QuestionContext) -> bool:
    """Tell whether a figure counts the thing whose number is asked for by its bare name: 有多少所高校.

    The words that name what is counted must name the thing, and no more after it: 高校毕业生 are no 高校.
    """
    thing = thing_of(sought.content, desk.question.language, desk.lexicon)
    assert find.figure is not None
    bare = _HOW_MANY.search(desk.question.folded) and 1 < len(thing) <= _LONGEST
    if not bare or find.figure.sort is Sort.NAME:
        return True
    names = variants(thing, desk.lexicon)
    after = find.line.folded[find.figure.end :].removeprefix("的")
    if headed := next((name for name in names if after.startswith(name)), ""):
        chosen = _CHOSEN.match(after, len(headed))
        return chosen is None or chosen[0] in desk.question.folded
    before = find.line.folded[: find.figure.start].rstrip(_JOINS)
    if before.endswith(names):  # 志愿者21.56万名
        return True
    metric = core(fold(row.metric)) if row else _clause(find)
    within = [name for name in names if name in metric]
    told = desk.terms(thing).coverage(metric) >= _NAMED
    return told and (
        not within or row is None or any(_ends_with(metric, name, desk.question.folded) for name in within)
    )


def _ends_with(metric: str, name: str, asked: str) -> bool:
    """Tell whether what is counted is called so, or as the question goes on, with no other thing after it."""
    start = metric.rindex(name)
    end = start + len(name)
    while end < len(metric) and metric[start : end + 1] in asked:
        end += 1
    return _NOTHING_MORE.fullmatch(metric, end) is not None


def _clause(find: SelectedSentence) -> str:
    assert find.figure is not None
    at = find.figure.start
    return next(find.line.folded[s.start : s.end] for s in find.line.clauses if s.start <= at < s.end)
