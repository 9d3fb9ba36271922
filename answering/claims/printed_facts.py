"""The typed facts of a sentence: its figures as the register reads them, and its ranks, as what a claim is held against."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.facts.figures import figures_of
from retrieval.facts.models import FigureKind
from retrieval.facts.sentence_reading import SentenceReading, Within
from retrieval.quantities import figures, years
from retrieval.quantities.numerals import parse_number
from retrieval.quantities.units import unit_kind
from retrieval.quantities.values import Bound, Figure
from retrieval.text.normalize import Span, fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.evidence.lines import Line
    from retrieval.facts.models import FigureRow

RANK_UNIT = "位"
_N = "[一二三四五六七八九十百\\d]{1,4}"
_RANK = re.compile(
    rf"第(?P<place>{_N})(?:大[^，,;；。]|位|名|(?=[,;。，；、)）上]|$))|前(?P<top>{_N})(?:位|名|强|(?=[,;。，；、)）]|$))"
    "|(?P<first>首位|榜首|(?:[居列位]|排名|规模|增速|总量)[^，,;；。第]{0,6}第一(?!批|季|产业|轮|次|个|梯队)|居[^，,;；。]{0,8}之首)"
)
_FROM = re.compile("[从由][^，,;；。第]{0,10}$")
_SAME = re.compile("持平|(?:基本|总体)稳定|保持不变|与上年(?:基本)?相同")
_ROUND = re.compile(
    "(?P<bound>突破|超过?|达到?|逾|近|跨越|跃上|迈上)了?(?P<size>[百千]?万亿|[十百千]亿|[十百千]万|亿|万)(?P<unit>[一-龥]{1,3})"
)
_BESIDE_ALL = re.compile("(?:快于|高于|好于|优于|领先)|(?P<down>慢于|低于|少于)")
_REACHED = re.compile(
    "(?:突破|达到?|总数|总量|累计|共有|增至|增加到|扩大到)[^，,;；、。\\d]{0,6}[\\d.]+[^，,;；、。\\d]{1,6}$"
)
_GOING_ON = re.compile(
    "^[,，、]?(?:[减转]为)?(?:同比|比上年|较上年|实际|年均|均)?(?:分别)?(?:同比|实际)?(?:增长|下降|提高|上升|减少|增加|上涨)"
)
_SEVERAL = re.compile(
    '累计|(?<!连续)[三四五六七八九]年(?:来|间|共|累|里)|(?<!连续)[三四五六七八九]年(?=[^连续内])|以来|[“"]?十[一二三四五]五[”"]?(?:时期|期间|以来)|过去五年'
)
_BACK = re.compile("(?:这|过去的?|近)五年|五年来|五年间|“十[一二三四]五”时期[,，是我]")
_AHEAD = re.compile(
    "今后|未来|“十[二三四五]五”(?:时期)?(?:主要|经济|的?目标|规划|期间)|目标是|力争|今年(?:要|的|工作|经济)|到20[2-4]\\d年|[一二三四五六七八九十]、|做好"
)
_AVERAGED = re.compile(
    "(?:年均|平均每年)(?=(?:实际|分别|约|超)?[增涨升提扩新降减下保完])"
)  # 年均浓度 is a level
_OWN_YEAR = re.compile("全年|去年|上年|(?:20|19)\\d\\d年|今年|当年")
_DENIED = re.compile("没有(?:实现|完成|达到)|未能?(?:实现|完成|达到)|不再|尚未|未")
_SPAN = re.compile(r"((?:19|20)\d\d)年?(?:至|到|—|-|－)((?:19|20)\d\d)年")
_MOVED = re.compile("(?:提升|提高|增加|降|减少|扩大|缩小|下降|上升|增长|减|转)(?:[至到]|$|为)")
_AROUND, _BEHIND = 30, 6  # characters before and after a clause that tell what it is about
_TURN = 4  # characters of a subject whose first two may each stand for a thing: 牛羊出栏


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PrintedFact:
    """One thing that a sentence tells with a number; offsets are those of ``line.text``, words are folded."""

    line: Line
    start: int
    end: int
    thing: str  # what is counted
    clause: str  # its clause, with as much before it as tells what it is about
    value: Decimal
    high: Decimal | None
    unit: str  # "位" for a rank
    bound: Bound
    role: RoleKind
    direction: Direction
    origin: Decimal | None  # what a change went from
    year: int | None
    planned: bool
    several: bool  # of several years together, or a year of them on average
    average: bool
    scope: str
    part: bool
    denied: bool  # its clause says that it was not reached
    stock: bool

    @property
    def printed(self) -> str:
        """The figure as printed."""
        return self.line.text[self.start : self.end]

    @property
    def kind(self) -> str:
        """The class of its unit; "rank" for a rank."""
        return "rank" if self.unit == RANK_UNIT and self.role is RoleKind.OPEN else unit_kind(self.unit)


def printed_facts(line: Line) -> tuple[PrintedFact, ...]:
    """Return the facts of a sentence, in its order."""
    within = Within(line.document, line.passage)
    start = line.start - line.passage.start
    reading = SentenceReading(within, Span(start, start + len(line.text)))
    ranks = [m.span() for m in _RANK.finditer(line.folded)]
    rows = [
        row
        for row in figures_of(reading)
        if row.kind is not FigureKind.NAME and not any(a <= row.start - line.start < b for a, b in ranks)
    ]
    found = [_fact(line, row) for row in rows]
    found = _years_of_spans(_gaps(_dealt(_ends(found))))
    found += _round_ones(line, found)
    found += [*_ranks(line, found), *_unchanged(line, found)]
    return tuple(sorted(found, key=lambda one: one.start))


def _fact(line: Line, row: FigureRow) -> PrintedFact:
    begin = max(0, row.clause[0] - line.start)
    clause = line.folded[begin : row.clause[1] - line.start]
    at = row.start - line.start
    left = line.folded[begin:at]
    role = row.role
    looked_back = _looks_back(line, at)
    average = bool(_AVERAGED.search(left)) and role is RoleKind.CHANGE
    if role is RoleKind.ADDED and _REACHED.search(line.folded[begin : row.end - line.start]):
        role = RoleKind.LEVEL
    return PrintedFact(
        line=line,
        start=at,
        end=row.end - line.start,
        thing=_thing(line, row, begin),
        clause=clause,
        value=row.value,
        high=row.high,
        unit=row.unit,
        bound=row.bound,
        role=role,
        direction=row.direction,
        origin=row.start_value,
        year=_year(line, row) if not looked_back or line.document.year is None else line.document.year - 1,
        planned=row.state is FactState.PLANNED and not looked_back,
        several=average or _is_several(line, at),
        average=average,
        scope=row.scope,
        part=row.part,
        denied=bool(_DENIED.search(line.folded[max(0, at - 40) : at])) and "," not in left[-40:],
        stock=row.stock or role is not row.role,
    )


def _thing(line: Line, row: FigureRow, begin: int) -> str:
    """Return what a figure counts: the register's name for it, with its clause's words where that name is but a change."""
    metric, at, folded = fold(row.metric), row.start - line.start, line.folded
    clause = max(folded.rfind(mark, 0, at) for mark in ",，;；。:：") + 1
    left = folded[max(begin, clause) : at]
    if unit_kind(row.unit) == "time":
        return left + folded[row.end - line.start : row.clause[1] - line.start]
    if row.role in (RoleKind.START, RoleKind.END) or _MOVED.match(metric):
        named = re.split("[从由]", left)[0] or re.split("[从由]", folded[begin:at])[0]
        named = re.split("[,，;；]", named)[-1]
        if len(named) > 1 and not _MOVED.match(named):
            return named
    if folded.startswith(metric, row.end - line.start) and len(left) > 2:
        return f"{re.split('[、]', left)[-1]}{metric}"
    return metric


def _year(line: Line, row: FigureRow) -> int | None:
    """Return the year told of; what a report has done, with no year in its words, is the year's before it."""
    written = line.document.year
    if written is None or line.document.genre is Genre.REGULATION:
        return row.year
    headed = "/".join(line.passage.heading)
    if row.year == written and row.state is FactState.DONE and not years(f"{row.period or ''}{headed}"):
        return written - 1
    return row.year


