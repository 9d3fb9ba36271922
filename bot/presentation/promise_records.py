"""Promises as records: place, metric, year, both sides as quoted, the state, and a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.quantities.values import Bound

if TYPE_CHECKING:
    from answering.ledger.promise import Promise, PromiseQuote

    Record = dict[str, Any]

_BOUNDS = {
    Bound.EXACT: "=",
    Bound.ABOVE: "≥",
    Bound.MORE: "≥",
    Bound.BELOW: "≤",
    Bound.LESS: "≤",
    Bound.ABOUT: "≈",
}


def promise_record(promise: Promise) -> Record:
    """Return a promise as it is recorded; a side that is missing is null."""
    return {
        "place": promise.place,
        "metric": promise.metric,
        "year": promise.year,
        "target": side_record(promise.target),
        "result": side_record(promise.result),
        "state": promise.state.value,
        "note": promise.note,
    }


def side_record(side: PromiseQuote | None) -> Record | None:
    """Return one side: the file, the words, and the figure with its unit and bound."""
    if side is None:
        return None
    return {
        "doc": side.source,
        "quote": side.quote,
        "value": side.value,
        "unit": side.unit,
        "bound": _BOUNDS[side.bound] if side.bound is not None else "",
    }
