"""Read what follows an act: who acts, which measures, of what amount, at which stage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.provisions.bylaw import Clause
from retrieval.quantities import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal


class StageKind(StrEnum):
    """When a sanction applies."""

    FIRST = "first"  # at once
    REFUSED = "refused"  # 拒不改正, 逾期不改正
    REPEATED = "repeated"  # 再次, 一年内两次以上
    SERIOUS = "serious"  # 情节严重
    HARM = "harm"  # 造成损失, 造成死亡
    CRIME = "crime"  # 构成犯罪
    GAIN = "gain"  # 有违法所得


# The drafting rules for Chinese by-laws fix these words; each begins the condition of a later stage.
_STAGES = (
    (StageKind.REFUSED, re.compile(r"拒不|逾期|仍不|仍未|拒绝|警告后|不听|未改正|经[^，]{0,8}(?:仍|后)")),
    (StageKind.REPEATED, re.compile(r"再次|再犯|[两二三]次以上|被?[两二三]次处罚|屡")),
    (StageKind.SERIOUS, re.compile(r"情节(?:较|特别)?(?:严重|恶劣|轻微)")),
    (StageKind.CRIME, re.compile(r"构成[^，]{0,10}(?:犯罪|治安)")),
    (StageKind.GAIN, re.compile(r"违法所得")),
    (StageKind.HARM, re.compile(r"造成|致使|导致")),
)
_AGAIN = next(words for kind, words in _STAGES if kind is StageKind.REPEATED)
_SANCTION = re.compile(
    r"罚款|责令|警告|没收|吊销|暂扣|扣押|收缴|扣留|处罚(?!的|[一两二三]次)|处分|追究[^，。；]{0,6}责任|赔偿|治安管理|拘留|通报批评|强制|依法处理|予以处理|法规处理"
)
_NUMBER = r"[\d,.]{1,12}万?|[一二两三四五六七八九十百千万零〇]{1,12}"
_MONEY = re.compile(
    rf"(?:(?P<low>{_NUMBER})[元倍]?(?:以上|至|到|-|—|～))?(?P<high>{_NUMBER})(?P<unit>元|倍)(?P<bound>以下|以上)?"
)
_ACTOR = re.compile(
    r"由(?P<who>[^，。；、]{2,40}?(?:、[^，。；、]{2,20}){0,4}?)"
    r"(?:责令|给予|处|依法|按照|依照|予以|扣|没收|对|吊销|进行|可以|根据)"
)

_SUBJECT = re.compile(r"对(?P<who>[^，。；对]{1,30}?)(?:可以)?(?:并)?处以?")
_SEMICOLON = re.compile(r"[；;。]")
_ACT_END = re.compile(r"(?P<last>的|规定(?=[，,]由))(?:，|,|(?=[由处责]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Clause):
    """A fine as printed, from ``low`` to ``high`` in 元 or as a multiple (倍); None for an open bound."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    subject: str = ""  # 个人, 单位, 直接负责的主管人员 … where the clause tells them apart


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionStage(Clause):
    """What follows at one stage: ``start``…``end`` holds condition and measures."""

    kind: StageKind
    condition: Clause | None
    authority: str
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction(Clause):
    """An act in the clause's own words, with all the stages of what follows it."""

    act: Clause
    stages: tuple[SanctionStage, ...]

    @property
    def authority(self) -> str:
        """The body that acts, as printed; empty where the clause names none."""
        return next((s.authority for s in self.stages if s.authority), "")

    @property
    def fined(self) -> bool:
        """Whether a fine is set."""
        return any(s.amounts for s in self.stages)

    def repeated(self, text: str) -> bool:
        """Tell whether it follows an act done again, as a stage or as the act itself: 被两次处罚的."""
        again = any(stage.kind is StageKind.REPEATED for stage in self.stages)
        return again or _AGAIN.search(self.act.of(text)) is not None


