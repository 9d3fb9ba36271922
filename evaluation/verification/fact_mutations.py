"""True clauses made untrue in one typed slot.

The slots: figure, unit, bound, place, year, doer, state, direction, start and end, level and change, part and
whole, modality, negation, rank, metric.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.judge import ClaimEvidence
from retrieval.facts.fact_state import FactState, heading_state
from retrieval.quantities import Bound, Sort, figures, unit_class
from retrieval.text.normalize import clauses, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from retrieval.quantities import Figure
    from retrieval.values.documents import Document, Passage

_SHORTEST, _LONGEST = 12, 120  # characters of a clause that is claimed
_UNITS = ("个", "处", "条", "人", "户", "家", "项", "公里", "亿元", "%", "万吨", "亩")
_VAGUE = re.compile("[余多]|近|约|超过?|以上|以内|以下|左右")
_FLIPS = (
    ("增长", "下降"), ("提高", "降低"), ("增加", "减少"), ("上升", "下降"), ("下降", "上升"),
    ("减少", "增加"),
    ("降低", "提高"),
    ("缩小", "扩大"), ("上涨", "下跌"), ("高于", "低于"), ("快于", "慢于"),
)  # fmt: skip
_MODALS = (("应当", "可以"), ("不得", "可以"), ("可以", "应当"), ("禁止", "允许"), ("鼓励", "必须"))
_DOERS = (
    "公安机关",
    "城市管理部门",
    "生态环境主管部门",
    "市场监督管理部门",
    "交通运输主管部门",
    "县级人民政府",
)
_RANK = re.compile("第(?P<n>[一二三四五六七八九1-9])位")
_CHANGES = re.compile(r"(增长|下降|提高|减少)(?=(?:约|近|超)?\d)")
_LEVELS = re.compile(r"(提高|增加|增长|上升|下降|降低|缩小)(到|至)(?=(?:约|近|超)?\d)")
_FROM_TO = re.compile(
    r"[从由](?P<a>[\d.]+[^\s，、到至提增上下降缩]{0,6})(?P<verb>[^\d，]{1,6}[到至])(?P<b>[\d.]+[^\s，、。；]{0,6})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPair:
    """A claim with its evidence, and the slot in which it was made untrue; "" for a true one."""

    kind: str
    claim: str
    evidence: ClaimEvidence


def pairs(
    document: Document, passages: Sequence[Passage], chance: Random, places: Sequence[str]
) -> Iterator[ClaimPair]:
    """Give a document's true clauses and the untrue forms of each; ``places`` are others than its own."""
    place = document.place or "全国"
    others = [p for p in places if p != place]
    for passage in passages:
        heading = " / ".join(passage.heading)
        for span in sentences(passage.text):
            quote = passage.text[span.start : span.end].strip()
            evidence = ClaimEvidence(
                quote=quote,
                document=document.title,
                place=place,
                year=document.year,
                heading=heading,
                context="",
            )
            for clause in _claimed(quote):
                head = _head(place, heading, document.year)
                yield ClaimPair(kind="", claim=head + clause, evidence=evidence)
                for kind, text in _changed(clause, quote, chance):
                    yield ClaimPair(kind=kind, claim=head + text, evidence=evidence)
                yield from _elsewhere(clause, evidence, heading, chance.choice(others) if others else "")


def _head(place: str, heading: str, year: int | None) -> str:
    state = heading_state(heading)
    if year is None or state is FactState.REQUIRED:
        return place
    if state is FactState.PLANNED:
        return f"{place}{year}年计划"
    return f"{place}{year - 1}年" if state is FactState.DONE and "五年" not in heading else place


def _claimed(quote: str) -> Iterator[str]:
    for span in clauses(quote):
        clause = quote[span.start : span.end].strip().rstrip("，；。：")
        tells = figures(clause) or re.search("应当|不得|可以|禁止|鼓励", clause)
        if _SHORTEST <= len(clause) <= _LONGEST and tells:
            yield clause


