"""Whether a by-law answers a yes-or-no question with yes or no, by what its words demand, forbid and allow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.provisions import StageKind
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.rules.rule_features import Scored
    from answering.rules.rule_question import RuleQuestion

# What drafting rules fix for by-laws: words that forbid, that allow, that take away.
_FORBIDS = re.compile(
    "不得|禁止|严禁|不能|不可以|不承担|不适用|不予|不收|不准|可以不|免收|免交|免缴|免费|免予"
)
_TAKES = re.compile("没收|吊销|收缴|注销|扣押|暂扣")
_EXCEPTS = re.compile("除外|但|不包括|因[^，。]{0,20}需要")
_DENIED = re.compile(r"不许|不让|不能(?![\u4e00-\u9fff]{0,8}能)|不用|不准|不算|不用|不要(?!求)|没资格|不归")
_ALTERNATIVE = re.compile(r"(.)不\1|行不行|能不能|可不可以|是不是|对不对|合不合|算不算|要不要|准不准")
_COUNTED = (Sort.QUANTITY, Sort.ARTICLE)
_ALIKE = 0.8  # share of two texts' words in common from which they say the same
_FINE = re.compile("罚|处罚|交钱|掏钱|扣钱|fine")
_FIRST = re.compile("第一次|头一?[回次]|初次|首次|刚|直接|first")


def verdict(question: RuleQuestion, best: Scored) -> str:
    """Return "true" or "false": what the best candidate makes of the question's own proposition."""
    words = fold(question.text)
    said = _said(best)
    asked = _ALTERNATIVE.sub("", words)
    taken = [w for w in ("没收", "吊销", "收缴", "扣押", "暂扣", "拘留") if w in asked]
    if taken:
        return _told(any(w in said for w in taken))
    if _FINE.search(asked) and best.candidate.consequence is not None:
        return _told(_fined(best, first=_FIRST.search(asked) is not None))
    forbids = [m[0] for m in _FORBIDS.finditer(said) if m[0] not in asked]
    holds = not forbids and not (best.candidate.consequence and _TAKES.search(said))
    if not holds and _excepted(question, said):
        holds = True
    return _told(holds != (_DENIED.search(asked) is not None))


def same(found: Sequence[Scored]) -> str:
    """Return "true" where the by-laws of several places say the same: their figures, else their words."""
    texts = [_said(one) for one in found]
    numbers = [{f.value for f in figures(text, every=True) if f.sort in _COUNTED} for text in texts]
    if all(numbers):
        return _told(bool(set.intersection(*numbers)))
    words = [frozenset(bigrams(text)) for text in texts]
    shared = len(frozenset.intersection(*words)) / len(frozenset.union(*words))
    return _told(shared > _ALIKE)


def alike(one: Scored, other: Scored) -> float:
    """Return the share (0…1) of their words that two candidates have in common: which rule is on the same act."""
    mine, theirs = (frozenset(bigrams(_said(scored))) for scored in (one, other))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _told(value: bool) -> str:
    return "true" if value else "false"


def _said(best: Scored) -> str:
    candidate, text = best.candidate, best.held.candidates.bylaw.text
    parts = [candidate.provision.of(text)]
    if candidate.provision.head is not None:
        parts.insert(0, candidate.provision.head.of(text))
    if candidate.consequence is not None:
        parts.append(candidate.consequence.sanction.of(text))
    return fold("".join(parts))


def _fined(best: Scored, *, first: bool) -> bool:
    sanction = best.candidate.consequence.sanction if best.candidate.consequence else None
    if sanction is None:
        return False
    at_once = [s for s in sanction.stages if s.kind not in (StageKind.REFUSED, StageKind.REPEATED)]
    return any(s.amounts for s in (at_once if first else sanction.stages))


def _excepted(question: RuleQuestion, said: str) -> bool:
    """Tell whether the provision excepts the question's own thing."""
    match = _EXCEPTS.search(said)
    if match is None:
        return False
    around = said[max(0, match.start() - 25) : match.end() + 25]
    return sum(len(g) > 1 and g in around for g in question.grams) > 0
