"""What the facts say of one assertion: borne out, refuted with the right figure, partly so, or not told."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from answering.claims.fact_fit import FEATURES, FactFit, fit_odds, fitted
from answering.claims.value_match import Agreement, agreement, same_digits
from answering.judge import ClaimVerdict
from answering.judge.assertion import reversed_words
from answering.judge.scope import short_name
from retrieval.facts.figure_role import Direction, RoleKind
from retrieval.quantities.values import Bound
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.claims.assertions import Assertion
    from answering.claims.fact_fit import ClaimSetting
    from answering.claims.printed_facts import PrintedFact

_MEANT = 0.5  # log-odds from which a fact is taken to be the one meant
_MEANT_HERE = 0.0  # and where its sentence prints the claimed number of something else: the two were taken for each other
_LOST_SOME, _MEANT_SOME = 0.3, 1.0  # share of a claim's words that the clause lacks, and the odds needed then
_LOST_MOST, _MEANT_MOST = 0.5, 2.0
_MEANT_SAME = -1.2  # and where it has the claimed value, which is rarely so by chance
_MOVES = frozenset((RoleKind.CHANGE, RoleKind.ADDED, RoleKind.START))
_BEGUN = re.compile("建成|新建|新[开上设增添]|开办|投产|增设|设立|开工|上马|建了")
_ENDED = re.compile("关停|关闭|拆除|取缔|淘汰|撤销|注销|停产|清退|关了|拆了")
_OF_ALL = re.compile(  # of several things told by name, 都 says each of them
    "(?:^|[,，。;；|])(?:(?![和与跟及、两]|城乡)[^,，。;；|])*?(?:全都|全部|统统|一律|都)(?![说是讲])"
)
_SHARE_OF = re.compile(
    r"(?<![\d.])\d{1,2}(?:\.\d+)?%的|[一二三四五六七八九]成(?:以上)?的?|大部分|多数|一部分"
)
_CIRCLE = re.compile(
    "全国|中国|国内|各省|内地|全球|世界|国际|[东中西]部(?!门)|东北|全[省市区]|长三角|珠三角|京津冀|沿海|省会"
)
_CIRCLES = {"中国": "全国", "国内": "全国", "各省": "全国", "内地": "全国", "全球": "世界", "国际": "世界"}
_PARTED = 3.0  # score that an assertion may lose by leaving its fact to another
_LOST, _NEAR = 0.9, 0.87  # share of words missing, and nearness of the things, that tell another thing
_CLOSE = 1.0  # score below the first within which a fact of the same thing is another telling of it
_ALIKE = 0.5  # score below the first within which another fact is meant about as likely
_OPEN_UP = Decimal("1.6")  # how far above a printed bound a claimed number is left open


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ruling:
    """A verdict on one assertion with the facts that decide; none where no text says anything about it."""

    assertion: Assertion
    verdict: ClaimVerdict
    facts: tuple[PrintedFact, ...] = ()
    odds: float = 0.0


def rulings(said: Sequence[Assertion], facts: Sequence[PrintedFact], setting: ClaimSetting) -> list[Ruling]:
    """Return what printed facts make of the assertions of one sentence; no two of them are about one fact."""
    fits = [
        None if one.other else fitted(one, [fact for fact in facts if _is_of(one, fact, setting)], setting)
        for one in said
    ]
    _part(fits)
    return [
        _of_two(one, facts, setting) if one.other else _rule(one, found, setting)
        for one, found in zip(said, fits, strict=True)
    ]


def _part(fits: list[FactFit | None]) -> None:
    """Give assertions that would be about one fact different ones: the better fitting keeps it."""
    for m, n in combinations(range(len(fits)), 2):
        mine, theirs = fits[n], fits[m]
        if mine is None or theirs is None or mine.best is not theirs.best:
            continue
        first, second = (_after(theirs), _after(mine))
        if first is None and second is None:
            continue
        lost = [
            one.scores[0] - other.scores[0] if other else 99.0
            for one, other in ((theirs, first), (mine, second))
        ]
        if min(lost) > _PARTED:
            continue
        if lost[0] < lost[1]:
            fits[m] = first
        else:
            fits[n] = second


def _after(found: FactFit) -> FactFit | None:
    """Return the ranking without its first fact; None where nothing of that sentence is left."""
    at = next(
        (
            n
            for n, fact in enumerate(found.facts)
            if n and fact.line is found.best.line and fact.kind == found.best.kind
        ),
        None,
    )
    if at is None:
        return None
    keep = [at, *(n for n in range(len(found.facts)) if n not in (0, at))]
    return FactFit(
        facts=tuple(found.facts[n] for n in keep),
        scores=tuple(found.scores[n] for n in keep),
        rows=found.rows[keep],
        whole=tuple(found.whole[n] for n in keep),
    )


def _rule(one: Assertion, found: FactFit | None, setting: ClaimSetting) -> Ruling:
    if found is None:
        return Ruling(assertion=one, verdict=ClaimVerdict.NOT_FOUND)
    odds = fit_odds(found)
    twins = _twins(found, one.role)
    fact = next((f for f in twins if agreement(one, f) is Agreement.SAME), twins[0])
    verdict = _verdict(one, fact)
    if verdict is ClaimVerdict.SUPPORTED and (
        _turned_round(one, found, fact) or _doer_exchanged(one, fact, setting)
    ):
        verdict = ClaimVerdict.CONTRADICTED
    meant = _is_meant(one, found, odds, verdict) or _is_turned(one, found, setting)
    if not _is_spoken_of(found) or not meant or _leaves_open(one, fact):
        return Ruling(assertion=one, verdict=ClaimVerdict.NOT_FOUND, facts=(fact,), odds=odds)
    return Ruling(assertion=one, verdict=verdict, facts=(fact,), odds=odds)


def _is_turned(one: Assertion, found: FactFit, setting: ClaimSetting) -> bool:
    """Tell whether a claim would be borne out by its first fact if that went the other way: 上升7.4% where it fell by 7.4%."""
    fact = found.best
    if not _goes(one, fact) or one.direction is fact.direction or _agreement(one, fact) is not Agreement.SAME:
        return False
    turned = fitted(replace(one, direction=fact.direction), found.facts, setting)
    return turned is not None and turned.best is fact and fit_odds(turned) >= _MEANT_HERE


def _is_meant(one: Assertion, found: FactFit, odds: float, verdict: ClaimVerdict) -> bool:
    """Tell whether the odds suffice for a verdict: a fact that refutes has to be of the claimed thing more surely.

    Of claims with labelled evidence, documents held out: where the sentence prints the claimed number of another
    thing, 23 of 24 facts taken to be meant were; where it does not and half of the words are lost, 1 of 3.
    """
    if verdict is ClaimVerdict.SUPPORTED:
        return odds >= _MEANT_SAME
    if one.value is None:
        return odds >= _MEANT_HERE
    told = dict(zip(FEATURES, found.rows[0].tolist(), strict=True))
    lost = told["lost_near"]
    if _prints(one, found) and lost < _LOST:
        return odds >= _MEANT or (odds >= _MEANT_HERE and not _as_well(one, found))
    return odds >= (_MEANT if lost < _LOST_SOME else _MEANT_SOME if lost < _LOST_MOST else _MEANT_MOST)


def _prints(one: Assertion, found: FactFit) -> bool:
    """Tell whether the sentence of the first fact prints the claimed number, perhaps of another thing or in another unit."""
    if one.value is None:
        return False
    several = len(one.value.normalize().as_tuple().digits) > 1
    return any(
        agreement(one, fact) is not Agreement.OTHER or (several and same_digits(one.value, fact.value))
        for fact in found.facts
        if fact.line is found.best.line
    )


def _as_well(one: Assertion, found: FactFit) -> bool:
    """Tell whether a fact of the first one's sentence that has the claimed value is meant about as likely."""
    if agreement(one, found.best) is Agreement.SAME:
        return False
    return any(
        fact.line is found.best.line
        and fact.role is found.best.role
        and agreement(one, fact) is Agreement.SAME
        for fact, score in zip(found.facts, found.scores, strict=True)
        if found.scores[0] - score < _ALIKE
    )


