"""What a question wants done with figures of the register: the most, an order, a sum, a mean, all, years."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from answering.question.intent import Intent

if TYPE_CHECKING:
    from answering.question.parser import Question


class Task(StrEnum):
    """The work to be done over the figures of one thing."""

    MOST = "most"
    ORDER = "order"
    SUM = "sum"
    DIFFERENCE = "difference"
    AVERAGE = "average"
    ALL = "all"
    TREND = "trend"
    WHICH = "which"


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
LEAST = re.compile(r"最(少|低|小|短|晚)|更(少|低|小)|\b(fewest|lowest|least|smallest)\b")
_WEIGHS = re.compile(
    r"[更最]|谁|哪[个边家座]|比[^,，。例重]{1,24}[多少高低大小快慢早晚长]|[多少高低大小快慢][出了些]?(?:多少|几)|差|变|相比|对比|升|降|往上|往下"
    r"|\b(?:more|less|higher|lower|faster|slower|larger|smaller|which|differ\w*)\b"
)
_SUMS = re.compile(
    r"[一总拢]共|合计|加(?:起来|在一|一?[块起])|[和总]数(?=是|[?？。]|$)|总和|共计|之和|[^,，增]加(?=[^,，以快强大速急]{1,12}(?:共|多少|几))|\b(?:total|altogether|combined|sum)\b"
)
_EITHER = re.compile(r"(?:到底|究竟)?是?[^,，|是的]{1,6}还是[^,，|的]{1,6}(?=[,，。?？|]|$)")
_WEIGHING = re.compile(
    r"(?:谁|哪[个边家座])家?的?|(?:往|向)[上下]走?|越来越[多少高低大小快慢]|得(?:更|最|比较)?[多少高低大小快慢猛]些?|[更最][多少高低大小快慢早晚长短]"
    r"|[多少高低大小快慢](?:[出了](?:多少|几[^,，。?？|]{0,4})?|多少|几[^,，。?？|]{0,4})|相?差(?:距|额)?(?:是|了)?(?:多少|几)?(?:个(?:百分)?点)?|(?:是)?怎么?[个样]?变(?:化|的)?|(?<=[|])比(?=[|])|一年年|逐年|每年|一样不一样|一样[吗不]?|比比看?"
)
COUNT = re.compile(r"几个|多少|几(座|家)|\bhow many\b")
_MEASURE = re.compile(
    "(?:产量|总量|产值|总值|增加值|总额|收入|支出|人数|人次|面积|里程|强度|比重|占比|投资额|覆盖率|普及率|失业率|就业|用电量|产能)$"
)
_FIGURES = re.compile(
    "各(?:是|有|为)?多少|分别(?:是|有|为)?多少|[和与、](?:具体)?(?:数字|数据|数量)|多少个?$"
)
_CHANGED = re.compile(
    r"(?:增加|增长|减少|下降|提高|上升|上涨|降低|回落|多|少|高|低|涨|降)了?(?:多少|几)|变化|\b(?:change|rise|fall|grow|increase|decrease)"
)
_RISING = re.compile(r"从[低少小]到[高多大]|由[低少小]到[高多大]")
_GROWTH = re.compile(r"增[长速幅]|涨幅|降幅|同比|增加了?百分|下降了?百分|growth")
_RATE = re.compile("增速|增长率|增幅|涨幅|降幅|同比|growth rate")
_INTENTS = {
    Intent.SUPERLATIVE: Task.MOST,
    Intent.SUM: Task.SUM,
    Intent.DIFFERENCE: Task.DIFFERENCE,
}
_PATTERNS = ((Task.TREND, _TREND), (Task.AVERAGE, _AVERAGE), (Task.ORDER, _ORDER), (Task.ALL, _ALL))


def task_of(question: Question, thing: str) -> Task | None:
    """Return the work that a question on a thing asks for over the register; None where it asks for none.

    Which places speak of a thing is work for the register where the thing is a measure, or figures are asked for.
    """
    told = next((task for task, pattern in _PATTERNS if pattern.search(question.folded)), None)
    if told is None and question.intent is Intent.WHICH:
        counted = _MEASURE.search(thing) or _FIGURES.search(question.folded.rstrip("?？。"))
        return Task.WHICH if counted else None
    return told or _INTENTS.get(question.intent)


def sets_years_apart(question: Question) -> bool:
    """Tell whether a question asks how far two years of one place lie apart."""
    apart = question.intent is Intent.DIFFERENCE or _CHANGED.search(question.folded)
    return len(question.years) == 2 and len(question.places) == 1 and bool(apart)


def weighs(folded: str) -> bool:
    """Tell whether a question wants its sides weighed: which is more, by how much, up or down, how much together."""
    return bool(_WEIGHS.search(folded) or _SUMS.search(folded))


def without_weighing(content: str) -> str:
    """Return what is asked of each side, without the words that set the sides against each other."""
    return _WEIGHING.sub("|", _EITHER.sub("|", content))


def asks_sum(folded: str) -> bool:
    """Tell whether figures are to be added."""
    return bool(_SUMS.search(folded))


def is_measure(thing: str) -> bool:
    """Tell whether a thing is a measure by its name, told in figures or not at all: 粮食产量."""
    return _MEASURE.search(thing) is not None


def asks_rate(folded: str) -> bool:
    """Tell whether rates of change are asked for through the years, and not the levels."""
    return bool(_RATE.search(folded))


def rising(folded: str) -> bool:
    """Tell whether an order is asked for from the least to the most."""
    return bool(_RISING.search(folded))


def asks_growth(folded: str) -> bool:
    """Tell whether a change is asked for and not the level it led to."""
    return bool(_GROWTH.search(folded))
