"""Which target a question is on: a learned choice by the thing, the figures that are repeated, unit and span."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.lexicon.relevance import TermOrigin
from answering.question.unit_classes import unit_class
from answering.scoring.linear_score import OddsScore, read_odds
from retrieval.facts.name_similarity import grams
from retrieval.quantities import Sort, figures
from retrieval.quantities.units import unit_kind
from retrieval.quantities.values import Bound
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from answering.evidence.context import QuestionContext
    from answering.ledger.promise import Promise
    from answering.ledger.promise_question import PromiseQuestion
    from retrieval.quantities import Figure

FILE = "target_weights.json"
NAMES = (
    "cover_metric", "cover_target", "cover_both", "grams_target", "chars_metric", "cover_around", "near",
    "near_around", "repeated", "repeats_other",
    "unit_fits", "unit_other", "product", "growth", "years_asked", "years_unasked", "has_result",
)  # fmt: skip
_CHOSEN = 14  # targets, the most alike first, that are looked at closely
_FAR = -0.12  # how near in meaning what is not compared counts, as a distance from the nearest
_ECONOMY = re.compile("经济|增速|gdp|[涨长][^，,]{0,3}点|保“?[七八九]”?(?!\\d)")
_ALONE = re.compile("经济|gdp|保“?[七八九]”?(?!\\d)|(?:^|[的初|])增速")
_GROWTH = re.compile("增速|增长|[涨长增]了?[^，,]{0,3}(?:几|多少)|幅")
_PRODUCT = re.compile("(?:国内|地区|全[国省市区县])?(?:地区)?生产总值|经济增长")
_LOOSE = {Bound.MORE: Decimal("1.15"), Bound.ABOUT: Decimal("1.05")}  # how far 七千多亿 reaches
_NAMED = 0.35  # share of what is asked for from which on another target is named
_BEFORE = 30  # characters before a target in which its thing may be named
_FEW = 5  # characters beside the economy that name no other thing
_YEARS = 1949, 2100
_SPAN = re.compile("十[一二三四五六]五|[两三四五六七八九十]年(?!级)|规划|20\\d\\d年?[到至—-]20\\d\\d")


def target_features(
    desk: QuestionContext, asked: PromiseQuestion, content: str, promises: Sequence[Promise]
) -> tuple[list[int], NDArray[np.float64]]:
    """Return which promises may be asked of, the likeliest by words first, and a row of ``NAMES`` for each of them."""
    terms = desk.terms(content)
    said = frozenset(grams(content))
    told = [_typed(desk, one, repeated_figures(content)) for one in promises]
    around = [_around(desk, one) for one in promises]
    for row, one, words in zip(told, promises, around, strict=True):
        row["chars_metric"] = _share(set(content) - {"|"}, fold(one.metric))
        row["cover_around"] = terms.coverage(words) if terms.total else 0.0
        row["cover_metric"] = terms.coverage(fold(one.metric)) if terms.total else 0.0
        row["cover_target"] = terms.coverage(fold(one.metric), _side(one)) if terms.total else 0.0
        row["cover_both"] = terms.coverage(fold(one.metric), _words(one)) if terms.total else 0.0
        row["grams_target"] = _share(said, _side(one))
    _add_product(asked, content, told, promises, economy=of_economy(desk, content))
    order = sorted(range(len(told)), key=lambda n: (-_first(told[n]), n))[:_CHOSEN]
    sides = [_side(promises[n]) for n in order]
    _add_nearness(desk, [told[n] for n in order], sides, [around[n] for n in order])
    rows = np.array([[told[n][name] for name in NAMES] for n in order], dtype=np.float64)
    return order, rows.reshape(len(order), len(NAMES))


def target_odds(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-odds that each target is the one asked of."""
    return _odds().of(rows)


@cache
def _odds() -> OddsScore:
    return read_odds(FILE, NAMES)


def _first(row: dict[str, float]) -> float:
    return row["cover_both"] + row["grams_target"] + row["repeated"] + row["product"] * row["growth"]


