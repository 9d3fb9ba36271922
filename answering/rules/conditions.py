"""Whether what a question counts (an age, a distance, a share) or its hour is within the bounds that a provision sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.quantities import Bound, Sort, figures, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.quantities import Figure

_AGE = ("岁", "周岁", "年", "")  # a person's years may be asked without a unit: 我58了
_SCALES = (("公斤", ("公斤", "千克", "斤", "市斤")), ("次", ("次", "回", "遍", "趟")), ("日", ("日", "天")))
_TIMES = {"斤": Decimal("0.5"), "市斤": Decimal("0.5"), "千米": Decimal(1000), "公里": Decimal(1000)}
_OVER = re.compile(
    r"(?:超过|超出|大于|高于|多于|年?满|达到?|不少于|不低于|不小于|至少)[^，。；\d一二三四五六七八九十百]{0,4}$"
)
_UNDER = re.compile(
    r"(?:不满|未满|不足|(?<!不)(?:小于|低于|少于)|不得?超过|不多于|至|到)[^，。；\d一二三四五六七八九十百]{0,4}$"
)
_WITHIN = re.compile(r"^(?:的?范围)?(?:以内|之内|内)|^[^，。；]{0,8}[区带](?:域|范围)?[以之]?内|^以下")
_PAUSE = re.compile("[，、；。]")
_NUMERAL = re.compile("[\\d一二两三四五六七八九十百千万]")
_HOUR = r"(\d{1,2}|二?十[一二三四五六七八九]?|[零一二两三四五六七八九])[时点:：](?:00|整)?"
_HOURS = re.compile(
    rf"{_HOUR}(半|[\d一二三四五十]{{1,3}}分)?[^，。；\d一二三四五六七八九十]{{0,3}}[至到\-—~～](?:次日|第二天)?[^，。；\d一二三四五六七八九十]{{0,4}}{_HOUR}"
)
_ASKED_HOUR = re.compile(rf"(凌晨|清晨|早上?|上午|中午|下午|傍晚|晚上?|夜里|半夜|夜间)?{_HOUR}(半)?")
_AFTERNOON = ("中午", "下午", "傍晚", "晚", "晚上", "夜里", "半夜", "夜间")
_SPOKEN = {"半夜": 0.5, "凌晨": 3.0, "中午": 12.5}  # hours that are meant where none is said
_NOON, _SMALL = 12, 6  # 夜里两点 is 2, 夜里九点 is 21
_JOINT = 3  # characters between the two figures of a range
_NEAR = 10  # characters before a figure that may bound it


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A range of one unit; None for an open end."""

    unit: str
    low: Decimal | None
    high: Decimal | None

    def holds(self, value: Decimal) -> bool:
        """Tell whether a value is inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def meets(asked: str, words: str) -> float:
    """Return 1 where a figure of the question is inside a range of ``words``, −1 where outside all, 0 where neither has one.

    Both texts are folded; amounts of money are left out.
    """
    wanted = [(_unit(f.unit), _value(f)) for f in _counted(asked)]
    if not wanted:
        return 0.0
    ranges = list(bounds(words))
    told = [r.holds(value) for unit, value in wanted for r in ranges if _alike(unit, r.unit)]
    return 0.0 if not told else (1.0 if any(told) else -1.0)


def within_hours(asked: str, words: str) -> float:
    """Return 1 where the hour of a question is in a span of hours of ``words``, −1 where outside all, 0 where neither has one."""
    hour = _asked_hour(asked)
    spans = [(_number(m[1]), _number(m[3])) for m in _HOURS.finditer(words)]
    if hour is None or not spans:
        return 0.0
    inside = any(low <= hour < high if low < high else hour >= low or hour < high for low, high in spans)
    return 1.0 if inside else -1.0


def _asked_hour(asked: str) -> float | None:
    match = _ASKED_HOUR.search(asked)
    if match is None:
        return next((hour for words, hour in _SPOKEN.items() if words in asked), None)
    hour = _number(match[2]) + 0.5 * (match[3] is not None)
    late = match[1] in _AFTERNOON and hour < _NOON
    if late and (hour >= _SMALL or match[1] in _AFTERNOON[:3]):
        hour += _NOON
    return hour


def _number(numeral: str) -> float:
    return float(parse_number(numeral) or 0)


def bounds(words: str) -> Iterator[Bounds]:
    """Yield the ranges that a provision's words set; two figures of one range make one."""
    found = list(_counted(words))
    taken = -1
    for n, figure in enumerate(found):
        if n <= taken:
            continue
        low, high = _ends(figure, words)
        if high is None and n + 1 < len(found):
            after = found[n + 1]
            between = words[figure.end : after.start]
            if len(between) <= _JOINT and not _PAUSE.search(between) and _follows(figure, after):
                low, high = _value(figure), _value(after)
                taken = n + 1
        if low is not None or high is not None:
            yield Bounds(unit=_unit(figure.unit), low=low, high=high)


def _ends(figure: Figure, words: str) -> tuple[Decimal | None, Decimal | None]:
    value = _value(figure)
    number = _NUMERAL.search(figure.text)
    start = figure.start + (number.start() if number else 0)
    before = words[max(0, start - _NEAR) : start]
    after = words[figure.end : figure.end + 12]
    if figure.bound is Bound.BELOW or _UNDER.search(before) or _WITHIN.match(after):
        return None, value
    if figure.bound is Bound.ABOVE or _OVER.search(before):
        return value, None
    return None, None


def _follows(one: Figure, other: Figure) -> bool:
    return _unit(one.unit) == _unit(other.unit) and _value(other) > _value(one)


def _counted(words: str) -> Iterator[Figure]:
    for figure in figures(words, every=True):
        if figure.sort in (Sort.QUANTITY, Sort.ARTICLE) and not figure.unit.endswith("元"):
            yield figure


def _unit(unit: str) -> str:
    return next((name for name, same in _SCALES if unit in same), unit)


def _value(figure: Figure) -> Decimal:
    return figure.value * _TIMES.get(figure.unit, Decimal(1))


def _alike(asked: str, told: str) -> bool:
    return asked == told or (asked in _AGE and told in _AGE and asked != "年")
