"""A figure as a value, and when two figures say the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.quantities.units import is_count, unit_class

if TYPE_CHECKING:
    from decimal import Decimal


class Bound(StrEnum):
    """How a printed number limits the true one."""

    EXACT = "exact"
    ABOVE = "at_least"  # 以上, 超过, 不少于
    BELOW = "at_most"  # 以内, 以下, 不超过
    ABOUT = "approx"  # 约, 左右
    MORE = "approx_more"  # 余, 多
    LESS = "approx_less"  # 近, 不足


class Sort(StrEnum):
    """What a number is there for."""

    QUANTITY = "quantity"
    DATE = "date"  # 2020年, 6月, 3日
    NAME = "name"  # 八大行动, “四个意识”, 12345热线, 5G
    ORDINAL = "ordinal"  # 第三, 3号线; given only when asked for
    ARTICLE = "article"  # 一个, 一项: mostly a mere "a"; given only when asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as it stands in a text: ``text[start:end]`` is ``Figure.text``, bound words included."""

    value: Decimal  # scale applied: 5.77亿元 is 577000000 元, 两成 is 20 %
    unit: str  # folded, without its scale: "元", "个", "%"; "" where none is printed
    bound: Bound
    start: int
    end: int
    text: str
    high: Decimal | None = None  # upper end of a range such as 3至5个
    sort: Sort = Sort.QUANTITY


_SIDE = {
    Bound.EXACT: 0,
    Bound.ABOVE: 1,
    Bound.MORE: 1,
    Bound.BELOW: 2,
    Bound.LESS: 2,
    Bound.ABOUT: 3,
}


def agrees(a: Figure, b: Figure) -> bool:
    """Tell whether two figures say the same: value, class of unit, and the side to which they are open.

    A figure without a unit agrees with a count (2434 and 2434部), never with a share, a sum or a length.
    """
    same = (a.value, a.high, _SIDE[a.bound]) == (b.value, b.high, _SIDE[b.bound])
    return same and _same_unit(a, b)


def _same_unit(a: Figure, b: Figure) -> bool:
    if unit_class(a.unit) == unit_class(b.unit):
        return True
    return (not a.unit and is_count(b.unit)) or (not b.unit and is_count(a.unit))
