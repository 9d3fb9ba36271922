"""Comparisons: each side is searched and ranked by itself; figures are set against each other where they are of one thing."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.candidates.sentence_candidates import sentence_candidates
from answering.composition.compared_parts import ComparedPart, compared_parts
from answering.composition.facts import led
from answering.composition.figure_choice import FigureCandidate, agree, chosen_figures, shown
from answering.extractive.arithmetic import Weighed, rank, reckon
from answering.extractive.charts import bars, mark, titled
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.lookup import bears
from answering.extractive.sentence_selection import SelectedSentence, holds, select
from answering.lexicon.phrases import join, phrase
from answering.question.decompose import things_of
from answering.question.intent import ExpectedAnswer
from answering.question.operation import LEAST, asks_sum, weighs
from answering.question.subject import subject
from answering.question.unit_classes import comparable
from answering.scoring.abstention import answer_odds, signals
from answering.scoring.ranker import ranked
from answering.scoring.sentence_features import reading_of
from answering.values.answer import Answer, Outcome, Shape, StatementKind
from answering.values.chart import Chart, Drawing
from retrieval.facts.figure_role import RoleKind
from retrieval.quantities import Bound
from retrieval.text.normalize import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from answering.scoring.sentence_features import QuestionWords

_WHOLE = 160  # characters: what two places say of one thing is seen best in whole sentences
_ANCHORS = 8  # figures of a side that the others may be set against
_WHOLE_ROW = 0.3  # probability of each figure from which a row that no side lacks is taken
_EVEN = 0.5  # probability from which a figure is taken to answer
_COURSE = 3  # years from which on a course is told
_NAMES = re.compile("[“《「]")  # what a sentence that tells what something is called bears
_SAME = re.compile(r"一样|相同|同一|一致|是不是一|\bthe same\b")


@dataclass(frozen=True, eq=False, kw_only=True)
class Side:
    """One side of a comparison with what was found for it alone."""

    part: ComparedPart
    context: QuestionContext  # narrowed to it
    reading: QuestionWords
    figures: Sequence[FigureCandidate]  # the likeliest first; none where no figure is asked for


def compared(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with a line for each side and what comes of them; None where the question has no sides, or none answers."""
    del ranking
    parts = compared_parts(context)
    if len(parts) < 2 or not context.terms(parts[0].content).total:
        return None
    weighed = weighs(context.question.folded)
    figured = weighed or context.question.want.kind == "figure"
    sides = [_side(part, context, figured=figured) for part in parts]
    if figured and (answer := _of_figures(context, sides)) is not None:
        return answer
    return None if weighed and context.question.want.kind == "figure" else _of_words(context, sides)


