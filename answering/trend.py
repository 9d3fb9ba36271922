"""Follow one thing through the years: a row a year with its [n], and the change from first to last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.answer import Answer, Computation, Manner, Outcome, Shape
from answering.chart import Chart, Drawing, Mark
from answering.charting import mark, titled
from answering.draft import Draft
from answering.entries import Entry, alike, groups
from answering.phrases import phrase
from answering.reckon import scale_of
from retrieval.likeness import core
from retrieval.numerals import Bound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.desk import Desk

_SURE = 0.8


def trend(desk: Desk, entries: Sequence[Entry], thing: str) -> Answer | None:
    """Answer with a figure a year for each place that has several; None where none has."""
    draft = Draft(desk.question)
    by_place: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.likeness >= _SURE:
            by_place[entry.place].append(entry)
    lines = {place: through_years(own) for place, own in by_place.items()}
    kept = {place: line for place, line in lines.items() if len(line) > 1}
    if not kept or (len(kept) > 1 and not desk.question.places and not desk.question.all_places):
        return None
    marks: list[Mark] = []
    for place, line in kept.items():
        name = desk.called(place)
        numbers = _tell(draft, line, lead=name if len(kept) > 1 else "")
        marks += [mark(name, e.figure, n, year=e.row.year) for e, n in zip(line, numbers, strict=True)]
    title = titled(thing if len(kept) > 1 else f"{desk.called(next(iter(kept)))}{thing}", draft.language)
    unit = next(iter(kept.values()))[0].row.unit
    draft.chart = Chart(drawing=Drawing.LINE, title=title, unit=unit, marks=tuple(marks))
    answer = draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)
    return replace(answer, shape=Shape.TABLE)


def through_years(entries: Sequence[Entry]) -> list[Entry]:
    """Return one entry a year that can be set against each other, the earliest first."""
    reached = [e for e in entries if not e.aimed and e.row.year] or [e for e in entries if e.row.year]
    if not reached:
        return []
    sets = sorted(groups(reached), key=lambda s: -len({e.row.year for e in s}))
    main = sets[0]
    name = core(max(main, key=lambda e: e.likeness).row.metric)
    by_year: dict[int, Entry] = {}
    for entry in sorted(main, key=lambda e: (core(e.row.metric) == name, e.likeness)):
        by_year[entry.row.year or 0] = entry
    line = [by_year[year] for year in sorted(by_year)]
    return [entry for entry in line if alike(entry, line[0])]


def _tell(draft: Draft, line: Sequence[Entry], *, lead: str) -> list[int]:
    numbers = [draft.cite(e.document, e.passage, *e.row.sentence) for e in line]
    _change(draft, line[0], line[-1], (numbers[0], numbers[-1]), lead=lead)
    for entry, number in zip(line, numbers, strict=True):
        year = f"{entry.row.year}年" if draft.language.value != "en" else str(entry.row.year)
        draft.say(entry.words, number, lead=f"{lead}{year}", level=1)
    return numbers


def _change(draft: Draft, first: Entry, last: Entry, numbers: tuple[int, int], *, lead: str) -> None:
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
    draft.say(words, *numbers, lead=when, manner=Manner.COMPUTED)


def _unit(entry: Entry) -> str:
    return "个百分点" if entry.row.unit == "%" else entry.row.unit
