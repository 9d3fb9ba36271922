"""The targets of one place for one year, or for the years of a plan, each with what later texts tell of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from answering.ledger.fulfilment import stage_state, state_of
from answering.ledger.pair_features import Rarity, opposed_names
from answering.ledger.pair_score import ScoredPair, matched, scored
from answering.ledger.promise import Promise, PromiseState
from answering.ledger.promise_quotes import quoted, worded
from answering.ledger.undertaking_match import same_works

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from answering.ledger.indicators import Indicator
    from answering.ledger.pair_score import PairWeights
    from answering.ledger.promise import PromiseQuote
    from answering.ledger.undertakings import Trend, Undertaking

    Key = tuple[str, int]

_OTHER_SPAN = 0.7  # probability that a figure of another span needs to be shown beside a target
_INCOMES = re.compile("^(?:全体|全国|全[省市区县])?居民(?:人均)?(?:可支配)?收入")
_PURE = re.compile("(?:同比|实际|名义|比上年|较上年){1,3}$")
_PRODUCT = re.compile("生产总值(?:比上年|同比)?(?:实际)?增长")
_NEARLY = Decimal("0.5")  # percentage points by which 基本同步 may lag
_ADDED = "新增|"  # before the thing of a figure that counts what is new
_BUILT = "建"  # of 新建, 建成, 改建: what a plan builds is built when it is told
_LONGEST = 20  # characters of what an undertaking is called


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """What is aimed at for one span of years, and what is told of it."""

    targets: tuple[Indicator, ...]
    results: tuple[Indicator, ...]  # of the same span
    otherwise: tuple[Indicator, ...]  # of another span that ends in the same year
    later: bool  # whether a text of a later year is held

    @classmethod
    def of(cls, figures: Sequence[Indicator], year: int, *, over_years: bool, written: int) -> YearFigures:
        """Sort out the figures that end in a year; ``written`` is the year of the latest text."""
        ending = [one for one in figures if one.year == year]
        told = [one for one in ending if not one.aimed]
        return cls(
            targets=_distinct(one for one in ending if one.aimed and one.over_years == over_years),
            results=tuple(one for one in told if one.over_years == over_years),
            otherwise=tuple(one for one in told if one.over_years != over_years),
            later=written > year,
        )


def paired(place: str, year: YearFigures, model: PairWeights) -> list[Promise]:
    """Return a promise for each target, in the order of the texts."""
    if not year.results and not year.otherwise:
        return [_silent(place, target, later=year.later) for target in year.targets]
    rarity = Rarity.of((*year.targets, *year.results, *year.otherwise))
    told = _told(year, rarity, model)
    states = {key: state_of(pairs[0].target, pairs[0].result) for key, pairs in told.items()}
    rest = [one for one in year.targets if _key(one) not in told]
    other = {_key(one.target): one for one in _otherwise(rest, year, rarity, model)}
    made = []
    for target in year.targets:
        key = _key(target)
        if key in told:
            note = _level_against_growth(target, year.targets, states)
            made.append(_promise(place, told[key], states[key], note))
        elif halves := _halves(target, year, rarity, model):
            made.append(_of_halves(place, target, halves))
        elif key in other:
            made.append(_promise(place, [other[key]], PromiseState.COUNTED_OTHERWISE, _why(other[key])))
        else:
            made.append(_silent(place, target, later=year.later))
    return made


def undertaken(
    place: str, year: int, planned: Sequence[Undertaking], done: Sequence[Undertaking]
) -> list[Promise]:
    """Return a promise for each undertaking of a year that a later text speaks of again, in the order of the texts."""
    found = []
    for one, other, alike in same_works(planned, done):
        state = stage_state(one, other)
        if state is not None:
            found.append((one.document.id, one.start, _undertaking(place, year, (one, other), state, alike)))
    return [promise for *_, promise in sorted(found, key=lambda item: item[:2])]


def paced(
    place: str, year: int, wanted: Sequence[Undertaking], figures: Sequence[Indicator]
) -> list[Promise]:
    """Return a promise for each wish that incomes grow in step with the economy, held against both growths told later.

    Where only the growth of several years is told, the year can't be judged.
    """
    grown = [one for one in figures if not one.aimed and one.year == year and one.changes and not one.falls]
    of_incomes = [one for one in grown if _INCOMES.search(one.name)]
    products = [one for one in grown if _PRODUCT.fullmatch(one.name) and not one.over_years]
    made = []
    for one in wanted:
        income = min(of_incomes, key=lambda told: (told.over_years, told.row.start), default=None)
        product = products[0] if products else None
        if income is not None:
            made.append(_pace(place, year, one, income, product))
    return made


def trending(
    place: str, year: int, wanted: Sequence[Trend], told: Sequence[Trend], figures: Sequence[Indicator]
) -> list[Promise]:
    """Return a promise for each direction wanted of things of which a later text tells theirs, in words or by a change."""
    changes = [
        one for one in figures if not one.aimed and one.year == year and one.changes and not one.over_years
    ]
    return [made for one in wanted if (made := _direction(place, year, one, told, changes)) is not None]


def _direction(
    place: str, year: int, wanted: Trend, told: Sequence[Trend], changes: Sequence[Indicator]
) -> Promise | None:
    sides: list[PromiseQuote] = []
    kept: list[bool] = []
    for thing in wanted.things:
        words = next((one for one in told if thing in one.things and one.way == wanted.way), None)
        change = next((one for one in changes if _is_of(thing, one)), None) if wanted.way != "good" else None
        if words is not None:
            sides.append(worded(words))
            kept.append(True)
        elif change is not None:
            sides.append(quoted(change))
            kept.append(change.row.value > 0 and change.falls == (wanted.way == "down"))
    if not sides:
        return None
    state = PromiseState.MET if all(kept) else PromiseState.SHORT
    whole = len(sides) == len(wanted.things)
    return Promise(
        place=place,
        metric="、".join(wanted.things)[:_LONGEST],
        year=year,
        since=year,
        target=worded(wanted),
        result=sides[0],
        state=state if whole else PromiseState.COUNTED_OTHERWISE,
        note="by_direction" if whole else "in_part",
        others=tuple(side for side in sides[1:] if side != sides[0]),
    )


def _is_of(thing: str, change: Indicator) -> bool:
    """Tell whether a change is that of a thing: a name with its first and last word (居民收入, 居民人均可支配收入)."""
    core = _PURE.sub("", change.core)
    return core.startswith(thing[:2]) and core.endswith(thing[-2:]) and set(thing) <= set(core)


def _pace(
    place: str, year: int, wanted: Undertaking, income: Indicator, product: Indicator | None
) -> Promise:
    judged = product is not None and not income.over_years
    slack = _NEARLY if "基本" in wanted.folded else Decimal(0)
    kept = product is not None and income.row.value >= product.row.value - slack
    state = (PromiseState.MET if kept else PromiseState.SHORT) if judged else PromiseState.COUNTED_OTHERWISE
    return Promise(
        place=place,
        metric=wanted.text[:_LONGEST],
        year=year,
        since=year,
        target=worded(wanted),
        result=quoted(income),
        state=state,
        note="in_step" if judged else "other_span",
        others=(quoted(product),) if judged and product is not None else (),
    )


def _undertaking(
    place: str, year: int, pair: tuple[Undertaking, Undertaking], state: PromiseState, alike: float
) -> Promise:
    return Promise(
        place=place,
        metric=pair[0].named[:_LONGEST],
        year=year,
        since=year,
        target=worded(pair[0]),
        result=worded(pair[1]),
        state=state,
        note="by_stage",
        confidence=alike,
    )


def _told(year: YearFigures, rarity: Rarity, model: PairWeights) -> dict[Key, list[ScoredPair]]:
    """Return the pairs of each target, one a text, the earliest text first."""
    by_text: dict[str, list[Indicator]] = defaultdict(list)
    for one in year.results:
        by_text[one.document.id].append(one)
    told: dict[Key, list[ScoredPair]] = defaultdict(list)
    for results in by_text.values():
        for pair in matched(scored(year.targets, results, rarity, model)):
            told[_key(pair.target)].append(pair)
    return told


def _halves(target: Indicator, year: YearFigures, rarity: Rarity, model: PairWeights) -> list[ScoredPair]:
    """Return what is told of town and of country, where one target is set for both: 城乡居民收入增长8%."""
    if "城乡" not in target.name or not target.changes:
        return []
    made = [replace(target, row=replace(target.row, metric=metric)) for metric in _of_both(target.row.metric)]
    found = [scored([half], year.results, rarity, model)[:1] for half in made]
    return [pair for pairs in found for pair in pairs]


def _of_both(metric: str) -> tuple[str, ...]:
    return tuple(metric.replace("城乡", half, 1) for half in ("城镇", "农村"))


def _of_halves(place: str, target: Indicator, halves: Sequence[ScoredPair]) -> Promise:
    states = [state_of(one.target, one.result) for one in halves]
    short = PromiseState.SHORT in states
    whole = short or len(halves) == len(_of_both(target.row.metric))
    kept = PromiseState.EXCEEDED if set(states) == {PromiseState.EXCEEDED} else PromiseState.MET
    state = (PromiseState.SHORT if short else kept) if whole else PromiseState.COUNTED_OTHERWISE
    return Promise(
        place=place,
        metric=target.row.metric,
        year=target.year,
        since=target.since,
        target=quoted(target),
        result=quoted(halves[0].result),
        state=state,
        note="by_halves" if whole else "in_part",
        others=tuple(quoted(one.result) for one in halves[1:]),
        confidence=round(min(one.probability for one in halves), 4),
    )


def _otherwise(
    rest: Sequence[Indicator], year: YearFigures, rarity: Rarity, model: PairWeights
) -> list[ScoredPair]:
    """Return pairs of one thing that is told of another span, or in another unit."""
    spans = scored(rest, year.otherwise, rarity, replace(model, threshold=_OTHER_SPAN), level=False)
    units = [
        ScoredPair(target=target, result=result, probability=model.threshold)
        for target in rest
        for result in year.results
        if _other_unit(target, result)
    ]
    return matched([*spans, *units])


def _other_unit(target: Indicator, result: Indicator) -> bool:
    return (
        target.base[0] != result.base[0]
        and target.changes == result.changes
        and target.thing.removeprefix(_ADDED) == result.thing.removeprefix(_ADDED)
        and len(target.thing.removeprefix(_ADDED)) > 1
        and (target.verb == result.verb or (_BUILT in target.verb and _BUILT in result.verb))
        and not opposed_names(target, result)
    )


def _why(pair: ScoredPair) -> str:
    return "other_span" if pair.target.over_years != pair.result.over_years else "other_unit"


def _level_against_growth(
    target: Indicator, targets: Sequence[Indicator], states: Mapping[Key, PromiseState]
) -> str:
    """Tell whether a level was missed whose growth, aimed at in the same breath, was reached: the base had moved."""
    if target.changes or states[_key(target)] is not PromiseState.SHORT:
        return ""
    beside = [one for one in targets if one.row.sentence == target.row.sentence and one.changes]
    reached = (PromiseState.MET, PromiseState.EXCEEDED)
    grown = any(one.thing == target.thing and states.get(_key(one)) in reached for one in beside)
    return "level_and_growth_differ" if grown else ""


def _promise(place: str, pairs: Sequence[ScoredPair], state: PromiseState, note: str) -> Promise:
    first = pairs[0]
    others = [one.result for one in pairs[1:] if one.result.base != first.result.base]
    return Promise(
        place=place,
        metric=first.target.row.metric,
        year=first.target.year,
        since=first.target.since,
        target=quoted(first.target),
        result=quoted(first.result),
        state=PromiseState.COUNTED_OTHERWISE if note else state,
        note=note or ("other_value" if others else ""),
        others=tuple(map(quoted, others)),
        confidence=round(first.probability, 4),
    )


def _silent(place: str, target: Indicator, *, later: bool) -> Promise:
    return Promise(
        place=place,
        metric=target.row.metric,
        year=target.year,
        since=target.since,
        target=quoted(target),
        result=None,
        state=PromiseState.NOT_TOLD,
        note="" if later else "no_later_text",
    )


def _distinct(targets: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Leave out a target that a text repeats: the same value of the same thing."""
    kept: list[Indicator] = []
    for target in targets:
        if not any(_repeats(one, target) for one in kept):
            kept.append(target)
    return tuple(kept)


def _repeats(one: Indicator, other: Indicator) -> bool:
    if one.document.id != other.document.id or one.base != other.base or one.changes != other.changes:
        return False
    return one.thing in other.thing or other.thing in one.thing


def _key(one: Indicator) -> Key:
    return one.document.id, one.row.start
