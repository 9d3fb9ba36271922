"""Whether a figure was reached, is aimed at, compares, stands, is part of a name; and the state this sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.facts.action_verbs import ACT_AT
from retrieval.facts.fact_state import FactState, stated
from retrieval.facts.metric_name import cleaned, growing
from retrieval.facts.models import FigureKind
from retrieval.quantities.units import unit_kind
from retrieval.quantities.values import Sort
from retrieval.text.tense import Tense
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from retrieval.facts.figure_context import FigureSpot
    from retrieval.values.documents import Document

_AIMED = re.compile(
    r"(?=[力预主目到至将争、，；,;今我计拟])(?:力争|预期目标|主要目标|目标[是为:：]|[到至](?:“?十[五六]五”?末|本世纪)|将(?:建成|完成|达到|实现|新建|改造|新增(?!财力))"
    r"|(?:^|[，、；,;])(?:今年|我[们市省区县])?(?:计划|拟)(?=[新投建完实开安总])|争取(?=\d|[达新完])|今后[一二三四五六七八九十]+年)"
)
_REACHED = re.compile(
    r"去年|上年(?!同期)|已(?!经?成为)|[一二三四五六七八九十]年来|过去(?:的)?[一二三四五]年|以来|截至|累计|了(?=\d)"
)
_NAMED_AFTER = re.compile(
    r"强(?!度|制|化)|年?(?:行动|计划|规划|攻坚)(?:方案|计划)?(?!的?[能])|级(?=[产城园集])"
)
_LEVEL = re.compile(r"率|比重|占比|比例|强度|覆盖面|[占度]$|指数|系数|预期寿命")
_WORKED = re.compile(r"(?:整治|办结|完成|化解|调处|处置|整改|办复|实施|破案|兑付|拆除|落实)率")
_STANDS = re.compile(r"(?:达到?|总数|总量|有|现有|共有|拥有|保有量|在册|存量|为|是|达到了|共)$")
_DECLINE = re.compile("下降|降低|减少|缩减|缩小|压减|压缩|压降|精简|缩短|收窄|下调|回落|节约|提前")
_INCREASE_OF = re.compile("增幅|涨幅|增速|降幅|跌幅|增长率")
_AGE = frozenset(("岁", "周岁"))


_AGAINST = re.compile("高于|低于|快于|比(?:上|去|20|同|全|年初|预)")
_BY = re.compile(r"[到至](20\d\d)年")


def kind_of(spot: FigureSpot, text: str, tense: Tense, document: Document, metric: str) -> FigureKind:
    """Return what a figure tells of; ``text`` is its sentence, folded, and ``tense`` that of its passage."""
    if is_name(spot):
        return FigureKind.NAME
    if aimed(text, spot.figure.start, spot.clause.start, tense, document.year):
        return FigureKind.TARGET
    if _compares(spot, metric):
        return FigureKind.COMPARISON
    return (
        FigureKind.STATE if document.genre is Genre.REGULATION or _stands(spot, metric) else FigureKind.DONE
    )


def state_of(kind: FigureKind, clause: str, sentence: str, heading: FactState) -> FactState:
    """Return the state of a figure of a kind in its clause and sentence (folded), under that of its headings.

    What is under a rule's heading is required; what either its kind or its words call planned is planned.
    """
    if heading is FactState.REQUIRED:
        return heading
    if kind is FigureKind.TARGET:
        return FactState.PLANNED
    told = stated(clause, sentence, heading)
    if told in (FactState.PLANNED, FactState.REQUIRED):
        return told
    return FactState.STANDING if kind is FigureKind.STATE else FactState.DONE


def is_name(spot: FigureSpot) -> bool:
    """Tell whether a figure is a part of a name: 八大行动, 世界500强, 三年行动."""
    figure = spot.figure
    if figure.sort is Sort.NAME or spot.quote == figure.text:
        return True
    unit_free = not figure.unit and _NAMED_AFTER.match(spot.right)
    planned = figure.unit == "年" and _NAMED_AFTER.match(spot.right)
    if figure.unit == "星级":
        return True
    ruled = figure.unit == "项" and spot.right.startswith("规定")
    return bool(unit_free or planned or ruled)


def aimed(text: str, at: int, clause: int, tense: Tense, written: int | None) -> bool:
    """Tell whether what stands before ``at`` in a sentence, its clause from ``clause`` on, is yet to come."""
    found = _BY.findall(text, 0, at)
    if found and written is not None and int(found[-1]) > written:
        return True
    told = tense is Tense.PLANNED or _AIMED.search(text, 0, at)
    return bool(told) and not _REACHED.search(text[clause:at])


def _compares(spot: FigureSpot, metric: str) -> bool:
    if _AGAINST.match(cleaned(spot.left)):
        return True
    change = growing(spot.left) or (spot.joined and not cleaned(spot.left) and growing(metric))
    if not change:
        return False
    if unit_kind(spot.figure.unit) == "share" or spot.figure.unit == "倍":
        return True
    return bool(_DECLINE.search(change["verb"])) and unit_kind(spot.figure.unit) in ("money", "time")


def _stands(spot: FigureSpot, metric: str) -> bool:
    unit = spot.figure.unit
    if unit in _AGE or spot.figure.sort is Sort.DATE:
        return True
    if unit_kind(unit) == "share":
        return bool(_LEVEL.search(metric)) and not _WORKED.search(metric)
    acted = ACT_AT.search(metric)
    return not acted and bool(_STANDS.search(spot.left))
