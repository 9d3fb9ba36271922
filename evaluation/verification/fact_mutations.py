"""True clauses of documents in their own and in other words, and untrue forms, each wrong in one slot.

Kinds of a pair: "" for a clause word for word, "+…" for one in other words (``true_forms``), else the slot
that was made untrue: figure, unit, bound, place, year, doer, state, direction, from-to, level-change,
part-whole, metric, modality, negation, rank, quantity, period, cause, added; "neighbour" is a true clause
that has another sentence beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from answering.judge import ClaimEvidence
from answering.judge.nearness import covered
from answering.judge.quantity_match import alike
from evaluation.verification.true_forms import in_english, true_forms
from retrieval.facts.fact_state import FactState, heading_state, stated
from retrieval.quantities import Bound, Sort, figures, parse_number, unit_class
from retrieval.text.normalize import clauses, fold, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from retrieval.quantities import Figure
    from retrieval.values.documents import Document, Passage

_SHORTEST, _LONGEST = 8, 120  # characters of a clause that is claimed
_ONE_NAME = 0.4  # share of a name's pairs of characters from which two names may be of one body
_UNITS = (
    "个",
    "处",
    "条",
    "人",
    "户",
    "家",
    "项",
    "公里",
    "亿元",
    "%",
    "万吨",
    "亩",
    "座",
    "万元",
    "个百分点",
    "人次",
)
_VAGUE = re.compile("[余多]|近|约|超过?|以上|以内|以下|左右|突破")
_BOUNDED = ("不到{}", "超过{}", "近{}", "不超过{}", "{}以内", "不足{}", "{}以上", "至少{}")
_DIGITS = re.compile("[0-9]|[二三四五六七八九](?=[十百千万亿]|$)")
_FLIPS = (
    ("增长", "下降"), ("提高", "降低"), ("增加", "减少"), ("上升", "下降"), ("下降", "上升"),
    ("减少", "增加"), ("降低", "提高"), ("缩小", "扩大"), ("上涨", "下跌"), ("高于", "低于"),
    ("快于", "慢于"), ("缩短", "延长"), ("扩大", "缩小"), ("新增", "减少"), ("压减", "增加"),
)  # fmt: skip
_MODALS = (
    ("应当", "可以"), ("不得", "可以"), ("可以", "应当"), ("禁止", "允许"), ("鼓励", "必须"),
    ("应当", "不得"), ("可以", "不得"), ("禁止", "鼓励"), ("鼓励", "禁止"), ("必须", "可以"),
    ("支持", "禁止"),
)  # fmt: skip
_DOER = re.compile(
    "[一-龥]{2,12}?(?:主管部门|行政部门|管理部门|执法部门|公安机关|人民政府|人民法院|委员会|街道办事处|单位|企业|机构|所有人|经营者|业主|家长|学校)"
)
_RANK = re.compile("第(?P<n>[一二三四五六七八九1-9])(?:位|名|大)")
_CHANGES = re.compile(r"(增长|下降|提高|减少|增加|降低)(?=(?:约|近|超)?\d)")
_LEVELS = re.compile(r"(提高|增加|增长|上升|下降|降低|缩小|提升|达)(到|至)(?=(?:约|近|超)?\d)")
_FROM_TO = re.compile(
    r"[从由](?P<a>[\d.]+[^\s，、到至提增上下降缩]{0,6})(?P<verb>[^\d，]{1,6}[到至])(?P<b>[\d.]+[^\s，、。；]{0,6})"
)
_MEASURED = re.compile(
    r"(?P<thing>[一-龥]{3,12})(?=(?:增长|下降|达到?|提高|减少|突破|为|占|超过?|约){1,3}\d)"
)
_PERIODS = (
    ("每年", "每月"),
    ("每月", "每季度"),
    ("每日", "每周"),
    ("年均", "累计"),
    ("五年", "一年"),
    ("累计", "年均"),
    ("全年", "上半年"),
)
_QUANTITIES = (
    ("部分", "全部"),
    ("全部", "部分"),
    ("所有", "部分"),
    ("任何", "部分"),
    ("逐步", "全面"),
    ("多数", "全部"),
)
_ADDED = (
    "，居全国第一位", "，为历史最高", "，创历史新高", "，其中一半为农村", "，全部由财政承担",
    "，比上年多两成", "，主要用于水利建设", "，并处吊销许可证", "，惠及群众10万人", "，位列全省首位",
    "，提前一年完成目标", "，增速快于全国", "，并报市人民政府批准", "，覆盖所有县区",
)  # fmt: skip
_IS_HEADING = re.compile("[（(]?[一二三四五六七八九十]+[)）、]")
_VERB = re.compile("(?<!全面)(实现|完成|建成|达到|获得|新增|改造|增长|下降|突破|发放|培育|开通|超过|保持)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPair:
    """A claim with its evidence, and the slot in which it was made untrue; "" or "+…" for a true one."""

    kind: str
    claim: str
    evidence: tuple[ClaimEvidence, ...]

    @property
    def true(self) -> bool:
        """Whether the evidence bears the claim out."""
        return not self.kind or self.kind.startswith("+")


@dataclass(slots=True)
class _Words:
    """What a document offers to put in the place of its own words."""

    things: list[str] = field(default_factory=list)
    doers: list[str] = field(default_factory=list)


def pairs(
    document: Document, passages: Sequence[Passage], chance: Random, places: Sequence[str]
) -> Iterator[ClaimPair]:
    """Give a document's true clauses and the untrue forms of each; ``places`` are others than its own."""
    place = document.place or "全国"
    others = [p for p in places if p != place]
    items = list(_items(document, passages, place))
    words = _Words(
        sorted({m["thing"] for e in items for m in _MEASURED.finditer(e.quote)}),
        sorted({m[0] for e in items for m in _DOER.finditer(e.quote) if len(m[0]) < 12}),
    )
    for n, item in enumerate(items):
        for clause in _claimed(item.quote):
            if _planned_unsaid(clause, item):
                continue
            yield from _of_clause(clause, item, words, chance)
            yield from _elsewhere(clause, item, chance.choice(others) if others else "")
            yield from _joined(clause, item, items[max(0, n - 6) : n + 7], chance)


