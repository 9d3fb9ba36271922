"""When two figures say the same: equal, converted, rounded with a word that says so, or computed."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from itertools import permutations
from typing import TYPE_CHECKING

from retrieval.quantities import Bound, is_count, unit_class
from retrieval.quantities.units import unit_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.quantities import Figure

_FACTORS = {  # how many of the second unit make one of the first
    ("公里", "米"): 1000, ("吨", "公斤"): 1000, ("公斤", "斤"): 2, ("吨", "斤"): 2000, ("公顷", "亩"): 15,
    ("平方公里", "公顷"): 100, ("平方公里", "亩"): 1500, ("平方公里", "平方米"): 1_000_000, ("小时", "分钟"): 60,
    ("年", "个月"): 12, ("天", "小时"): 24, ("周", "天"): 7, ("公斤", "克"): 1000, ("千瓦时", "度"): 1, ("兆瓦", "千瓦"): 1000,
    ("吉瓦", "千瓦"): 1_000_000, ("公顷", "平方米"): 10_000, ("年", "天"): 365, ("倍", "%"): 100,
}  # fmt: skip
# Measure words that count the same things: firms, schools and hospitals, projects, persons, buildings and works.
_ALIKE = tuple(
    map(
        frozenset,
        (
            ("家", "户"),
            ("家", "所"),
            ("项", "件"),
            ("名", "位"),
            ("座", "处"),
            ("座", "所"),
            ("种", "类"),
            ("场", "次"),
        ),
    )
)
_OPEN_UP = (Bound.ABOVE, Bound.MORE)
_OPEN_DOWN = (Bound.BELOW, Bound.LESS)
_FAR = Decimal(
    "0.35"
)  # share of a number by which what is rounded to it may be off at most: 超过1万 for 1.3万
_TENTH = Decimal(2)  # percent that a number told in tenths (六成) may be off


class MatchLevel(IntEnum):
    """How well a claimed figure agrees with a printed one."""

    NONE = 0
    BOUND = 1  # same number, but bounded otherwise
    ROUNDED = 2  # rounded, with a word that says so
    SAME = 3


def match(said: Figure, found: Figure, limits: tuple[Bound, Bound] | None = None) -> MatchLevel:
    """Return how a figure of a claim agrees with one of the evidence; ``limits`` are their bounds in context."""
    mine, theirs = limits or (said.bound, found.bound)
    value, high = converted(found, said)
    if value is None:
        return MatchLevel.NONE
    if said.high is not None or high is not None:
        return _ranges(said, value, high)
    if said.value == value:
        return MatchLevel.SAME if _bounds_agree(mine, theirs) else MatchLevel.BOUND
    return MatchLevel.ROUNDED if rounds(said, value, theirs) else MatchLevel.NONE


def _ranges(said: Figure, value: Decimal, high: Decimal | None) -> MatchLevel:
    if (said.value, said.high) == (value, high):
        return MatchLevel.SAME
    ends = (said.value, said.high) if said.high is not None else (value, high)
    other = value if said.high is not None else said.value
    one_end = (said.high is None or high is None) and other in ends
    return MatchLevel.ROUNDED if one_end else MatchLevel.NONE


def _bounds_agree(said: Bound, found: Bound) -> bool:
    if said is found:
        return True
    pair = {said, found}
    if pair <= set(_OPEN_UP) or pair <= set(_OPEN_DOWN):
        return True
    return said is Bound.ABOUT and found in (Bound.EXACT, Bound.ABOUT, Bound.MORE, Bound.LESS)


def rounds(said: Figure, value: Decimal, found: Bound) -> bool:
    """Tell whether a claimed number is the printed one rounded, and its words or its form say so."""
    if not said.value or not value:
        return False
    off, step = value - said.value, _step(said.value)
    if abs(off) > abs(said.value) * _FAR or (said.text.startswith("不") and found is not Bound.EXACT):
        return False  # 不得低于30% is no way to tell of 不得低于35%
    if said.bound in _OPEN_UP:
        return 0 < off < step and found not in _OPEN_DOWN
    if said.bound in _OPEN_DOWN:
        return -step < off < 0 and found not in _OPEN_UP
    if said.bound is Bound.ABOUT:
        return abs(off) <= min(step / 2, abs(said.value) / 20)
    if "成" in said.text:
        return abs(value - said.value) < _TENTH
    return _by_digits(said, value)


def _step(value: Decimal) -> Decimal:
    """Return what the last digit of a number counts, five of them where it is a five: 4500 → 500, 1200 → 100."""
    digits = value.normalize().as_tuple().digits
    last = Decimal(1).scaleb(value.adjusted() - len(digits) + 1)
    return last * 5 if digits[-1] == 5 and len(digits) > 1 else last


def _by_digits(said: Figure, value: Decimal) -> bool:
    """Tell whether an exact-looking number is the printed one cut to its own digits (6.27万亿 for 62661亿)."""
    digits = len(said.value.normalize().as_tuple().digits)
    if digits < 3 or unit_kind(said.unit) == "share":
        return False
    step = Decimal(1).scaleb(said.value.normalize().adjusted() - digits + 1)
    return abs(value - said.value) * 2 <= step


def converted(found: Figure, said: Figure) -> tuple[Decimal | None, Decimal | None]:
    """Return the value and upper end of a printed figure in the unit of a claimed one; None where none."""
    factor = _factor(found.unit, said.unit)
    if factor is None:
        return None, None
    return found.value * factor, None if found.high is None else found.high * factor


def comparable(said: Figure, found: Figure) -> bool:
    """Tell whether two figures could measure the same thing by their units."""
    return _factor(found.unit, said.unit) is not None


def _factor(have: str, want: str) -> Decimal | None:
    if not want or not have:
        return None if "%" in (have, want) or "百分点" in have + want else Decimal(1)
    one, other = _class(have), _class(want)
    if one == other or _both_count(have, want):
        return Decimal(1)
    if (one, other) in _FACTORS:
        return Decimal(_FACTORS[one, other])
    if (other, one) in _FACTORS:
        return 1 / Decimal(_FACTORS[other, one])
    return None


def _class(unit: str) -> str:
    head, slash, per = unit.partition("/")
    head = "%" if head in ("个点", "点") else head
    return unit_class(head) + slash + per


def alike(one: str, other: str) -> bool:
    """Tell whether two measure words count the same things: 5户企业 and 5家企业."""
    return any({one, other} <= words for words in _ALIKE)


def _both_count(one: str, other: str) -> bool:
    """Tell whether both are plain counts: measure words of things are used freely (35条 and 35个)."""
    if alike(one, other):
        return True
    kinds = unit_kind(one), unit_kind(other)
    if not {"", "个"} & {one, other}:
        return False
    if "" not in (one, other) and kinds[0] != kinds[1]:
        return False
    return set(kinds) <= {"count", "people"} and is_count(one) and is_count(other)


def computed(said: Figure, printed: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """Return two printed figures whose difference, sum or quotient the claimed one is."""
    points = "百分点" in said.unit
    steps = [f.value for f in printed if "百分点" in f.unit]
    if said.unit == "%":
        for one in printed:
            if one.unit == "%" and any(abs(one.value - said.value) == step for step in steps):
                return one, one
    for one, other in permutations(printed, 2):
        if points:
            if one.unit == other.unit == "%" and abs(one.value - other.value) == said.value:
                return one, other
            continue
        if found := _combined(said, one, other):
            return found
    return None


def _combined(said: Figure, one: Figure, other: Figure) -> tuple[Figure, Figure] | None:
    if comparable(said, one) and comparable(said, other):
        first, second = converted(one, said)[0], converted(other, said)[0]
        if first is None or second is None:
            return None
        if unit_kind(said.unit) == "share" and said.unit == "%":
            return None
        if said.value in (first - second, first + second) or (
            said.bound is not Bound.EXACT
            and (rounds(said, first - second, Bound.EXACT) or rounds(said, first + second, Bound.EXACT))
        ):
            return one, other
    if said.unit in ("倍", "%") and unit_class(one.unit) == unit_class(other.unit) and other.value:
        return (one, other) if _is_ratio(said, one.value / other.value) else None
    return None


def _is_ratio(said: Figure, ratio: Decimal) -> bool:
    values = (ratio, ratio - 1) if said.unit == "倍" else (ratio * 100, (ratio - 1) * 100)
    return any(abs(value - said.value) <= abs(said.value) * Decimal("0.02") for value in values)
