"""What a question wants done with figures of the register: the most, an order, a sum, a mean, all, years."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from answering.intent import Intent

if TYPE_CHECKING:
    from answering.question import Question


class Task(StrEnum):
    """The work to be done over the figures of one thing."""

    MOST = "most"
    ORDER = "order"
    SUM = "sum"
    DIFFERENCE = "difference"
    AVERAGE = "average"
    ALL = "all"
    TREND = "trend"


_TREND = re.compile(
    r"历年|逐年|历次报告|变化趋势|发展趋势|走势|(?:这些|近|过去|前后|几|多)[一二三四五六七八九十几\d]*年.{0,14}(?:变化|怎么变|趋势|走势|增减|涨跌)"
    r"|\d{2,4}年?(?:到|至|—|-)\d{2,4}年?.{0,16}(?:变|增|减|涨|跌|升|降)|\bover the years\b|\btrends?\b"
)
_AVERAGE = re.compile(
    r"平均(?:值|数|下来|每[个座]?(?:城市|市|省|地方)|各[市省]|是多少|多少|为多少|有多少)|均值|\baverage\b"
)
_ORDER = re.compile(
    r"排(?:个)?(?:名|序|队|列)(?!第|前)|从[高多大]到[低少小]|从[低少小]到[高多大]|由[高多大]到[低少小]|依次|前[三五十两\d]+[名位个]|\brank(?:ing)?\b"
)
_ALL = re.compile(
    r"列(?:出|举|一下).{0,6}(?:所有|全部|各|每)|(?:所有|全部|各|每)[^,，。]{0,12}(?:都)?列(?:出|一)|\blist all\b"
)
_RISING = re.compile(r"从[低少小]到[高多大]|由[低少小]到[高多大]")
_GROWTH = re.compile(r"增[长速幅]|涨幅|降幅|同比|增加了?百分|下降了?百分|growth")
_INTENTS = {
    Intent.SUPERLATIVE: Task.MOST,
    Intent.SUM: Task.SUM,
    Intent.DIFFERENCE: Task.DIFFERENCE,
}
_PATTERNS = ((Task.TREND, _TREND), (Task.AVERAGE, _AVERAGE), (Task.ORDER, _ORDER), (Task.ALL, _ALL))


def task_of(question: Question) -> Task | None:
    """Return the work that a question asks for over the register; None where it asks for none."""
    told = next((task for task, pattern in _PATTERNS if pattern.search(question.folded)), None)
    return told or _INTENTS.get(question.intent)


def rising(folded: str) -> bool:
    """Tell whether an order is asked for from the least to the most."""
    return bool(_RISING.search(folded))


def asks_growth(folded: str) -> bool:
    """Tell whether a change is asked for and not the level it led to."""
    return bool(_GROWTH.search(folded))
