"""What a later report tells of a target where no figure is paired with it: a learned choice for the question at hand.

The ledger pairs figures without a question; who asks names the thing in words of their own, and one target is then
set against every figure and clause of the report of its next year: also those counted otherwise, and those in words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from answering.ledger.fulfilment import state_of
from answering.ledger.pair_features import NAMES as OF_PAIR
from answering.ledger.pair_features import Rarity, comparable, features, opposed_names, same_kind_of_unit
from answering.ledger.pair_score import shipped
from answering.ledger.promise import PromiseQuote, PromiseState
from answering.ledger.promise_quotes import quoted
from answering.scoring.linear_score import OddsScore, read_odds
from retrieval.facts.name_similarity import grams
from retrieval.quantities.units import unit_kind
from retrieval.text.normalize import fold
from retrieval.text.sentences import clauses, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import SearchableLibrary
    from answering.evidence.report_parts import ReportParts
    from answering.ledger.indicators import Indicator
    from answering.ledger.promise import Promise
    from answering.ledger.promise_ledger import PlaceLedger
    from retrieval.values.documents import Passage

FILE = "result_weights.json"
NAMES = (
    "pair", "cover_thing", "cover_question", "cover_left", "context", "dice", "near_target", "near_question", "same_unit", "same_kind",
    "same_change", "apart", "over_years", "opposed", "wordless", "equal", "against",
)  # fmt: skip
_CHOSEN = 14  # candidates, the most alike first, that are looked at closely
_FAR = -0.12  # how near in meaning what is not compared counts, as a distance from the nearest
_CONTEXT = OF_PAIR.index("context")
_LEAST = -8.0  # log-odds of a pair that can't be one
_TELLS = 0.0  # log-odds from which on a clause tells the result
_MARKS = "，,；;。、 \u3000\n\r\t"
_SHORTEST, _LONGEST = 6, 60  # characters of a clause in words that may tell a result


@dataclass(frozen=True, eq=False, kw_only=True)
class ToldSide:
    """A figure, or a clause without one, in the part of a report that looks back."""

    figure: Indicator | None
    document: str  # Document.id
    passage: str
    start: int  # of the clause
    end: int
    clause: str  # folded
    left: str  # folded: what names the thing


def told_sides(
    parts: ReportParts, passages: Sequence[Passage], figures: Sequence[Indicator]
) -> list[ToldSide]:
    """Return all that a report tells as done: its figures, and the clauses that have none."""
    made = [
        ToldSide(
            figure=one,
            document=one.document.id,
            passage=one.row.passage,
            start=one.row.clause[0],
            end=one.row.clause[1],
            clause=one.folded[max(one.row.sentence[0], one.row.clause[0] - 30) : one.row.clause[1]],
            left=one.before,
        )
        for one in figures
        if not one.aimed and one.document.id == parts.document.id
    ]
    return [*made, *_worded(parts, passages)]


def _worded(parts: ReportParts, passages: Sequence[Passage]) -> Iterator[ToldSide]:
    for passage in passages:
        text = passage.text
        for sentence in sentences(text):
            if parts.plans(passage.start + sentence.start):
                continue
            for span in clauses(text, sentence.start, sentence.end):
                words = parts.folded[passage.start + span.start : passage.start + span.end].strip(" ,;。、\n")
                if _SHORTEST <= len(words) <= _LONGEST and not any(char.isdigit() for char in words):
                    yield ToldSide(
                        figure=None,
                        document=parts.document.id,
                        passage=passage.id,
                        start=passage.start + span.start,
                        end=passage.start + span.end,
                        clause=words,
                        left=words,
                    )


def result_features(
    desk: QuestionContext, content: str, target: Indicator, sides: Sequence[ToldSide]
) -> tuple[list[int], NDArray[np.float64]]:
    """Return which sides may tell the result, the likeliest by words first, and a row of ``NAMES`` for each of them."""
    rarity = Rarity.of((target, *(one.figure for one in sides if one.figure is not None)))
    known = Rarity.of_texts([frozenset(grams(one.left)) for one in sides])
    mine = frozenset(grams(target.thing)) | frozenset(grams(target.clause))
    asked, thing = desk.terms(content), desk.terms(target.thing)
    told = []
    for one in sides:
        row = _typed(target, one.figure, rarity)
        theirs = frozenset(grams(one.left))
        whole = known.weight(mine) + known.weight(theirs)
        row["cover_thing"] = thing.coverage(one.clause) if thing.total else 0.0
        row["cover_question"] = asked.coverage(one.clause) if asked.total else 0.0
        row["cover_left"] = asked.coverage(one.left[-30:]) if asked.total else 0.0
        row["dice"] = 2 * known.weight(mine & theirs) / whole if whole else 0.0
        told.append(row)
    order = sorted(range(len(told)), key=lambda n: (-_first(told[n]), sides[n].start))[:_CHOSEN]
    _add_nearness(desk, target, [told[n] for n in order], [sides[n] for n in order])
    rows = np.array([[told[n][name] for name in NAMES] for n in order], dtype=np.float64)
    return order, rows.reshape(len(order), len(NAMES))


def result_odds(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-odds that each side tells the result."""
    return _odds().of(rows)