def _is_of(one: Assertion, fact: PrintedFact, setting: ClaimSetting) -> bool:
    """Tell whether a fact is of the time and state spoken of, as far as both are told."""
    by_rule = fact.line.document.genre is Genre.REGULATION
    if one.planned != fact.planned and not one.open and not by_rule:
        return False
    if one.years and fact.year is not None and fact.year not in one.years:
        return False
    place = fact.line.document.place
    if not setting.named or place in setting.named or fact.scope in setting.named:
        return True
    return any(short_name(fold(name)) in fact.line.folded for name in setting.named)


def _twins(found: FactFit, role: RoleKind) -> list[PrintedFact]:
    """Return the first fact with those that tell the same thing once more: 突破2万亿元、达到23562亿元.

    Of an addition and a stock that one clause tells of one thing (新增1700公里、突破7000公里) the claimed one comes first.
    """
    best = found.best
    same = [
        fact
        for fact, score in zip(found.facts, found.scores, strict=True)
        if fact is best
        or (score > found.scores[0] - _CLOSE and fact.thing == best.thing and fact.kind == best.kind)
    ]
    here = [f for f in found.facts if f.line is best.line and f.thing == best.thing and f.kind == best.kind]
    claimed = next((f for f in here if f.role is role), best) if role in _MOVES else best
    told = (claimed.year, claimed.planned, claimed.several, claimed.role in _MOVES)
    return [
        claimed,
        *(f for f in same if f is not claimed and (f.year, f.planned, f.several, f.role in _MOVES) == told),
    ]


