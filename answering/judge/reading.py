"""A claim and a text as typed facts: each figure with its subject, role, state, year and clause."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.judge.checks.circumstances import circumstances
from answering.judge.checks.limits import limit_of
from retrieval.facts.fact_state import FactState, claimed_state, heading_state, stated
from retrieval.facts.figure_context import FigureSpot, spots
from retrieval.facts.figure_role import Direction, FigureRole, RoleKind, role_of
from retrieval.facts.metric_name import PrecedingNames, metric_of
from retrieval.facts.periods import times
from retrieval.quantities import Bound, Figure, Sort, parse_number, years
from retrieval.quantities.extractor import read
from retrieval.quantities.units import unit_kind
from retrieval.text.normalize import Span, clauses, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.judge.checks.circumstances import Marks

_ORDINAL = re.compile(
    r"第(?P<zh>[一二三四五六七八九十百\d]+)(?:位|名|大|个|$|(?=[,;。，；、)]))|前(?P<top>[一二三四五六七八九十百\d]+)(?:位|名|强|$|(?=[，。；、]))|(?P<first>首位|首个|首次|首家|首创|居首|榜首|第一)"
)
_WHEN = re.compile(r"^[^，,\d]{0,12}?(?:19|20)\d\d年[，,]?")  # whom and when: what follows begins the clause
_PLAIN = {
    "调高": "提高",
    "上调": "提高",
    "调低": "降低",
    "下调": "降低",
    "加": "增",
    "涨": "增",
    "调增": "增加",
}
_LIKE = re.compile(
    r"调高|调低|调增|上调|下调|(?<=[再又增])加(?=\d)|(?<![上])[加涨](?=\d)"
)  # of the same length
_DEALT = re.compile("^(?:同比|比上年)?分别(.{0,6})")
_BY = re.compile(
    r"(?:(?P<up>ros|ris|grew|grow|increas|climb|gain|rais)|fell|fall|drop|declin|decreas|reduc|cut|shr)\w* by(?: about| over| nearly| around| almost)?\s?$"
)
_RATES = re.compile("[增涨升降跌]幅|增速|增长率")
_RATE_REACH = 24  # characters before a figure in which 降幅 says what it is
_REACHING = re.compile("[到至]$")
_LED = re.compile("超过?|近|约|逾|突破|不足")
_SOFT = re.compile(r"[、，,;；]|以及|和|与|及|并|其中|\band\b|\bwhile\b|\bwith\b|\bincluding\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure of a text with what is said of it; words are folded."""

    figure: Figure
    limit: Bound  # its bound, by words that stand apart from it too: 至少要…两个月
    shared: Bound | None  # the bound that the figure before it has, where a list deals both out: 分别超8%和9%
    end: bool  # one end of a range that is printed as two bounds: 五十元以上二百元以下
    role: FigureRole
    subject: str  # the thing counted, as its clause, its list or the clause before names it
    near: str  # the words right beside the figure, up to its neighbours
    listed: str  # what its clause says before its first figure
    segment: str  # from the last ；or 。 up to the figure: what a rule says it of
    marks: Marks  # when, averaged over what, on what condition, against whom
    clause: Span
    state: FactState
    told: FactState  # its state by the words of its clause alone
    years: tuple[int, ...]  # named in its clause, or in force from before


