"""The figures of a sentence as rows of the register."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_context import spots
from retrieval.facts.figure_kind import is_name, kind_of, state_of
from retrieval.facts.figure_role import FigureRole, RoleKind, role_of
from retrieval.facts.figure_scope import scope_of
from retrieval.facts.metric_name import LONGEST, PrecedingNames, cleaned, clipped, metric_of
from retrieval.facts.models import FigureKind, FigureRow
from retrieval.facts.periods import period_of, year_told
from retrieval.facts.policy_fields import field_of
from retrieval.facts.ranks import ranks_beside
from retrieval.quantities.units import unit_kind
from retrieval.quantities.values import Bound, Sort
from retrieval.text.sentences import trimmed
from retrieval.text.tense import Tense

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.facts.figure_context import FigureSpot
    from retrieval.facts.sentence_reading import SentenceReading, Within
    from retrieval.quantities.values import Figure
    from retrieval.text.sentences import Span

_TITLE_YEAR = re.compile(r"((?:19|20)\d\d)年")
_RATIO = re.compile(r"\s?[:：∶比]")
_NO_COUNT = re.compile(
    r"三次产业|[一二三四五六七八九十]+次(?:会议|全会|全体)|[一二两三四五六七八九]元|[\d.]+版"
)
_AGE = frozenset(("岁", "周岁"))
_EVENT = re.compile(r"[获被入创荣晋成]")
_LASTS = re.compile(
    r"(?:达到?|为|经过|历时|用时|用了|缩短|压缩|延长|提前|减少|增加|[到至]|连续|天数|时间|期限|时长|寿命|超|不少于|以上)了?$"
)
_TIMES_AFTER = re.compile(r"来|以来|前|后|内|间|期|底|末|规划|(?:左右)?的时间|之际|(?:免|不)")
_TIMES_BEFORE = re.compile(r"(?:近|过去|未来|今后|这|前|后|最近|再|往后|“)$")
_LEVEL_BEFORE = re.compile(r"(?:[从至到为达比]|达到|指数|系数|评分|得分)$")
_LOOKING_BACK = ("回顾",)  # what a paragraph that sums up the year before stands under
_ROOM = 30  # characters that words need at least to be told from others
_NAME_GOES_ON = re.compile(r"[”’」』》]?[^，。；：、“”,;:（(和与为及等是以在的]{0,10}")
_FROM = re.compile("(?<=.)[从由](?:每[^，；从由]{0,6}|原来的?|原先的?)?$")
_TO_PAY = re.compile("(?:应当|可以?)?(?:并|单)?处以?(?:罚款)?(?:每[只棵件人户]|一次性)?")
_PAID = re.compile(r"[^，,。；;：:\n]{0,24}?(罚款|滞纳金|罚金|赔偿金|赔偿费)")
_SCALED = re.compile("[万亿]")
_PEOPLE_BEFORE = re.compile(
    "(?:人数|人口|居民|群众)(?:均|已|总数|总量|累计|已经|增加到|增至|达到?|突破|超过?|为|约|近|有){0,2}$"
)
_PEOPLE_AFTER = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:居民|群众|职工|农民|学生|孕产妇|老人|老年人|儿童|群体|党员|干部|教师|志愿者|大军|毕业生|务工人员|参保人|患者|人口|移民|妇女|青年|成年人|劳动力|消费者|纳税人|牧民|人员)"
)
_HOUSEHOLDS_AFTER = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:用户|农户|牧户|贫困户|家庭)")


def figures_of(sentence: SentenceReading) -> Iterator[FigureRow]:
    """Give a row for each figure of a sentence that measures something or belongs to a name, in its order."""
    if not sentence.figures:
        return
    found = [_of_people(one, sentence.text) for one in sentence.figures]
    counted = [one for one in found if one.sort is Sort.QUANTITY]
    first = spots(sentence, found, counted)
    kept = [spot for spot in first if not _is_time(spot, sentence.times)]
    parting = [spot.figure for spot in kept if not is_name(spot)]
    memory = PrecedingNames()
    same = len(kept) == len(first) and parting == counted
    read = kept if same else spots(sentence, [spot.figure for spot in kept], parting)
    ranks = ranks_beside(sentence.folded, sentence.clauses, [spot.figure.start for spot in read])
    before: FigureRow | None = None
    for spot, role in zip(read, _roles(read), strict=True):
        row = _row(sentence, spot, memory, role, before)
        yield replace(row, rank=ranks.get(spot.figure.start, ""))
        before = row


def _roles(read: Sequence[FigureSpot]) -> list[FigureRole]:
    """Return the role of each figure; one that belongs to a name has none, and parts none."""
    found: list[FigureRole] = []
    before: FigureRole | None = None
    for spot in read:
        if is_name(spot):
            found.append(FigureRole(role=RoleKind.OPEN))
            continue
        before = role_of(spot.left, spot.right, spot.figure.unit, before=before)
        found.append(before)
    return found


def _row(
    sentence: SentenceReading,
    spot: FigureSpot,
    memory: PrecedingNames,
    role: FigureRole,
    before: FigureRow | None,
) -> FigureRow:
    figure, within, folded = spot.figure, sentence.within, sentence.folded
    document, start = within.document, sentence.start
    metric = (
        _named(spot, folded) if is_name(spot) else _charged(metric_of(spot, memory), folded[figure.end :])
    )
    origin = before if role.role is RoleKind.END and before and before.role is RoleKind.START else None
    if origin and origin.measure == unit_kind(figure.unit):
        metric = origin.metric  # 城镇化率从53%提高到57%
    elif role.role is RoleKind.START:
        metric = _FROM.sub("", metric) or metric
    kind = kind_of(spot, folded, Tense.DONE if sentence.recalls else within.tense, document, metric)
    period = period_of(folded, sentence.times, (spot.clause.start, spot.clause.end), figure.start)
    clause = trimmed(sentence.text, spot.clause)
    words = folded[clause.start : clause.end]
    return FigureRow(
        document=document.id,
        passage=within.passage.id,
        start=start + figure.start,
        end=start + figure.end,
        clause=(start + _widened(sentence, clause), start + clause.end),
        sentence=(start, start + len(sentence.text)),
        place=within.place,
        metric=_as_printed(metric, folded, sentence.text),
        value=figure.value,
        high=figure.high,
        unit=figure.unit,
        measure=unit_kind(figure.unit),
        bound=figure.bound,
        kind=kind,
        role=role.role,
        direction=role.direction,
        start_value=origin.value if origin and origin.measure == unit_kind(figure.unit) else None,
        stock=role.stock,
        part=role.part,
        scope=scope_of(spot, folded[clause.start : figure.start], document),
        rank="",
        state=state_of(kind, words, folded, FactState.DONE if sentence.recalls else within.state),
        period=period,
        year=year_told(
            period,
            kind,
            headings=_LOOKING_BACK if sentence.recalls else _headings(within, kind),
            written=document.year,
        ),
        field=field_of(metric, words, folded, within.headings),
    )


def _charged(metric: str, after: str) -> str:
    """Return what is to be paid where the words before a sum only say that it is: 处五百元以下罚款 is a 罚款."""
    verb = _TO_PAY.match(metric)
    paid = _PAID.match(after) if verb else None
    if verb is None or paid is None:
        return metric
    of = metric[verb.end() :]
    return of if of.endswith(paid[1]) else of + paid[1]


def _headings(within: Within, kind: FigureKind) -> tuple[str, ...]:
    """Give the headings above a figure; a title that names an earlier year (2024年工作总结) tells of that year."""
    document, headings = within.document, within.passage.heading
    if within.looks_back:
        headings = (*headings, *_LOOKING_BACK)
    named = _TITLE_YEAR.search(document.title)
    if named is None or kind is FigureKind.TARGET or document.year is None or int(named[1]) >= document.year:
        return headings
    return (named[0], *headings)


def _widened(sentence: SentenceReading, clause: Span) -> int:
    """Return where the clause begins with as much before it as makes it tell what it is about."""
    starts = [span.start for span in sentence.clauses if span.start <= clause.start]
    fitting = [start for start in starts if clause.end - start >= _ROOM]
    return max(fitting, default=starts[0])


def _as_printed(metric: str, folded: str, text: str) -> str:
    """Give a metric in the text's own characters where it stands there in one piece."""
    at = folded.find(metric)
    return text[at : at + len(metric)] if at >= 0 else metric