def _verdict(one: Assertion, fact: PrintedFact) -> ClaimVerdict:
    if _goes(one, fact) and one.direction is not fact.direction:
        return ClaimVerdict.CONTRADICTED
    if one.value is None:
        return ClaimVerdict.SUPPORTED
    agreed = _agreement(one, fact)
    if agreed is Agreement.BOUND:
        return ClaimVerdict.PARTLY
    if agreed is not Agreement.SAME or _says_otherwise(one, fact):
        return ClaimVerdict.CONTRADICTED
    return ClaimVerdict.SUPPORTED


def _says_otherwise(one: Assertion, fact: PrintedFact) -> bool:
    """Tell whether a fact has the claimed value of something else: missed, from elsewhere, of several years, undone."""
    if one.denied != fact.denied or _origin_differs(one, fact) or of_some_only(one.text, _clause(fact)):
        return True
    if one.rank and not _same_circle(one, fact):
        return True
    if fact.several and not one.several and one.years and fact.role is not RoleKind.END:
        return True
    if _undone(one.text, fact.line.folded[: fact.start]) or _undone(fact.line.folded[: fact.start], one.text):
        return True
    return one.direction is Direction.NONE and bool(reversed_words(one.text, fact.clause))


def _clause(fact: PrintedFact) -> str:
    """Return the words of a fact's clause up to its figure, folded."""
    start = max(fact.line.folded.rfind(mark, 0, fact.start) for mark in ",，;；。") + 1
    return fact.line.folded[start : fact.end]


def of_some_only(claim: str, told: str) -> bool:
    """Tell whether a claim says of all what a text says of a share of them: 公园都…, where 89% of the parks do."""
    if not _OF_ALL.search(claim):
        return False
    return any(found[0].rstrip("的") not in claim for found in _SHARE_OF.finditer(told))


def _same_circle(one: Assertion, fact: PrintedFact) -> bool:
    """Tell whether two ranks are of one circle: 居西部第1 is no 全国第一; a circle that is not named is left open."""
    mine = [m[0] for m in _CIRCLE.finditer(one.text)]
    clause = max(fact.line.folded.rfind(mark, 0, fact.start) for mark in ",，;；。、") + 1
    theirs = [m[0] for m in _CIRCLE.finditer(fact.line.folded, clause, fact.end)]
    if not mine or not theirs:
        return True
    return _CIRCLES.get(mine[-1], mine[-1]) == _CIRCLES.get(theirs[-1], theirs[-1])


def _undone(begun: str, ended: str) -> bool:
    """Tell whether one text sets up what the clause at the end of another does away with."""
    last = re.split("[,，;；。、]", ended)[-1]
    return bool(_BEGUN.search(begun) and _ENDED.search(last)) and not (
        _ENDED.search(begun) or _BEGUN.search(last)
    )


def _turned_round(one: Assertion, found: FactFit, fact: PrintedFact) -> bool:
    """Tell whether a change is claimed from what the sentence prints behind it: 从50%、75%提高至100% told as 100% to 75%."""
    if one.origin is None or fact.origin is not None or one.rank:
        return False
    start = _with(one, one.origin)
    return any(
        other.line is fact.line and other.start > fact.start and agreement(start, other) is Agreement.SAME
        for other in found.facts
    )


def _doer_exchanged(one: Assertion, fact: PrintedFact, setting: ClaimSetting) -> bool:
    """Tell whether the place that does something in the text is another of a claim's places than its first."""
    said = [
        m.place.name for m in setting.gazetteer.find(one.text) if m.certain or m.place.name in setting.named
    ]
    if len(set(said)) < 2:
        return False
    before = fact.line.folded[: fact.start]
    clause = max(before.rfind(mark) for mark in ",，;；。") + 1
    first = next(iter(setting.gazetteer.find(before[clause:])), None)
    return first is not None and first.place.name in said[1:] and first.place.name != said[0]