def _looks_back(line: Line, at: int) -> bool:
    """Tell whether a figure stands in a passage that tells of the years gone, whatever its headings announce."""
    before = fold(line.passage.text[: line.start - line.passage.start + at])
    back = [m.end() for m in _BACK.finditer(before)]
    ahead = [m.end() for m in _AHEAD.finditer(before)]
    return bool(back) and back[-1] > max(ahead, default=-1)


def _is_several(line: Line, at: int) -> bool:
    """Tell whether a figure is of several years: by the last time that its sentence tells before it."""
    told = max((m.end() for m in _SEVERAL.finditer(line.folded, 0, at)), default=-1)
    own = max((m.end() for m in _OWN_YEAR.finditer(line.folded, 0, at)), default=-1)
    return told > own


def _ends(found: list[PrintedFact]) -> list[PrintedFact]:
    """Take for the end of a change what follows its start in one clause with its unit: 从2020年的75.2岁提升至2025年的76.8岁."""
    out = list(found)
    for n, (one, other) in enumerate(pairwise(found), 1):
        between = one.line.folded[one.end : other.start]
        if (
            one.role is RoleKind.START
            and one.unit == other.unit
            and re.search("[至到为]", between)
            and not re.search("[,，;；。]", between)
        ):
            out[n] = replace(
                other, role=RoleKind.END, origin=one.value, thing=one.thing, direction=one.direction
            )
    return out