def _is_time(spot: FigureSpot, timed: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a number only says when, or says nothing that can be counted."""
    figure = spot.figure
    if figure.sort is Sort.DATE:
        return not (figure.unit == "年" and spot.left.endswith("于") and _EVENT.match(spot.right))
    if figure.sort is Sort.NAME:
        return (not figure.unit and not figure.text.isdigit()) or _is_code(figure.text)
    if not figure.unit:
        return not (is_name(spot) or _LEVEL_BEFORE.search(spot.left)) or bool(_RATIO.match(spot.right))
    if _NO_COUNT.match(figure.text + spot.right) or (figure.value == 1 and spot.quote):
        return True
    return unit_kind(figure.unit) == "time" and figure.unit not in _AGE and _is_when(spot, timed)


def _is_when(spot: FigureSpot, timed: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a length of time says when, or how often, and not how long something took."""
    figure = spot.figure
    if figure.unit == "周年" or figure.value == Decimal("0.5") or spot.left.endswith("时"):
        return True
    if any(start <= figure.start < end for start, end in timed) and not spot.left.endswith("连续"):
        return True
    before = bool(_TIMES_BEFORE.search(spot.left) or _TIMES_AFTER.match(spot.right))
    return before or not (_LASTS.search(spot.left) or is_name(spot) or figure.bound is not Bound.EXACT)


def _of_people(figure: Figure, text: str) -> Figure:
    """Give the unit that a count of people or households is printed without: 242万偏远农村居民, 30万天然气用户."""
    if figure.unit or figure.sort is not Sort.QUANTITY or not _SCALED.search(figure.text):
        return figure
    before, after = text[: figure.start], text[figure.end :]
    people = _PEOPLE_BEFORE.search(before) or _PEOPLE_AFTER.match(after)
    if people:
        return replace(figure, unit="人")
    return replace(figure, unit="户") if _HOUSEHOLDS_AFTER.match(after) else figure


def _is_code(text: str) -> bool:
    """Tell whether letters belong to it: PM2.5, 5G, G60."""
    return any(char.isascii() and char.isalpha() for char in text)


def _named(spot: FigureSpot, folded: str) -> str:
    """Return the name a figure is part of: its words before, where no quotation mark parts them, and after."""
    figure = spot.figure
    rest = _NAME_GOES_ON.match(folded[figure.end :])
    name = (folded[figure.start : figure.end] + (rest[0] if rest else "")).replace("”", "")
    before = "" if spot.left.endswith(("“", "《")) else cleaned(spot.left)
    return clipped(name[:LONGEST] if len(name) >= LONGEST else (before + name)[-LONGEST:])
