"""Follow one thing through the years: a row a year with its [n], and the change from first to last."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.aggregation.comparison_board import SURE, conflicts, gather
from answering.aggregation.entries import Entry, groups
from answering.aggregation.rows import cite, dated, say_row
from answering.extractive.arithmetic import scale_of
from answering.extractive.charts import mark, titled
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import join, phrase
from answering.question.operation import asks_rate
from answering.values.answer import Answer, Computation, Outcome, Shape, StatementKind
from answering.values.chart import Chart, Drawing, Mark
from retrieval.facts.name_similarity import core
from retrieval.quantities import Bound
from retrieval.quantities.numerals import parse_number
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext

_LAST = re.compile("近([一二两三四五六七八九十]|\\d{1,2})个?年")
_RANGE = 2  # years that a question names when it asks for those between them


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One thing of one place through the years."""

    line: tuple[Entry, ...]  # one a year under one name, the earliest first
    others: tuple[Entry, ...]  # of years that give it under another name only
    beside: tuple[Entry, ...]  # what goes by other, as like names in the years of the line
    disputed: tuple[Entry, ...]  # other values that another text gives for a year of the line


def trend(
    desk: QuestionContext, thing: str, places: Sequence[str], *, only: Sequence[int] = ()
) -> Answer | None:
    """Answer with a figure a year for each place that has several; None where none has.

    ``only`` are the years to be set against each other, each of which has to be told of.
    """
    entries = gather(desk, thing, places, years=(), growth=asks_rate(desk.question.folded))
    draft = AnswerDraft(desk.question)
    if only:
        kept = _courses([e for e in entries if e.row.year in only], least=len(only))
    else:
        asked = asked_years(entries, desk.question.folded, desk.question.years)
        kept = _courses(asked, least=2) or (_courses(asked, least=1) if len(places) == 1 else {})
    if not kept or (len(kept) > 1 and not desk.question.places and not desk.question.all_places):
        return None
    marks: list[Mark] = []
    for place, course in kept.items():
        marks += _tell(draft, desk, course, lead=desk.called(place) if len(kept) > 1 else "")
        if not only:
            _silent(draft, desk, place, course)
    if len(marks) > len(kept):
        title = titled(thing if len(kept) > 1 else f"{desk.called(next(iter(kept)))}{thing}", draft.language)
        unit = next(iter(kept.values())).line[0].row.unit
        draft.chart = Chart(drawing=Drawing.LINE, title=title, unit=unit, marks=tuple(marks))
    answer = draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)
    return replace(answer, shape=Shape.TABLE)


def _courses(entries: Sequence[Entry], *, least: int) -> dict[str, Course]:
    """Return the course of each place that tells of so many years at least, with its surest names."""
    by_place: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.likeness >= SURE:
            by_place[entry.place].append(entry)
    courses = {place: through_years(own) for place, own in by_place.items()}
    return {p: one for p, one in courses.items() if one.line and len(one.line) + len(one.others) >= least}


def asked_years(entries: Sequence[Entry], folded: str, years: Sequence[int]) -> list[Entry]:
    """Return the entries of the years asked for: those between two that are named, or the last few."""
    dated = [e for e in entries if e.row.year]
    if len(years) >= _RANGE:
        first, last = min(years), max(years)
        own = [e for e in dated if first <= (e.row.year or 0) <= last or e.document.year in (first, last)]
        return own or dated
    asked = _LAST.search(folded)
    reached = [e.row.year or 0 for e in dated if not e.aimed]
    if asked and reached:
        since = max(reached) - int(parse_number(asked[1]) or 0)
        own = [e for e in dated if (e.row.year or 0) > since]
        return own if len({e.row.year for e in own if not e.aimed}) > 1 else dated
    return dated