def _dealt(found: list[PrintedFact]) -> list[PrintedFact]:
    """Name the things of values that are dealt out: to the figures before (…3.2亿人次、…3700亿元，分别增长8%、8.4%), or to 牛羊."""
    out = list(found)
    for at, one in enumerate(found):
        same = [n for n in range(at, len(found)) if found[n].thing == one.thing and found[n].unit == one.unit]
        run = [n for n in same if n - at == same.index(n)]
        if len(run) < 2 or (at and found[at - 1].thing == one.thing and found[at - 1].unit == one.unit):
            run = _joined(found, at)
        if len(run) < 2:
            continue
        text = one.line.folded
        comma = max(text.rfind(mark, 0, one.start) for mark in (",", "，", ";", "；", "、"))
        lead = text[comma + 1 : one.start]
        before = list(range(at))[-len(run) :]
        if (
            _GOING_ON.match(lead)
            and len(before) == len(run)
            and len({found[n].thing for n in before}) == len(run)
        ):
            for n, of in zip(run, before, strict=True):
                out[n] = replace(
                    found[n], thing=f"{found[of].thing}增长", role=RoleKind.CHANGE, direction=one.direction
                )
        elif "分别" in lead and len(run) == 2 and found[run[0]].thing == found[run[1]].thing:
            head = one.thing
            if len(head) >= _TURN:
                out[run[0]] = replace(found[run[0]], thing=head[0] + head[2:])
                out[run[1]] = replace(found[run[1]], thing=head[1:])
    return out


def _joined(found: Sequence[PrintedFact], at: int) -> list[int]:
    """Return the figures of one unit that are listed from ``at`` on with nothing but a mark between."""
    run = [at]
    for n, (one, other) in enumerate(pairwise(found[at:]), at + 1):
        between = one.line.folded[one.end : other.start].strip(" 、和及与")
        if between or other.unit != one.unit:
            break
        run.append(n)
    return run


def _gaps(found: list[PrintedFact]) -> list[PrintedFact]:
    """Take for gaps the values that 分别快于全国 deals out."""
    out = list(found)
    for at, one in enumerate(found):
        text = one.line.folded
        comma = max(text.rfind(mark, 0, one.start) for mark in (",", "，", ";", "；"))
        lead = text[comma + 1 : one.start]
        side = _BESIDE_ALL.search(lead)
        run = _joined_loosely(found, at)
        if side is None or not any(
            "点" in found[n].unit or "点" in text[found[n].end : found[n].end + 3] for n in run
        ):
            continue
        way = Direction.DOWN if side["down"] else Direction.UP
        for n in run:
            out[n] = replace(out[n], role=RoleKind.GAP, direction=way, unit="百分点")
    return out


def _joined_loosely(found: Sequence[PrintedFact], at: int) -> list[int]:
    run = [at]
    for n, (one, other) in enumerate(pairwise(found[at:]), at + 1):
        if one.line.folded[one.end : other.start].strip(" 、和及与"):
            break
        run.append(n)
    return run


def _years_of_spans(found: list[PrintedFact]) -> list[PrintedFact]:
    """Give the start of a change the first year of its span and its end the last: 2020年到2025年，从…提高到…."""
    out = []
    for one in found:
        if one.role in (RoleKind.START, RoleKind.END):
            named = years(one.clause)
            span = list(_SPAN.finditer(one.line.folded, 0, one.start))
            ends = (
                (named[0], named[-1])
                if len(named) > 1
                else tuple(map(int, span[-1].groups()))
                if span
                else ()
            )
            written = one.line.document.year
            if len(named) == 1 and not ends and written is not None and named[0] < written - 1:
                ends = (named[0], written - 1)
            gone = bool(ends) and written is not None and ends[1] < written
            if ends:
                out.append(
                    replace(one, year=ends[one.role is RoleKind.END], planned=one.planned and not gone)
                )
                continue
            if one.role is RoleKind.START and one.year is not None:
                long = one.several or _looks_back(one.line, one.start)
                out.append(replace(one, year=one.year - (5 if long else 1)))
                continue
        out.append(one)
    return out


