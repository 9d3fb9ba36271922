"""Whether a question is on target and result, and how it is put: of one thing, of all, of those that fell short."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from answering.ledger.promise import PromiseState
from answering.question.asked_period import years_asked
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from answering.question.parser import Question

_DATA = Path(__file__).parents[1] / "data" / "promise_questions.json"
_SCALE = 3.0  # by which the weights were learned
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SEVERAL = re.compile(r"哪些|哪[个项几]|几[个项]|逐项|主要|各项|\bwhich\b|\ball\b")
_COUNTED = re.compile(r"几[个项]|多少[个项]|how many (?:of|targets)")
_SHORT = re.compile(
    "没(?:有)?(?:能)?(?:达到|达标|完成|做到|兑现|实现)|未(?:能)?(?:达到|达标|完成|兑现|实现)|not met|missed|fell short"
)
_OVER = re.compile("超过|超额|超出|exceed")
_MET = re.compile("达标|完成了|兑现了|做到了|实现了")
_DENIED = re.compile(
    "(?:是不是|听说|据说)[^，,。？?]{0,14}没(?:有)?[够到完达做兑]|没(?:有)?[够到完达做兑][^，,。？?]{0,12}吧|破了吧|差了[^，,。？?]*吧"
)
_ENGLISH = re.compile(
    r"\b(?:targets?|goals?|plan(?:ned)?|promised?|aim(?:ed)?)\b.*\b(?:met|actually|achieved?|reached?|kept|result|hit|in fact)\b"
    r"|\b(?:meet|met|achieve|reach|hit|keep|miss)\b.*\b(?:targets?|goals?|promises?|plan)\b",
    re.IGNORECASE,
)
_AIM = re.compile("目标|指标|任务|要求|承诺|说要?|答应|想|(?<!固)定|预计|预期|计划|安排|打算|年初|开头|保")
_OUTCOME = re.compile(
    "做到|完成|完没完|兑现|达标|达到|达成|实现|够|结果|实际|最后|后来|到底|真|到头来|守住|超|成了|咋样|了没|没有|跟上|落地|交代|下文|了吗|没[?？]?$|上去|拿到|拿下|程度"
)
_VALUE = re.compile(
    "多少|几[个成点万亿]|[定划设][在到]哪|各(?:是|有)|分别|对照|[两俩]个数|都[说要给列]|哪个[大多高]|差(?:多|几)"
)
_TOLD = re.compile(
    "(?:报告|文件|材料)[^，,。？?]{0,10}(?:[写说提讲给]|交代|公布|有)[^，,。？?]{0,14}[吗没]|(?:写|说|提|给|交代|公布)了?[^，,。？?]{0,10}没(?:有)?(?:[?？]|$)"
)
_REASON = re.compile(
    "为啥|为什么|咋解释|怎么解释|原因|^(?:核实|求证|核查)|对吗|属实|是真的|没错吧|是这样|记错|\\bwhy\\b"
)
_YEAR = re.compile(r"(?:19|20)?\d\d年")
_REPORT_OF = re.compile(r"(?:19|20)?\d\d年初?的?(?:政府工作)?报告")
_CLAUSE = re.compile("[，,。；;？?！!]")
_AIMS = re.compile("目标|指标|任务|要求|承诺")
# What frames a question on target and result and names no thing.
_FRAME = re.compile(
    "(?:19|20)?\\d\\d年(?:度|初|底|末)?|去年|前年|今年|年初|年底|当年|第二年|转过?年|目标|指标|任务|预期|计划|原[定先本来]|说要|说好?|要求|答应|承诺|定[的了]?"
    "|做到|完成|兑现|达标|达到|达成|实现|够数|够|结果|实际|最后|到头来|后来|到底|各|多少|没有?|吗|呢|超|怎么样|咋样|情况|对照|分别|哪些|几[个项]|政府工作报告|报告|提出|主要|经济指标"
)
CERTAIN, _LIKELY = 0.22, 0.09  # from here on a question is, or may be, one on target and result


def grams_of(question: str) -> frozenset[str]:
    """Return the runs of one to three characters of a question, its numbers hidden."""
    words = _NUMBER.sub("#", fold(question))
    return frozenset(words[at : at + size] for size in (1, 2, 3) for at in range(len(words) - size + 1))


@cache
def _weights() -> dict[str, float]:
    held: dict[str, float] = json.loads(_DATA.read_text(encoding="utf-8"))
    return held


def on_both_sides(question: str) -> float:
    """Return how likely a question asks what became of a target, 0…1."""
    if _ENGLISH.search(question):
        return 1.0
    weights, grams = _weights(), grams_of(question)
    told = sum(weights.get(gram, 0.0) for gram in grams)
    return 1 / (1 + math.exp(-(weights[""] + _SCALE * told / max(1.0, len(grams) ** 0.5))))


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseQuestion:
    """How a question on target and result is put."""

    likely: float  # that it is one
    halves: bool  # names an aim and an outcome, the aim perhaps in the question before
    outcome: bool  # names an outcome
    both: bool  # asks for the target's value too, or whether the result is told at all
    completed: bool  # from the conversation
    reasons: bool  # asks why, or of many places at once: another kind of question
    years: tuple[int, ...]  # that targets are asked of; none where it leaves them open
    content: str  # folded, without what frames it
    several: bool  # asks of all targets, or of those in ``states``
    of_targets: bool  # says that it asks of targets
    counted: bool
    states: frozenset[PromiseState]  # asked for; empty for all
    denied: bool  # takes it for granted that a target was missed

    @property
    def certain(self) -> bool:
        """Whether its words alone make it one."""
        return self.likely >= CERTAIN and not self.reasons

    @property
    def possible(self) -> bool:
        """Whether it may be one, if a target fits it well."""
        return self.certain or (self.halves and self.repeatable)

    @property
    def repeatable(self) -> bool:
        """Whether it may be one if it repeats the very figure of a target."""
        return self.likely >= _LIKELY and not self.reasons


def promise_question(question: Question, newest: int | None) -> PromiseQuestion:
    """Read a question; ``newest`` is the year of the newest report of the place asked of."""
    folded = fold(question.text)
    several = bool(_SEVERAL.search(question.folded))
    outcome = bool(_OUTCOME.search(question.folded))
    likely = on_both_sides(question.asked)
    if question.completed and on_both_sides(question.text) < _LIKELY:
        likely = 0.0
    return PromiseQuestion(
        likely=likely,
        halves=outcome and bool(_AIM.search(folded if question.completed else question.folded)),
        outcome=outcome,
        both=_asks_both(question.folded),
        completed=question.completed,
        reasons=bool(_REASON.search(question.folded)) or question.all_places or len(question.places) > 1,
        years=years_asked(_without_report(question.folded), newest=newest)
        or question.years
        or years_asked(folded, newest=newest),
        content=_FRAME.sub("|", question.content),
        several=several,
        of_targets=bool(_AIMS.search(question.folded)),
        counted=bool(_COUNTED.search(question.folded)),
        states=_states(question.folded) if several else frozenset(),
        denied=bool(_DENIED.search(question.folded)),
    )


def _without_report(folded: str) -> str:
    """Leave out the year of the report that is asked to tell (11年报告交代没有), where another year is named."""
    rest = _REPORT_OF.sub("", folded)
    return rest if _YEAR.search(rest) else folded


def _asks_both(folded: str) -> bool:
    """Tell whether a question asks how much was aimed at, or whether a text tells the result.

    Both have an answer where no result is told.
    """
    aims = [part for part in _CLAUSE.split(folded) if _AIM.search(part)]
    return bool(_TOLD.search(folded)) or any(_VALUE.search(part) for part in aims)


def _states(folded: str) -> frozenset[PromiseState]:
    if _SHORT.search(folded):
        return frozenset((PromiseState.SHORT,))
    if _OVER.search(folded):
        return frozenset((PromiseState.EXCEEDED,))
    if _MET.search(folded):
        return frozenset((PromiseState.MET, PromiseState.EXCEEDED))
    return frozenset()