def through_years(entries: Sequence[Entry]) -> Course:
    """Return one entry a year that can be set against each other, of the name that most years bear."""
    reached = [e for e in entries if not e.aimed] or list(entries)
    main = max(groups(reached), key=lambda s: len({e.row.year for e in s}))
    by_name: dict[str, list[Entry]] = defaultdict(list)
    for entry in main:
        by_name[core(fold(entry.row.metric))].append(entry)
    name = max(by_name, key=lambda n: (len({e.row.year for e in by_name[n]}), by_name[n][0].likeness))
    line = _one_a_year(by_name[name])
    told = {e.row.year for e in line}
    others = _one_a_year([e for e in main if e.row.year not in told])
    beside = [e for e in main if e.row.year in told and core(fold(e.row.metric)) != name]
    return Course(
        line=tuple(line),
        others=tuple(others),
        beside=tuple(e for e in _one_a_name(beside) if e.likeness >= line[0].likeness),
        disputed=tuple(e for one in line for e in by_name[name] if conflicts(e, one)),
    )


def _one_a_year(entries: Sequence[Entry]) -> list[Entry]:
    by_year: dict[int, Entry] = {}
    for entry in sorted(entries, key=_plain):
        by_year[entry.row.year or 0] = entry
    return [by_year[year] for year in sorted(by_year)]


def _plain(entry: Entry) -> tuple[bool, bool, bool, float]:
    return not entry.former, not entry.spanning, entry.figure.bound is Bound.EXACT, entry.likeness


def _one_a_name(entries: Sequence[Entry]) -> list[Entry]:
    """Return the latest entry of each name."""
    by_name = {core(fold(e.row.metric)): e for e in sorted(entries, key=lambda e: e.row.year or 0)}
    return list(by_name.values())


def _tell(draft: AnswerDraft, desk: QuestionContext, course: Course, *, lead: str) -> list[Mark]:
    """Tell the change and a row a year; returns the marks of the line for the picture."""
    line = course.line
    numbers = [cite(draft, e) for e in line]
    if len(line) > 1:
        _change(draft, line[0], line[-1], (numbers[0], numbers[-1]), lead=lead)
    for entry in sorted((*line, *course.others), key=lambda e: e.row.year or 0):
        year = f"{entry.row.year}年" if draft.language.value != "en" else str(entry.row.year)
        draft.say(entry.words, cite(draft, entry), lead=f"{lead}{year}", level=1)
    if unlike := (*course.others, *course.beside):
        names = join(tuple(f"{e.row.metric}{e.figure.text}" for e in unlike), draft.language)
        of = [cite(draft, e) for e in unlike]
        draft.say(phrase("other_name", draft.language, names=names), *of, manner=StatementKind.COMPUTED)
    if course.disputed:
        place = desk.called(line[0].place)
        draft.say(phrase("conflict", draft.language, place=place), manner=StatementKind.FRAME)
    for entry in course.disputed:
        say_row(draft, desk, entry, lead=f"{entry.row.year}（{dated(entry)}）")
    name = desk.called(line[0].place)
    return [mark(name, e.figure, n, year=e.row.year) for e, n in zip(line, numbers, strict=True)]


def _silent(draft: AnswerDraft, desk: QuestionContext, place: str, course: Course) -> None:
    """Say which reports of the place do not tell of the thing."""
    told = {e.document.id for e in (*course.line, *course.others, *course.disputed)}
    held = [d for d in desk.documents() if d.genre is Genre.REPORT and d.id not in told]
    if any(d.place == place or (desk.question.national and d.place is None) for d in held):
        draft.say(phrase("silent_years", draft.language), manner=StatementKind.FRAME)


def _change(draft: AnswerDraft, first: Entry, last: Entry, numbers: tuple[int, int], *, lead: str) -> None:
    figures = [first.figure, last.figure]
    value = last.row.value - first.row.value
    if value == 0:
        return
    scale, word = scale_of(figures)
    exact = all(f.bound is Bound.EXACT and f.high is None for f in figures)
    of = tuple(float(f.value) for f in figures)
    draft.computed.append(Computation(value=float(abs(value)), op="difference", of=of, scale=int(scale)))
    words = phrase(
        ("rose" if value > 0 else "fell") if exact else "roughly",
        draft.language,
        value=f"{(abs(value) / scale).normalize():f}{word}",
        unit=_unit(first),
        figures=f"{first.figure.text} → {last.figure.text}",
        **({} if exact else {"op": phrase("op_difference", draft.language)}),
    )
    when = f"{lead}{first.row.year}—{last.row.year}"
    draft.say(words, *numbers, lead=when, manner=StatementKind.COMPUTED)


def _unit(entry: Entry) -> str:
    return "个百分点" if entry.row.unit == "%" else entry.row.unit
