"""Which measure words ask for which figures."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from retrieval.quantities import Sort

if TYPE_CHECKING:
    from answering.question.intent import ExpectedAnswer
    from retrieval.quantities import Figure

_CLASSES: dict[str, frozenset[str]] = {
    "money": frozenset(("元", "万元", "亿元", "美元", "人民币")),
    "share": frozenset(("%", "百分点", "个百分点", "成", "‰")),
    "people": frozenset(("人", "名", "位", "人次", "员")),
    "area": frozenset(("平方公里", "平方千米", "平方米", "公顷", "亩", "平米")),
    "length": frozenset(("公里", "千米", "米", "海里", "里", "华里", "厘米", "毫米", "分米")),
    "time": frozenset(("年", "个月", "月", "天", "日", "小时", "分钟", "周")),
    "weight": frozenset(("吨", "斤", "公斤", "千克", "克")),
    "age": frozenset(("岁", "周岁")),
}
# Measure words for one and the same thing: a school is 一所 or 一个, a firm 一家 or 一户.
_KIN = tuple(
    map(frozenset, ("所座家间处栋幢", "项条件起宗部", "次场届回趟期起件", "户家套", "辆台部艘架", "篇部条件"))
)
_ANY_COUNT = frozenset(("个", ""))


@cache
def unit_class(unit: str) -> str:
    """Return the class of a measure word; "count" for all that count things."""
    for name, members in _CLASSES.items():
        if unit in members or any(unit.endswith(m) and len(m) > 1 for m in members):
            return name
    return "money" if unit.endswith("元") else "count"


def fits(figure: Figure, want: ExpectedAnswer) -> bool:
    """Tell whether ``figure`` can answer ``want``; a want without units takes any figure but a time."""
    kind = unit_class(figure.unit)
    if not want.units:
        return kind != "time"
    asked = unit_class(want.units[0])
    kinds = {unit_class(u) for u in want.units} - ({"count"} if asked != "count" else set())
    if figure.unit in want.units and kind in kinds:
        return True
    if want.named and asked == kind == "count" and figure.sort is not Sort.NAME:
        return any(_kin(figure.unit, unit) for unit in want.units)
    return (
        kind in kinds
        or (not figure.unit and kinds <= {"count", "people"})
        or (kind == "people" and bool(_ANY_COUNT & set(want.units)))
    )


def _kin(one: str, other: str) -> bool:
    """Tell whether two measure words can count the same thing."""
    return bool({one, other} & _ANY_COUNT) or any({one, other} <= kin for kin in _KIN)


def same(figure: Figure, want: ExpectedAnswer) -> bool:
    """Tell whether ``figure`` is in the very unit that the question names, or of its one class."""
    if want.named:
        return figure.unit in want.units or unit_class(figure.unit) == unit_class(want.units[0]) != "count"
    return bool(want.units) and unit_class(figure.unit) in {unit_class(u) for u in want.units} - {"count"}


def comparable(one: Figure, other: Figure) -> bool:
    """Tell whether two figures count the same kind of thing, so that more and less mean something."""
    kinds = unit_class(one.unit), unit_class(other.unit)
    if kinds[0] != kinds[1]:
        return False
    return kinds[0] != "count" or one.unit == other.unit or {one.unit, other.unit} <= _LOOSE


_LOOSE = frozenset("个处项条座家所间件起次")