def _planned_unsaid(clause: str, item: ClaimEvidence) -> bool:
    """Tell whether a clause is planned by the words before it alone, which its claim would lack."""
    above = heading_state(item.heading)
    return above is FactState.OPEN and stated(fold(clause), fold(item.quote), above) is FactState.PLANNED


def _items(document: Document, passages: Sequence[Passage], place: str) -> Iterator[ClaimEvidence]:
    for passage in passages:
        heading = " / ".join(passage.heading)
        for span in sentences(passage.text):
            quote = passage.text[span.start : span.end].strip()
            if quote:
                yield ClaimEvidence(
                    quote=quote, document=document.title, place=place, year=document.year, heading=heading
                )


def _of_clause(clause: str, item: ClaimEvidence, words: _Words, chance: Random) -> Iterator[ClaimPair]:
    head = _head(item, chance)
    yield ClaimPair(kind="", claim=head + clause, evidence=(item,))
    planned = heading_state(item.heading) is FactState.PLANNED
    forms = list(true_forms(clause, chance, planned=planned))
    for kind, text in forms:
        yield ClaimPair(kind=f"+{kind}", claim=head + text, evidence=(item,))
    base = chance.choice([clause, clause, *(text for _, text in forms)])
    for kind, text in _changed(base, item, words, chance):
        if text not in item.quote:
            yield ClaimPair(kind=kind, claim=head + text, evidence=(item,))
    yield from _english(clause, item, chance)


def _head(item: ClaimEvidence, chance: Random) -> str:
    """Return a head that says of whom and when, in one of the ways in which it is told."""
    state, place, year = heading_state(item.heading), item.place, item.year
    if year is None or state is FactState.REQUIRED:
        return chance.choice((place, "", f"在{place}，", f"{place}规定，"))
    if state is FactState.PLANNED:
        return chance.choice(
            (
                f"{place}{year}年计划",
                f"{year}年{place}的目标是",
                f"{place}{year}年要",
                f"按安排，{year}年{place}将",
            )
        )
    if state is FactState.DONE and "五年" not in item.heading:
        return chance.choice(
            (f"{place}{year - 1}年", f"{year - 1}年，{place}", f"据报告，{place}{year - 1}年", f"{place}")
        )
    return chance.choice((place, f"{place}："))


def _claimed(quote: str) -> Iterator[str]:
    for span in clauses(quote):
        clause = quote[span.start : span.end].strip().rstrip("，；。：")
        tells = figures(clause) or re.search("应当|不得|可以|禁止|鼓励", clause)
        if _SHORTEST <= len(clause) <= _LONGEST and tells and not _IS_HEADING.match(clause):
            yield clause


def _when(item: ClaimEvidence) -> str:
    state, year = heading_state(item.heading), item.year
    if year is None or state not in (FactState.DONE, FactState.PLANNED):
        return ""
    return f"{year - 1}年" if state is FactState.DONE else f"{year}年计划"


