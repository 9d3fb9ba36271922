"""The result of a target as a question asks for it: the ledger's own, or what its next report tells in other words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from answering.ledger.fulfilment import state_of
from answering.ledger.pair_features import comparable
from answering.ledger.promise import PromiseQuote, PromiseState
from answering.ledger.promise_quotes import quoted
from answering.ledger.result_choice import result_features, result_odds, told_sides

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import SearchableLibrary
    from answering.ledger.indicators import Indicator
    from answering.ledger.promise import Promise
    from answering.ledger.promise_ledger import PlaceLedger
    from answering.ledger.result_choice import ToldSide

_TELLS = 0.0  # log-odds from which on a clause tells the result
_MARKS = "，,；;。、 \u3000\n\r\t"


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
            promise, result=_worded(side, desk), state=PromiseState.COUNTED_OTHERWISE, note="in_words"
        )
    note = ""
    if figure.over_years != target.over_years:
        note = "other_span"
    elif not comparable(target, figure):
        note = "other_unit"
    state = PromiseState.COUNTED_OTHERWISE if note else state_of(target, figure)
    return replace(promise, result=quoted(figure), state=state, note=note)


def _worded(side: ToldSide, desk: QuestionContext) -> PromiseQuote:
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
