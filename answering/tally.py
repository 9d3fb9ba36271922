"""Answer over the register: a row with its [n] for each place or year, and what comes of them together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.answer import Answer, Manner, Outcome, Shape
from answering.charting import bars, mark
from answering.compute import LEAST
from answering.draft import Draft
from answering.entries import Entry, alike, best_of, entries_of, groups
from answering.phrases import join, phrase
from answering.reckon import Weighed, in_order, rank, reckon
from answering.subject import subject, variants
from answering.task import Task, asks_growth, rising, task_of
from answering.trend import trend
from answering.units import fits
from retrieval.chinese import fold
from retrieval.likeness import core, opposed
from retrieval.register_ask import Ask
from retrieval.register_rows import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.desk import Desk
    from retrieval.register_rows import FigureRow

_SURE = 0.8  # likeness of the best name from which the register answers, and not a search
_BESIDE = 0.7  # share of the best likeness that another place's name must have
_ROWS = 3_000  # figures looked at for one thing
_PLACES = 48  # places told in one answer
_CHANGES = ("增长", "下降", "上涨", "增速", "涨幅", "降幅", "增幅")
_PROVINCE = re.compile("[各哪几两三四五六七八九十]个?省|省份|各省")
_CITY = re.compile("城市|[各哪几两三四五六七八九十]个?市")


@dataclass(frozen=True)
class Board:
    """The figures of one thing: those to be set against each other, and those that can't be."""

    rows: tuple[Entry, ...]  # one a place
    apart: tuple[Entry, ...]
    more: tuple[Entry, ...]  # other figures of the same places and the same name
    silent: tuple[str, ...]


def tally(desk: Desk) -> Answer | None:
    """Answer from the register what is weighed, counted or followed; None where a search does better."""
    task = task_of(desk.question)
    thing = subject(desk.question.content) if task else ""
    if task is None or len(thing) < 2 or desk.question.strangers or not thing[0].isalnum():
        return None
    places = asked_of(desk)
    entries = gather(desk, thing, places)
    if task is Task.TREND:
        return trend(desk, entries, thing)
    if len(places) < 2 or not entries or entries[0].likeness < _SURE:
        return None
    board = lay(entries, places, aimed=desk.lean > 0, units=desk.question.want.units)
    if len(board.rows) < 2 or (task is Task.DIFFERENCE and len(board.rows) != 2):
        return None
    return told(desk, board, task, thing)


def asked_of(desk: Desk) -> tuple[str, ...]:
    """Return the places a question is put to: those named, or all of the level that it speaks of."""
    held = desk.question.places or desk.library.places()
    if desk.question.places:
        return held[:_PLACES]
    known = {name: desk.library.gazetteer.resolve(name) for name in held}
    provinces = tuple(n for n, place in known.items() if place and place.kind == "province")
    cities = tuple(n for n, place in known.items() if n.endswith("市") and place)
    chosen = provinces if _PROVINCE.search(desk.question.folded) else ()
    chosen = chosen or (cities if _CITY.search(desk.question.folded) else ())
    return (chosen if len(chosen) > 1 else held)[:_PLACES]


def gather(desk: Desk, thing: str, places: Sequence[str]) -> list[Entry]:
    """Return the figures of a thing in these places, the likest first."""
    names = variants(thing, desk.lexicon)
    ask = Ask(places=tuple(places), things=names, years=desk.question.years, limit=_ROWS)
    growth = asks_growth(desk.question.folded)
    found = [
        one
        for one in desk.library.register.figures(ask)
        if _wanted(one.row, growth=growth) and not opposed(thing, fold(one.row.metric))
    ]
    entries = entries_of(found, desk.library)
    fitting = [e for e in entries if not desk.question.want.named or fits(e.figure, desk.question.want)]
    return sorted(fitting or entries, key=lambda e: -e.likeness)


def _wanted(row: FigureRow, *, growth: bool) -> bool:
    changes = row.kind is Kind.COMPARISON or row.metric.endswith(_CHANGES)
    return row.kind is not Kind.NAME and changes == growth


def lay(entries: Sequence[Entry], places: Sequence[str], *, aimed: bool, units: Sequence[str] = ()) -> Board:
    """Choose an entry for each place so that as many as can be are set against each other."""
    near = [e for e in entries if e.likeness >= _BESIDE * entries[0].likeness]
    sets = sorted(groups(near), key=lambda s: (s[0].aimed != aimed, _other_unit(s, units), -_spread(s)))
    main = next((s for s in sets if _spread(s) > 1), sets[0])
    by_place: dict[str, list[Entry]] = defaultdict(list)
    for entry in main:
        by_place[entry.place].append(entry)
    chosen: list[Entry] = []
    for place in places:
        best = best_of(by_place.get(place, ()), chosen)
        if best is not None:
            chosen.append(best)
    told_of = {e.place for e in chosen}
    others = [e for e in near if e.place not in told_of and e.likeness >= _SURE]
    apart = [next(e for e in others if e.place == place) for place in dict.fromkeys(e.place for e in others)]
    more = [e for one in chosen for e in by_place[one.place] if _conflicts(e, one)]
    silent = tuple(p for p in places if p not in told_of and p not in {e.place for e in apart})
    return Board(rows=tuple(chosen), apart=tuple(apart), more=tuple(more), silent=silent)