@cache
def _odds() -> OddsScore:
    return read_odds(FILE, NAMES)


def _first(row: dict[str, float]) -> float:
    return (
        row["cover_thing"] + row["cover_question"] + 2 * row["dice"] + row["pair"] / 8 + row["same_kind"] / 4
    )


def _typed(target: Indicator, figure: Indicator | None, rarity: Rarity) -> dict[str, float]:
    if figure is None:
        blank = dict.fromkeys(
            ("context", "same_unit", "same_kind", "same_change", "apart", "over_years"), 0.0
        )
        return {**blank, "pair": _LEAST / 2, "opposed": 0.0, "wordless": 1.0, "equal": 0.0, "against": 0.0}
    values = features(target, figure, rarity)
    likely = shipped().probability(values)
    kinds = unit_kind(target.base[0]) == unit_kind(figure.base[0])
    one, other = target.base[1], figure.base[1]
    near = same_kind_of_unit(target, figure) and min(one, other) > 0
    return {
        "pair": max(_LEAST, math.log(likely / (1.0 - likely + 1e-9) + 1e-9)),
        "context": values[_CONTEXT],
        "same_unit": float(target.base[0] == figure.base[0]),
        "same_kind": float(kinds or same_kind_of_unit(target, figure)),
        "same_change": float(target.changes == figure.changes),
        "apart": min(abs(math.log(float(other / one))), 3.0) / 3 if near else 1.0,
        "over_years": float(target.over_years != figure.over_years),
        "opposed": float(opposed_names(target, figure)),
        "wordless": 0.0,
        "equal": float(one == other),
        "against": float(figure.against),
    }


def _add_nearness(
    desk: QuestionContext, target: Indicator, told: Sequence[dict[str, float]], sides: Sequence[ToldSide]
) -> None:
    """Add how near in meaning each side is to the target and to the question, as a distance from the nearest."""
    words = [one.clause for one in sides]
    aimed = fold(target.document.text[target.row.clause[0] : target.row.clause[1]])
    for name, text in (("near_target", aimed), ("near_question", desk.question.text)):
        near = desk.library.nearness(text, words)
        values = near or [-_FAR * (row["cover_thing"] + row["dice"]) / 2 for row in told]
        top = max(values, default=0.0)
        for row, value in zip(told, values, strict=True):
            row[name] = 10 * max(_FAR, value - top)


def told_later(desk: QuestionContext, content: str, ledger: PlaceLedger, promise: Promise) -> Promise:
    """Return a promise with the result that its next report tells; the same where none is told or one is paired."""
    target = target_figure(ledger, promise) if promise.result is None else None
    if target is None or promise.note == "no_later_text":
        return promise
    sides = sides_after(desk.library, ledger, target)
    if not sides:
        return promise
    order, rows = result_features(desk, content, target, sides)
    odds = result_odds(rows)
    best = int(odds.argmax())
    return _with(promise, target, sides[order[best]], desk) if odds[best] >= _TELLS else promise


def target_figure(ledger: PlaceLedger, promise: Promise) -> Indicator | None:
    """Return the figure of a promise's target; None where it has none."""
    side = promise.target
    if side is None or not side.figure:
        return None
    return next(
        (
            one
            for one in ledger.figures
            if one.aimed
            and one.document.id == side.document
            and side.start <= one.row.start < side.end
            and one.base[1] == side.amount
        ),
        None,
    )


def sides_after(library: SearchableLibrary, ledger: PlaceLedger, target: Indicator) -> list[ToldSide]:
    """Return all that the reports of the year after a target's tell as done."""
    found: list[ToldSide] = []
    for name, parts in ledger.reports.items():
        if parts.document.year == target.year + 1:
            found += told_sides(parts, library.passages(name), ledger.figures)
    return found


def _with(promise: Promise, target: Indicator, side: ToldSide, desk: QuestionContext) -> Promise:
    figure = side.figure
    if figure is None:
        return replace(
            promise, result=_in_words(side, desk), state=PromiseState.COUNTED_OTHERWISE, note="in_words"
        )
    note = ""
    if figure.over_years != target.over_years:
        note = "other_span"
    elif not comparable(target, figure):
        note = "other_unit"
    state = PromiseState.COUNTED_OTHERWISE if note else state_of(target, figure)
    return replace(promise, result=quoted(figure), state=state, note=note)


def _in_words(side: ToldSide, desk: QuestionContext) -> PromiseQuote:
    document = desk.document(side.document)
    start, end = side.start, side.end
    while start < end and document.text[start] in _MARKS:
        start += 1
    while end > start and document.text[end - 1] in _MARKS:
        end -= 1
    return PromiseQuote(
        document=document.id,
        passage=side.passage,
        title=document.title,
        source=PurePath(document.source).name,
        date=document.date,
        start=start,
        end=end,
        quote=document.text[start:end],
    )