def sanctions(clause: Clause, text: str, *, carried: Clause | None = None) -> tuple[Sanction, ...]:
    """Return the sanctions that a sentence, or the lead-in of a list, sets; empty where it sets none.

    ``carried`` is the act where the clause holds measures alone.
    """
    found: list[tuple[Clause, list[SanctionStage]]] = []
    for segment in _segments(clause, text):
        words = segment.of(text)
        if not _SANCTION.search(words):
            if not found:
                continue
            found[-1][1].append(_stage(segment, None, text))
            continue
        act, rest = _parted(segment, text)
        kind = _kind(act.of(text)) if act is not None else None
        if found and (act is None or kind is not None or not _begins_act(act, rest, text)):
            found[-1][1].append(_stage(segment, act, text))
        elif act is not None or carried is not None:
            head = act or carried or segment
            found.append((head, [*_first_stages(rest if act else segment, kind, act, text)]))
    return tuple(_sanction(act, stages) for act, stages in found)


def _sanction(act: Clause, stages: list[SanctionStage]) -> Sanction:
    start, end = min(act.start, stages[0].start), stages[-1].end
    return Sanction(start=start, end=end, act=act, stages=tuple(stages))


def _segments(clause: Clause, text: str) -> Iterator[Clause]:
    at = clause.start
    for match in _SEMICOLON.finditer(text, clause.start, clause.end):
        if match.start() > at:
            yield Clause(start=at, end=match.start())
        at = match.end()
    end = clause.end
    while end > at and text[end - 1] in "：: ":
        end -= 1
    if end > at:
        yield Clause(start=at, end=end)


def _parted(segment: Clause, text: str) -> tuple[Clause | None, Clause]:
    """Part a segment into the act (to the last 的, or 规定, before the first measure) and what follows it."""
    words = segment.of(text)
    measure = _SANCTION.search(words)
    actor = _ACTOR.search(words)
    limit = min(m.start() for m in (measure, actor) if m is not None) if measure else len(words)
    ends = [m for m in _ACT_END.finditer(words) if m.start() <= limit]
    if not ends:
        return None, segment
    cut = segment.start + ends[-1].end()
    act = Clause(start=segment.start, end=segment.start + ends[-1].end("last"))
    return act, Clause(start=cut, end=segment.end)


def _kind(condition: str) -> StageKind | None:
    """Return the stage that a short condition names; None for an act in its own words."""
    if len(condition) > 24 or "违反" in condition:
        return None
    return next((kind for kind, words in _STAGES if words.search(condition)), None)


def _begins_act(act: Clause, rest: Clause, text: str) -> bool:
    """Tell whether a later segment is on an act of its own: named at length, or with who acts."""
    return "违反" in act.of(text) or act.end - act.start > 12 or _ACTOR.match(rest.of(text)) is not None


def _first_stages(
    rest: Clause, kind: StageKind | None, act: Clause | None, text: str
) -> Iterator[SanctionStage]:
    yield _made(rest, kind or StageKind.FIRST, act if kind else None, text)


def _stage(segment: Clause, act: Clause | None, text: str) -> SanctionStage:
    kind = _kind(act.of(text)) if act is not None else None
    if kind is None:
        kind = next((k for k, words in _STAGES if words.search(segment.of(text)[:16])), StageKind.FIRST)
    return _made(segment, kind, act, text)


def _made(clause: Clause, kind: StageKind, condition: Clause | None, text: str) -> SanctionStage:
    words = clause.of(text)
    actor = _ACTOR.search(words)
    return SanctionStage(
        start=clause.start,
        end=clause.end,
        kind=kind,
        condition=condition,
        authority=actor["who"] if actor else "",
        amounts=tuple(_amounts(clause, text)),
    )


def _amounts(clause: Clause, text: str) -> Iterator[Amount]:
    words = clause.of(text)
    for match in _MONEY.finditer(words):
        high, low = _value(match["high"]), _value(match["low"])
        if high is None or ("罚" not in words):
            continue
        above = match["bound"] == "以上" and low is None
        exact = match["bound"] is None and low is None
        subject = [m["who"] for m in _SUBJECT.finditer(words, 0, match.start())]
        yield Amount(
            start=clause.start + match.start(),
            end=clause.start + match.end(),
            low=high if above or exact else low,
            high=None if above else high,
            unit=match["unit"],
            subject=subject[-1] if subject else "",
        )


def _value(words: str | None) -> Decimal | None:
    return parse_number(words) if words else None