def _round_ones(line: Line, found: Sequence[PrintedFact]) -> Iterator[PrintedFact]:
    """Give what is printed as a bare scale: 突破千万标箱."""
    for match in _ROUND.finditer(line.folded):
        if any(one.start < match.end() and match.start() < one.end for one in found):
            continue
        told = next(iter(figures(f"一{match['size']}{match['unit']}")), None)
        if told is None or not told.unit:
            continue
        bound = (
            Bound.LESS
            if match["bound"] == "近"
            else Bound.ABOVE
            if match["bound"][0] in "突超逾"
            else Bound.EXACT
        )
        span = Span(match.start(), match.end() - len(match["unit"]) + len(told.unit))
        yield _made(line, found, span, replace(told, bound=bound), RoleKind.LEVEL)


def _unchanged(line: Line, found: Sequence[PrintedFact]) -> Iterator[PrintedFact]:
    """Give what is told to have stayed as it was, as a change of nothing."""
    for match in _SAME.finditer(line.folded):
        yield _made(line, found, Span(*match.span()), _number(Decimal(0), "%"), RoleKind.CHANGE)


def _ranks(line: Line, found: Sequence[PrintedFact]) -> Iterator[PrintedFact]:
    """Give the ranks of a sentence as facts of their own; of 从第四位升至第三位 the first is where it came from."""
    told = list(_RANK.finditer(line.folded))
    numbers = [m["place"] or m["top"] or "1" for m in told]
    values = [parse_number(n) for n in numbers]
    origin: Decimal | None = None
    things = _ranked_things(line, told, found)
    for match, value, thing in zip(told, values, things, strict=True):
        if value is None:
            continue
        if _FROM.search(line.folded, 0, match.start()) and _FROM.search(line.folded[: match.start()]):
            origin = value
            continue
        rank = _number(value, RANK_UNIT, Bound.BELOW if match["top"] else Bound.EXACT)
        made = _made(line, found, Span(*match.span()), rank, RoleKind.OPEN)
        yield replace(made, origin=origin, thing=thing or made.thing)
        origin = None


def _ranked_things(line: Line, told: Sequence[re.Match[str]], found: Sequence[PrintedFact]) -> list[str]:
    """Return what each rank is of: as many ranks as figures before are dealt out to them."""
    plain = [m for m in told if not _FROM.search(line.folded[: m.start()])]
    out = []
    for match in told:
        before = [one for one in found if one.end <= match.start()]
        clause = max(line.folded.rfind(mark, 0, match.start()) for mark in (",", "，", ";", "；", "、"))
        own = line.folded[clause + 1 : match.start()]
        group = [m for m in plain if m.start() > (before[-1].start if before else -1)]
        if (
            "分别" in line.folded[max(0, (before[-1].end if before else 0)) : match.start()]
            and match in group
        ):
            dealt = before[-len(group) :]
            at = group.index(match)
            out.append(dealt[at].thing if at < len(dealt) else "")
        elif before and before[-1].start > clause:
            out.append(before[-1].thing)
        elif before and re.match(
            "[^一-龥]*(?:其?(?:增速|增幅|总量|规模|排名))?(?:均|都|稳|仍|继续|保持|连续|首次|世界|全国)*[居列位排跃从由世全]",
            own,
        ):
            out.append(f"{before[-1].thing}{'' if len(own) > 8 else own}")
        else:
            out.append(own)
    return out


def _number(value: Decimal, unit: str, bound: Bound = Bound.EXACT) -> Figure:
    return Figure(value=value, unit=unit, bound=bound, start=0, end=0, text="")


def _made(
    line: Line, found: Sequence[PrintedFact], span: Span, number: Figure, role: RoleKind
) -> PrintedFact:
    """Return a fact that the register has no row of; state and time are those of the figure nearest to it."""
    start, end = span.start, span.end
    marks = [m.end() for m in re.finditer("[,，;；。]", line.folded[:start])]
    begin = marks[-1] if marks else 0
    thing = line.folded[begin:start]
    if len(thing) < _TURN and len(marks) > 1:
        thing = line.folded[marks[-2] : start]
    near = min(found, key=lambda one: abs(one.start - start), default=None)
    year, planned = (near.year, near.planned) if near is not None else _time_of(line)
    return PrintedFact(
        line=line,
        start=start,
        end=end,
        thing=thing,
        clause=line.folded[max(0, begin - _AROUND) : end + _BEHIND],
        value=number.value,
        high=None,
        unit=number.unit,
        bound=number.bound,
        role=role,
        direction=Direction.NONE,
        origin=None,
        year=year,
        planned=planned,
        several=near.several if near is not None else _is_several(line, start),
        average=False,
        scope="",
        part=False,
        denied=False,
        stock=False,
    )


def _time_of(line: Line) -> tuple[int | None, bool]:
    """Return the year and whether it is planned what a sentence without figures tells."""
    planned = Within(line.document, line.passage).state is FactState.PLANNED
    named = years(line.text)
    written = line.document.year
    if named or written is None:
        return (named[-1] if named else None), planned
    return (written if planned else written - 1), planned
