"""Whether a claimed value is the printed one, as intervals: what the reader's words leave open, and what the text's do."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from answering.judge.quantity_match import converted
from retrieval.facts.figure_role import RoleKind
from retrieval.quantities.units import unit_class, unit_kind
from retrieval.quantities.values import Bound, Figure

if TYPE_CHECKING:
    from answering.claims.assertions import Assertion
    from answering.claims.printed_facts import PrintedFact

_ABOVE = (Bound.ABOVE, Bound.MORE)
_BELOW = (Bound.BELOW, Bound.LESS)
_FAR = Decimal("1.5")  # how far above a bound like 超过5000 the true value may lie
_TENTH = Decimal(2)  # percent that a number told in tenths (六成) may be off


class Agreement(StrEnum):
    """How a claimed value agrees with a printed one."""

    SAME = "same"
    BOUND = "bound"  # the number, without the bound that the text sets
    OPPOSED = "opposed"  # the number, with the opposite bound
    UNIT = "unit"  # the number, with another unit
    OTHER = "other"


def agreement(said: Assertion, fact: PrintedFact, value: Decimal | None = None) -> Agreement:
    """Return how the claimed value of an assertion agrees with that of a fact, or with ``value`` in its unit."""
    if said.value is None:
        return Agreement.SAME
    printed = fact.value if value is None else value
    high = fact.high if value is None else None
    bound = fact.bound if value is None else Bound.EXACT
    theirs = in_unit(printed, fact.unit, said)
    if theirs is None or _points_for_rate(said, fact):
        return Agreement.UNIT if printed == said.value else Agreement.OTHER
    if theirs != said.value and same_digits(said.value, printed) and _is_other_unit(said, fact):
        return Agreement.UNIT
    top = in_unit(high, fact.unit, said) if high is not None else None
    return _compared(said, theirs, top, bound)


def _points_for_rate(said: Assertion, fact: PrintedFact) -> bool:
    """Tell whether a rate of change is claimed in points: 增长5.3个百分点 is not 增长5.3%."""
    return "百分点" in said.unit and fact.unit == "%" and fact.role is RoleKind.CHANGE and fact.origin is None


def same_digits(one: Decimal, other: Decimal) -> bool:
    """Tell whether two numbers are one but for their scale or unit."""
    return one.normalize().as_tuple().digits == other.normalize().as_tuple().digits


def _is_other_unit(said: Assertion, fact: PrintedFact) -> bool:
    return bool(said.unit and fact.unit) and unit_class(said.unit) != unit_class(fact.unit)


def in_unit(value: Decimal, unit: str, said: Assertion) -> Decimal | None:
    """Return a printed value in the claimed unit; None where one can't be told in the other."""
    if said.rank or not said.unit or not unit:
        return value
    if "元" in unit and "元" in said.unit and unit != said.unit:
        return None
    if unit_kind(unit) == unit_kind(said.unit) == "share" and "倍" not in (unit, said.unit):
        return value
    made = converted(_figure(value, unit), _figure(value, said.unit))[0]
    if made is None and {unit_kind(unit), unit_kind(said.unit)} <= {"count", "people", "flow", "thing"}:
        return value
    return made


def _figure(value: Decimal, unit: str) -> Figure:
    return Figure(value=value, unit=unit, bound=Bound.EXACT, start=0, end=0, text="")


def _compared(said: Assertion, value: Decimal, high: Decimal | None, bound: Bound) -> Agreement:
    assert said.value is not None  # told by the caller
    mine = said.value
    if high is not None or said.high is not None:
        return Agreement.SAME if _spans(mine, said.high, value, high) else Agreement.OTHER
    if mine == value:
        return _same_number(said, bound)
    if said.planned and said.bound in _ABOVE and bound in _ABOVE:
        return Agreement.OTHER  # another floor: 770万以上 where 1100万以上 is aimed at
    step = _step(mine)
    if said.rank:
        return Agreement.SAME if said.bound is Bound.BELOW and value <= mine else Agreement.OTHER
    inside = {
        Bound.MORE: mine < value < mine + step,
        Bound.ABOVE: value > mine,
        Bound.LESS: mine - step < value < mine if said.tenths is False or value < mine else False,
        Bound.BELOW: value < mine,
        Bound.ABOUT: abs(value - mine) <= max(step / 2, abs(mine) / 20),
        Bound.EXACT: _rounds(said, mine, value),
    }[said.bound]
    if said.bound is Bound.LESS and said.shown.startswith(("不到", "不足")):
        inside = value < mine
    if not inside:
        return Agreement.OTHER
    opposed = (said.bound in _ABOVE and bound in _BELOW) or (said.bound in _BELOW and bound in _ABOVE)
    return Agreement.OPPOSED if opposed and said.bound in (Bound.ABOVE, Bound.BELOW) else Agreement.SAME


def _spans(mine: Decimal, top: Decimal | None, value: Decimal, high: Decimal | None) -> bool:
    """Tell whether a number or range agrees with another, of which one is a range: two ranges have to be the same."""
    if top is not None and high is not None:
        return (mine, top) == (value, high)
    return value <= mine <= high if high is not None else top is not None and mine <= value <= top


def _same_number(said: Assertion, bound: Bound) -> Agreement:
    mine = said.bound
    if mine is bound or (mine in _ABOVE and bound in _ABOVE) or (mine in _BELOW and bound in _BELOW):
        return Agreement.SAME
    if (mine in _ABOVE and bound in _BELOW) or (mine in _BELOW and bound in _ABOVE):
        return Agreement.OPPOSED
    if Bound.ABOUT in (mine, bound):
        return Agreement.SAME
    if mine is Bound.EXACT:
        loose = bound is Bound.MORE or (bound is not Bound.EXACT and not said.exactly and said.planned)
        return Agreement.SAME if loose else Agreement.BOUND
    return (
        Agreement.SAME
        if mine in (Bound.MORE, Bound.ABOVE, Bound.LESS, Bound.BELOW) and _touches(mine)
        else Agreement.BOUND
    )


def _touches(bound: Bound) -> bool:
    """Tell whether a reader's bound may be the number itself: 过了1000 of what is 1000, but not 不到1000."""
    return bound in (Bound.ABOVE, Bound.MORE, Bound.BELOW)


def _step(value: Decimal) -> Decimal:
    """Return what the last digit of a number counts, five of them where it is a five: 4500 → 500, 1200 → 100."""
    digits = value.normalize().as_tuple().digits
    last = Decimal(1).scaleb(value.adjusted() - len(digits) + 1)
    return last * 5 if digits[-1] == 5 and len(digits) > 1 else last


def _rounds(said: Assertion, mine: Decimal, value: Decimal) -> bool:
    """Tell whether an exact-looking number is the printed one cut to its own digits: 235万 for 235.31万."""
    if said.exactly:
        return False
    if said.tenths:
        whole = mine % 10 == 0
        return abs(value - mine) < (_TENTH if whole else Decimal("0.6"))
    digits = len(mine.normalize().as_tuple().digits)
    spoken = not any(char.isdigit() for char in said.shown)
    if digits < (2 if spoken else 3) or (said.kind == "share" and not spoken):
        return False
    step = Decimal(1).scaleb(mine.normalize().adjusted() - digits + 1)
    return abs(value - mine) * 2 <= step or (0 < value - mine < step)
