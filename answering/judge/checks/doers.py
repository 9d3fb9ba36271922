"""Who does it, pays it or is bound by it: a claim's doer against that of the clause it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.nearness import covered, expanded
from answering.judge.quantity_match import MatchLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.judge.binding import FactTie
    from answering.judge.values import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer

DOER = re.compile(
    "部门|机关|机构|[一-龥](?:局|厅|委|办)(?![法公理事中学])|委员会|政府|法院|公安|街道|居委会|村委会|单位|企业|公司|个人|雇主|业主大会|学校|申请人|投诉人|经营者|消费者"
)
_BY = re.compile(
    "由(?P<who>[^，,。；;由]{2,20}?)(?=全部|共同|各自|承担|负担|负责|责令|给予|处(?![理置])|支付|出[资钱]|缴|作出|决定|吊销|没收|管理|办理|组织|审|实施|代管|处罚)"
    "|(?P<joint>[^，,。；;]{2,16}?)共同(?=承担|负担|出资)"
)
_MARK = re.compile("[，,；;。\n]")
_STOP = re.compile("[；;。\n]")
_COMMON = ("部门", "机关", "机构", "委员会")
_ALIKE = 0.3  # share of a name that another has that is the same
_BEFORE = 8  # characters before a doer's noun that name it
_FIRST = 3  # characters that may stand before the place that a clause begins with
_NEAR = 0.45  # share of a clause's other words from which it speaks of the same
_GETS = re.compile("收到|接受|接收|获得?|得到|受援|争取到|来自|received?|got")
_GIVES = re.compile("[帮援支]|投入|提供|捐|资助|协作|派")


def doer_features(claim: str, sources: Sequence[str]) -> dict[str, float]:
    """Return how far a claim (folded) has other doers than the clauses of the evidence (folded) it speaks of."""
    out: dict[str, float] = {}
    said = [w for w in (m["who"] or m["joint"] for m in _BY.finditer(claim)) if w]
    there = [w for s in sources for w in (m["who"] or m["joint"] for m in _BY.finditer(s)) if w]
    if said and there:
        out["by_other"] = max(1 - max(covered(one, expanded(two)) for two in there) for one in said)
    worst = 0.0
    for clause in _MARK.split(claim):
        named = _doers(clause)
        if named:
            worst = max(worst, _other(clause, named, sources))
    if worst:
        out["doer_other"] = worst
    return out


def _doers(clause: str) -> list[str]:
    return [clause[max(0, m.start() - _BEFORE) : m.end()] for m in DOER.finditer(clause)]


def _other(clause: str, named: Sequence[str], sources: Sequence[str]) -> float:
    """Return how near the clause of the evidence is that a clause speaks of, where it has other doers."""
    rest = DOER.sub("", clause)
    best, doers = 0.0, []
    for source in sources:
        governing: list[str] = []
        for part in re.split("(?<=[，,；;。\n])", source):
            own = _doers(part)
            governing = own or governing
            near = covered(rest, part)
            if near > best:
                best, doers = near, governing
            if _STOP.search(part[-1:]):
                governing = []
    if best < _NEAR or not doers:
        return 0.0
    return best if any(not _among(one, doers) for one in named) else 0.0


def _among(doer: str, others: Sequence[str]) -> bool:
    """Tell whether one of the others is the same: by its noun, or by its name where the noun is common (…局, …部门)."""
    noun = next((m[0] for m in DOER.finditer(doer) if m.end() == len(doer)), doer)
    if noun[-1:] in "局厅委办" or noun in _COMMON:
        return any(max(covered(doer, other), covered(other, doer)) >= _ALIKE for other in others)
    return any(noun in other for other in others)


def receiver_as_doer(
    claim: str, evidence: Sequence[ClaimEvidence], bound: Sequence[FactTie], gazetteer: Gazetteer
) -> str:
    """Return the place that gives by the evidence, where the claim (folded) makes its receiver the giver; "" for none."""
    if _GETS.search(claim):
        return ""
    for tie in bound:
        if tie.found is None or tie.match is MatchLevel.NONE:
            continue
        item = evidence[tie.source]
        clause = item.quote[tie.found.clause.start : tie.found.figure.start]
        first = next(iter(gazetteer.find(clause)), None)
        if first is None or first.start > _FIRST or first.place.name == item.place or not first.certain:
            continue
        if not _GIVES.search(clause):
            continue
        named = claim.find(first.surface)
        short = named if named >= 0 else claim.find(first.surface[:2])
        own = claim.find(item.place[:2]) if item.place else -1
        if short < 0 or 0 <= own < short:
            return str(first.surface)
    return ""