def _elsewhere(clause: str, item: ClaimEvidence, place: str) -> Iterator[ClaimPair]:
    state, year = heading_state(item.heading), item.year
    if place and place not in item.quote:
        yield ClaimPair(kind="place", claim=f"{place}{_when(item)}{clause}", evidence=(item,))
    if year is None or re.search(r"\d{4}年|五年|十[二三四五]五|以来|去年|上年", clause + item.quote):
        return
    if state is FactState.DONE and "五年" not in item.heading:
        yield ClaimPair(kind="year", claim=f"{item.place}{year - 3}年{clause}", evidence=(item,))
        yield ClaimPair(kind="year", claim=f"{item.place}{year + 1}年{clause}", evidence=(item,))
    if figures(clause):
        for told in _in_other_states(clause, state, year):
            yield ClaimPair(kind="state", claim=f"{item.place}{told}", evidence=(item,))


def _in_other_states(clause: str, state: FactState, year: int) -> tuple[str, ...]:
    if state is FactState.PLANNED and not re.search("力争|目标|要|拟|将|计划|争取|确保", clause):
        return f"{year}年已{clause}", f"{year - 1}年{clause}", f"{year}年已经{clause}", f"已经{clause}"
    if state is FactState.DONE and not re.search("已|去年|了", clause):
        return f"计划{year}年{clause}", f"{year}年将{clause}", f"力争{clause}"
    return ()


def _joined(
    clause: str, item: ClaimEvidence, near: Sequence[ClaimEvidence], chance: Random
) -> Iterator[ClaimPair]:
    """Give a clause together with one of another sentence, and beside another sentence alone."""
    others = [e for e in near if e.quote != item.quote and clause not in e.quote]
    if not others:
        return
    other = chance.choice(others)
    more = next(iter(_claimed(other.quote)), "")
    if more and heading_state(other.heading) is heading_state(item.heading):
        head = _head(item, chance)
        yield ClaimPair(kind="+merged", claim=f"{head}{clause}，{more}", evidence=(item, other))
        if more not in item.quote:
            yield ClaimPair(kind="added", claim=f"{head}{clause}，{more}", evidence=(item,))
    folded = fold(clause)
    nearest = max(others, key=lambda e: covered(folded, fold(e.quote)))
    if covered(folded, fold(nearest.quote)) < 0.8:
        yield ClaimPair(kind="neighbour", claim=_head(item, chance) + clause, evidence=(nearest,))


def _english(clause: str, item: ClaimEvidence, chance: Random) -> Iterator[ClaimPair]:
    state = heading_state(item.heading)
    if item.year is None or state is not FactState.DONE or "五年" in item.heading:
        return
    said, amount, verb = in_english(clause, item.place, item.year - 1)
    if not said:
        return
    yield ClaimPair(kind="+english", claim=said, evidence=(item,))
    digits = [n for n, c in enumerate(amount) if c.isdigit()]
    at = chance.choice(digits)
    other = amount[:at] + chance.choice([d for d in "123456789" if d != amount[at]]) + amount[at + 1 :]
    yield ClaimPair(kind="english", claim=said.replace(amount, other), evidence=(item,))
    turned = {
        "rose by": "fell by",
        "fell by": "rose by",
        "increased by": "decreased by",
        "decreased by": "rose by",
    }
    if verb in turned:
        yield ClaimPair(kind="english", claim=said.replace(verb, turned[verb]), evidence=(item,))


def _changed(clause: str, item: ClaimEvidence, words: _Words, chance: Random) -> Iterator[tuple[str, str]]:
    counted = [f for f in figures(clause) if f.sort is Sort.QUANTITY]
    if counted:
        yield from _of_figure(clause, chance.choice(counted), chance)
        yield from _swapped(clause, item.quote, counted, chance)
        things = [t for t in words.things if t not in item.quote]
        if things and (match := _MEASURED.search(clause)):
            yield "metric", clause.replace(match["thing"], chance.choice(things), 1)
    yield from _of_words(clause, chance)
    yield "added", clause + chance.choice([w for w in _ADDED if w[1:5] not in item.quote] or ["，无一例外"])
    match = _DOER.search(clause)
    doers = [d for d in words.doers if match and d not in item.quote and not _names_alike(d, match[0])]
    if match and doers:
        yield "doer", clause.replace(match[0], chance.choice(doers), 1)
    if len(other := chance.choice(words.things or [""])) > 2 and other not in item.quote:
        yield "cause", f"由于{other}，{clause}"


