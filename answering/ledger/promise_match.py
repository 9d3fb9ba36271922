"""Which promises a question is on: by what they name, by the figures that the question repeats, by the main targets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.ledger.target_choice import NAMES, target_features, target_odds
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.ledger.promise import Promise, PromiseQuote
    from answering.ledger.promise_question import PromiseQuestion

_FITS = 0.45  # how likely a promise has to be the one asked of
_SPEAKS = 0.15  # share of what is asked for that a target has to speak of at all
_SURELY = (
    0.8  # how likely one has to be whose figure the question repeats, in words that name its thing otherwise
)
_WORKS = 0.4  # share that an undertaking without a figure has to name
_BESIDE = 0.25  # of the best fit, from which on another promise of the same thing is told beside it
_SAME = 0.5  # how likely each of several things that are named has to be asked of
_NEAR = 40  # characters between two targets that are told in one breath
_PARTS = re.compile("[、|()（）?]|和|与|及|以及")
_CHANGED = re.compile("(?<!经济)(?:增速|增幅|涨幅|降幅|增长|上涨|下降)")
_PRODUCT_GROWS = re.compile("(?:国内|地区|全[国省市区县])?(?:地区)?生产总值(?:增长|增速)?")
_OUTPUT = re.compile("生产总值")


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingPromise:
    """A promise with how likely it is the one asked of, 0…1."""

    promise: Promise
    fit: float
    repeated: bool = False  # the question repeats the figure of its target


def sought(content: str) -> str:
    """Return what a question (its frame left out) asks of: 出口增速 asks of 出口, and not of growth."""
    thing = _CHANGED.sub("|", content)
    return thing if len(re.sub(r"[\W\d]", "", thing)) > 1 else content


def fitting(
    desk: QuestionContext, asked: PromiseQuestion, promises: Sequence[Promise]
) -> list[FittingPromise]:
    """Return the promises that speak of what is asked for, the best first; of things named in a row, the best of each."""
    marks = "、和与及?" if asked.completed else "、和与及"  # a follow-up adds its thing to the one before
    parts = [part for part in _PARTS.split(asked.content) if len(part) > 1]
    whole = _best(desk, asked, asked.content, promises)
    if len(parts) > 1 and any(mark in asked.content for mark in marks):
        each = [found[0] for part in parts if (found := _best(desk, asked, part, promises))]
        distinct = list({id(one.promise): one for one in each if one.fit >= _SAME}.values())
        if len(distinct) > 1:
            return _in_order(distinct)
    return whole


def _best(
    desk: QuestionContext, asked: PromiseQuestion, content: str, promises: Sequence[Promise]
) -> list[FittingPromise]:
    """Return the promise that ``content`` most likely asks of, with those of the same thing."""
    found = [*_of_figures(desk, asked, content, promises), *_of_works(desk, content, promises)]
    found.sort(key=lambda pair: (-round(pair.fit, 3), pair.promise.result is None, _place(pair.promise)))
    if not found:
        return []
    first = found[0]
    return [one for one in found if one.fit >= _BESIDE * first.fit and _together(one.promise, first.promise)][
        :3
    ]


def _of_figures(
    desk: QuestionContext, asked: PromiseQuestion, content: str, promises: Sequence[Promise]
) -> list[FittingPromise]:
    """Return the targets with a figure that may be asked of, each with its learned odds as a probability."""
    measured = [one for one in promises if one.target is not None and one.target.figure]
    order, rows = target_features(desk, asked, sought(content), measured)
    if not order:
        return []
    likely = 1.0 / (1.0 + np.exp(-target_odds(rows)))
    spoken = rows[:, NAMES.index("cover_around")] + rows[:, NAMES.index("product")]
    repeated = rows[:, NAMES.index("repeated")] > 0
    return [
        FittingPromise(promise=measured[n], fit=float(fit), repeated=bool(again))
        for n, fit, named, again in zip(order, likely, spoken, repeated, strict=True)
        if is_asked_of(float(fit), float(named), repeated=bool(again))
    ]


def is_asked_of(fit: float, named: float, *, repeated: bool) -> bool:
    """Tell whether a target that is the one asked of with probability ``fit`` is taken for it.

    Its words have to name a share of what is asked for, ``named`` (0…1), unless its very figure is repeated.
    """
    return fit >= _FITS and (named >= _SPEAKS or (repeated and fit >= _SURELY))


def _of_works(desk: QuestionContext, content: str, promises: Sequence[Promise]) -> list[FittingPromise]:
    """Return the undertakings without a figure that may be asked of, by the share of what is asked for that they name."""
    terms = desk.terms(sought(content))
    works = [one for one in promises if one.target is None or not one.target.figure]
    fits = ((one, terms.coverage(fold(one.metric), _words(one))) for one in works if terms.total)
    return [FittingPromise(promise=one, fit=fit) for one, fit in fits if fit >= _WORKS]


def of_product(promises: Sequence[Promise]) -> list[FittingPromise]:
    """Return the promise of how much the product grows, which 经济 by itself stands for; none where none is held."""
    growth = [one for one in promises if one.target and one.target.unit.startswith(("%", "％"))]
    held = [one for one in growth if _PRODUCT_GROWS.fullmatch(one.metric)]
    held.sort(key=lambda one: (one.result is None, _place(one)))
    return [FittingPromise(promise=one, fit=_FITS) for one in held[:1]]


def main_targets(promises: Sequence[Promise]) -> list[Promise]:
    """Return the targets that are told in one breath with that of the product, levels before their own growth."""
    held = sorted((one for one in promises if one.target is not None and one.target.figure), key=_place)
    groups: list[list[Promise]] = []
    for one in held:
        last = groups[-1][-1].target if groups else None
        beside = last is not None and one.target is not None and one.target.document == last.document
        if beside and last is not None and one.target is not None and one.target.start - last.end <= _NEAR:
            groups[-1].append(one)
        else:
            groups.append([one])
    of_product = [group for group in groups if any(_OUTPUT.search(one.metric) for one in group)]
    largest = max(of_product, key=len, default=[])
    return [one for one in largest if not _growth_of_level(one, largest)]


def _growth_of_level(one: Promise, group: Sequence[Promise]) -> bool:
    """Tell whether a promise is the growth of a level that is promised beside it."""
    return any(
        other is not one and other.target is not None and one.target is not None
        and one.target.unit.startswith(("%", "％")) and not other.target.unit.startswith(("%", "％"))
        and one.metric.startswith(other.metric)
        for other in group
    )  # fmt: skip


def _words(one: Promise) -> str:
    return "|".join(fold(side.quote) for side in (one.target, one.result) if side is not None)


def _together(one: Promise, other: Promise) -> bool:
    if one is other:
        return True
    return one.year == other.year and (
        one.metric.startswith(other.metric) or other.metric.startswith(one.metric)
    )


def _in_order(found: Sequence[FittingPromise]) -> list[FittingPromise]:
    return sorted(found, key=lambda pair: _place(pair.promise))


def _place(one: Promise) -> tuple[str, int]:
    side: PromiseQuote | None = one.target or one.result
    return (side.document, side.start) if side else ("", 0)