def _spread(entries: Sequence[Entry]) -> int:
    return len({entry.place for entry in entries})


def _other_unit(entries: Sequence[Entry], units: Sequence[str]) -> bool:
    return bool(units) and entries[0].row.unit not in units


def _conflicts(one: Entry, other: Entry) -> bool:
    """Tell whether two documents of one place give one thing of one year differently."""
    return (
        one.document.id != other.document.id
        and one.row.year == other.row.year
        and core(one.row.metric) == core(other.row.metric)
        and alike(one, other)
        and one.row.value != other.row.value
    )


def told(desk: Desk, board: Board, task: Task, thing: str) -> Answer:
    """Write the answer: what comes of the figures, each of them, and what was left out and why."""
    draft = Draft(desk.question)
    least = bool(LEAST.search(desk.question.folded)) or rising(desk.question.folded)
    entries = board.rows
    if task in (Task.MOST, Task.ORDER, Task.DIFFERENCE):
        entries = tuple(sorted(entries, key=lambda e: e.row.value, reverse=not least))
    rows = [Weighed(desk.called(e.place), e.figure, cite(draft, e)) for e in entries]
    _headline(draft, rows, task, least=least)
    for entry in entries:
        say_row(draft, desk, entry)
    for place in dict.fromkeys(e.place for e in board.more):
        _conflict(draft, desk, place, [e for e in board.more if e.place == place])
    said = len(draft.statements)
    _left_out(draft, desk, board)
    marks = [
        mark(row.name, row.figure, row.number, year=e.row.year, period=e.row.period)
        for row, e in zip(rows, entries, strict=True)
    ]
    unit, aimed = entries[0].row.unit, entries[0].aimed
    drawn = bars(thing, marks, unit=unit, language=draft.language, aimed=aimed)
    draft.chart = replace(drawn, notes=tuple(one.text for one in draft.statements[said:]))
    answer = draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)
    return replace(answer, shape=Shape.TABLE)


def _headline(draft: Draft, rows: Sequence[Weighed], task: Task, *, least: bool) -> None:
    if task in (Task.MOST, Task.ORDER, Task.DIFFERENCE):
        rank(draft, rows, least=least)
    if task is Task.ORDER and len(rows) > 2:
        order = [f"{row.name}{row.figure.text}" for row in in_order(rows, least=least)]
        words = phrase("ranking_up" if least else "ranking", draft.language, order=" → ".join(order))
        draft.say(words, *(row.number for row in rows), manner=Manner.COMPUTED)
    if task in (Task.SUM, Task.AVERAGE, Task.DIFFERENCE):
        reckon(draft, rows, task.value)


def cite(draft: Draft, entry: Entry) -> int:
    """Cite the sentence that a figure stands in."""
    start, end = entry.row.sentence
    return draft.cite(entry.document, entry.passage, start, end)


def say_row(draft: Draft, desk: Desk, entry: Entry, *, lead: str = "") -> None:
    """Say one row of the table in the words of its text, under its place and time."""
    period = entry.row.period or ""
    when = "" if period in entry.words else period
    parts = (lead or desk.called(entry.place), when)
    draft.say(entry.words, cite(draft, entry), lead="，".join(p for p in parts if p), level=1)


def _conflict(draft: Draft, desk: Desk, place: str, entries: Sequence[Entry]) -> None:
    draft.say(phrase("conflict", draft.language, place=desk.called(place)), manner=Manner.FRAME)
    for entry in entries:
        dated = entry.document.date or str(entry.document.year or "")
        say_row(draft, desk, entry, lead=f"{desk.called(place)}（{dated}）" if dated else "")


def _left_out(draft: Draft, desk: Desk, board: Board) -> None:
    main = board.rows[0]
    reasons: dict[str, list[Entry]] = defaultdict(list)
    for entry in board.apart:
        aimed = "why_aimed" if entry.aimed else "why_reached"
        reasons[aimed if entry.aimed != main.aimed else "why_unit"].append(entry)
    for key, entries in reasons.items():
        shown = join(tuple(f"{desk.called(e.place)}{e.figure.text}" for e in entries), draft.language)
        numbers = [cite(draft, entry) for entry in entries]
        draft.say(phrase(key, draft.language, figures=shown), *numbers, manner=Manner.COMPUTED)
    if board.silent:
        words = phrase("silent_places", draft.language, places=desk.named(board.silent))
        draft.say(words, manner=Manner.FRAME)