def _goes(one: Assertion, fact: PrintedFact) -> bool:
    """Tell whether both speak of a movement with a direction."""
    moves = (RoleKind.CHANGE, RoleKind.END, RoleKind.START, RoleKind.GAP)
    told = Direction.NONE not in (one.direction, fact.direction)
    return told and one.role in moves and fact.role in moves


def _agreement(one: Assertion, fact: PrintedFact) -> Agreement:
    """Return how the values agree: what is told as an increase may be the distance between start and end."""
    if (
        fact.role is RoleKind.END
        and fact.origin is not None
        and one.role is RoleKind.CHANGE
        and one.origin is None
    ):
        if (one.kind == "share") == (fact.kind == "share"):
            apart = agreement(one, fact, abs(fact.value - fact.origin))
            if apart is Agreement.SAME:
                return apart
        if one.kind == "share" and fact.kind != "share" and fact.origin:
            return agreement(one, fact, (fact.value / fact.origin - 1) * 100)
    return agreement(one, fact)


def _origin_differs(one: Assertion, fact: PrintedFact) -> bool:
    if one.origin is None or fact.origin is None:
        return False
    return agreement(_with(one, one.origin), fact, fact.origin) is not Agreement.SAME


def _with(one: Assertion, value: Decimal) -> Assertion:
    return replace(one, value=value, bound=Bound.EXACT)


def _leaves_open(one: Assertion, fact: PrintedFact) -> bool:
    """Tell whether a printed bound leaves a claimed number possible: 113万 where the text says 超百万."""
    if one.value is None or one.rank or fact.planned or one.bound is not Bound.EXACT:
        return False
    finer = len(one.value.normalize().as_tuple().digits) > len(fact.value.normalize().as_tuple().digits)
    above = fact.bound in (Bound.ABOVE, Bound.MORE)
    return above and finer and fact.value < one.value <= fact.value * _OPEN_UP


def _is_spoken_of(found: FactFit) -> bool:
    """Tell whether the first fact is of the claimed thing at all, by a word that both have or by its meaning."""
    told = dict(zip(FEATURES, found.rows[0].tolist(), strict=True))
    return told["terms_lost"] < _LOST or found.whole[0][0] > _NEAR


def _of_two(one: Assertion, facts: Sequence[PrintedFact], setting: ClaimSetting) -> Ruling:
    """Return what two facts of one sentence make of a comparison between two things: 城里人涨得没村里人快."""
    bare = replace(one, other="", value=None, origin=None, direction=Direction.NONE)
    held = [fact for fact in facts if _is_of(one, fact, setting)]
    first = fitted(bare, held, setting)
    if first is None or fit_odds(first) < _MEANT_HERE:
        return Ruling(assertion=one, verdict=ClaimVerdict.NOT_FOUND)
    beside = [
        f
        for f in held
        if f.line is first.best.line
        and f is not first.best
        and f.kind == first.best.kind
        and f.role is first.best.role
    ]
    other = replace(bare, own=_swapped(one))
    second = fitted(other, beside, setting)
    if second is None:
        return Ruling(assertion=one, verdict=ClaimVerdict.NOT_FOUND)
    mine, theirs = first.best, second.best
    signed = [f.value if f.direction is not Direction.DOWN else -f.value for f in (mine, theirs)]
    way = Direction.UP if signed[0] > signed[1] else Direction.DOWN
    right = way is one.direction and signed[0] != signed[1]
    if right and one.value is not None:
        right = agreement(one, mine) is Agreement.SAME and (
            one.origin is None or agreement(_with(one, one.origin), theirs) is Agreement.SAME
        )
    odds = fit_odds(first)
    if not right and odds < _MEANT:
        return Ruling(assertion=one, verdict=ClaimVerdict.NOT_FOUND)
    verdict = ClaimVerdict.SUPPORTED if right else ClaimVerdict.CONTRADICTED
    return Ruling(assertion=one, verdict=verdict, facts=(mine, theirs), odds=odds)


def _swapped(one: Assertion) -> str:
    """Return the words of the other thing, with what both share."""
    return f"{one.other}|{one.own}"[: len(one.other) + 1 + len(one.own)]
