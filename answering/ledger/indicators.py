"""A figure of the register made ready to be paired: its thing, its kind, its years and its base value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from answering.evidence.report_parts import ReportParts, plan_of_years
from retrieval.facts.action_verbs import ACT_AT, ACTING, CHANGE
from retrieval.facts.figure_role import RoleKind
from retrieval.facts.metric_name import MARK_PASSED, cleaned
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import core, grams
from retrieval.quantities.units import unit_class, unit_kind
from retrieval.text.normalize import fold
from retrieval.text.regex_trie import alternatives
from retrieval.text.sentences import HAN
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document

_DATA = Path(__file__).parents[1] / "data" / "indicator_names.tsv"
_THINGS = frozenset(("就业", "创业", "投资", "研发", "生产", "出口", "进口", "贷款", "培训", "失业", "消费"))
_CHANGES = re.compile(f"(?:{CHANGE})(?:幅度)?$|(?:增速|涨幅|增幅|降幅|跌幅|增长率)$")
_FALLS = re.compile("(?:下降|降低|减少|缩减|压减|回落|降|减)(?:幅度)?$|(?:降幅|跌幅)$")
_DIGIT = re.compile("[0-9]")
_HAN = re.compile(f"[{HAN}]")
_MARK = re.compile("[，,；;。：:、]")
_VAGUE = re.compile(
    "中央|地方|各级|国家|全国|政府|财政|预算|资金|补贴|补助|投资|投入|支出|项目|工程|重点|重大|专项|计划|累计|总|额|规模|产业|企业|任务|工作|全年|年度|标准|产量"
)
_SECTOR = re.compile(
    "工业|农牧业|农业|林业|畜牧业|服务业|旅游|商贸|流通|物流|城建|城市建设|交通|水利|教育|科技|文化|体育|卫生|民间|外商|制造业"
)
_GOAL = re.compile(
    "[^，,。；;]{0,6}(?:目标|指标)|[^，,。；;、]{0,4}(?:、[^，,。；;、]{2,16}?[0-9.]+[^，,。；;、]{1,6}?){1,4}等?的[^，,。；;]{0,6}(?:目标|指标)"
)
_GOAL_WITHIN = 60  # characters after a figure in which a list of targets ends
_NEW = re.compile("^增加|新增|净增|新建|新认定|新培育")
_CAPACITY = frozenset(("weight", "energy", "volume"))
_GRADE = re.compile("国家|自治区级|省级|市级|区级|县级|乡镇|[一二三四五六]星|[aA]{3,5}级")
_BINDING_LEAD = re.compile("^(?:确保|力争|年内|全年|实现|推动|推进|加快)+")
_STAGE = re.compile("开工|完工|竣工|封顶|投产|投用|投入使用|投入运营|运营|开业|营业|交付|启用|建成")
_PARTED = re.compile("比20\\d\\d年|比“?十[一二三四五]五")
_FROM = re.compile("[从由]$")
_TO = re.compile("^(?:左右|以上|以内)?(?:提高|增加|上升|扩大|下降|降低|降|减少|增长|提升)[到至为]")
_STOCK = re.compile("(?:达到?|总数|总量|累计|保有量|共有|已有|增加到|增至|扩大到|提高到)(?:了|约|近)?$")
_BASES = {
    "亩": ("平方米", Decimal(2000) / 3), "公顷": ("平方米", Decimal(10_000)), "平方公里": ("平方米", Decimal(1_000_000)),
    "平米": ("平方米", Decimal(1)), "公里": ("米", Decimal(1000)), "千米": ("米", Decimal(1000)),
    "吨": ("斤", Decimal(2000)), "公斤": ("斤", Decimal(2)), "千克": ("斤", Decimal(2)), "兆瓦": ("千瓦", Decimal(1000)),
}  # fmt: skip
_BINDING = re.compile(
    f"{alternatives(ACTING - _THINGS)}|(?:{CHANGE})(?:幅度)?|增速|涨幅|增幅|降幅|比上年|比去年|用于|其中|各类|提出|预期|目标|再(?!就业)|[的拟将要已新总了个]"
)


def _aliases() -> tuple[tuple[re.Pattern[str], str], ...]:
    lines = (line for line in _DATA.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple((re.compile(pattern), name) for pattern, _, name in (line.partition("\t") for line in lines))


_ALIASES = _aliases()
_BEFORE = 40  # characters before its clause that a figure's thing may be named in


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One figure with what decides whether another is of the same thing."""

    row: FigureRow
    document: Document
    folded: str  # the document's text, folded: the same offsets
    aimed: bool
    since: int  # first year it speaks of
    year: int  # last year it speaks of
    over_years: bool
    name: str = field(init=False)  # folded

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", spelt_out(fold(self.row.metric)))

    @cached_property
    def core(self) -> str:
        """The measured thing without verbs around it."""
        return core(self.name)

    @cached_property
    def thing(self) -> str:
        """The measured thing without what is done to it and without binding words, wherever they are."""
        listed = self.core.rpartition("等")[2]  # 甲路、乙路等背街巷道: the last words say what they are
        bare = _BINDING.sub("", listed if len(listed) > 1 else self.core)
        bare = bare if len(bare) > 1 else self.core
        return f"新增|{bare}" if _NEW.search(self.name) else bare

    @cached_property
    def before(self) -> str:
        """The words between the figure before, or the sentence's begin, and this figure (folded)."""
        return self.folded[max(self.row.sentence[0], self.row.clause[0] - _BEFORE) : self.row.start]

    @cached_property
    def left(self) -> str:
        """The words of its own clause before the figure (folded)."""
        return self.folded[self.row.clause[0] : self.row.start]

    @cached_property
    def own(self) -> str:
        """The words right before the figure, up to the mark before them (folded)."""
        return _MARK.split(self.left)[-1]

    @cached_property
    def clause(self) -> str:
        """Its clause (folded)."""
        return self.folded[self.row.clause[0] : self.row.clause[1]]

    @cached_property
    def context(self) -> frozenset[str]:
        """The pairs of characters of its clause and of what stands before it in the sentence."""
        after = self.folded[self.row.end : self.row.clause[1]]
        return frozenset(grams(cleaned(self.before) + "|" + after))

    @cached_property
    def letters(self) -> frozenset[str]:
        """The characters of its name and context."""
        return frozenset(self.thing)

    @cached_property
    def grades(self) -> frozenset[str]:
        """The grades that its name speaks of: 国家级, 省级."""
        return frozenset(_GRADE.findall(self.name))

    @cached_property
    def vague(self) -> bool:
        """Whether its name says nothing without what stands around it: 投资, 中央财政安排资金, 重点项目."""
        return len(_VAGUE.sub("", self.thing.removeprefix("新增|"))) < 2

    @cached_property
    def sectors(self) -> frozenset[str]:
        """The sectors that its name speaks of: 工业, 农牧业."""
        return frozenset(_SECTOR.findall(self.name))

    @cached_property
    def restated(self) -> bool:
        """Whether it repeats a target where results are told: …降低4%左右的目标."""
        after = self.folded[self.row.end : min(self.row.sentence[1], self.row.end + _GOAL_WITHIN)]
        return bool(_GOAL.match(after))

    @cached_property
    def changes(self) -> bool:
        """Whether it is a change (增长8%) and not a level."""
        if unit_kind(self.row.unit) not in ("share", "measure") and "百分点" not in self.row.unit:
            return bool(re.search("(?:提高|增加|增长|下降|降低|减少)$", self.name))
        return bool(_CHANGES.search(self.name)) or self.row.kind is FigureKind.COMPARISON

    @cached_property
    def falls(self) -> bool:
        """Whether it is a decrease."""
        return self.changes and bool(_FALLS.search(self.name) or _FALLS.search(cleaned(self.left)))

    @cached_property
    def stock(self) -> bool:
        """Whether it is told as a total that was reached."""
        return bool(_STOCK.search(self.left.rstrip()))

    @cached_property
    def verb(self) -> str:
        """The act that its name begins with: 新建, 改造."""
        found = ACT_AT.match(self.name)
        return found[0] if found else ""

    @cached_property
    def base(self) -> tuple[str, Decimal]:
        """Its unit and value in the base unit of its kind."""
        unit = unit_class(self.row.unit)
        if "百分点" in unit:
            return "百分点", self.row.value
        name, factor = _BASES.get(unit, (unit, Decimal(1)))
        return name, self.row.value * factor

    @cached_property
    def starts(self) -> bool:
        """Whether it is only where a change begins: 从75%提高到100%."""
        after = self.folded[self.row.end : self.row.end + 12]
        return self.row.role is RoleKind.START or bool(_FROM.search(self.left.rstrip()) and _TO.search(after))

    @cached_property
    def sizes(self) -> bool:
        """Whether it only says how big a named work is: 700万吨露天矿, 云海商城5万平方米主楼."""
        after = self.folded[self.row.end : self.row.end + 8]
        if not _HAN.match(after) or MARK_PASSED.match(after):
            return False
        if self.base[0] == "平方米":
            bare = _BINDING_LEAD.sub("", self.own)
            return len(bare) > 1 and not ACT_AT.search(bare) and bool(_STAGE.search(self.clause))
        return unit_kind(self.row.unit) in _CAPACITY

    @cached_property
    def against(self) -> bool:
        """Whether it is set against a year that is not the one before."""
        return bool(_PARTED.search(self.own))


