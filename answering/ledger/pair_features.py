"""How alike a target and a result are, as numbers from which a learned score decides whether they are one thing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.facts.name_similarity import grams, likeness, opposed
from retrieval.quantities.units import is_count, unit_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answering.ledger.indicators import Indicator

NAMES = (
    "same_name",
    "likeness",
    "likeness_back",
    "characters",
    "overlap",
    "replaced",
    "added",
    "shared_weight",
    "context",
    "context_holds_name",
    "ends_alike",
    "head",
    "same_unit",
    "other_counter",
    "same_verb",
    "other_verb",
    "stock_and_flow",
    "far_apart",
    "points_apart",
    "equal_value",
    "same_field",
    "rare_unit",
    "short_name",
    "context_of_short_name",
)
_FAR = 3.0  # logarithm of the ratio of two values from which on they are all equally far apart
_FREE = 0.7  # up to which it says nothing: a target may be missed by half
_POINTS = 15.0  # percentage points from which on two changes are all equally far apart
_RARE = 20.0  # weight of shared pairs of characters from which on more says no more


@dataclass(frozen=True)
class Rarity:
    """How rare pairs of characters are among the texts that are compared: log of one in how many."""

    shares: Mapping[str, float]
    units: Mapping[tuple[str, bool], int]  # how many figures are in a unit, as levels and as changes
    weighed: dict[frozenset[str], float] = field(default_factory=dict)  # what was summed before

    @classmethod
    def of(cls, figures: Sequence[Indicator]) -> Rarity:
        """Count in how many contexts each pair of characters stands, and how many results each unit has."""
        units: dict[tuple[str, bool], int] = {}
        for figure in figures:
            if not figure.aimed:
                key = figure.base[0], figure.changes
                units[key] = units.get(key, 0) + 1
        return cls(_rareness([one.context for one in figures]), units)

    @classmethod
    def of_texts(cls, held: Sequence[frozenset[str]]) -> Rarity:
        """Count in how many texts each pair of characters stands."""
        return cls(_rareness(held), {})

    def weight(self, some: frozenset[str]) -> float:
        """Return the sum of the weights of some pairs of characters."""
        if some not in self.weighed:
            self.weighed[some] = sum(self.shares.get(gram, 0.0) for gram in sorted(some))
        return self.weighed[some]


def _rareness(held: Sequence[frozenset[str]]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for one in held:
        for gram in one:
            counts[gram] = counts.get(gram, 0) + 1
    return {gram: math.log((len(held) + 1) / (many + 0.5)) for gram, many in counts.items()}


def comparable(target: Indicator, result: Indicator) -> bool:
    """Tell whether two figures are of one kind: unit, change or level, nothing that sets them apart."""
    return (
        target.changes == result.changes
        and same_kind_of_unit(target, result)
        and not opposed_names(target, result)
        and not result.against
    )


def opposed_names(target: Indicator, result: Indicator) -> bool:
    """Tell whether two names set themselves apart: 城镇 and 农村, 国家级 and 省级."""
    return (
        _parted(target.grades, result.grades)
        or _parted(target.sectors, result.sectors)
        or opposed(target.core, result.core)
    )


def _parted(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and not one & other


def same_kind_of_unit(target: Indicator, result: Indicator) -> bool:
    """Tell whether two units can be set against each other; counters of things (个, 家) may differ."""
    one, other = target.base[0], result.base[0]
    if one == other:
        return True
    kinds = unit_kind(one), unit_kind(other)
    counted = all(kind in ("count", "people") for kind in kinds)
    return counted and is_count(one) and is_count(other) and _generic(one, other)


def _generic(one: str, other: str) -> bool:
    return one in _GENERIC or other in _GENERIC


_GENERIC = frozenset(("个", "家", "项", "处", "人"))


def features(
    target: Indicator, result: Indicator, rarity: Rarity, *, level: bool = True
) -> tuple[float, ...]:
    """Return the features of a pair in the order of ``NAMES``; without ``level`` as if the values were near."""
    one, other = target.thing, result.thing
    equal = float(target.name == result.name or one == other)
    context = _context(target, result, rarity)
    shared = _shared(one, other, rarity)
    short = float(min(len(one), len(other)) <= 2 or target.vague or result.vague)
    return (
        equal * shared[-1],
        likeness(target.name, result.name),
        likeness(result.name, target.name),
        _characters(one, other),
        *shared,
        context,
        max(_held(one, result.clause), _held(other, target.clause)),
        float(min(len(one), len(other)) > 2 and (one.endswith(other) or other.endswith(one))),
        float(one[-2:] == other[-2:]),
        float(target.row.unit == result.row.unit),
        float(target.base[0] != result.base[0]),
        float(bool(target.verb) and target.verb == result.verb),
        float(bool(target.verb and result.verb) and target.verb != result.verb),
        float(target.stock != result.stock),
        *(_apart(target, result) if level else (0.0, 0.0, 0.0)),
        float(target.row.field == result.row.field),
        1.0 / rarity.units.get((result.base[0], result.changes), 1),
        short,
        short * context,
    )


def _shared(one: str, other: str, rarity: Rarity) -> tuple[float, float, float, float]:
    """Return how much of two names is shared, replaced (民间 by 工业), added on one side, and how rare that is."""
    mine, theirs = frozenset(grams(one)), frozenset(grams(other))
    shared, whole = rarity.weight(mine & theirs), rarity.weight(mine) + rarity.weight(theirs)
    if not whole:
        return 0.0, 0.0, 0.0, 0.0
    lacks = rarity.weight(mine - theirs), rarity.weight(theirs - mine)
    return (
        2 * shared / whole,
        2 * min(lacks) / whole,
        (max(lacks) - min(lacks)) / whole,
        min(shared / _RARE, 1.0),
    )


def _context(target: Indicator, result: Indicator, rarity: Rarity) -> float:
    norm = math.sqrt(rarity.weight(target.context) * rarity.weight(result.context))
    return rarity.weight(target.context & result.context) / norm if norm else 0.0


def _apart(target: Indicator, result: Indicator) -> tuple[float, float, float]:
    """Return how far apart two levels are (by ratio) or two changes (by points), and whether they are equal."""
    one, other = target.base[1], result.base[1]
    if target.changes and unit_kind(target.row.unit) == "share":
        return 0.0, min(abs(float(one - other)) / _POINTS, 1.0), float(one == other)
    ratio = abs(math.log(float(other / one))) if min(one, other) > 0 else _FAR
    return max(0.0, min(ratio, _FAR) - _FREE) / _FAR, 0.0, float(one == other)


def _characters(one: str, other: str) -> float:
    mine, theirs = set(one), set(other)
    return 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))


def _held(name: str, clause: str) -> float:
    held = grams(name)
    return sum(gram in clause for gram in held) / max(1, len(held))
