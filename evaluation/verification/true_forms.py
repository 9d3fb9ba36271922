"""Other words for a true clause: its figure rewritten or rounded, its words turned, cut or exchanged."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from answering.lexicon import thesaurus
from retrieval.quantities import Bound, Sort, figures
from retrieval.quantities.numerals import plain
from retrieval.text.normalize import fold, to_traditional

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from retrieval.quantities import Figure

_LIKE = (
    ("增长", ("上升", "同比增长", "增加", "涨了", "比上年增长")), ("达到", ("达", "为", "到了")),
    ("下降", ("降低", "减少", "降了", "回落")), ("提高", ("提升", "增加", "上调")),
    ("建成", ("建好", "建了", "落成")), ("新增", ("增加", "新增加", "增加了")),
    ("位居", ("排在", "居", "位列")), ("实现", ("完成", "取得")), ("降低", ("下降", "减少")),
    ("减少", ("下降", "少了")), ("占", ("占到", "占比为")), ("获批", ("获得批准", "批下来")),
    ("改造", ("改造了", "完成改造")), ("发放", ("发了", "发出")), ("培育", ("培养", "培育了")),
    ("实施", ("推行",)), ("处", ("处以",)), ("应当", ("应", "必须", "要")),
    ("不得", ("不能", "禁止", "不准")), ("禁止", ("不得", "不许", "严禁")), ("鼓励", ("提倡", "倡导")),
    ("可以", ("能", "可")), ("责令", ("要求",)),
)  # fmt: skip
_ADVERB = re.compile(
    "^(?:全面|深入|持续|进一步|着力|扎实|大力|积极|加快|有效|认真|切实|稳步|不断|统筹|精准|加强|坚持)+(?=.{8})"
)
_TURNED = re.compile(
    r"(?P<verb>新建|改造|建成|完成|新增|实施|培育|发放|打造|建设|引进|新开|落实|推广|救助|整治|拆除|开通|创建|清理)"
    r"(?P<thing>[一-龥]{2,9})$"
)
_BOUNDS = {
    "以上": ("不少于{}", "至少{}"), "以内": ("不超过{}", "最多{}"), "以下": ("不超过{}",),
    "左右": ("约{}", "大约{}"), "超过": ("{}以上", "逾{}"), "突破": ("超过{}",),
    "超": ("{}以上", "超过{}"), "约": ("{}左右", "大约{}"), "近": ("将近{}", "接近{}"),
}  # fmt: skip
_RISES = re.compile("^(?P<thing>[一-龥]{2,14}?)(?P<verb>增长|下降|达到|提高|减少)$")
_VERBS = {
    "增长": "rose by",
    "提高": "increased by",
    "下降": "fell by",
    "减少": "decreased by",
    "达到": "reached",
}


def true_forms(clause: str, chance: Random, *, planned: bool = False) -> Iterator[tuple[str, str]]:
    """Give other forms of a true clause, each with the kind of its change; a plan is not told as done."""
    counted = [f for f in figures(clause) if f.sort is Sort.QUANTITY]
    if counted:
        yield from _figure_forms(clause, chance.choice(counted), chance)
    if counted and (turned := _turned(clause, counted)):
        yield "order", turned
    likes = [
        (old, [one for one in new if not (planned and "了" in one)]) for old, new in _LIKE if old in clause
    ]
    if likes:
        old, new = chance.choice(likes)
        yield "synonym", clause.replace(old, chance.choice(new), 1)
    if (cut := _ADVERB.sub("", clause)) != clause:
        yield "cut", cut
    yield "script", to_traditional(clause)


def _figure_forms(clause: str, figure: Figure, chance: Random) -> Iterator[tuple[str, str]]:
    bare = figure.text
    for word, forms in _BOUNDS.items():
        if word in bare and "不" not in bare and figure.high is None:
            number = bare.replace(word, "")
            yield "bound", _put(clause, figure, chance.choice(forms).format(number))
            break
    if figure.bound is not Bound.EXACT or figure.high is not None:
        return
    ordinal = clause[: figure.start].endswith("第") or figure.unit in ("年", "天", "月", "个月")
    if not ordinal and (text := rewritten(figure)) and text != figure.text:
        yield "units", _put(clause, figure, text)
    if rounded := _rounded(figure, chance):
        yield "rounded", _put(clause, figure, rounded)


def _put(clause: str, figure: Figure, text: str) -> str:
    return clause[: figure.start] + text + clause[figure.end :]


def rewritten(figure: Figure) -> str:
    """Return an exact figure in another scale or script of numerals; "" where it has none."""
    value, unit = figure.value, figure.unit
    if unit == "%":
        tenths = value / 10
        return f"{tenths:f}成" if tenths == tenths.to_integral_value() and 1 < tenths < 10 else ""
    if "亿" in figure.text:
        return f"{plain(value / 10_000):f}万{unit}"
    if "万" in figure.text:
        return f"{plain(value):f}{unit}"
    if re.search("[一二三四五六七八九十百千]", figure.text):
        return f"{plain(value):f}{unit}"
    return f"{plain(value / 10_000):f}万{unit}" if value >= 10_000 and value % 100 == 0 else ""


def _rounded(figure: Figure, chance: Random) -> str:
    digits = figure.value.normalize().as_tuple().digits
    scale = next((s for s in ("万亿", "亿", "万") if s in figure.text), "")
    size = {"万亿": 10**12, "亿": 10**8, "万": 10**4, "": 1}[scale]
    if len(digits) < 3 or not figure.text.endswith(figure.unit):
        return ""
    number = figure.value / size
    step = Decimal(1).scaleb(number.adjusted() - 1)
    low = (number / step).to_integral_value(ROUND_FLOOR) * step
    high = (number / step).to_integral_value(ROUND_CEILING) * step
    near = low if number - low < high - number else high
    said = chance.choice((("约", near), ("超过", low), ("近", high), ("大约", near), ("多", low)))
    if said[1] == number:
        return ""
    text = f"{plain(said[1]):f}"
    if said[0] == "多" and "." in text:
        return ""
    return f"{text}多{scale}{figure.unit}" if said[0] == "多" else f"{said[0]}{text}{scale}{figure.unit}"


def _turned(clause: str, counted: list[Figure]) -> str:
    """Put the figure before the thing it counts: 建成充电站85座 → 建成85座充电站."""
    last = counted[-1]
    match = _TURNED.search(clause[: last.start])
    if match is None or last.end < len(clause) or last.unit in ("%", "") or "百分" in last.text:
        return ""
    return f"{clause[: match.end('verb')]}{last.text}{match['thing']}"


def in_english(clause: str, place: str, year: int | None) -> tuple[str, str, str]:
    """Return a clause of one metric in English, its figure and its verb; "" for a clause of another form."""
    counted = [f for f in figures(clause) if f.sort is Sort.QUANTITY]
    if len(counted) != 1 or counted[0].end < len(clause) or counted[0].bound is not Bound.EXACT:
        return "", "", ""
    match = _RISES.match(clause[: counted[0].start])
    words = thesaurus.load()
    if match is None:
        return "", "", ""
    thing = fold(match["thing"])
    group = next((words.groups[m.group_id] for m in words.groups_in(thing) if m.surface == thing), None)
    english = next((w for w in group.words if w.isascii() and len(w) > 4), "") if group else ""
    amount = _english_amount(counted[0])
    if not english or not amount:
        return "", "", ""
    when = f" in {year}" if year else ""
    return f"{english} of {place} {_VERBS[match['verb']]} {amount}{when}", amount, _VERBS[match["verb"]]


def _english_amount(figure: Figure) -> str:
    if figure.unit == "%":
        return f"{plain(figure.value):f} percent"
    if figure.unit == "元" and figure.value >= 10**8:
        return f"{plain(figure.value / 10**9):f} billion yuan"
    if figure.unit in ("元", "人", "个", "户", "家"):
        unit = {"元": "yuan", "人": "people", "户": "households"}.get(figure.unit, "")
        return f"{figure.value:,f} {unit}".strip()
    return ""