def _names_alike(one: str, other: str) -> bool:
    """Tell whether two names may be of one body: 交通行政主管部门 and 交通行政管理部门."""
    return max(covered(fold(one), fold(other)), covered(fold(other), fold(one))) >= _ONE_NAME


def _of_figure(clause: str, figure: Figure, chance: Random) -> Iterator[tuple[str, str]]:
    def put(text: str) -> str:
        return clause[: figure.start] + text + clause[figure.end :]

    digits = [m.start() for m in _DIGITS.finditer(figure.text)]
    if digits:
        at = chance.choice(digits)
        among = "123456789" if figure.text[at].isascii() else "二三四五六七八九"
        new = chance.choice([d for d in among if d != figure.text[at]])
        yield "figure", put(figure.text[:at] + new + figure.text[at + 1 :])
    scales = [(a, b) for a, b in (("亿", "万"), ("万", "亿"), ("千", "百"), ("百", "千")) if a in figure.text]
    if scales:
        yield "figure", put(figure.text.replace(*chance.choice(scales), 1))
    if figure.unit and figure.text.endswith(figure.unit):
        new = chance.choice([u for u in _UNITS if not _counts_alike(u, figure.unit)])
        yield "unit", put(figure.text[: -len(figure.unit)] + new)
    if figure.bound is Bound.EXACT and figure.high is None:
        yield "bound", put(chance.choice(_BOUNDED).format(figure.text))
    elif (bare := _VAGUE.sub("", figure.text)) != figure.text:
        opposite = ("{}以上", "超过{}") if figure.bound in (Bound.BELOW, Bound.LESS) else ("不足{}", "{}以内")
        yield "bound", put(chance.choice((*opposite, "{}")).format(bare))


def _counts_alike(one: str, other: str) -> bool:
    """Tell whether two units say the same of a number: 12所 and 12座 schools, 3家 and 3户 firms."""
    return unit_class(one) == unit_class(other) or alike(one, other)


def _of_words(clause: str, chance: Random) -> Iterator[tuple[str, str]]:
    for kind, pairs_ in (("modality", _MODALS), ("period", _PERIODS), ("quantity", _QUANTITIES)):
        if old_new := [one for one in pairs_ if one[0] in clause]:
            yield kind, clause.replace(*chance.choice(old_new), 1)
    flips = [one for one in _FLIPS if one[0] in clause]
    if flips and figures(clause):
        yield "direction", clause.replace(*chance.choice(flips), 1)
    if match := _CHANGES.search(clause):
        yield "level-change", clause[: match.end()] + "到" + clause[match.end() :]
    elif (match := _LEVELS.search(clause)) and match[1] != "达":
        yield "level-change", clause[: match.start(2)] + "了" + clause[match.end(2) :]
    if match := _FROM_TO.search(clause):
        turned = f"{match['b']}{match['verb']}{match['a']}"
        yield "from-to", f"{clause[: match.start('a')]}{turned}{clause[match.end() :]}"
        yield "from-to", f"{clause[: match.start()]}为{match['a']}{clause[match.end() :]}"
        yield "level-change", f"{clause[: match.start()]}增加{match['b']}{clause[match.end() :]}"
    yield from _of_bonds(clause, chance)


def _of_bonds(clause: str, chance: Random) -> Iterator[tuple[str, str]]:
    if match := _RANK.search(clause):
        new = chance.choice([n for n in "一二三四五六七八九" if parse_number(n) != parse_number(match["n"])])
        yield "rank", clause.replace(match[0], match[0].replace(match["n"], new), 1)
    if "应当" in clause:
        yield "negation", clause.replace("应当", chance.choice(("应当不", "不必", "无需")), 1)
    elif match := _VERB.search(clause):
        yield (
            "negation",
            clause[: match.start()] + chance.choice(("没有", "未", "未能")) + clause[match.start() :],
        )


def _swapped(clause: str, quote: str, counted: Sequence[Figure], chance: Random) -> Iterator[tuple[str, str]]:
    figure = chance.choice(counted)
    rivals = [
        f
        for f in figures(quote)
        if (f.sort, unit_class(f.unit), f.bound) == (Sort.QUANTITY, unit_class(figure.unit), figure.bound)
        and f.value != figure.value
        and f.text not in clause
    ]
    if rivals:
        kind = "part-whole" if "其中" in quote else "metric"
        yield kind, clause[: figure.start] + chance.choice(rivals).text + clause[figure.end :]
