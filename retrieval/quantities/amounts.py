"""One amount and its unit: the number as printed, the 余 inside it, its scale, a range, a measure word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from retrieval.quantities import patterns as syntax
from retrieval.quantities.numerals import parse_number, plain
from retrieval.quantities.units import CHINESE_UNIT, fits, in_chinese
from retrieval.quantities.values import Bound, Sort

_HALVES = frozenset(("年", "天", "小时", "个小时", "倍", "里", "成", "岁"))
_ASCII = re.compile(r"[\x00-\x7f]")
_SCALES = re.compile("[十百千万亿]+")
_TENTHS = re.compile("[一二三四五六七八九](?![成个家项条月年万亿千百十分])")
_TO_ONE = re.compile(r"[:∶]1(?![\d.:∶])")  # 2.27:1 is one figure
_LIMITED = re.compile("(?:超过?|(?<![附最临靠邻新])近|逾|突破)$")  # before a scale alone: 超百万人
_COUNTED = re.compile(rf"(?![年天日月])(?>{CHINESE_UNIT})(?!的)")
_NEAR = 20  # characters in which a unit ends
_SCALE = re.compile("(?<![百千万亿])[百千万亿]+$")


@dataclass(slots=True)
class FigureDraft:
    """A figure while it is being read; offsets are those of the text."""

    value: Decimal
    start: int
    end: int
    words: str  # the number as printed
    unit: str = ""
    bound: Bound = Bound.EXACT
    high: Decimal | None = None
    sort: Sort = Sort.QUANTITY

    @property
    def chinese(self) -> bool:
        """Whether the number is printed in Chinese numerals."""
        return not _ASCII.search(self.words)


def amount(match: re.Match[str]) -> FigureDraft | None:
    """Read a number with its scale and the 余 or 多 inside; guesses such as 三五 are ranges."""
    number, vague, more = match["number"], match["vague"], match["more"]
    lone = _SCALES.fullmatch(number) and (vague or more or _is_limited(match))
    value, high = parse_number("一" + number if lone else number), None
    bound = syntax.MORE[more] if more else Bound.EXACT
    if value is None and (guess := syntax.GUESS.fullmatch(number)) and not more:
        value, high = _guess(guess)
        bound = Bound.ABOUT
    if value is None:
        return None
    start = match.start("amount")
    if vague and lone:
        bound = syntax.VAGUE[vague]
    elif vague:
        start = match.start("number")
    size = _size(match["scale"] or "")
    words = number + (match["scale"] or "")
    draft = FigureDraft(plain(value * size), start, match.end("amount"), words, bound=bound)
    draft.high = None if high is None else plain(high * size)
    return draft


def _is_limited(match: re.Match[str]) -> bool:
    """Tell whether a scale without a number is a figure by the words around it: 超百万人, 近万家, 突破千亿元."""
    start, end = match.start("amount"), match.end("amount")
    return bool(
        _LIMITED.search(match.string[max(0, start - 3) : start]) and _COUNTED.match(match.string, end)
    )


def take_range(folded: str, draft: FigureDraft) -> None:
    """Take in the upper end of a range, which may lend its scale: 3至5个, 10—15万, 5%—5.5%."""
    if not syntax.TO_NEAR.search(folded, draft.end, draft.end + _NEAR):
        return
    unit = unit_pattern(draft).match(folded, draft.end)
    if unit and not unit["unit"]:  # 一个半小时至两个半小时
        return
    match = syntax.TO.match(folded, unit.end() if unit else draft.end)
    high = amount(match) if match else None
    if match is None or high is None or draft.chinese != high.chinese:
        return
    rest = unit_pattern(high).match(folded, high.end)
    same = rest is not None and rest["unit"] == unit["unit"] if unit else rest is not None
    hyphen = match[0].lstrip()[0] in "-–~"
    if {draft.bound, high.bound} != {Bound.EXACT} or (not same and (unit or hyphen)):
        return
    scale = _SCALE.search(high.words)
    lent = scale[0] if scale and not unit and not _SCALE.search(draft.words) else ""
    low = next((low for low in (draft.value * _size(lent), draft.value) if low <= high.value), None)
    if low is not None:
        draft.value, draft.high, draft.end = plain(low), high.value, high.end


def take_unit(folded: str, draft: FigureDraft) -> None:
    """Take in the unit with what belongs to it: 个多月, 两年多, 一年半, 两成, 八大, 5G."""
    if not draft.chinese and (scale := syntax.SCALE_IN_ENGLISH.match(folded, draft.end)):
        draft.value *= parse_number("1 " + scale["scale"]) or 1
        draft.end = scale.end()
    match = syntax.UNIT_IN_ENGLISH.match(folded, draft.end) or unit_pattern(draft).match(folded, draft.end)
    if match is None or not fits(match["unit"], folded[match.end() : match.end() + 1]):
        ratio = _TO_ONE.match(folded, draft.end)
        if ratio is not None and "." in draft.words:
            draft.end = ratio.end()
        else:
            _other_unit(folded, draft)
        return
    draft.end = match.end()
    if match["unit"]:
        draft.unit = in_chinese(match["unit"])
        _rest_of_time(folded, draft)
    elif match["more"] == "半":  # 两个半小时
        draft.unit, draft.value = "个" + match["after"], draft.value + Decimal("0.5")
    else:
        draft.unit, draft.bound = "个" + match["after"], Bound.MORE
    if draft.unit == "成":
        draft.value, draft.unit = plain(draft.value * 10), "%"
        if part := _TENTHS.match(folded, draft.end):  # 三成六
            draft.value, draft.end = draft.value + (parse_number(part[0]) or 0), part.end()
        draft.high = None if draft.high is None else plain(draft.high * 10)


def unit_pattern(draft: FigureDraft) -> re.Pattern[str]:
    """Give what a unit looks like after this number: after Chinese numerals fewer words are measure words."""
    return syntax.UNIT_IN_CHINESE if draft.chinese else syntax.UNIT


def _rest_of_time(folded: str, draft: FigureDraft) -> None:
    if draft.unit not in _HALVES or draft.bound is not Bound.EXACT:
        return
    if folded.startswith("半", draft.end):
        draft.value, draft.end = draft.value + Decimal("0.5"), draft.end + 1
    elif not (draft.unit == "年" and draft.value >= 1000) and syntax.MORE_TIME.match(folded, draft.end):
        draft.bound, draft.end = Bound.MORE, draft.end + 1


def _other_unit(folded: str, draft: FigureDraft) -> None:
    if great := syntax.GREAT.match(folded, draft.end):
        draft.unit, draft.end, draft.sort = "大", great.end(), Sort.NAME
    elif syntax.AGED.match(folded, draft.end):
        draft.unit = "人"
    elif (
        not draft.chinese and draft.words[-1:].isdigit() and (tail := syntax.LETTERS.match(folded, draft.end))
    ):
        draft.unit, draft.end, draft.sort = tail[0], tail.end(), Sort.NAME


def _guess(match: re.Match[str]) -> tuple[Decimal | None, Decimal | None]:
    low, high = (parse_number(match[name]) for name in ("low", "high"))
    if low is None or high is None or not (high - low == 1 or (low == 3 and high == 5)):
        return None, None
    tens, size = 10 if match["tens"] else 0, _size(match["scale"])
    return (tens + low) * size, (tens + high) * size


def _size(scale: str) -> Decimal:
    return parse_number("一" + scale) or Decimal(1)