def _typed(desk: QuestionContext, one: Promise, repeated: Sequence[RepeatedFigure]) -> dict[str, float]:
    unit = one.target.unit if one.target is not None else ""
    repeats = any(figure.fits(one) for figure in repeated)
    classes = {unit_class(each) for each in desk.question.want.units}
    folded = desk.question.folded
    spans = bool(_SPAN.search(folded))
    return {
        "repeated": float(repeats),
        "repeats_other": float(bool(repeated) and not repeats),
        "unit_fits": float(bool(classes) and unit_class(_bare(unit)) in classes),
        "unit_other": float(bool(classes) and unit_class(_bare(unit)) not in classes),
        "growth": float(is_share(unit) and bool(_GROWTH.search(folded))),
        "years_asked": float(spans and one.since < one.year),
        "years_unasked": float(not spans and one.since < one.year),
        "has_result": float(one.result is not None),
    }


def _share(some: Collection[str], held: str) -> float:
    return sum(one in held for one in some) / max(1, len(some))


def _add_product(
    asked: PromiseQuestion,
    content: str,
    told: Sequence[dict[str, float]],
    promises: Sequence[Promise],
    *,
    economy: bool,
) -> None:
    """Add whether a promise is of the product's growth, and the question names the economy and no other target."""
    grows = [bool(_PRODUCT.match(one.metric)) and _is_growth(one) for one in promises]
    others = (row["cover_both"] for row, one in zip(told, grows, strict=True) if not one)
    alone = not asked.several and _ALONE.search(content) is not None and max(others, default=0.0) < _NAMED
    for row, one in zip(told, grows, strict=True):
        row["product"] = float(one and (alone or economy))


def _is_growth(one: Promise) -> bool:
    return one.target is not None and is_share(one.target.unit)


def _add_nearness(
    desk: QuestionContext, told: Sequence[dict[str, float]], sides: Sequence[str], around: Sequence[str]
) -> None:
    """Add how near in meaning each target is to the question, as a distance from the nearest."""
    for name, words in (("near", sides), ("near_around", around)):
        near = desk.library.nearness(desk.searched.text, words)
        values = near or [-_FAR * (row["cover_both"] + row["grams_target"]) / 2 for row in told]
        top = max(values, default=0.0)
        for row, value in zip(told, values, strict=True):
            row[name] = 10 * max(_FAR, value - top)


def of_economy(desk: QuestionContext, content: str) -> bool:
    """Tell whether a question (its frame left out) names nothing but the economy or its growth."""
    rest = _ECONOMY.sub("|", content)
    if any(term.kind is not TermOrigin.GRAM for term in desk.terms(rest).all):
        return False
    return rest != content and len(re.sub(r"[\W\d]|[的了吗呢没是要又年初数说到底]", "", rest)) <= _FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedFigure:
    """A figure that a question repeats, in the base unit of its kind: between two values where it is told loosely."""

    low: Decimal
    high: Decimal
    share: bool

    def fits(self, one: Promise) -> bool:
        """Tell whether it may be the figure of a promise's target."""
        if one.target is None or one.target.amount is None:
            return False
        return self.low <= one.target.amount <= self.high and is_share(one.target.unit) == self.share


def repeated_figures(content: str) -> tuple[RepeatedFigure, ...]:
    """Return the figures that a question repeats; how long a thing takes, or a year without 年, is none of them."""
    counted = (
        one
        for one in figures(content)
        if one.sort is Sort.QUANTITY and unit_kind(one.unit) != "time" and not _is_year(one)
    )
    return tuple(
        RepeatedFigure(
            low=one.value, high=one.value * _LOOSE.get(one.bound, Decimal(1)), share=is_share(one.unit)
        )
        for one in counted
    )


def _is_year(figure: Figure) -> bool:
    return not figure.unit and _YEARS[0] <= figure.value <= _YEARS[1]


def is_share(unit: str) -> bool:
    """Tell whether a unit is one of shares."""
    return unit.startswith(("%", "％")) or "百分点" in unit


def _bare(unit: str) -> str:
    return re.sub("^[十百千万亿]+", "", unit)


def _side(one: Promise) -> str:
    side = one.target or one.result
    return fold(side.quote) if side is not None else ""


def _around(desk: QuestionContext, one: Promise) -> str:
    """Return a target's words with those before it in its sentence (folded): its thing may be named there."""
    side = one.target or one.result
    if side is None:
        return ""
    before = desk.document(side.document).text[max(0, side.start - _BEFORE) : side.start]
    return fold(re.split("[。\n]", before)[-1] + side.quote)


def _words(one: Promise) -> str:
    return "|".join(fold(side.quote) for side in (one.target, one.result) if side is not None)