def summed(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer what two things of one place come to together, or which is more; None where no such thing is asked."""
    folded = context.question.folded
    if len(context.question.places) != 1 or context.question.years or not weighs(folded):
        return None
    return compared(context, ranking) if len(things_of(context.question.content)) > 1 else None


def _side(part: ComparedPart, context: QuestionContext, *, figured: bool) -> Side:
    sub = part.narrowed(context)
    reading = reading_of(sub, part.content)
    if figured and reading.want.kind != "figure":
        reading = replace(reading, want=ExpectedAnswer("figure"))
    figures = chosen_figures(sub, reading) if figured else ()
    return Side(part=part, context=sub, reading=reading, figures=[f for f in figures if _of_year(f, part)])


def _of_year(one: FigureCandidate, part: ComparedPart) -> bool:
    """Tell whether a figure may be of the year that its side asks of."""
    if part.year is None:
        return True
    note = one.scored.candidate.annotation
    told = one.row.year if one.row is not None else None
    return part.year == told if told is not None else note.covers(part.year)


def _of_figures(context: QuestionContext, sides: Sequence[Side]) -> Answer | None:
    one_thing = len({side.part.content for side in sides}) == 1
    chosen = (named_row(context, sides) or row_of(sides)) if one_thing else _each(sides)
    agreeing = [one for one in chosen if one is not None]
    chosen = _filled(sides, chosen) if one_thing else chosen
    told = [(side, one) for side, one in zip(sides, chosen, strict=True) if one is not None]
    if len({(one.line.key, one.figure.start) for _, one in told}) < (1 if one_thing else 2):
        return None
    draft = AnswerDraft(context.question)
    if not one_thing or len(agreeing) == len(told):
        _weigh(draft, context, told, one_thing=one_thing)
    for side, one in zip(sides, chosen, strict=True):
        if one is None:
            _silent(draft, context, side)
        else:
            draft.quote(shown(one, side.reading), lead=_lead(context, side, one.scored), level=1)
    answer = draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)
    return replace(answer, shape=Shape.TABLE, verdict=_alike(context, [one for _, one in told]))


def named_row(context: QuestionContext, sides: Sequence[Side]) -> list[FigureCandidate | None]:
    """Return the figures that the register gives the very name asked for, in the state asked for; [] for fewer than two.

    A target is no result: where one is asked for, the other is left out.
    """
    aimed = {"planned": True, "done": False}.get(context.hypothesis.state or "")
    fitting = [
        replace(side, figures=sorted(_in_state(side.figures, aimed), key=lambda f: -f.odds)) for side in sides
    ]
    row = row_of(fitting, named=True)
    return row if sum(f is not None for f in row) > 1 else []


def _in_state(figures: Sequence[FigureCandidate], aimed: bool | None) -> list[FigureCandidate]:
    return [f for f in figures if f.named and aimed in (None, f.aimed)]


def row_of(sides: Sequence[Side], *, named: bool = False) -> list[FigureCandidate | None]:
    """Return for each side the figure of one and the same thing; the row that is likeliest to answer as a whole.

    Of ``named`` figures the row that most sides have is taken, of others one that is likely by itself.
    """
    best: tuple[float, list[FigureCandidate | None]] = (0.0, [None] * len(sides))
    for anchor in (f for side in sides for f in side.figures[:_ANCHORS]):
        row = [next((f for f in side.figures if f is anchor or agree(anchor, f)), None) for side in sides]
        told = [_share(f.odds) for f in row if f is not None]
        worth = sum(told) / len(row) + len(told) if named else sum(told) * len(told) / len(row)
        sure = max(told) >= _EVEN or (len(told) == len(row) and min(told) >= _WHOLE_ROW)
        if worth > best[0] and (named or sure):
            best = (worth, row)
    return best[1]


def _filled(sides: Sequence[Side], row: Sequence[FigureCandidate | None]) -> list[FigureCandidate | None]:
    """Return a row with the surest figure of each side that has none of the same name: told, and not weighed."""
    main = next((one for one in row if one is not None), None)
    if main is None:
        return list(row)
    return [
        one or next((f for f in side.figures if f.odds >= 0 and comparable(f.figure, main.figure)), None)
        for side, one in zip(sides, row, strict=True)
    ]


def _each(sides: Sequence[Side]) -> list[FigureCandidate | None]:
    """Return the likeliest figure of each side by itself, no figure, and no change, for two of them."""
    taken: set[tuple[object, object]] = set()
    out: list[FigureCandidate | None] = []
    for side in sides:
        fitting = (f for f in side.figures if _identity(f) not in taken)
        found = next(fitting, None)
        out.append(found)
        if found is not None:
            taken.add(_identity(found))
    sure = [f for f in out if f is not None and f.odds >= 0]
    return out if sure else [None] * len(sides)


def _identity(one: FigureCandidate) -> tuple[object, object]:
    """Return what tells a figure from others; where a change began and where it ended are one."""
    changed = one.row is not None and one.row.role in (RoleKind.START, RoleKind.END)
    return one.line.key, one.name if changed else one.figure.start


def _share(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def _weigh(
    draft: AnswerDraft,
    context: QuestionContext,
    told: Sequence[tuple[Side, FigureCandidate]],
    *,
    one_thing: bool,
) -> None:
    """Say what comes of the figures: the course of years, the most and the difference, or the sum."""
    folded = context.question.folded
    rows = [Weighed(_name(context, side), one.figure, draft.cite_line(one.line)) for side, one in told]
    alike = [row for row in rows if comparable(row.figure, rows[0].figure)]
    if len(alike) < len(rows):
        shown_ = join(tuple(f"{row.name}{row.figure.text}" for row in rows), draft.language)
        numbers = [row.number for row in rows]
        if weighs(folded):
            draft.say(
                phrase("apart", draft.language, figures=shown_), *numbers, manner=StatementKind.COMPUTED
            )
        return
    through = told[0][0].part.year is not None
    if len(rows) < 2 or not (weighs(folded) or (one_thing and through)):
        return
    if asks_sum(folded):
        reckon(draft, rows, "sum")
        return
    if through and len(rows) >= _COURSE:
        _course(draft, rows)
    elif not through or len(rows) == 2:
        rank(draft, rows, least=bool(LEAST.search(folded)))
    if len(rows) == 2 and rows[0].figure.value != rows[1].figure.value and rows[0].figure.high is None:
        reckon(draft, rows, "difference")
    title = titled(subject(told[0][0].part.content) or told[0][0].part.content, draft.language)
    unit = rows[0].figure.unit
    marks = [
        mark(context.called(side.part.place) or row.name, row.figure, row.number, year=side.part.year)
        for row, (side, _) in zip(rows, told, strict=True)
    ]
    draft.chart = (
        Chart(drawing=Drawing.LINE, title=title, unit=unit, marks=tuple(marks))
        if through
        else bars(title, marks, unit=unit, language=draft.language)
    )


def _course(draft: AnswerDraft, rows: Sequence[Weighed]) -> None:
    """Say whether the figures rise or fall from year to year."""
    steps = [two.figure.value - one.figure.value for one, two in pairwise(rows)]
    rises, falls = any(step > 0 for step in steps), any(step < 0 for step in steps)
    key = (
        "course_mixed"
        if rises and falls
        else "course_up"
        if rises
        else "course_down"
        if falls
        else "course_flat"
    )
    words = phrase(key, draft.language, figures=" → ".join(row.figure.text for row in rows))
    draft.say(words, *(row.number for row in rows), manner=StatementKind.COMPUTED)


def _alike(context: QuestionContext, told: Sequence[FigureCandidate]) -> str | None:
    """Return whether the sides are the same, where that is asked and their figures tell it."""
    if not _SAME.search(context.question.folded):
        return None
    exact = all(one.figure.bound is Bound.EXACT for one in told)
    return ("true" if len({one.figure.value for one in told}) == 1 else "false") if exact else None


def _of_words(context: QuestionContext, sides: Sequence[Side]) -> Answer | None:
    """Answer in the words of each side: one is taken where its odds, with those of the surest side, are for it."""
    found = [_best(side) for side in sides]
    surest = max((odds for _, odds in found), default=0.0)
    if surest < 0:
        return None
    kept = [scored if scored is not None and odds + surest >= 0 else None for scored, odds in found]
    if len({x.candidate.line.key for x in kept if x is not None}) < min(2, sum(x is not None for x in kept)):
        return None
    draft = AnswerDraft(context.question)
    for side, scored in zip(sides, kept, strict=True):
        if scored is None:
            _silent(draft, context, side)
            continue
        draft.quote(_words(side, scored), lead=_lead(context, side, scored), level=1)
    return replace(draft.done(), shape=Shape.TABLE)


def _best(side: Side) -> tuple[ScoredCandidate | None, float]:
    """Return the best sentence of a side that bears what an answer must, with the log-odds that it answers."""
    best = ranked(side.reading, sentence_candidates(side.context))
    want = side.context.question.want
    fitting = (
        x
        for x in best
        if not x.candidate.line.is_heading
        and (side.part.year is None or x.candidate.annotation.covers(side.part.year))
        and holds(x.candidate.line, want)
        and (want.kind != "name" or _NAMES.search(x.candidate.line.text))
        and bears(x.candidate.line, side.context)
    )
    first = next(fitting, None)
    if first is None:
        return None, float("-inf")
    others = [x for x in best if x is not first]
    return first, answer_odds(signals(side.reading, [first, *others], side.context.library))


def _words(side: Side, scored: ScoredCandidate) -> SelectedSentence:
    line = scored.candidate.line
    whole = SelectedSentence(line, Span(0, len(line.text)), 0.0)
    if len(line.text) <= _WHOLE:
        return whole
    return select(line, side.reading.terms, ExpectedAnswer()) or whole


def _silent(draft: AnswerDraft, context: QuestionContext, side: Side) -> None:
    if not (context.question.all_places or context.hypothesis.everywhere):
        lead = _name(context, side)
        draft.say(phrase("silent", draft.language), lead=lead, level=1, manner=StatementKind.FRAME)


def _name(context: QuestionContext, side: Side) -> str:
    return side.part.label or context.called(side.part.place)


def _lead(context: QuestionContext, side: Side, scored: ScoredCandidate) -> str:
    place = led(context, scored)
    return f"{side.part.label}，{place}" if side.part.label else place
