"""Answer over the register: a row with its [n] for each place or year, and what comes of them together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.aggregation.comparison_board import SURE, FigureComparison, gather, lay, like_with_like
from answering.aggregation.mentions_without_figure import in_words, say_worded
from answering.aggregation.rows import cite, dated, say_row
from answering.aggregation.trend import trend
from answering.evidence.place_set import asked_of
from answering.extractive.arithmetic import Weighed, in_order, rank, reckon
from answering.extractive.charts import bars, mark
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import join, phrase
from answering.question.operation import (
    COUNT,
    LEAST,
    Task,
    asks_growth,
    is_measure,
    rising,
    sets_years_apart,
    task_of,
)
from answering.question.subject import thing_of
from answering.values.answer import Answer, Computation, Outcome, Shape, StatementKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answering.aggregation.entries import Entry
    from answering.aggregation.mentions_without_figure import Naming
    from answering.evidence.context import QuestionContext
    from answering.values.answer import Language
    from answering.values.chart import Chart

_WEIGHING = (Task.MOST, Task.ORDER, Task.DIFFERENCE)
_TOLD = (Task.ALL, Task.WHICH)  # tasks that one place's figure is told for


def tally(desk: QuestionContext) -> Answer | None:
    """Answer from the register what is weighed, counted or followed; None where a search does better."""
    thing = thing_of(desk.question.content, desk.question.language, desk.lexicon)
    task = task_of(desk.question, thing)
    apart = sets_years_apart(desk.question)
    if (task is None and not apart) or len(thing) < 2 or desk.question.strangers or not thing[0].isalnum():
        return None
    places = asked_of(desk)
    if apart:
        return trend(desk, thing, places, only=desk.question.years)
    if task is Task.TREND:
        return trend(desk, thing, places)
    if task is None:
        return None
    board = _board(desk, thing, places)
    if board is None and task in _TOLD and not desk.question.places:
        board = _board(desk, thing, desk.library.places())
    if board is None:
        return None
    few = len(board.rows) < 2 or (task is Task.DIFFERENCE and len(board.rows) > 2)
    return None if few and task not in _TOLD and not is_measure(thing) else told(desk, board, task, thing)


def _board(desk: QuestionContext, thing: str, places: Sequence[str]) -> FigureComparison | None:
    """Lay out what the places tell of the thing; None where no name is surely that of the thing."""
    growth = asks_growth(desk.question.folded)
    entries = gather(desk, thing, places, years=desk.question.years, growth=growth)
    if len(places) < 2 or not entries or entries[0].likeness < SURE:
        return None
    board = lay(entries, places, aimed=desk.lean > 0, units=desk.question.want.units)
    return board if desk.question.places else like_with_like(board, desk.library.gazetteer)


def told(desk: QuestionContext, board: FigureComparison, task: Task, thing: str) -> Answer:
    """Write the answer: what comes of the figures, each of them, and what was left out and why."""
    draft = AnswerDraft(desk.question)
    least = bool(LEAST.search(desk.question.folded)) or rising(desk.question.folded)
    entries = board.rows
    if task in _WEIGHING:
        entries = tuple(sorted(entries, key=lambda e: e.row.value, reverse=not least))
    rows = [Weighed(desk.called(e.place), e.figure, cite(draft, e)) for e in entries]
    worded = in_words(desk, thing, board.silent)
    if task is Task.WHICH:
        _mentioned(draft, desk, board, worded)
    _headline(draft, rows, task, least=least)
    for entry in entries:
        say_row(draft, desk, entry)
    for place in dict.fromkeys(e.place for e in board.more):
        _conflict(draft, desk, place, [e for e in board.more if e.place == place])
    said = len(draft.statements)
    if task not in _TOLD:
        _differing(draft, entries)
    _left_out(draft, desk, board)
    say_worded(draft, desk, worded, quoted=task in _TOLD)
    _silent(draft, desk, [place for place in board.silent if place not in worded])
    if len(rows) > 1:
        drawn = _drawn(rows, entries, thing, draft.language)
        draft.chart = replace(drawn, notes=tuple(one.text for one in draft.statements[said:]))
    answer = draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)
    return replace(answer, shape=Shape.TABLE)


def _drawn(rows: Sequence[Weighed], entries: Sequence[Entry], thing: str, language: Language) -> Chart:
    marks = [
        mark(row.name, row.figure, row.number, year=e.row.year, period=e.row.period)
        for row, e in zip(rows, entries, strict=True)
    ]
    first = entries[0]
    return bars(thing, marks, unit=first.row.unit, language=language, aimed=first.aimed)


def _headline(draft: AnswerDraft, rows: Sequence[Weighed], task: Task, *, least: bool) -> None:
    if len(rows) < 2:
        return
    if task in _WEIGHING:
        rank(draft, rows, least=least)
    if task is Task.ORDER and len(rows) > 2:
        order = [f"{row.name}{row.figure.text}" for row in in_order(rows, least=least)]
        words = phrase("ranking_up" if least else "ranking", draft.language, order=" → ".join(order))
        draft.say(words, *(row.number for row in rows), manner=StatementKind.COMPUTED)
    if task in (Task.SUM, Task.AVERAGE, Task.DIFFERENCE):
        reckon(draft, rows, task.value)


def _conflict(draft: AnswerDraft, desk: QuestionContext, place: str, entries: Sequence[Entry]) -> None:
    draft.say(phrase("conflict", draft.language, place=desk.called(place)), manner=StatementKind.FRAME)
    for entry in entries:
        when = dated(entry)
        say_row(draft, desk, entry, lead=f"{desk.called(place)}（{when}）" if when else "")


def _left_out(draft: AnswerDraft, desk: QuestionContext, board: FigureComparison) -> None:
    main = board.rows[0]
    reasons: dict[str, list[Entry]] = defaultdict(list)
    for entry in board.apart:
        reasons[_reason(entry, main)].append(entry)
    reasons["why_year"] = list(board.other_years)
    reasons["why_level"] = list(board.other_levels)
    for key, entries in reasons.items():
        if not entries:
            continue
        shown = join(tuple(f"{desk.called(e.place)}{e.figure.text}" for e in entries), draft.language)
        numbers = [cite(draft, entry) for entry in entries]
        draft.say(phrase(key, draft.language, figures=shown), *numbers, manner=StatementKind.COMPUTED)


def _reason(entry: Entry, main: Entry) -> str:
    """Return the key of the phrase that tells why a figure is not set against the others."""
    if entry.aimed != main.aimed:
        return "why_aimed" if entry.aimed else "why_reached"
    if entry.added != main.added:
        return "why_added" if entry.added else "why_whole"
    return "why_unit"


def _silent(draft: AnswerDraft, desk: QuestionContext, places: Sequence[str]) -> None:
    if places:
        words = phrase("silent_places", draft.language, places=desk.named(places))
        draft.say(words, manner=StatementKind.FRAME)


def _mentioned(
    draft: AnswerDraft, desk: QuestionContext, board: FigureComparison, worded: Mapping[str, Naming]
) -> None:
    """Say which places speak of the thing, in figures or without, and how many they are if asked."""
    told_of = [*board.rows, *board.apart]
    numbers = [cite(draft, e) for e in told_of] + [draft.cite_line(one.line) for one in worded.values()]
    names = [desk.called(place) for place in (*(e.place for e in told_of), *worded)]
    counted = bool(COUNT.search(desk.question.folded))
    words = phrase(
        "mentioned" if counted else "mention",
        draft.language,
        places=join(tuple(names), draft.language),
        count=len(names),
    )
    draft.say(words, *numbers, manner=StatementKind.FRAME)
    if counted:
        draft.computed.append(Computation(value=len(names), op="count", of=(1.0,) * len(names)))


def _differing(draft: AnswerDraft, entries: Sequence[Entry]) -> None:
    """Say it where figures that are set side by side are of different years."""
    if len({e.row.year for e in entries if e.row.year}) > 1:
        numbers = [cite(draft, e) for e in entries]
        draft.say(phrase("times_differ", draft.language), *numbers, manner=StatementKind.FRAME)
