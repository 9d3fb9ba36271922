"""A promise: the target of a text, the result a later text tells of it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from retrieval.quantities.values import Bound


class PromiseState(StrEnum):
    """What became of a target."""

    MET = "met"
    EXCEEDED = "exceeded"
    SHORT = "short"
    COUNTED_OTHERWISE = "not_comparable"  # a result is told, but not of the same period, unit or scope
    NOT_TOLD = "not_told"
    NO_TARGET = "no_target"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseQuote:
    """One side of a promise: ``document.text[start:end] == quote``; value and unit as printed, "" where none."""

    document: str  # Document.id
    passage: str
    title: str
    source: str  # name of the file
    date: str | None
    start: int
    end: int
    quote: str
    value: str = ""
    unit: str = ""
    figure: str = ""  # value, unit and bound words as printed
    amount: Decimal | None = None  # in the base unit of its kind
    bound: Bound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A target with its result; one of the two may be missing."""

    place: str
    metric: str
    year: int  # that the target is for; of a plan of several years, its last
    since: int  # first year of the span; equals ``year`` for a target of one year
    target: PromiseQuote | None
    result: PromiseQuote | None
    state: PromiseState
    note: str = ""  # a key of why: "cumulative", "no_later_text", "other_value", "level_and_growth_differ", …
    others: tuple[PromiseQuote, ...] = ()  # the same result with another value in another text
    confidence: float = 1.0