@lru_cache(maxsize=20_000)
def spelt_out(name: str) -> str:
    """Give the usual indicators one name, whatever a text calls them."""
    for pattern, usual in _ALIASES:
        name = pattern.sub(usual, name)
    return name


def indicators(parts: ReportParts, rows: Iterable[FigureRow]) -> Iterator[Indicator]:
    """Give the figures of a report that are targets or results, each with the years it speaks of."""
    if parts.document.genre is not Genre.REPORT or parts.document.year is None:
        return
    for row in rows:
        if (
            _measures(parts.folded, row)
            and (made := _made(parts, row))
            and not (made.starts or made.sizes or (made.restated and not made.aimed))
        ):
            yield made


def _measures(folded: str, row: FigureRow) -> bool:
    """Tell whether a figure measures something; a count in Chinese numerals (三件事, 两个市场) is a manner of speech."""
    if row.kind is FigureKind.NAME or not row.unit or unit_kind(row.unit) == "time" or row.year is None:
        return False
    return unit_kind(row.unit) == "share" or _DIGIT.search(folded, row.start, row.end) is not None


def _made(parts: ReportParts, row: FigureRow) -> Indicator | None:
    written, told = parts.document.year or 0, row.year or 0
    over = parts.over_years(row.start, row.period, parts.folded[row.clause[0] : row.clause[1]])
    if row.kind is FigureKind.TARGET or (parts.plans(row.start) and told == written and not over):
        return _target(parts, row)
    if parts.plans(row.start) and not (told == written - 1 and row.period is None):
        return None  # what such a part tells of the year before by the way; a paragraph that sums it up has no period
    year = written - 1 if told == written else told
    return _indicator(parts, row, aimed=False, span=(year, year), over_years=over)


def _target(parts: ReportParts, row: FigureRow) -> Indicator | None:
    written, told = parts.document.year or 0, row.year or 0
    if told < written:
        return None
    years = told > written or plan_of_years(row.period)
    return _indicator(parts, row, aimed=True, span=(written, told), over_years=years)


def _indicator(
    parts: ReportParts, row: FigureRow, *, aimed: bool, span: tuple[int, int], over_years: bool
) -> Indicator:
    return Indicator(
        row=row,
        document=parts.document,
        folded=parts.folded,
        aimed=aimed,
        since=span[0],
        year=span[1],
        over_years=over_years,
    )