class _Plain:
    """A text as figure contexts need it."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.folded = folded
        self.clauses = clauses(text)


@dataclass(frozen=True, eq=False)
class TextReading:
    """One text, read once: its clauses with their states, and its facts."""

    text: str
    heading: str = ""
    claim: bool = False

    @cached_property
    def folded(self) -> str:
        """The text, folded."""
        folded = fold(self.text)
        return _LIKE.sub(lambda m: _PLAIN[m[0]], folded) if self.claim else folded

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        """Its clauses; those of a few characters go with the one before."""
        return clauses(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures that measure or count."""
        found = (
            f
            for f in read(self.text, self.folded)
            if f.sort in (Sort.QUANTITY, Sort.NAME) and not (not f.unit and 1900 <= f.value <= 2100)
        )
        return tuple(f for f in found if f.sort is Sort.QUANTITY or f.value > 1)

    @cached_property
    def states(self) -> tuple[FactState, ...]:
        """The state of each clause."""
        if self.claim:
            return self.told
        above = heading_state(self.heading)
        return tuple(stated(self.folded[c.start : c.end], self.folded, above) for c in self.clauses)

    @cached_property
    def told(self) -> tuple[FactState, ...]:
        """The state of each clause by its words alone; what says nothing goes on with the plan before it."""
        found: list[FactState] = []
        state = FactState.OPEN
        for clause in self.clauses:
            words = _WHEN.sub("", self.folded[clause.start : clause.end])
            state = claimed_state(words, state)
            found.append(state)
        return tuple(found)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of its quantities, in the order of the text."""
        counted = [
            f for f in self.figures if f.sort is Sort.QUANTITY and not (self.claim and self._is_when(f))
        ]
        if not counted:
            return ()
        plain = _Plain(self.text, self.folded)
        memory, before, ends = PrecedingNames(), None, self._ends(counted)
        out: list[Fact] = []
        for spot in spots(plain, counted, counted):
            subject = metric_of(spot, memory)
            role = role_of(spot.left, spot.right, spot.figure.unit, before=before)
            before = role
            one = self._fact(spot, subject, role, ends)
            if out and one.clause == out[-1].clause and "分别" in one.listed and not one.near:
                limit = out[-1].shared or (out[-1].limit if _LED.match(out[-1].figure.text) else None)
                one = replace(one, shared=limit)
            out.append(one)
        return tuple(_dealt_behind(out))

    def _ends(self, counted: list[Figure]) -> frozenset[int]:
        """Return where the figures begin that are the two ends of a range."""
        pairs = (
            (one.start, two.start)
            for one, two in pairwise(counted)
            if one.bound is Bound.ABOVE
            and two.bound is Bound.BELOW
            and two.start - one.end <= 1
            and one.value < two.value
        )
        return frozenset(at for pair in pairs for at in pair)

    def _fact(self, spot: FigureSpot, subject: str, role: FigureRole, ends: frozenset[int]) -> Fact:
        at = next(n for n, c in enumerate(self.clauses) if c.start <= spot.figure.start < c.end)
        clause = self.clauses[at]
        dealt = "分别" in spot.left or (not spot.left.strip("、和及与，, ") and spot.joined)
        left = "" if dealt else _own(spot.left, last=True)
        right = _own(spot.right, last=False)
        segment = self._segment(spot.figure)
        words = self.folded[clause.start : clause.end]
        begin = max([clause.start, *(f.end for f in self.figures if f.end <= spot.figure.start)])
        return Fact(
            figure=spot.figure,
            limit=limit_of(spot.figure, spot.left, spot.right),
            shared=None,
            end=spot.figure.start in ends,
            role=_settled(role, spot, segment if self.claim else ""),
            subject=subject,
            near=f"{left} {right}".strip(" 。；，,;."),
            listed=self.folded[clause.start : min(f.start for f in self.figures if f.start >= clause.start)],
            segment=segment,
            marks=circumstances(self.folded[begin : spot.figure.start], words, segment),
            clause=clause,
            state=self.states[at],
            told=self.told[at],
            years=self._years(at),
        )

    def _segment(self, figure: Figure) -> str:
        start = max(self.folded.rfind(mark, 0, figure.start) for mark in (";", "。", "\n", "；"))
        line = self.text.rfind("\n", 0, figure.start)
        return self.folded[max(start, line) + 1 : figure.start]

    def _years(self, at: int) -> tuple[int, ...]:
        for n in range(at, -1, -1):
            clause = self.clauses[n]
            if found := years(self.text[clause.start : clause.end]):
                return found
        return ()

    def _is_when(self, figure: Figure) -> bool:
        """Tell whether a span of time says when: 五年来, 未来三年."""
        if unit_kind(figure.unit) != "time":
            return False
        return any(start <= figure.start < end for start, end in times(self.folded))

    @cached_property
    def ranks(self) -> tuple[tuple[str, int, str], ...]:
        """The ranks it tells, as numbers, with where they stand and what stands before, back to the rank before."""
        out, last = [], -1
        for m in _ORDINAL.finditer(self.folded):
            word = m["zh"] or m["top"]
            value = parse_number(word) if word else 1
            begin = max(last, *(self.folded.rfind(mark, 0, m.start()) for mark in (";", "。")))
            out.append((f"{'top' if m['top'] else ''}{value}", m.start(), self.folded[begin + 1 : m.start()]))
            last = m.end()
        return tuple(out)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years it names."""
        return years(self.text)


def _dealt_behind(found: list[Fact]) -> Iterator[Fact]:
    """Give facts with the things that a clause before names one by one: 甲2亿元、乙3万元，分别增长5%、6%."""
    by_clause: dict[Span, list[Fact]] = {}
    for one in found:
        by_clause.setdefault(one.clause, []).append(one)
    before: list[Fact] = []
    for of_clause in by_clause.values():
        verb = _DEALT.match(of_clause[0].listed)
        if verb and len(of_clause) == len(before) > 1:
            for one, named in zip(of_clause, before, strict=True):
                thing = named.near.strip() or named.subject
                yield replace(one, subject=f"{thing}{verb[1]}", listed=thing)
        else:
            yield from of_clause
        before = of_clause


def _settled(role: FigureRole, spot: FigureSpot, segment: str) -> FigureRole:
    """Return a claimed figure's role where the words that give it stand in the clause before: 降幅更大，为36%."""
    if role.role is RoleKind.LEVEL and (by := _BY.search(spot.left)):
        up = by["up"] is not None
        return replace(role, role=RoleKind.CHANGE, direction=Direction.UP if up else Direction.DOWN)
    rate = _RATES.search(segment[-_RATE_REACH:]) if spot.figure.unit == "%" else None
    if rate and role.role in (RoleKind.LEVEL, RoleKind.OPEN) and not _REACHING.search(spot.left):
        down = rate[0][0] in "降跌"
        return replace(role, role=RoleKind.CHANGE, direction=Direction.DOWN if down else Direction.NONE)
    return role


def _own(words: str, *, last: bool) -> str:
    """Keep what belongs to the figure itself of the words beside it."""
    pieces = _SOFT.split(words)
    if last:
        tail = [p for p in pieces if p.strip()]
        return tail[-1] if tail else ""
    return pieces[0] if pieces else ""


@lru_cache(maxsize=8_192)
def read_text(text: str, heading: str = "", *, claim: bool = False) -> TextReading:
    """Return the reading of a text; readings of one text are made once."""
    return TextReading(text, heading, claim)