def _elsewhere(clause: str, evidence: ClaimEvidence, heading: str, place: str) -> Iterator[ClaimPair]:
    state, year = heading_state(heading), evidence.year
    if place and place not in evidence.quote:
        yield ClaimPair(kind="place", claim=_head(place, heading, year) + clause, evidence=evidence)
    if year is None or re.search(r"\d{4}年|五年|十[二三四五]五|以来", clause + evidence.quote):
        return
    if state is FactState.DONE and "五年" not in heading:
        yield ClaimPair(kind="year", claim=f"{evidence.place}{year - 3}年{clause}", evidence=evidence)
    if state is FactState.PLANNED and figures(clause) and not re.search("力争|目标|要|拟|将|计划", clause):
        yield ClaimPair(kind="state", claim=f"{evidence.place}{year}年已{clause}", evidence=evidence)
    if state is FactState.DONE and figures(clause) and not re.search("已|去年|了", clause):
        yield ClaimPair(kind="state", claim=f"{evidence.place}计划{year}年{clause}", evidence=evidence)


def _changed(clause: str, quote: str, chance: Random) -> Iterator[tuple[str, str]]:
    counted = [f for f in figures(clause) if f.sort is Sort.QUANTITY]
    if counted:
        yield from _of_figure(clause, chance.choice(counted), chance)
        yield from _swapped(clause, quote, counted)
    yield from _of_words(clause)
    for old, new in ((d, chance.choice([x for x in _DOERS if x != d])) for d in _DOERS if d in clause):
        yield "doer", clause.replace(old, new, 1)


def _of_figure(clause: str, figure: Figure, chance: Random) -> Iterator[tuple[str, str]]:
    digits = [n for n in range(figure.start, figure.end) if clause[n].isdigit()]
    if digits:
        at = chance.choice(digits)
        new = chance.choice([d for d in "123456789" if d != clause[at]])
        yield "figure", clause[:at] + new + clause[at + 1 :]
    if figure.unit and figure.text.endswith(figure.unit) and figure.unit != "%":
        new = chance.choice([u for u in _UNITS if unit_class(u) != unit_class(figure.unit)])
        yield "unit", clause[: figure.end - len(figure.unit)] + new + clause[figure.end :]
    if figure.bound is Bound.EXACT and figure.high is None:
        yield "bound", clause[: figure.start] + "不到" + clause[figure.start :]
    elif (bare := _VAGUE.sub("", figure.text)) != figure.text:
        yield "bound", clause[: figure.start] + "不足" + bare + clause[figure.end :]


def _of_words(clause: str) -> Iterator[tuple[str, str]]:
    old_new = next(((a, b) for a, b in _FLIPS if a in clause), None)
    if old_new and figures(clause):
        yield "direction", clause.replace(*old_new, 1)
    if match := _CHANGES.search(clause):
        yield "level-change", clause[: match.end()] + "到" + clause[match.end() :]
    elif match := _LEVELS.search(clause):
        yield "level-change", clause[: match.start(2)] + clause[match.end(2) :]
    if match := _FROM_TO.search(clause):
        yield (
            "from-to",
            f"{clause[: match.start('a')]}{match['b']}{match['verb']}{match['a']}{clause[match.end() :]}",
        )
    yield from _of_bonds(clause)


def _of_bonds(clause: str) -> Iterator[tuple[str, str]]:
    if match := _RANK.search(clause):
        yield "rank", clause.replace(match[0], "第八位" if match["n"] not in "八8" else "第二位", 1)
    if modal := next(((a, b) for a, b in _MODALS if a in clause), None):
        yield "modality", clause.replace(*modal, 1)
    if "应当" in clause:
        yield "negation", clause.replace("应当", "应当不", 1)
    elif match := re.search("(?<!全面)(实现|完成|建成|达到|获得)", clause):
        yield "negation", clause[: match.start()] + "没有" + clause[match.start() :]


def _swapped(clause: str, quote: str, counted: Sequence[Figure]) -> Iterator[tuple[str, str]]:
    figure = counted[0]
    rivals = [
        f
        for f in figures(quote)
        if (f.sort, unit_class(f.unit), f.bound) == (Sort.QUANTITY, unit_class(figure.unit), figure.bound)
        and f.value != figure.value
        and f.text not in clause
    ]
    if rivals:
        kind = "part-whole" if "其中" in quote else "metric"
        yield kind, clause[: figure.start] + rivals[0].text + clause[figure.end :]
